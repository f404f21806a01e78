"""A model behind the web server of its own container: SageMaker's contract of /ping and /invocations on port 8080."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

READY_SECONDS = 480.0  # SageMaker's own patience with a container that starts
_PAUSE_SECONDS = 0.2
_ANSWER_SECONDS = 600.0
_SHOWN_CHARACTERS = 300


class ServerFailed(Exception):
    """The server does not come up, or refuses a request; the message says what it answered."""


class RemoteModel:
    """`url`: where the container's server is, such as http://172.17.0.2:8080."""

    def __init__(self, url: str) -> None:
        self._url = url

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Returns when GET /ping is answered with 200.

        Raises:
            ServerFailed: not in time; the message holds the last answer.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"{self._url}/ping", timeout=5) as answer:
                    if answer.status == 200:
                        return
                    said = f"it answered {answer.status}"
            except urllib.error.HTTPError as refused:
                said = f"it answered {refused.code}"
            except (OSError, urllib.error.URLError) as problem:
                said = str(problem)
            if time.monotonic() > deadline:
                raise ServerFailed(
                    f"The model's server did not answer GET /ping on port 8080 within {seconds:g} seconds: {said}"
                )
            time.sleep(_PAUSE_SECONDS)

    def default_accept(self, content_type: str) -> str:
        return content_type

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        """(answer, its content type) of POST /invocations.

        Raises:
            ServerFailed: no answer, or one that is not 200.
        """
        headers = {"Content-Type": content_type, "Accept": accept}
        request = urllib.request.Request(f"{self._url}/invocations", data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS) as answer:
                return answer.read(), answer.headers.get("Content-Type") or accept
        except urllib.error.HTTPError as refused:
            said = refused.read(4 * _SHOWN_CHARACTERS).decode("utf-8", "replace").strip()[:_SHOWN_CHARACTERS]
            raise ServerFailed(f"the model's server answered {refused.code}: {said}") from None
        except (OSError, urllib.error.URLError) as problem:
            raise ServerFailed(f"the model's server did not answer: {problem}") from None
