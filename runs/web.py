"""The web role: daphne, told how much each client has not taken yet."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Mapping
from typing import Any

#: Frames clients send are commands of a few bytes.
LARGEST_FRAME = 64 * 1024
#: (method, path without its query, headers in lower case) → the most bytes to take; None: read the body first.
Rule = Callable[[str, str, Mapping[str, str]], int | None]
#: Where the scope of a request carries its `runs.streaming.Body`; absent where the body was read first.
BODY = "clary.body"


def serve(application: Any, *, host: str, port: int, streamed: Rule, listening: Callable[[], None]) -> None:
    """Serves until SIGTERM; `listening` is called when the port is open. `streamed`: which bodies are not read first.

    Raises:
        SystemExit: the port cannot be opened.
    """
    from daphne.endpoints import build_endpoint_description_strings
    from daphne.server import Server

    from runs.bodies import use_requests
    from runs.consumers import BUFFERED
    from runs.streaming import StreamedRequest, hand_over

    class MeasuringServer(Server):  # type: ignore[misc]  # daphne has no types
        """Lets a consumer see how many bytes its client has not taken, and takes no body without bounds."""

        def streamed(self, method: str, path: str, headers: Mapping[str, str]) -> int | None:
            return streamed(method, path, headers)

        def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
            if scope["type"] == "websocket":
                scope[BUFFERED] = lambda: buffered_bytes(protocol)
            body = getattr(protocol, "body", None)
            if body is None:
                return super().create_application(protocol, scope)
            scope[BODY] = body
            super().create_application(protocol, scope)
            return None

        def listen_success(self, listener: Any) -> None:
            super().listen_success(listener)
            use_requests(self.http_factory, StreamedRequest)
            listening()

    server = MeasuringServer(
        hand_over(application),
        endpoints=build_endpoint_description_strings(host=host, port=port),
        websocket_max_message_size=LARGEST_FRAME,
        websocket_max_frame_size=LARGEST_FRAME,
        websocket_timeout=-1,
        ping_interval=20,
        ping_timeout=30,
        http_timeout=60,
        server_name="clary",
        verbosity=0,
    )
    server.run()
    if not server.listening_addresses:
        raise SystemExit(why_not(host, port))


def why_not(host: str, port: int) -> str:
    """Why this address cannot be listened on, found out by trying."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except socket.gaierror:
        return f"{host} is no address this machine knows. Choose another one with --host."
    except PermissionError:
        return f"Port {port} is only for root. Choose one from 1024 on with --port."
    except OSError as problem:
        if problem.errno == errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine. Choose another one with --host."
    return f"Port {port} on {host} is in use. Choose another one with --port."


def buffered_bytes(protocol: Any) -> int:
    """Bytes twisted holds for a connection because its client reads too slowly."""
    transport = protocol.transport
    waiting = len(getattr(transport, "dataBuffer", b"")) - getattr(transport, "offset", 0)
    return waiting + int(getattr(transport, "_tempDataLen", 0))
