"""Datasets: brought, named, versioned, read another way, and taken away."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from accounts.actors import Actor
from accounts.models import AuditEntry
from runs import namespace
from runs.errors import UploadIncomplete
from runs.models import Dataset, DatasetVersion, StoredObject
from runs.services import datasets, tables
from runs.services.tables import work_folder
from runs.storage.base import StoreFull
from tests.factories.api import Api
from tests.runs.definitions import chain
from tests.runs.workers import Bench

CSV = b"age,city\n31,Kyiv\n45,Lviv\n"
MORE = CSV + b"52,Odesa\n"
ANY_BYTES = "application/octet-stream"


def read(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return json.loads(response.content)


def upload(api: Api, data: bytes = CSV, file: str = "people.csv", *, status: int = 201, **query: str) -> Any:
    path = f"datasets/files/{quote(file)}/"
    if query:
        path += "?" + "&".join(f"{name}={quote(value)}" for name, value in query.items())
    return read(api.send("post", path, data, content_type=ANY_BYTES), status)


# --- upload ---
def test_a_file_becomes_a_dataset_with_a_table(bench: Bench, owner: Actor, owner_api: Api) -> None:
    made = upload(owner_api)
    assert (made["name"], made["unchanged"]) == ("people", False)
    version = made["latest"]
    assert version["uri"] == f"s3://{owner.workspace.default_bucket}/datasets/people/v1/people.csv"
    assert (version["rows"], version["column_count"], version["kind"]) == (2, 2, "csv")
    assert version["found"] == {"delimiter": ",", "encoding": "utf-8", "header": True, "decimal": "."}
    stored = namespace.current_object(owner.workspace.pk, version["uri"])
    assert stored is not None and stored.sha256 == version["sha256"]
    table = read(owner_api.get("objects/table/", uri=version["uri"]))
    assert [column["name"] for column in table["columns"]] == ["age", "city"]


def test_the_same_name_again_is_the_next_version(bench: Bench, owner_api: Api) -> None:
    upload(owner_api)
    second = upload(owner_api, MORE)
    assert [version["number"] for version in second["versions"]] == [2, 1]
    assert second["latest"]["uri"].endswith("/datasets/people/v2/people.csv")
    assert second["versions"][1]["rows"] == 2


def test_the_same_bytes_again_make_no_version(bench: Bench, owner_api: Api) -> None:
    upload(owner_api)
    again = upload(owner_api)
    assert again["unchanged"] is True
    assert len(again["versions"]) == 1


def test_a_name_in_use_can_be_refused_before_the_file_is_read(bench: Bench, owner_api: Api) -> None:
    upload(owner_api)
    refused = upload(owner_api, MORE, new="true", status=409)
    assert refused["code"] == "dataset-name-in-use"
    assert refused["pointer"] == "/name"
    assert upload(owner_api, MORE, new="true", name="people of today")["latest"]["number"] == 1


@pytest.mark.parametrize("name", [" ", "a/b", "x" * 129, "line\nbreak"])
def test_a_name_nobody_can_use_is_refused(bench: Bench, owner_api: Api, name: str) -> None:
    assert upload(owner_api, name=name, status=400)["code"] in ("dataset-name-invalid", "invalid")
    assert not Dataset.objects.exists()


def test_names_in_any_script_get_a_plain_folder(bench: Bench, owner_api: Api) -> None:
    assert "/datasets/table/v1/" in upload(owner_api, name="Люди")["latest"]["uri"]
    assert "/datasets/table-2/v1/" in upload(owner_api, name="人々")["latest"]["uri"]
    assert "/datasets/cafe-no-1/v1/" in upload(owner_api, name="Café (no. 1)")["latest"]["uri"]


@pytest.mark.parametrize(
    ("data", "file", "reason"),
    [
        (b"", "a.csv", "file-empty"),
        (b"age,city\n", "a.csv", "table-without-rows"),
        (b"<!doctype html><html></html>", "a.csv", "file-is-a-web-page"),
        (b"PAR1 and no more", "a.parquet", "file-cut-off"),
        (b"PK\x03\x04 no zip", "a.zip", "zip-damaged"),
    ],
)
def test_what_is_no_table_leaves_nothing(
    bench: Bench, owner_api: Api, data: bytes, file: str, reason: str, tmp_path: Path
) -> None:
    objects = StoredObject.objects.count()
    refused = upload(owner_api, data, file, status=422)
    assert (refused["code"], refused["reason"]) == ("table-unreadable", reason)
    assert not Dataset.objects.exists()
    assert StoredObject.objects.count() == objects
    assert list(work_folder().iterdir()) == []


def test_the_table_in_a_zip_is_taken(bench: Bench, owner_api: Api) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("deep/people of today.csv", CSV)
    made = upload(owner_api, packed.getvalue(), "download.zip")
    assert made["name"] == "download"
    assert made["latest"]["file_name"] == "people of today.csv"
    assert made["latest"]["size"] == len(CSV)


def test_an_upload_that_ends_early_leaves_nothing(bench: Bench, owner: Actor) -> None:
    with pytest.raises(UploadIncomplete):
        datasets.upload_dataset(actor=owner, file_name="a.csv", stream=io.BytesIO(CSV), size=len(CSV) + 1)
    assert not Dataset.objects.exists()
    assert list(work_folder().iterdir()) == []


def test_a_full_disk_leaves_nothing(bench: Bench, owner: Actor) -> None:
    class Full(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(StoreFull):
        datasets.upload_dataset(actor=owner, file_name="a.csv", stream=Full(), size=10)
    assert list(work_folder().iterdir()) == []


def test_what_a_killed_upload_left_is_swept(bench: Bench, owner_api: Api, monkeypatch: Any) -> None:
    left = work_folder() / "tmpdead"
    left.mkdir()
    (left / "received").write_bytes(b"half")
    monkeypatch.setattr(datasets, "_ABANDONED_SECONDS", -1)
    upload(owner_api)
    assert not left.exists()


# --- reading another way ---
def test_a_version_is_read_as_people_say(bench: Bench, owner_api: Api) -> None:
    made = upload(owner_api, b"age:note\n1:a, b\n2:c, d\n")
    assert made["latest"]["column_count"] == 2  # it looks like a comma's work
    path = f"datasets/{made['id']}/versions/1/reading/"
    changed = read(owner_api.send("put", path, {"delimiter": ":", "types": {"age": "text"}}))
    assert changed["latest"]["options"] == {"delimiter": ":", "types": {"age": "text"}}
    table = read(owner_api.get("objects/table/", uri=changed["latest"]["uri"]))
    assert [(column["name"], column["type"]) for column in table["columns"]] == [("age", "text"), ("note", "text")]


def test_a_reading_that_gives_no_table_changes_nothing(bench: Bench, owner_api: Api) -> None:
    made = upload(owner_api)
    path = f"datasets/{made['id']}/versions/1/reading/"
    refused = read(owner_api.send("put", path, {"encoding": "klingon"}), 422)
    assert refused["reason"] == "encoding-unknown"
    assert read(owner_api.send("put", path, {"types": {"age": "colour"}}), 400)["code"] == "invalid"
    assert read(owner_api.get(f"datasets/{made['id']}/"))["latest"]["options"] == {}


def test_the_next_version_is_read_like_the_one_before(bench: Bench, owner_api: Api) -> None:
    made = upload(owner_api, b"a:b\n1:2\n")
    read(owner_api.send("put", f"datasets/{made['id']}/versions/1/reading/", {"delimiter": ":"}))
    second = upload(owner_api, b"a:b\n1:2\n3:4\n")
    assert second["latest"]["options"] == {"delimiter": ":"}
    assert second["latest"]["column_count"] == 2


def test_rows_are_exact_once_all_were_read(bench: Bench, owner_api: Api, monkeypatch: Any) -> None:
    made = upload(owner_api, b"n\n" + b"".join(b"%d\n" % n for n in range(30_000)))
    assert made["latest"]["rows_exact"] is False
    monkeypatch.setattr(tables, "begin", lambda work, *args: work(*args))
    monkeypatch.setattr(tables.connection, "close", lambda: None)
    read(owner_api.get("objects/table/", uri=made["latest"]["uri"], full="true"))
    latest = read(owner_api.get(f"datasets/{made['id']}/"))["latest"]
    assert (latest["rows"], latest["rows_exact"]) == (30_000, True)


# --- names, list, deletion ---
def test_a_new_name_moves_no_file(bench: Bench, owner_api: Api) -> None:
    made = upload(owner_api)
    renamed = read(owner_api.patch(f"datasets/{made['id']}/", {"name": "humans", "description": "of 2024"}))
    assert (renamed["name"], renamed["description"]) == ("humans", "of 2024")
    assert renamed["latest"]["uri"] == made["latest"]["uri"]
    assert "/datasets/people-2/v1/" in upload(owner_api, MORE)["latest"]["uri"]


def test_a_name_is_given_once(bench: Bench, owner_api: Api) -> None:
    upload(owner_api)
    other = upload(owner_api, MORE, name="other")
    assert read(owner_api.patch(f"datasets/{other['id']}/", {"name": "people"}), 409)["code"] == "dataset-name-in-use"


def test_the_list_is_newest_first_and_searchable(
    bench: Bench, owner_api: Api, django_assert_max_num_queries: Any
) -> None:
    for name in ("alpha", "beta", "gamma"):
        upload(owner_api, name=name)
    upload(owner_api, MORE, name="alpha")
    with django_assert_max_num_queries(4):
        found = read(owner_api.get("datasets/"))
    assert [(row["name"], row["latest"]["number"]) for row in found["results"]] == [
        ("alpha", 2),
        ("gamma", 1),
        ("beta", 1),
    ]
    assert [row["name"] for row in read(owner_api.get("datasets/", search="AMM"))["results"]] == ["gamma"]


def test_deletion_takes_the_files_along(bench: Bench, owner: Actor, owner_api: Api) -> None:
    made = upload(owner_api)
    assert owner_api.delete(f"datasets/{made['id']}/").status_code == 204
    assert namespace.current_object(owner.workspace.pk, made["latest"]["uri"]) is None
    assert read(owner_api.get(f"datasets/{made['id']}/"), 404)["code"] == "dataset-not-found"
    assert not DatasetVersion.objects.exists()


def test_pipelines_that_use_a_dataset_are_named(bench: Bench, owner_api: Api) -> None:
    made = upload(owner_api)
    definition = chain(1)
    definition["Metadata"] = {"data": made["latest"]["uri"]}
    pipeline = read(owner_api.post("pipelines/", {"name": "reader", "definition": json.dumps(definition)}), 201)
    assert read(owner_api.get(f"datasets/{made['id']}/"))["used_by"] == [{"id": pipeline["id"], "name": "reader"}]


def test_a_version_can_be_downloaded(bench: Bench, owner_api: Api) -> None:
    made = upload(owner_api)
    link = read(owner_api.get(f"datasets/{made['id']}/versions/1/link/"))["url"]
    answer = owner_api.client.get(link)
    assert b"".join(answer.streaming_content) == CSV  # type: ignore[attr-defined]
    assert read(owner_api.get(f"datasets/{made['id']}/versions/2/link/"), 404)["code"] == "dataset-version-not-found"


def test_every_change_is_on_record(bench: Bench, owner: Actor, owner_api: Api) -> None:
    made = upload(owner_api)
    read(owner_api.send("put", f"datasets/{made['id']}/versions/1/reading/", {"header": True}))
    read(owner_api.patch(f"datasets/{made['id']}/", {"name": "humans"}))
    owner_api.delete(f"datasets/{made['id']}/")
    actions = AuditEntry.objects.filter(target=made["id"]).order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["dataset.upload", "dataset.read", "dataset.change", "dataset.delete"]


# --- who may ---
def test_a_viewer_looks_and_changes_nothing(bench: Bench, viewer: Actor, owner_api: Api) -> None:
    made = upload(owner_api)
    api = Api(viewer)
    assert read(api.get(f"datasets/{made['id']}/"))["name"] == "people"
    upload(api, MORE, status=403)
    assert api.patch(f"datasets/{made['id']}/", {"name": "x"}).status_code == 403
    assert api.delete(f"datasets/{made['id']}/").status_code == 403
    assert api.send("put", f"datasets/{made['id']}/versions/1/reading/", {}).status_code == 403
    assert api.post("datasets/samples/iris/").status_code == 403


def test_a_stranger_finds_nothing(bench: Bench, owner_api: Api, stranger_api: Api) -> None:
    made = upload(owner_api)
    assert read(stranger_api.get("datasets/"))["results"] == []
    for response in (
        stranger_api.get(f"datasets/{made['id']}/"),
        stranger_api.patch(f"datasets/{made['id']}/", {"name": "x"}),
        stranger_api.delete(f"datasets/{made['id']}/"),
        stranger_api.get(f"datasets/{made['id']}/versions/1/link/"),
        stranger_api.send("put", f"datasets/{made['id']}/versions/1/reading/", {}),
    ):
        assert response.status_code == 404
    assert upload(stranger_api, MORE)["latest"]["number"] == 1
