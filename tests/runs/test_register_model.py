"""A RegisterModel step of an execution, from its arguments to the package in the registry."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.models import AuditEntry
from registry.models import ModelPackage, ModelPackageGroup
from runs.services.retry import retry_execution
from runs.services.start import start_execution
from tests.factories.api import Api
from tests.runs.definitions import OUT, pipeline, step
from tests.runs.obedient import fails
from tests.runs.workers import Bench, events, fresh, statuses


def register(group: Any = "churn", approval: Any = "PendingManualApproval", **more: Any) -> dict[str, Any]:
    """Train writes a model, Register registers it, After reads the package's address."""
    container = {
        "Image": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
        "ModelDataUrl": {"Get": f"Steps.Train.{OUT}"},
    }
    specification = {
        "Containers": [container],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    arguments = {
        "ModelPackageGroupName": group,
        "ModelApprovalStatus": approval,
        "InferenceSpecification": specification,
    }
    made = {"Name": "Register", "Type": "RegisterModel", "Arguments": arguments, **more}
    after = step("After", environment={"PACKAGE": {"Get": "Steps.Register.ModelPackageArn"}})
    parameters = [
        {"Name": "Group", "Type": "String", "DefaultValue": "churn"},
        {"Name": "Approval", "Type": "String", "DefaultValue": "Approved"},
    ]
    return pipeline(step("Train"), made, after, parameters=parameters)


def test_each_execution_registers_the_next_version(bench: Bench) -> None:
    first = bench.run(register())
    second = start_execution(actor=bench.owner, pipeline_id=first.pipeline_id)
    bench.answer()
    assert (first.status, fresh(second).status) == ("Succeeded", "Succeeded")
    packages = list(ModelPackage.objects.order_by("version"))
    assert [package.version for package in packages] == [1, 2]
    assert [package.source_execution for package in packages] == [first.pk, second.pk]
    assert {package.source_step for package in packages} == {"Register"}
    assert ModelPackageGroup.objects.get().name == "churn"


def test_the_description_names_the_model_and_later_steps_read_the_packages_address(bench: Bench) -> None:
    execution = bench.run(register())
    description = execution.steps.get(name="Register").job.description
    package = ModelPackage.objects.get()
    assert json.loads(package.description)["ModelPackageArn"] == description["ModelPackageArn"] == package.arn
    assert description["ModelPackageStatus"] == "Completed"
    model = description["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    assert model == f"s3://results/{execution.pk}/Train"
    assert bench.runner.ran[-1].job.environment["PACKAGE"] == package.arn


def test_the_history_and_the_audit_tell_of_it(bench: Bench) -> None:
    execution = bench.run(register())
    told = [row for row in execution.events.order_by("sequence") if row.step == "Register"]
    assert [row.event for row in told] == ["StepStarting", "StepSucceeded"]
    entry = AuditEntry.objects.get(action="register-model")
    assert entry.target == ModelPackage.objects.get().arn
    assert json.loads(entry.detail) == {"execution": execution.pk, "step": "Register"}


def test_the_package_is_in_the_registry_of_the_workspace_only(bench: Bench, owner_api: Api, stranger_api: Api) -> None:
    bench.run(register())
    (row,) = owner_api.get("model-packages/").json()["results"]
    assert row["name"] == "churn"
    assert stranger_api.get("model-packages/").json()["results"] == []


@pytest.mark.parametrize(
    ("group", "approval", "words"),
    [
        ({"Get": "Parameters.Group"}, "Approved", 'such as "group-name"'),
        ("churn", {"Get": "Parameters.Approval"}, "ModelApprovalStatus"),
    ],
)
def test_what_the_registry_refuses_fails_the_step_and_registers_nothing(
    bench: Bench, group: Any, approval: Any, words: str
) -> None:
    given = {"Group": "no such/group name!", "Approval": "Perhaps"}
    execution = bench.run(register(group, approval), parameters=given)
    assert execution.status == "Failed"
    row = execution.steps.get(name="Register")
    assert (row.status, row.category) == ("Failed", "not-runnable")
    assert words in (row.failure_reason or "")
    assert not ModelPackage.objects.exists()
    assert not ModelPackageGroup.objects.exists()


def test_nothing_is_registered_behind_a_failed_training(bench: Bench) -> None:
    bench.runner.acts["Train"] = fails()
    execution = bench.run(register())
    assert statuses(execution) == {"Train": "Failed", "Register": "Skipped", "After": "Skipped"}
    assert not ModelPackage.objects.exists()


def test_a_retry_after_a_later_failure_registers_no_second_version(bench: Bench) -> None:
    bench.runner.acts["After"] = fails()
    execution = bench.run(register())
    assert execution.status == "Failed"
    del bench.runner.acts["After"]
    retry_execution(actor=bench.owner, execution_id=execution.pk)
    bench.answer()
    assert fresh(execution).status == "Succeeded"
    assert ModelPackage.objects.count() == 1
    assert events(execution).count("ExecutionStarted") == 2
