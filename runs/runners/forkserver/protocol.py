"""Messages between a worker and a fork server: one JSON object each, on sockets that also carry file descriptors.

control socket (SOCK_SEQPACKET, one per server)
    server → worker  Ready, once, as JSON
    worker → server  one packet per step, with its descriptors: session socket, output pipe, and perhaps an input pipe
session socket (SOCK_STREAM, one per step)
    worker → supervisor  the step's request, then commands {"signal": "term" | "kill"}
    supervisor → worker  {"event": "started"}, then {"event": "ended", …}
The end of either socket means the other side is gone: a supervisor then kills its step.
"""

from __future__ import annotations

import array
import json
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!I")
MAXIMUM_BYTES = 64 * 1024 * 1024


class Disconnected(Exception):
    """The other side of the socket is gone."""


def send_message(connection: socket.socket, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    try:
        connection.sendall(_LENGTH.pack(len(data)) + data)
    except (BrokenPipeError, ConnectionResetError):
        raise Disconnected from None


def receive_message(connection: socket.socket) -> dict[str, Any]:
    (length,) = _LENGTH.unpack(_receive_exactly(connection, _LENGTH.size))
    if length > MAXIMUM_BYTES:
        raise Disconnected
    message: dict[str, Any] = json.loads(_receive_exactly(connection, length))
    return message


def send_descriptors(connection: socket.socket, data: bytes, descriptors: list[int]) -> None:
    try:
        connection.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))])
    except (BrokenPipeError, ConnectionResetError):
        raise Disconnected from None


def receive_descriptors(connection: socket.socket, count: int) -> tuple[bytes, list[int]]:
    size = array.array("i").itemsize
    try:
        data, ancillary, _, _ = connection.recvmsg(1, socket.CMSG_SPACE(count * size))
    except ConnectionResetError:
        raise Disconnected from None
    if not data:
        raise Disconnected
    descriptors = array.array("i")
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(payload[: len(payload) - len(payload) % size])
    return data, list(descriptors)


def _receive_exactly(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        try:
            part = connection.recv(size - len(parts))
        except ConnectionResetError:
            raise Disconnected from None
        if not part:
            raise Disconnected
        parts += part
    return bytes(parts)
