"""A step with equal content takes over what an earlier execution left; a miss says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from runs.clock import database_now
from runs.models import CacheEntry, Execution, StepExecution, StoredObject
from runs.namespace import store_object
from runs.services.start import start_execution
from runs.step_details import step_details
from runs.stores import blob_store
from tests.runs.definitions import pipeline, step
from tests.runs.workers import Bench, events, fresh

CACHED = {"Enabled": True, "ExpireAfter": "P30D"}
DATA = "s3://bucket-of-data/table.csv"
PARAMETERS = [
    {"Name": "Data", "Type": "String", "DefaultValue": DATA},
    {"Name": "Rate", "Type": "String", "DefaultValue": "0.1"},
]


def definition(**more: Any) -> dict[str, Any]:
    """Split (cached) reads a parameter's address → Train reads what Split wrote."""
    environment = {"RATE": {"Get": "Parameters.Rate"}, "FROM": {"Get": "Parameters.Data"}}
    split = step("Split", uris=[{"Get": "Parameters.Data"}], environment=environment, CacheConfig=CACHED, **more)
    return pipeline(split, step("Train", "Split"), parameters=PARAMETERS)


@pytest.fixture
def upload(bench: Bench) -> Any:
    def put(text: str, uri: str = DATA) -> None:
        sha256, size = blob_store().put_bytes(text.encode())
        workspace = bench.owner.workspace.pk
        store_object(workspace_id=workspace, uri=uri, sha256=sha256, size=size, now=database_now())

    put("a,b")
    return put


def again(bench: Bench, first: Execution, **parameters: str) -> Execution:
    execution = start_execution(actor=bench.owner, pipeline_id=first.pipeline_id, parameters=parameters)
    bench.answer()
    return fresh(execution)


def split_of(execution: Execution) -> StepExecution:
    return execution.steps.select_related("execution", "job").get(name="Split")


def details(execution: Execution) -> dict[str, Any]:
    return step_details(split_of(execution))


def test_the_second_execution_takes_the_first_ones_result(bench: Bench, upload: Any) -> None:
    first = bench.run(definition())
    second = again(bench, first)
    assert second.status == "Succeeded"
    assert events(second)[1:4] == ["StepQueued", "StepCacheHit", "StepQueued"]
    assert bench.runner.steps == ["Split", "Train", "Train"]
    assert split_of(second).source_execution == first.pk
    assert split_of(second).cached


def test_consumers_and_people_see_the_outputs_of_the_source_execution(bench: Bench, upload: Any) -> None:
    first = bench.run(definition())
    second = again(bench, first)
    wanted = f"s3://results/{first.pk}/Split/result.txt"
    assert [file.uri for file in bench.runner.ran[-1].input_files] == [wanted]
    shown = details(second)
    assert [file["uri"] for output in shown["outputs"] for file in output["files"]] == [wanted]
    assert shown["source_execution"] == first.pk
    (why,) = shown["cache"]["why"]
    assert f"all equal to those of execution {first.pk}" in why
    assert "valid until" in why
    assert "input uri0" in shown["cache"]["compared"]
    assert not StoredObject.objects.filter(execution=second.pk, step="Split").exists()


def test_a_third_execution_still_points_to_where_the_step_ran(bench: Bench, upload: Any) -> None:
    first = bench.run(definition())
    again(bench, first)
    assert split_of(again(bench, first)).source_execution == first.pk


def test_the_same_bytes_at_another_address_are_a_hit_even_where_an_argument_names_the_address(
    bench: Bench, upload: Any
) -> None:
    first = bench.run(definition())
    upload("a,b", "s3://bucket-of-data/2026/table.csv")
    assert split_of(again(bench, first, Data="s3://bucket-of-data/2026/table.csv")).cached


def test_changed_bytes_under_the_same_address_are_a_miss_that_names_the_input(bench: Bench, upload: Any) -> None:
    first = bench.run(definition())
    upload("a,b,c")
    second = again(bench, first)
    assert not split_of(second).cached
    assert details(second)["cache"]["why"] == ["Environment.FROM changed", "input uri0 changed"]


def test_changed_code_is_a_miss_that_names_the_code(bench: Bench, upload: Any) -> None:
    code = "s3://bucket-of-data/code/split.py"
    upload("print(1)", code)
    given = definition()
    source = {"S3Uri": code, "LocalPath": "/opt/ml/processing/input/code", "S3DataType": "S3Prefix"}
    given["Steps"][0]["Arguments"]["ProcessingInputs"].append({"InputName": "code", "S3Input": source})
    first = bench.run(given)
    upload("print(2)", code)
    assert details(again(bench, first))["cache"]["why"] == ["input code changed"]


def test_a_changed_argument_is_a_miss_that_names_the_argument(bench: Bench, upload: Any) -> None:
    first = bench.run(definition())
    second = again(bench, first, Rate="0.2")
    assert details(second)["cache"]["why"] == ["Environment.RATE changed"]
    assert split_of(again(bench, first)).cached  # the result of the first execution is still known


def test_a_newly_declared_output_or_report_is_a_miss(bench: Bench, upload: Any) -> None:
    first = bench.run(definition())
    report = {"PropertyFileName": "Report", "OutputName": "out", "FilePath": "result.txt"}
    draft = first.pipeline.draft
    draft.definition = draft.definition.replace(
        '"CacheConfig"', f'"PropertyFiles":[{str(report).replace(chr(39), chr(34))}],"CacheConfig"'
    )
    draft.save()
    assert details(again(bench, first))["cache"]["why"] == [
        "PropertyFiles.out.FilePath was added",
        "PropertyFiles.out.OutputName was added",
        "PropertyFiles.out.PropertyFileName was added",
    ]


def test_an_expired_result_is_a_miss_that_says_so(bench: Bench, upload: Any) -> None:
    first = bench.run(definition())
    CacheEntry.objects.update(created_at=F("created_at") - timedelta(days=31))
    second = again(bench, first)
    assert not split_of(second).cached
    (line,) = details(second)["cache"]["why"]
    assert "older than ExpireAfter" in line
    assert split_of(again(bench, first)).cached  # the new result replaced the old one


def test_the_first_execution_has_nothing_to_compare_with(bench: Bench, upload: Any) -> None:
    assert details(bench.run(definition()))["cache"]["why"] == ["the step has no earlier result"]


def test_another_pipelines_result_is_no_hit(bench: Bench, upload: Any) -> None:
    first, other = bench.run(definition()), bench.run(definition())
    assert first.pipeline_id != other.pipeline_id
    assert not split_of(other).cached


def test_a_step_without_cache_configuration_always_runs(bench: Bench, upload: Any) -> None:
    first = bench.run(definition())
    second = again(bench, first)
    assert not second.steps.get(name="Train").cached
    assert details(second)["cache"] is not None
    assert step_details(second.steps.select_related("execution", "job").get(name="Train"))["cache"] is None
