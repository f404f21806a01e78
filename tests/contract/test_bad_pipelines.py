"""Pipelines that cannot run, asked to run over REST: a clear answer, nothing started, nothing lost, never a 500."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError

from runs import dispatch
from runs.models import Execution, StoredObject
from runs.storage.base import StoreFull
from runs.stores import blob_store
from tests.factories.api import Api
from tests.runs.definitions import chain, condition, pipeline, step

PARAMETERS = [
    {"Name": "Rate", "Type": "Float", "DefaultValue": 0.1},
    {"Name": "Mode", "Type": "String", "DefaultValue": "fast", "EnumValues": ["fast", "exact"]},
    {"Name": "Rows", "Type": "Integer"},
]


@pytest.fixture(autouse=True)
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_ringer", lambda attempt_ids: None)


def made(api: Api, definition: Any) -> str:
    answer = api.post("pipelines/", {"name": "bad", "definition": json.dumps(definition)})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def refused(api: Api, pipeline_id: str, code: str, **body: Any) -> dict[str, Any]:
    """The problem document of a start that was refused; nothing was started."""
    answer = api.post(f"pipelines/{pipeline_id}/executions/", body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), answer.content
    assert not Execution.objects.exists()
    found: dict[str, Any] = answer.json()
    assert found["code"] == "cannot-start"
    assert found["problems"][0]["code"] == code
    assert found["problems"][0]["message"] in found["detail"]  # the first problem is named
    return found


def unmapped() -> dict[str, Any]:
    odd = step("A")
    odd["Arguments"]["AppSpecification"]["ImageUri"] = "registry.example.org/nobody:1"
    return pipeline(odd)


@pytest.mark.parametrize(
    ("definition", "code", "words"),
    [
        (pipeline(step("A", "B"), step("B", "A")), "cycle", "A"),
        (pipeline(step("A", "A")), "self-reference", "A"),
        (pipeline(step("A"), step("A")), "duplicate-step-name", "A"),
        (pipeline(step("A"), condition("C", 1, 2, [step("A")], [])), "duplicate-step-name", "A"),
        (pipeline(step("A", "Nobody")), "unknown-step", "Nobody"),
        (pipeline(step("A", environment={"X": {"Get": "Parameters.Nobody"}})), "unknown-parameter", "Nobody"),
        (pipeline(step("A", DependsOn=["Nobody"])), "unknown-step", "Nobody"),
        (pipeline(), "no-steps", "no steps"),
        (unmapped(), "step-not-runnable", "registry.example.org/nobody:1"),
    ],
)
def test_a_definition_with_errors_is_kept_and_refused_at_start(
    member_api: Api, definition: dict[str, Any], code: str, words: str
) -> None:
    pipeline_id = made(member_api, definition)
    found = refused(member_api, pipeline_id, code)
    assert words in found["detail"]
    kept = member_api.get(f"pipelines/{pipeline_id}/draft/").json()
    assert json.loads(kept["definition"])["Steps"] == definition["Steps"]


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({}, "parameter-missing", "Rows"),
        ({"Rows": "many"}, "parameter-type", "Rows"),
        ({"Rows": 1.5}, "parameter-type", "Rows"),
        ({"Rows": [1]}, "parameter-type", "Rows"),
        ({"Rows": 1, "Rate": {"a": 1}}, "parameter-type", "Rate"),
        ({"Rows": 1, "Rat": 0.5}, "unknown-parameter", "Rate"),
        ({"Rows": 1, "Mode": "slow"}, "parameter-enum", "fast"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named_and_nothing_starts(
    member_api: Api, given: dict[str, Any], code: str, words: str
) -> None:
    pipeline_id = made(member_api, pipeline(step("A"), parameters=PARAMETERS))
    found = refused(member_api, pipeline_id, code, parameters=given)
    assert words in found["detail"]


def test_a_type_that_does_not_run_here_is_no_reason_to_refuse_the_start(member_api: Api) -> None:
    odd = {"Name": "Odd", "Type": "EMR", "Arguments": {}, "DependsOn": ["A"]}
    pipeline_id = made(member_api, pipeline(step("A"), odd))
    assert member_api.post(f"pipelines/{pipeline_id}/executions/").status_code == 201


# --- keys ---

KEYS = ["a/../b", "a//b", "a/./b", "../b", "a/b\0c", "a\nb"]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_could_mean_two_things_is_refused_wherever_it_comes_in(member_api: Api, key: str) -> None:
    home = made(member_api, chain(1))
    assert member_api.get("objects/text/", uri=f"s3://some-bucket/{key}").status_code == 400
    answer = member_api.post(f"pipelines/{home}/code/", {"file_name": key, "text": "x"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not StoredObject.objects.exists()


def outputs_to(uri: Any) -> dict[str, Any]:
    parameters = [{"Name": "Place", "Type": "String", "DefaultValue": "x"}]
    return pipeline(step("A", uri=uri), parameters=parameters)


@pytest.mark.parametrize("key", KEYS)
def test_a_step_that_would_write_to_such_a_key_fails_with_the_reason(member_api: Api, key: str) -> None:
    uri = {"Std:Join": {"On": "/", "Values": ["s3://some-bucket", {"Get": "Parameters.Place"}]}}
    pipeline_id = made(member_api, outputs_to(uri))
    answer = member_api.post(f"pipelines/{pipeline_id}/executions/", {"parameters": {"Place": key}})
    if answer.status_code == 400:
        assert "\0" in key or "\n" in key  # no text field takes a control character
        return
    assert answer.status_code == 201
    found = member_api.get(f"executions/{answer.json()['id']}/").json()
    assert found["status"] == "Failed"
    assert "S3Uri" in found["failure_reason"]
    assert found["failed_step"] == "A"


# --- a full disk ---


def test_code_the_store_has_no_room_for_is_507_and_nothing_is_kept(member_api: Api, tmp_path: Path) -> None:
    home = made(member_api, chain(1))
    code = {"file_name": "a.py", "text": "print(1)"}
    with patch.object(type(blob_store()), "put_bytes", side_effect=StoreFull(tmp_path)):
        answer = member_api.post(f"pipelines/{home}/code/", code)
    assert (answer.status_code, answer.json()["code"]) == (507, "store-full")
    assert "Nothing was changed" in answer.json()["detail"]
    assert str(tmp_path) not in answer.json()["detail"]
    assert not StoredObject.objects.exists()
    assert member_api.post(f"pipelines/{home}/code/", code).status_code == 201


def test_a_database_whose_disk_is_full_is_503_and_nothing_is_kept(member_api: Api) -> None:
    home = made(member_api, chain(1))
    with patch("runs.services.start.audit.record", side_effect=OperationalError("database or disk is full")):
        answer = member_api.post(f"pipelines/{home}/executions/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert not Execution.objects.exists()
    assert member_api.post(f"pipelines/{home}/executions/").status_code == 201
