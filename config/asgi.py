"""HTTP and websockets on one port. A browser's socket must come from our own pages."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.http.request import split_domain_port, validate_host

django.setup(set_prefix=False)

from aws.endpoint import AwsEndpoint  # noqa: E402 - the apps must be loaded first
from config.bodies import StreamingHandler  # noqa: E402 - as above

http = StreamingHandler()

from runs.routing import websocket_urlpatterns  # noqa: E402 - as above

Scope = dict[str, Any]
Application = Callable[[Scope, Callable[..., Awaitable[Any]], Callable[..., Awaitable[None]]], Awaitable[None]]


def same_origin(scope: Scope) -> bool:
    """Whether Host is ours and Origin, when there is one, names the same site.

    A missing Origin is no browser: it passes here, and the consumer then asks for a token.
    """
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    name, _ = split_domain_port(host)
    if not name or not validate_host(name, settings.ALLOWED_HOSTS):
        return False
    origin = headers.get(b"origin")
    if origin is None:
        return True
    parts = urlsplit(origin)
    if settings.ENVIRONMENT.public_url and origin == settings.ENVIRONMENT.public_url:
        return True
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


class SameOriginSockets:
    """Refuses the handshake of a foreign page before any consumer sees it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if same_origin(scope):
            await self.application(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 4403})


application = ProtocolTypeRouter(
    {"http": AwsEndpoint(http), "websocket": SameOriginSockets(URLRouter(websocket_urlpatterns))}
)
