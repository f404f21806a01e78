"""An S3 connection by hand, for what no SDK would send."""

from __future__ import annotations

import hashlib
import re
import socket
from types import TracebackType

from accounts.actors import Actor
from accounts.services.tokens import create_access_key
from tests.aws.server import AwsServer
from tests.aws.signing import signed_request

EMPTY = hashlib.sha256(b"").hexdigest()


class RawS3:
    """Signs heads by botocore and writes bytes as it is told."""

    def __init__(self, aws: AwsServer, actor: Actor) -> None:
        row, secret = create_access_key(actor=actor)
        self.keys = (row.access_key_id, secret)
        self.port = aws.port
        self.endpoint = aws.endpoint
        self._socket = socket.create_connection(("127.0.0.1", aws.port), timeout=10)
        self._rest = b""

    def __enter__(self) -> RawS3:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def head(
        self, method: str, path: str, headers: dict[str, str] | None = None, *, payload_hash: str | None = None
    ) -> dict[str, str]:
        """Sends the head of a request signed for the bytes `payload_hash` stands for; its headers."""
        given = dict(headers or {})
        host = given.get("Host", f"127.0.0.1:{self.port}")
        signed = signed_request(
            f"http://{host}{path}",
            method=method,
            service="s3",
            headers=given,
            keys=self.keys,
            payload_hash=payload_hash,
        )
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in signed.headers.items() if name.lower() != "host"]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        return dict(signed.headers.items())

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def status(self) -> tuple[int, bytes]:
        """(status, body) of the next answer."""
        while b"\r\n\r\n" not in self._rest:
            self._receive()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        size = int(length[1]) if length and status != 100 else 0
        while len(self._rest) < size:
            self._receive()
        body, self._rest = self._rest[:size], self._rest[size:]
        return status, body

    def is_silent(self, seconds: float = 0.5) -> bool:
        """Whether nothing comes for a moment."""
        self._socket.settimeout(seconds)
        try:
            self._rest += self._socket.recv(65536)
        except TimeoutError:
            return True
        finally:
            self._socket.settimeout(10)
        return False

    def _receive(self) -> None:
        data = self._socket.recv(65536)
        assert data, f"closed after {self._rest!r}"
        self._rest += data
