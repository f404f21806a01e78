"""What waits for a person."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.actors import Actor
from editor.models import Pipeline
from editor.services.pipelines import create_pipeline, delete_pipeline
from registry.services.package_changes import change_model_package
from registry.services.packages import register_model_package
from runs.models import Execution
from runs.needs import failed_runs, undecided_models
from runs.services.start import start_execution
from tests.factories.api import Api
from tests.factories.definitions import definition, fail_step

pytestmark = pytest.mark.django_db


def failing(actor: Actor, name: str) -> tuple[Pipeline, Execution]:
    pipeline = create_pipeline(actor=actor, name=name, definition=definition(fail_step("Stop")))
    return pipeline, start_execution(actor=actor, pipeline_id=pipeline.pk)


def read(response: Any) -> Any:
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def test_a_pipeline_whose_newest_run_failed_needs_somebody(owner: Actor, owner_api: Api) -> None:
    pipeline, execution = failing(owner, "churn")
    (found,) = read(owner_api.get("needs/"))["failed"]
    assert (found["execution"], found["pipeline"], found["pipeline_name"]) == (execution.pk, pipeline.pk, "churn")
    assert (found["status"], found["step"]) == ("Failed", "Stop")
    assert found["title"] == "The pipeline ended itself"


def test_a_run_that_went_well_since_needs_nobody(owner: Actor) -> None:
    pipeline, _ = failing(owner, "churn")
    later = start_execution(actor=owner, pipeline_id=pipeline.pk)
    assert [one.execution for one in failed_runs(owner)] == [later.pk]
    Execution.objects.filter(pk=later.pk).update(status="Succeeded")
    assert failed_runs(owner) == []


def test_a_deleted_pipeline_needs_nobody(owner: Actor) -> None:
    pipeline, _ = failing(owner, "churn")
    delete_pipeline(actor=owner, pipeline_id=pipeline.pk)
    assert failed_runs(owner) == []


def test_a_model_waits_until_somebody_decides(owner: Actor, owner_api: Api) -> None:
    asked = {"ModelApprovalStatus": "PendingManualApproval"}
    figures = [{"label": "ROC AUC", "value": 0.9}]
    package = register_model_package(actor=owner, group_name="churn", request=asked, description=asked, figures=figures)
    (found,) = read(owner_api.get("needs/"))["undecided"]
    assert (found["group"], found["version"], found["execution"]) == ("churn", 1, "")
    assert found["figures"] == figures
    change_model_package(actor=owner, package_id=package.pk, changes={"ModelApprovalStatus": "Approved"})
    assert undecided_models(owner) == []


def test_a_stranger_is_needed_nowhere(owner: Actor, stranger: Actor) -> None:
    failing(owner, "churn")
    register_model_package(actor=owner, group_name="churn", request={}, description={})
    assert failed_runs(stranger) == []
    assert undecided_models(stranger) == []
