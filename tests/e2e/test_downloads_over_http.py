"""Tables saved as CSV from a real server: what they cost, and what is left when somebody stops taking them."""

from __future__ import annotations

import http.client
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import duckdb

from tests.e2e.studio import Studio
from tests.e2e.test_uploads_over_http import MIB, own_memory, token, watched

ROWS = 300_000


def uploaded(studio: Studio, tmp_path: Path) -> str:
    """The path of the download of a table whose CSV has more than 60 MiB."""
    name = f"long-{uuid4().hex[:6]}"
    path = tmp_path / f"{name}.parquet"
    columns = ", ".join(f"hash(range + {n}) AS c{n}" for n in range(10))
    duckdb.sql(f"COPY (SELECT {columns}, '=note' AS note FROM range({ROWS})) TO '{path}' (FORMAT parquet)")
    with closing(http.client.HTTPConnection("127.0.0.1", studio.port, timeout=50)) as connection:
        headers = {"Authorization": f"Bearer {token(studio)}"}
        connection.request("POST", f"/api/datasets/files/{path.name}/", path.read_bytes(), headers)
        answer = connection.getresponse()
        assert answer.status == 201, answer.read()
    (row,) = studio.get(f"datasets/?search={name}")["results"]
    return f"/api/objects/table/csv/?uri={quote(row['latest']['uri'], safe='')}"


def test_a_large_download_costs_web_no_memory(studio: Studio, tmp_path: Path) -> None:
    path, web = uploaded(studio, tmp_path), studio.web()
    before = own_memory(web)
    looking = watched(lambda: own_memory(web))
    next(looking)
    size, lines, tail = 0, 0, b""
    with closing(http.client.HTTPConnection("127.0.0.1", studio.port, timeout=50)) as connection:
        connection.request("GET", path, headers={"Authorization": f"Bearer {token(studio)}"})
        answer = connection.getresponse()
        assert answer.status == 200
        while piece := answer.read(MIB):
            size, lines, tail = size + len(piece), lines + piece.count(b"\n"), piece[-20:]
    assert (lines, size > 60 * MIB) == (ROWS + 1, True)
    assert tail.endswith(b",'=note\n")
    assert next(looking) - before < 64 * MIB


def test_a_download_nobody_takes_ends_its_writer(studio: Studio, tmp_path: Path) -> None:
    path, folder = uploaded(studio, tmp_path), studio.home / "uploads"
    before = set(folder.iterdir())
    with closing(http.client.HTTPConnection("127.0.0.1", studio.port, timeout=20)) as connection:
        connection.request("GET", path, headers={"Authorization": f"Bearer {token(studio)}"})
        answer = connection.getresponse()
        assert answer.read(10) == b"c0,c1,c2,c"
        assert set(folder.iterdir()) - before  # the writer is there, and waits
        answer.close()
    deadline = time.monotonic() + 10
    while set(folder.iterdir()) - before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert set(folder.iterdir()) - before == set()


def test_who_may_not_look_is_told_before_a_byte(studio: Studio) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", studio.port, timeout=20)) as connection:
        connection.request("GET", "/api/objects/table/csv/?uri=s3://a/b.csv", headers={"Authorization": "Bearer no"})
        assert connection.getresponse().status == 401
