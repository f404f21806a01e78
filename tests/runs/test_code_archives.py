from __future__ import annotations

import gzip
import io
import json
import tarfile
from typing import Any

from runs.services.code_archive import pack_script, script_in
from tests.factories.api import Api
from tests.runs.definitions import chain
from tests.runs.workers import Bench


def read(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return json.loads(response.content)


def test_a_packed_script_is_the_same_bytes_every_time_and_opens_as_a_tar() -> None:
    packed = pack_script("train.py", b"print('hi')\n")
    assert packed == pack_script("train.py", b"print('hi')\n")
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
        assert archive.getnames() == ["train.py"]


def test_a_script_comes_out_as_it_went_in() -> None:
    packed = pack_script("train.py", "print('ä')\n".encode())
    assert script_in(packed, "train.py") == "print('ä')\n".encode()
    assert script_in(packed, "other.py") is None


def test_what_is_no_archive_holds_no_script() -> None:
    assert script_in(b"not a tar", "train.py") is None
    assert script_in(gzip.compress(b"not a tar either"), "train.py") is None
    assert script_in(pack_script("train.py", b"x")[:20], "train.py") is None


def test_code_kept_in_an_archive_reads_back_by_the_name_of_the_script(bench: Bench, owner_api: Api) -> None:
    made = read(owner_api.post("pipelines/", {"name": "packed", "definition": json.dumps(chain(1))}), 201)
    body = {"file_name": "train.py", "text": "print(1)\n", "archive": "sourcedir.tar.gz"}
    stored = read(owner_api.post(f"pipelines/{made['id']}/code/", body), 201)
    assert stored["uri"].endswith(f"/{stored['sha256']}/sourcedir.tar.gz")
    assert stored == read(owner_api.post(f"pipelines/{made['id']}/code/", body), 201)
    assert read(owner_api.get("objects/text/", uri=stored["uri"], member="train.py"))["text"] == "print(1)\n"
    assert owner_api.get("objects/text/", uri=stored["uri"], member="other.py").status_code == 415
    refused = owner_api.post(f"pipelines/{made['id']}/code/", {**body, "archive": "../x.tar.gz"})
    assert refused.status_code == 400
