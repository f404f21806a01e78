"""What a step left can be looked at: its digest on the row and in the log, its summaries and files on request."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from runs.models import StepExecution
from runs.services.start import start_execution
from tests.factories.api import Api
from tests.runs.definitions import chain, condition, pipeline, step
from tests.runs.test_table_pages import saved
from tests.runs.workers import Bench

TABLE = {
    "version": 1,
    "kind": "table",
    "rows": 455,
    "columns": [{"name": "x", "type": "number"}],
    "preview": {"columns": ["x"], "rows": [[1.5]]},
    "key": {"label": "Rows", "value": 455},
}
DIGEST = {
    "key": {"label": "Rows", "value": 455},
    "outputs": {"out": {"files": 1, "size": 4, "kind": "table", "rows": 455, "columns": 1}},
}
CACHE = {"CacheConfig": {"Enabled": True, "ExpireAfter": "P1D"}}


def read(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return json.loads(response.content)


def leave(bench: Bench, name: str, **files: bytes) -> None:
    bench.runner.files[name] = {key.replace("__", "."): data for key, data in files.items()}


@pytest.fixture
def table(bench: Bench) -> Bench:
    leave(bench, "S0", table__csv=b"x\n1\n", _summary__json=json.dumps(TABLE).encode())
    return bench


def test_the_digest_is_in_the_row_and_in_the_event(table: Bench, owner_api: Api) -> None:
    execution = table.run(chain(1))
    (row,) = read(owner_api.get(f"executions/{execution.pk}/"))["steps"]
    assert row["results"] == DIGEST
    told = execution.events.get(event="StepSucceeded")
    assert told.data["results"] == DIGEST


def test_a_cached_step_shows_the_results_it_took_over(table: Bench, owner_api: Api) -> None:
    cached = pipeline(step("S0", uri="s3://results/fixed", **CACHE))
    first = table.start(cached)
    table.answer()
    again = start_execution(actor=table.owner, pipeline_id=first.pipeline_id)
    table.answer()
    row = StepExecution.objects.get(execution=again)
    assert (row.cached, row.results) == (True, DIGEST)
    assert again.events.get(event="StepCacheHit").data["results"] == DIGEST
    outputs = read(owner_api.get(f"executions/{again.pk}/steps/S0/results/"))["outputs"]
    assert outputs[0]["summary"]["rows"] == 455


def test_summary_and_files_come_together_and_the_summary_is_no_file(table: Bench, owner_api: Api) -> None:
    execution = table.run(chain(1))
    (output,) = read(owner_api.get(f"executions/{execution.pk}/steps/S0/results/"))["outputs"]
    assert (output["name"], output["size"], output["problem"]) == ("out", 4, None)
    assert output["summary"]["preview"] == {"columns": ["x"], "rows": [[1.5]]}
    (file,) = output["files"]
    assert (file["path"], file["viewer"], file["size"]) == ("table.csv", "table", 4)


def test_a_summary_that_is_no_json_is_told_and_harms_nothing(bench: Bench, owner_api: Api) -> None:
    leave(bench, "S0", _summary__json=b"<html>", page__html=b"<b>hi</b>", picture__png=b"\x89PNG", data__bin=b"1")
    execution = bench.run(chain(1))
    (output,) = read(owner_api.get(f"executions/{execution.pk}/steps/S0/results/"))["outputs"]
    assert output["summary"] is None
    assert "not a JSON object" in output["problem"]
    assert {file["path"]: file["viewer"] for file in output["files"]} == {
        "page.html": "html",
        "picture.png": "image",
        "data.bin": "none",
    }


def test_a_summary_that_is_too_large_is_not_read(bench: Bench, owner_api: Api) -> None:
    leave(bench, "S0", _summary__json=b'{"kind": "table", "x": "' + b"x" * 1024 * 1024 + b'"}')
    execution = bench.run(chain(1))
    row = StepExecution.objects.get(execution=execution)
    assert row.results == {"outputs": {"out": {"files": 0, "size": 0}}}
    (output,) = read(owner_api.get(f"executions/{execution.pk}/steps/S0/results/"))["outputs"]
    assert "1048576 are read at most" in output["problem"]


def test_a_file_is_reached_by_a_lasting_address_that_leads_to_a_fresh_link(table: Bench, owner_api: Api) -> None:
    execution = table.run(chain(1))
    (output,) = read(owner_api.get(f"executions/{execution.pk}/steps/S0/results/"))["outputs"]
    key = output["files"][0]["key"]
    answer = owner_api.get(f"executions/{execution.pk}/steps/S0/files/", key=key)
    assert answer.status_code == 302
    bytes_of = Client().get(urlsplit(answer["Location"]).path)
    assert b"".join(bytes_of.streaming_content) == b"x\n1\n"
    assert "sandbox" in bytes_of["Content-Security-Policy"]
    assert "X-Frame-Options" not in bytes_of
    text = read(owner_api.get(f"executions/{execution.pk}/steps/S0/files/text/", key=key))
    assert text == {"text": "x\n1\n", "size": 4, "truncated": False}


def test_a_long_text_is_cut_and_says_so(bench: Bench, owner_api: Api) -> None:
    leave(bench, "S0", long__txt=b"\xff" + b"a" * 300_000)
    execution = bench.run(chain(1))
    key = read(owner_api.get(f"executions/{execution.pk}/steps/S0/results/"))["outputs"][0]["files"][0]["key"]
    found = read(owner_api.get(f"executions/{execution.pk}/steps/S0/files/text/", key=key))
    assert found["truncated"] is True
    assert found["text"].startswith("\ufffdaaa")
    assert found["size"] == 300_001


def test_a_table_without_a_summary_is_read_as_the_run_left_it(bench: Bench, owner_api: Api) -> None:
    fixed = pipeline(step("S0", uri="s3://results/fixed"))
    leave(bench, "S0", people__csv=b"name,age\nAda,36\nGrace,45\n", broken__parquet=b"PAR1 cut")
    first = bench.run(fixed)
    leave(bench, "S0", people__csv=b"other\n1\n")
    bench.run(fixed)
    found = read(owner_api.get(f"executions/{first.pk}/steps/S0/files/table/", key="fixed/people.csv"))
    assert (found["rows"], [one["name"] for one in found["columns"]]) == (2, ["name", "age"])
    broken = owner_api.get(f"executions/{first.pk}/steps/S0/files/table/", key="fixed/broken.parquet")
    assert 400 <= broken.status_code < 500


def test_only_what_the_step_wrote_is_given(table: Bench, owner_api: Api) -> None:
    execution = table.run(chain(1))
    for path in ("files/", "files/text/", "files/table/"):
        missing = owner_api.get(f"executions/{execution.pk}/steps/S0/{path}", key="clary/secret.txt")
        assert read(missing, 404)["code"] == "object-not-found"
        assert owner_api.get(f"executions/{execution.pk}/steps/S0/{path}").status_code == 404
        assert owner_api.get(f"executions/{execution.pk}/steps/S0/{path}", key="x" * 2000).status_code == 400


def test_a_step_that_has_not_run_has_no_results(bench: Bench, owner_api: Api) -> None:
    execution = bench.start(chain(2))
    assert read(owner_api.get(f"executions/{execution.pk}/steps/S1/results/")) == {"outputs": []}
    bench.answer()


def test_a_stranger_sees_no_results(table: Bench, stranger_api: Api) -> None:
    execution = table.run(chain(1))
    for path in ("results/", "files/?key=x", "files/text/?key=x"):
        assert stranger_api.get(f"executions/{execution.pk}/steps/S0/{path}").status_code == 404


def test_the_row_of_a_condition_tells_both_sides(bench: Bench, owner_api: Api) -> None:
    execution = bench.run(pipeline(condition("Check", 2, 1, [], [])))
    (row,) = read(owner_api.get(f"executions/{execution.pk}/"))["steps"]
    assert row["condition"] == ["2 >= 1 → true"]


def test_the_figures_of_a_table_the_step_said_nothing_of_are_found(bench: Bench, owner_api: Api) -> None:
    leave(bench, "S0", plain__csv=b"x,y\n1,2\n3,4\n")
    execution = bench.run(chain(1))
    assert "rows" not in StepExecution.objects.get(execution=execution).results["outputs"]["out"]
    found = read(owner_api.get(f"executions/{execution.pk}/steps/S0/figures/", output="out"))
    assert found == {"rows": 2, "exact": True, "columns": 2}


@pytest.mark.parametrize(
    "files",
    [{"page__csv": b"<html></html>"}, {"a__csv": b"x\n1\n", "b__csv": b"x\n1\n"}, {"model__bin": b"x"}],
    ids=["no table", "two files", "no table by its name"],
)
def test_an_output_that_is_no_one_table_has_no_figures(bench: Bench, owner_api: Api, files: dict[str, bytes]) -> None:
    leave(bench, "S0", **files)
    execution = bench.run(chain(1))
    for output in ("out", "other"):
        found = read(owner_api.get(f"executions/{execution.pk}/steps/S0/figures/", output=output))
        assert (found["rows"], found["columns"]) == (None, None)


def test_a_table_file_has_pages_of_columns_and_is_saved_as_csv(bench: Bench, owner_api: Api, stranger_api: Api) -> None:
    leave(bench, "S0", plain__csv=b"x,y\n1,=2\n3,4\n")
    execution = bench.run(chain(1))
    path = f"executions/{execution.pk}/steps/S0/"
    (file,) = read(owner_api.get(f"{path}results/"))["outputs"][0]["files"]
    page = read(owner_api.get(f"{path}files/columns/", key=file["key"], search="y"))
    assert (page["total"], page["places"], page["preview"]["rows"]) == (2, [1], [["=2"], ["4"]])
    assert saved(owner_api.get(f"{path}files/csv/", key=file["key"])) == b"x,y\n1,'=2\n3,4\n"
    for where in ("files/columns/", "files/csv/"):
        assert stranger_api.get(path + where, key=file["key"]).status_code == 404
