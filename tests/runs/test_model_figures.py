"""A version is registered with the figures of its quality report, as the report was then."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.actors import Actor
from registry.models import ModelPackage
from runs.clock import database_now
from runs.models import StoredObject
from runs.namespace import store_object
from runs.services.model_figures import figures_of
from runs.services.scope import PROPERTY_FILE_BYTES
from runs.services.start import start_execution
from runs.stores import blob_store
from tests.factories.api import Api
from tests.runs.definitions import IMAGE, OUT, pipeline, step
from tests.runs.workers import Bench, fresh

REPORT = "s3://results/models/evaluation.json"


def quality(uri: Any) -> dict[str, Any]:
    return {"ModelMetrics": {"ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": uri}}}}


def report(auc: float) -> bytes:
    return json.dumps({"binary_classification_metrics": {"auc": {"value": auc}}}).encode()


def stored(actor: Actor, data: bytes, uri: str = REPORT) -> None:
    sha256, size = blob_store().put_bytes(data)
    store_object(workspace_id=actor.workspace.pk, uri=uri, sha256=sha256, size=size, now=database_now())


def evaluated_and_registered(report_at: Any, **output: Any) -> dict[str, Any]:
    containers = [{"Image": IMAGE, "ModelDataUrl": "s3://results/model.tar.gz"}]
    arguments = {
        "ModelPackageGroupName": "churn",
        "InferenceSpecification": {"Containers": containers},
        **quality(report_at),
    }
    register = {"Name": "Register", "Type": "RegisterModel", "Arguments": arguments, "DependsOn": ["Evaluate"]}
    return pipeline(step("Evaluate", **output), register)


def figures() -> list[Any]:
    return [package.figures for package in ModelPackage.objects.order_by("version")]


@pytest.mark.parametrize("file", ["", "/evaluation.json"])
def test_a_step_registers_the_figures_of_the_report_of_its_own_run(bench: Bench, owner_api: Api, file: str) -> None:
    bench.runner.files["Evaluate"] = {"evaluation.json": report(0.965), "_summary.json": b"{}"}
    folder = {"Get": f"Steps.Evaluate.{OUT}"}
    uri = {"Std:Join": {"On": "", "Values": [folder, file]}} if file else folder
    assert bench.run(evaluated_and_registered(uri)).status == "Succeeded"
    told = [{"label": "ROC AUC", "value": 0.965}]
    (row,) = owner_api.get("model-packages/churn/").json()["results"]
    assert row["figures"] == told
    assert owner_api.get("model-packages/churn/1/").json()["figures"] == told


def test_a_version_keeps_its_figures_when_the_next_run_writes_over_the_report(bench: Bench) -> None:
    bench.runner.files["Evaluate"] = {"evaluation.json": report(0.9)}
    first = bench.run(evaluated_and_registered(REPORT, uri="s3://results/models"))
    bench.runner.files["Evaluate"] = {"evaluation.json": report(0.8)}
    second = start_execution(actor=bench.owner, pipeline_id=first.pipeline_id)
    bench.answer()
    assert fresh(second).status == "Succeeded"
    assert figures() == [[{"label": "ROC AUC", "value": 0.9}], [{"label": "ROC AUC", "value": 0.8}]]


@pytest.mark.parametrize("files", [{"other.json": report(0.9)}, {"evaluation.json": b"<html>"}])
def test_a_model_is_registered_without_figures_when_there_is_no_report(bench: Bench, files: dict[str, bytes]) -> None:
    bench.runner.files["Evaluate"] = files
    assert bench.run(evaluated_and_registered(REPORT, uri="s3://results/models")).status == "Succeeded"
    assert figures() == [[]]


def test_a_report_that_was_uploaded_is_read_by_its_own_workspace_only(owner: Actor, stranger: Actor) -> None:
    stored(owner, report(0.7))
    stored(owner, report(0.1), f"{REPORT}.old")
    for uri in (REPORT, "s3://results/models", "s3://results/models/"):
        assert figures_of(owner.workspace.pk, quality(uri)) == [{"label": "ROC AUC", "value": 0.7}]
        assert figures_of(stranger.workspace.pk, quality(uri)) == []


def test_a_report_larger_than_a_property_file_is_not_read(owner: Actor) -> None:
    stored(owner, report(0.7) + b" " * PROPERTY_FILE_BYTES)
    assert figures_of(owner.workspace.pk, quality(REPORT)) == []


def test_a_report_whose_bytes_are_gone_says_nothing(owner: Actor) -> None:
    StoredObject.objects.create(
        workspace=owner.workspace,
        bucket="results",
        key="models/evaluation.json",
        sha256="0" * 64,
        size=3,
        created_at=database_now(),
    )
    assert figures_of(owner.workspace.pk, quality(REPORT)) == []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"ModelMetrics": None},
        {"ModelMetrics": {"ModelQuality": []}},
        quality(None),
        quality(7),
        quality(""),
        quality("file:///etc/passwd"),
        quality("s3://"),
        quality("s3://results"),
        quality("s3://results/\x00.json"),
        quality("s3://results/../x.json"),
    ],
)
def test_an_address_that_is_none_says_nothing(owner: Actor, document: dict[str, Any]) -> None:
    assert figures_of(owner.workspace.pk, document) == []
