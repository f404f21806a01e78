"""The web role: daphne, told how much each client has not taken yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: Frames clients send are commands of a few bytes.
LARGEST_FRAME = 64 * 1024


def serve(application: Any, *, host: str, port: int, listening: Callable[[], None]) -> None:
    """Serves until SIGTERM; `listening` is called when the port is open.

    Raises:
        SystemExit: the port cannot be opened.
    """
    from daphne.endpoints import build_endpoint_description_strings
    from daphne.server import Server

    from runs.consumers import BUFFERED

    class MeasuringServer(Server):  # type: ignore[misc]  # daphne has no types
        """Lets a consumer see how many bytes its client has not taken."""

        def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
            if scope["type"] == "websocket":
                scope[BUFFERED] = lambda: buffered_bytes(protocol)
            return super().create_application(protocol, scope)

        def listen_success(self, listener: Any) -> None:
            super().listen_success(listener)
            listening()

    server = MeasuringServer(
        application,
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
        raise SystemExit(f"Port {port} on {host} is in use. Choose another one with --port.")


def buffered_bytes(protocol: Any) -> int:
    """Bytes twisted holds for a connection because its client reads too slowly."""
    transport = protocol.transport
    waiting = len(getattr(transport, "dataBuffer", b"")) - getattr(transport, "offset", 0)
    return waiting + int(getattr(transport, "_tempDataLen", 0))
