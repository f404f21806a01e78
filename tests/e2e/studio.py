"""One real installation for the browser tests: `manage.py up` on a free port with a folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0


class NotReady(Exception):
    """The server did not become healthy; the message holds the end of its output."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


class Studio:
    """A running installation. Its first start imports the samples and runs the headline one."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._output = home.with_suffix(".log").open("w+")
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(self.port)],
            cwd=ROOT,
            env=self._environment(),
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._wait_until_ready()
        credentials = json.loads((home / "credentials.json").read_text())
        self._token: str = credentials["api_token"]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CLARY_", "DJANGO_"))}
        return {**kept, "CLARY_HOME": str(self.home), "CLARY_PORT": str(self.port)}

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/health/ready", timeout=2) as answer:
                if answer.status == 200 and (self.home / "credentials.json").is_file():
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise NotReady(self.output()[-3000:])

    def output(self) -> str:
        self._output.flush()
        return Path(self._output.name).read_text()

    def stop(self) -> None:
        """Ends it the way Ctrl-C does, and for good if it does not listen."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._output.close()

    def login_link(self) -> str:
        """A fresh one-time link."""
        words = [sys.executable, "manage.py", "login_link"]
        done = subprocess.run(words, cwd=ROOT, env=self._environment(), capture_output=True, text=True, check=True)
        found = re.search(r"http\S+token=\S+", done.stdout)
        assert found, done.stdout + done.stderr
        return found.group(0)

    def web(self) -> int:
        """The process that answers on the port: the last to be handed the socket, which the supervisor holds."""
        holders = _listeners(self.port)
        handed_on = {_parent(pid) for pid in holders}
        (pid,) = (pid for pid in holders if pid not in handed_on)
        return pid

    def ended(self, execution: str, seconds: float = 30.0) -> str:
        """The status an execution ends with."""
        deadline = time.monotonic() + seconds
        while True:
            status = str(self.get(f"executions/{execution}/")["status"])
            if status not in ("Executing", "Stopping") or time.monotonic() > deadline:
                return status
            time.sleep(0.1)

    def kill_web(self) -> None:
        """`kill -9` of the process that answers on the port; the supervisor brings it back."""
        os.kill(self.web(), signal.SIGKILL)

    def call(self, method: str, path: str, body: object = None) -> Answer:
        request = urllib.request.Request(
            f"{self.url}/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                text = answer.read()
                return Answer(answer.status, json.loads(text) if text else None)
        except urllib.error.HTTPError as error:
            return Answer(error.code, json.loads(error.read() or b"null"))

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status == 200, answer
        return answer.body

    def post(self, path: str, body: object) -> Any:
        answer = self.call("POST", path, body)
        assert answer.status < 300, answer
        return answer.body


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listeners(port: int) -> list[int]:
    """Processes that hold the listening socket of a port."""
    listening = "0A"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in rows if row[3] == listening and int(row[1][-4:], 16) == port}
    found = set()
    for handle in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(handle.readlink()) in sockets:
                found.add(int(handle.parts[2]))
    return sorted(found)


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
