"""S3 as a client sees it, beside the least the same bytes cost: a socket, SHA-256, MD5 and a file."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scripts.bench.clary import Clary
from scripts.bench.processes import resident_megabytes

BLOCK = 1024 * 1024
SMALL = 1024


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Megabytes (10⁶) per second, and by how many megabytes the web process grew."""

    reference: float
    put: float
    get: float
    growth: float


class Bucket:
    """The default bucket of a running server. Requests are signed beforehand, so that only the server is timed."""

    def __init__(self, server: Clary) -> None:
        import boto3
        from botocore.config import Config

        facts = json.loads((server.home / "credentials.json").read_text())
        self._client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=f"{server.url}/aws",
            region_name=facts["region"],
            aws_access_key_id=facts["aws_access_key_id"],
            aws_secret_access_key=facts["aws_secret_access_key"],
            config=Config(signature_version="s3v4"),
        )
        self._name = next(row["Name"] for row in self._client.list_buckets()["Buckets"] if "clary-" in row["Name"])
        self._server = urlsplit(server.url).netloc
        self._pid = server.process.pid

    def target(self, operation: str, key: str) -> str:
        """Path and query of a presigned request."""
        url = self._client.generate_presigned_url(operation, Params={"Bucket": self._name, "Key": key})
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}"

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._server, timeout=120)

    def transfer(self, megabytes: int) -> Transfer:
        """One object of so many mebibytes there and back, and the copy it is compared with."""
        size, key = megabytes * BLOCK, f"bench/{uuid.uuid4().hex}"
        watch = Watch(self._pid)
        reference, put, get = _copy(size), self._put(key, size), self._get(key, size)
        growth = watch.end()
        self._client.delete_object(Bucket=self._name, Key=key)
        return Transfer(reference=size / reference / 1e6, put=size / put / 1e6, get=size / get / 1e6, growth=growth)

    def put_file(self, path: Path) -> str:
        """The address under which the file is there now."""
        key = f"bench/{uuid.uuid4().hex}/{path.name}"
        connection = self.connect()
        with path.open("rb") as body:
            connection.request(
                "PUT", self.target("put_object", key), body, {"Content-Length": str(path.stat().st_size)}
            )
            _expect_ok(connection.getresponse())
        connection.close()
        return f"s3://{self._name}/{key}"

    def small_puts(self, count: int, connections: int) -> float:
        """Objects of 1 KiB per second."""
        targets = [self.target("put_object", f"bench/{uuid.uuid4().hex}") for _ in range(count)]
        threads = [threading.Thread(target=self._puts, args=(targets[n::connections],)) for n in range(connections)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return count / (time.perf_counter() - begun)

    def _puts(self, targets: list[str]) -> None:
        connection = self.connect()
        for target in targets:
            connection.request("PUT", target, os.urandom(SMALL))
            _expect_ok(connection.getresponse())
        connection.close()

    def _put(self, key: str, size: int) -> float:
        target, connection = self.target("put_object", key), self.connect()
        head, block = os.urandom(16), os.urandom(BLOCK)[16:]
        begun = time.perf_counter()
        connection.putrequest("PUT", target)
        connection.putheader("Content-Length", str(size))
        connection.endheaders()
        for _ in range(size // BLOCK):
            connection.send(head + block)
        _expect_ok(connection.getresponse())
        return time.perf_counter() - begun

    def _get(self, key: str, size: int) -> float:
        target, connection = self.target("get_object", key), self.connect()
        begun = time.perf_counter()
        connection.request("GET", target)
        answer, buffer, received = connection.getresponse(), bytearray(BLOCK), 0
        while count := answer.readinto(buffer):
            received += count
        if received != size:
            raise RuntimeError(f"{received} of {size} bytes came back")
        return time.perf_counter() - begun


class Watch:
    """By how much the web process grows while something else happens."""

    def __init__(self, pid: int) -> None:
        self._pid, self._before = pid, resident_megabytes(pid, "clary-web")
        self._growth, self._ended = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> float:
        """Megabytes (10⁶) by which it grew at most."""
        self._ended.set()
        self._thread.join()
        return self._growth

    def _look(self) -> None:
        while not self._ended.wait(0.05):
            self._growth = max(self._growth, resident_megabytes(self._pid, "clary-web") - self._before)


def _copy(size: int) -> float:
    """Seconds from one process's socket to a file, hashed twice on the way, by one thread that does nothing else."""
    listener = socket.create_server(("127.0.0.1", 0))
    child = os.fork()
    if not child:
        _receive(listener)
        os._exit(0)
    with socket.create_connection(listener.getsockname()) as connection:
        block = os.urandom(BLOCK)
        begun = time.perf_counter()
        for _ in range(size // BLOCK):
            connection.sendall(block)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)
        seconds = time.perf_counter() - begun
    os.waitpid(child, 0)
    listener.close()
    return seconds


def _receive(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    view = memoryview(bytearray(BLOCK))
    with tempfile.TemporaryFile(buffering=0) as target:
        while count := connection.recv_into(view):
            piece = view[:count]
            sha256.update(piece)
            md5.update(piece)
            target.write(piece)
    connection.sendall(b".")
    connection.close()


def _expect_ok(answer: http.client.HTTPResponse) -> None:
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} {body[:500]!r}")
