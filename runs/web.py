"""The web role: daphne, told how much each client has not taken yet."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import Any

from runs.listening import in_use, why_not

#: What clients may send: commands of a few bytes. What they are sent has no such bound (`said_in_full`).
LARGEST_FRAME = 64 * 1024
#: (method, path without its query, headers in lower case) → the most bytes to take; None: read the body first.
Rule = Callable[[str, str, Mapping[str, str]], int | None]
#: Where the scope of a request carries its `runs.streaming.Body`; absent where the body was read first.
BODY = "clary.body"
#: Where it carries what an application awaits between the pieces of a long answer; False means the client is gone.
DRAINED = "clary.drained"


def serve(
    application: Any,
    *,
    host: str,
    port: int,
    streamed: Rule,
    listening: Callable[[], None],
    door: socket.socket | None = None,
) -> None:
    """Serves until SIGTERM; `listening` is called when the port is open. `streamed`: which bodies are not read first.

    `door` is bound to host and port already and listens.

    Raises:
        SystemExit: the port cannot be opened.
    """
    trouble = why_not(host, port) if port and door is None else None
    if trouble is not None:
        raise SystemExit(trouble)  # before the server writes a line of its own about it
    from daphne.endpoints import build_endpoint_description_strings
    from daphne.server import Server
    from twisted.internet import reactor

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
            scope[BODY], scope[DRAINED] = body, protocol.drained
            super().create_application(protocol, scope)
            return None

        def run(self) -> None:
            if door is not None:
                reactor.callWhenRunning(self.take_over, door)
            super().run()

        def take_over(self, door: socket.socket) -> None:
            self.listen_success(reactor.adoptStreamPort(door.fileno(), door.family, self.http_factory))

        def listen_success(self, listener: Any) -> None:
            super().listen_success(listener)
            use_requests(self.http_factory, StreamedRequest)
            self.ws_factory.protocol = said_in_full(self.ws_factory.protocol)
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
    if door is not None:
        server.endpoints = []  # what it opens by itself; without any it refuses to be made
    server.run()
    if not server.listening_addresses:
        raise SystemExit(why_not(host, port) or in_use(host, port))


def said_in_full(protocol: type[Any]) -> type[Any]:
    """That websocket protocol, with its bound on messages only for those that arrive.

    The library holds both directions to one bound, and the snapshot of a hundred steps is larger than any command.
    """

    class SaidInFull(protocol):  # type: ignore[misc]  # daphne has no types
        maxMessagePayloadSize: int

        def sendMessage(self, *words: Any, **named: Any) -> None:
            bound, self.maxMessagePayloadSize = self.maxMessagePayloadSize, 0
            try:
                super().sendMessage(*words, **named)
            finally:
                self.maxMessagePayloadSize = bound

    return SaidInFull


def buffered_bytes(protocol: Any) -> int:
    """Bytes twisted holds for a connection because its client reads too slowly."""
    transport = protocol.transport
    waiting = len(getattr(transport, "dataBuffer", b"")) - getattr(transport, "offset", 0)
    return waiting + int(getattr(transport, "_tempDataLen", 0))
