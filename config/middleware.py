"""What every request passes: a request id, the size limit, a database that is away, one log line, and headers."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from runs.web import BODY

logger = logging.getLogger("clary.web")
request_id: ContextVar[str] = ContextVar("request_id", default="")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestContextMiddleware:
    """Outermost. The id comes from X-Request-Id when that is well formed and goes back in the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        identifier = given if GIVEN_ID.match(given) else secrets.token_hex(8)
        token = request_id.set(identifier)
        started = time.perf_counter()
        try:
            if not request.path.startswith("/health/"):
                request.get_host()  # a Host that is not ours ends here (DNS rebinding)
            response = self._unfit_path(request) or self._unfit_body(request) or self.get_response(request)
            milliseconds = (time.perf_counter() - started) * 1000
            response["X-Request-Id"] = identifier
            if response.status_code >= 500 or milliseconds > 1000:
                logger.warning(
                    "request",
                    extra={
                        "method": request.method,
                        "path": request.path,
                        "status": response.status_code,
                        "milliseconds": round(milliseconds, 1),
                    },
                )
            return response
        finally:
            request_id.reset(token)

    def _unfit_path(self, request: HttpRequest) -> HttpResponse | None:
        """Nothing has a name with NUL in it, and PostgreSQL cannot even be asked."""
        if "\0" not in request.path:
            return None
        from config.errors import not_found

        return not_found(request, Exception())

    def _unfit_body(self, request: HttpRequest) -> HttpResponse | None:
        """A body whose size is unknown or too large, before anything reads it."""
        if not request.path.startswith("/api/"):
            return None
        if BODY in getattr(request, "scope", {}):
            return self._unfit_upload(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower() and length == "0":
            from config.errors import problem

            return problem(411, "length-required", "Send the body with a Content-Length, not in chunks.")
        if length.isdecimal() and int(length) > settings.API_BODY_BYTES:
            from config.errors import problem

            return problem(
                413, "body-too-large", f"The request is {length} bytes; {settings.API_BODY_BYTES} are allowed."
            )
        return None

    def _unfit_upload(self, request: HttpRequest) -> HttpResponse | None:
        """A form that carries a file: Django would read all of it before it asks who sends it."""
        if request.content_type not in ("multipart/form-data", "application/x-www-form-urlencoded"):
            return None
        from config.errors import problem

        return problem(415, "unsupported-media-type", "Send the file's bytes as the body, not as a form.")


class PermissionsPolicyMiddleware:
    """Headers Django has no setting for."""

    POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.POLICY)
        if not request.path.startswith("/artifacts/"):  # shown inside the studio, under a sandbox policy of their own
            response.headers.setdefault("X-Frame-Options", "DENY")
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
