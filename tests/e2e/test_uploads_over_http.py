"""Uploads against a real server: what they cost, and what is left of those that do not arrive."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from tests.e2e.studio import Studio

MIB = 1024 * 1024
LARGE = 256 * MIB
HEADER = b"age,city,score\n"
ROW = b"31,Kyiv,0.25\n"


class Rows:
    """A CSV of a given size that is made while it is sent."""

    def __init__(self, size: int) -> None:
        self.left = size - len(HEADER)
        self._block = ROW * (MIB // len(ROW))
        self._first = HEADER

    def read(self, wanted: int = -1) -> bytes:
        if self._first:
            first, self._first = self._first, b""
            return first
        part = self._block[: min(len(self._block), self.left)]
        self.left -= len(part)
        return part


def token(studio: Studio) -> str:
    return str(json.loads((studio.home / "credentials.json").read_text())["api_token"])


def head(studio: Studio, path: str, size: int, *, bearer: str, kind: str = "application/octet-stream") -> bytes:
    lines = [
        f"POST /api/{path} HTTP/1.1",
        f"Host: {urlsplit(studio.url).netloc}",
        f"Authorization: Bearer {bearer}",
        f"Content-Type: {kind}",
        f"Content-Length: {size}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def connect(studio: Studio) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", studio.port), timeout=10)
    made.settimeout(10)
    return made


def own_memory(pid: int) -> int:
    """Bytes of a process that are no file's."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


def watched(look: Callable[[], int]) -> Iterator[int]:
    """Yields once while looking all the time; then the most that was seen."""
    most, done = [look()], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            most[0] = max(most[0], look())

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield 0
    done.set()
    thread.join()
    yield most[0]


def test_a_large_upload_costs_web_no_memory(studio: Studio) -> None:
    web = studio.web()
    name = f"large-{uuid4().hex[:6]}"
    before = own_memory(web)
    looking = watched(lambda: own_memory(web))
    next(looking)
    with closing(http.client.HTTPConnection("127.0.0.1", studio.port, timeout=50)) as connection:
        headers = {"Authorization": f"Bearer {token(studio)}", "Content-Length": str(LARGE)}
        connection.request("POST", f"/api/datasets/files/{name}.csv/", Rows(LARGE), headers)  # type: ignore[arg-type]
        answer = connection.getresponse()
        body = json.loads(answer.read())
    assert answer.status == 201, body
    assert body["latest"]["size"] == LARGE
    assert next(looking) - before < 64 * MIB


def test_an_upload_that_is_cut_leaves_nothing(studio: Studio) -> None:
    folder = studio.home / "uploads"
    before = set(folder.iterdir()) if folder.exists() else set()
    name = f"cut-{uuid4().hex[:6]}"
    with connect(studio) as connection:
        connection.sendall(head(studio, f"datasets/files/{name}.csv/", 50 * MIB, bearer=token(studio)))
        connection.sendall(HEADER + ROW * 100_000)
        deadline = time.monotonic() + 10
        while not (folder.exists() and set(folder.iterdir()) - before) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert set(folder.iterdir()) - before
    deadline = time.monotonic() + 10
    while set(folder.iterdir()) - before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert set(folder.iterdir()) - before == set()
    assert studio.get(f"datasets/?search={name}")["results"] == []


def test_who_may_not_upload_is_told_before_the_file_has_come(studio: Studio) -> None:
    with connect(studio) as connection:
        connection.sendall(head(studio, "datasets/files/a.csv/", 50 * MIB, bearer="nobody"))
        assert connection.recv(100).startswith(b"HTTP/1.1 401")


def test_a_form_is_refused_before_it_is_read(studio: Studio) -> None:
    with connect(studio) as connection:
        kind = "multipart/form-data; boundary=x"
        connection.sendall(head(studio, "datasets/files/a.csv/", 50 * MIB, bearer=token(studio), kind=kind))
        assert connection.recv(100).startswith(b"HTTP/1.1 415")


def test_more_than_any_disk_is_refused_by_its_length(studio: Studio) -> None:
    with connect(studio) as connection:
        connection.sendall(head(studio, "datasets/files/a.csv/", 10**15, bearer=token(studio)))
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_two_uploads_follow_each_other_on_one_connection(studio: Studio) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", studio.port, timeout=20)) as connection:
        for number in range(2):
            name = f"two-{uuid4().hex[:6]}-{number}.csv"
            headers = {"Authorization": f"Bearer {token(studio)}"}
            connection.request("POST", f"/api/datasets/files/{name}/", HEADER + ROW * 3, headers)
            answer = connection.getresponse()
            assert answer.status == 201, answer.read()
            assert json.loads(answer.read())["latest"]["rows"] == 3
