"""Files brought in from a person's machine: data, archives, anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from runs.models import StoredObject
from runs.services import code
from runs.storage.base import StoreFull
from runs.storage.local import LocalBlobStore
from runs.stores import blob_store
from tests.factories.api import Api
from tests.runs.definitions import chain
from tests.runs.workers import Bench

BYTES = bytes(range(256)) * 1000
ANY_BYTES = "application/octet-stream"


def read(response: Any, status: int) -> Any:
    assert response.status_code == status, response.content
    return json.loads(response.content)


def pipeline(owner_api: Api) -> str:
    made = read(owner_api.post("pipelines/", {"name": "uploads", "definition": json.dumps(chain(1))}), 201)
    return str(made["id"])


def test_a_file_is_kept_byte_for_byte_under_an_address_of_its_own(bench: Bench, owner_api: Api) -> None:
    path = f"pipelines/{pipeline(owner_api)}/files/my table.csv/"
    stored = read(owner_api.send("post", path, BYTES, content_type=ANY_BYTES), 201)
    assert stored["uri"].endswith(f"/uploads/files/{stored['sha256']}/my table.csv")
    assert stored["size"] == len(BYTES)
    with blob_store().open(stored["sha256"]) as blob:
        assert blob.read() == BYTES
    assert stored == read(owner_api.send("post", path, BYTES, content_type=ANY_BYTES), 201)


def test_an_empty_file_is_a_file(bench: Bench, owner_api: Api) -> None:
    path = f"pipelines/{pipeline(owner_api)}/files/empty.csv/"
    assert read(owner_api.send("post", path, b"", content_type=ANY_BYTES), 201)["size"] == 0


def test_a_full_disk_is_said_and_nothing_is_stored(bench: Bench, owner_api: Api, monkeypatch: Any) -> None:
    path = f"pipelines/{pipeline(owner_api)}/files/a.csv/"

    def full(self: LocalBlobStore, stream: object) -> tuple[str, int]:
        raise StoreFull(Path())

    monkeypatch.setattr(LocalBlobStore, "put_stream", full)
    before = StoredObject.objects.count()
    refused = read(owner_api.send("post", path, b"1", content_type=ANY_BYTES), 507)
    assert refused["code"] == "store-full"
    assert StoredObject.objects.count() == before


def test_a_name_that_is_no_single_name_is_refused(bench: Bench, owner_api: Api) -> None:
    identifier = pipeline(owner_api)
    for name, status in (("..", 400), (".", 400), ("a%2Fb", 404), ("", 404)):
        path = f"pipelines/{identifier}/files/{name}/"
        assert owner_api.send("post", path, b"1", content_type=ANY_BYTES).status_code == status, name


def test_more_than_the_limit_is_refused_before_it_is_read(bench: Bench, owner_api: Api, monkeypatch: Any) -> None:
    monkeypatch.setattr(code, "FILE_BYTES", 10)
    path = f"pipelines/{pipeline(owner_api)}/files/a.csv/"
    refused = read(owner_api.send("post", path, b"12345678901", content_type=ANY_BYTES), 413)
    assert refused["code"] == "upload-too-large"


def test_a_stranger_stores_nothing(bench: Bench, owner_api: Api, stranger_api: Api) -> None:
    path = f"pipelines/{pipeline(owner_api)}/files/a.csv/"
    assert stranger_api.send("post", path, b"1", content_type=ANY_BYTES).status_code == 404
