"""Samples: what is promised of each is what its package holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runs.models import Dataset
from runs.tables import samples
from runs.tables.options import ReadOptions, Unreadable
from runs.tables.samples import SAMPLES, Sample, write_sample
from runs.tables.summaries import summarise
from tests.factories.api import Api
from tests.runs.workers import Bench


def read(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return json.loads(response.content)


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.id for sample in SAMPLES])
def test_a_sample_is_the_table_it_is_said_to_be(sample: Sample, tmp_path: Path) -> None:
    assert sample.is_installed()
    target = tmp_path / sample.file_name
    write_sample(sample.id, target)
    found = summarise(target, sample.file_name, ReadOptions(), folder=tmp_path, full=True)
    assert (found["rows"], len(found["columns"])) == (sample.rows, sample.columns)
    assert found["file"]["header"] is True
    assert found["warnings"] == []
    assert sample.licence and sample.source


def test_one_request_makes_a_dataset_with_its_licence(bench: Bench, owner_api: Api) -> None:
    made = read(owner_api.post("datasets/samples/penguins/"), 201)
    assert (made["name"], made["licence"], made["latest"]["rows"]) == ("Palmer penguins", "CC0-1.0", 344)
    listed = {one["id"]: one for one in read(owner_api.get("datasets/samples/"))["results"]}
    assert listed["penguins"]["dataset"] == made["id"]
    assert listed["wine"]["dataset"] is None
    again = read(owner_api.post("datasets/samples/penguins/"), 201)
    assert (again["id"], again["unchanged"]) == (made["id"], True)


def test_somebodys_own_dataset_of_that_name_stays(bench: Bench, owner_api: Api) -> None:
    path = "datasets/files/a.csv/?name=Sunspots"
    read(owner_api.send("post", path, b"a,b\n1,2\n", content_type="text/csv"), 201)
    assert read(owner_api.post("datasets/samples/sunspots/"), 201)["name"] == "Sunspots 2"
    assert Dataset.objects.get(name="Sunspots").versions.count() == 1


def test_an_unknown_sample_is_not_found(bench: Bench, owner_api: Api) -> None:
    assert read(owner_api.post("datasets/samples/titanic/"), 404)["code"] == "sample-not-found"


def test_a_package_that_is_not_there_is_named(bench: Bench, owner_api: Api, monkeypatch: Any) -> None:
    monkeypatch.setattr(samples, "find_spec", lambda module: None)
    refused = read(owner_api.post("datasets/samples/penguins/"), 409)
    assert refused["code"] == "sample-not-installed"
    assert "palmerpenguins" in refused["detail"]


def test_a_package_that_holds_it_no_more_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(samples, "_folder", lambda module: tmp_path)
    with pytest.raises(Unreadable, match="cannot be read"):
        write_sample("penguins", tmp_path / "t.csv")
