"""Steps of an execution over the wire: AWS's words only, and metadata that is never empty."""

from __future__ import annotations

from typing import Any

import pytest

from runs.models import StepExecution
from tests.aws.conftest import Runs
from tests.aws.refusals import refusal
from tests.runs.definitions import chain, condition, fail, fan, pipeline, step
from tests.runs.obedient import fails

AWS_WORDS = {"Starting", "Executing", "Stopping", "Stopped", "Failed", "Succeeded"}


def test_a_step_says_when_it_ran_and_what_it_became(sagemaker: Any, runs: Runs) -> None:
    first = {**step("S0"), "DisplayName": "__main__.prepare", "Description": "cleans"}
    arn = runs.run(pipeline(first, step("S1", "S0")))
    second, found = runs.steps(arn)
    assert (second["StepName"], found["StepName"]) == ("S1", "S0")  # newest first
    assert (found["StepDisplayName"], found["StepDescription"]) == ("__main__.prepare", "cleans")
    assert (found["StepStatus"], found["AttemptCount"]) == ("Succeeded", 1)
    assert found["StartTime"] <= found["EndTime"] <= second["EndTime"]
    job = found["Metadata"]["ProcessingJob"]["Arn"]
    described = sagemaker.describe_processing_job(ProcessingJobName=job.rpartition("/")[2])
    assert described["ProcessingJobArn"] == job
    assert "CacheHitResult" not in found
    assert "FailureReason" not in found
    assert [one["StepName"] for one in runs.steps(arn, SortOrder="Ascending")] == ["S0", "S1"]


def test_what_waits_was_skipped_or_never_ran_is_absent(sagemaker: Any, runs: Runs) -> None:
    arn = runs.start(fan(3), ParallelismConfiguration={"MaxParallelExecutionSteps": 1})
    assert [(one["StepName"], one["StepStatus"]) for one in runs.steps(arn)] == [("Root", "Starting")]
    taken = pipeline(step("A"), condition("Gate", 3, 2, [step("Then", "A")], [step("Else", "A")]))
    other = runs.run(taken)
    assert {one["StepName"] for one in runs.steps(other)} == {"A", "Gate", "Then"}
    by_name = {one["StepName"]: one for one in runs.steps(other)}
    assert by_name["Gate"]["Metadata"] == {"Condition": {"Outcome": "True"}}


def test_a_failure_and_a_fail_step_give_their_reason(sagemaker: Any, runs: Runs) -> None:
    runs.bench.runner.acts["S0"] = fails(7)
    (failed,) = runs.steps(runs.run(pipeline(step("S0"))))
    (stop,) = runs.steps(runs.run(pipeline(fail("Stop", "no " + "o" * 3000))))
    assert failed["StepStatus"] == stop["StepStatus"] == "Failed"
    assert "7" in failed["FailureReason"]
    assert failed["Metadata"]["ProcessingJob"]["Arn"].startswith("arn:aws:sagemaker:")
    assert stop["Metadata"]["Fail"]["ErrorMessage"].startswith("no ooo")
    assert len(stop["FailureReason"]) == 1024


def test_a_step_refused_before_it_became_a_job_has_metadata_too(sagemaker: Any, runs: Runs) -> None:
    types = {
        "EMR": "EMR",
        "Tuning": "TuningJob",
        "AutoML": "AutoMLJob",
        "Lambda": "Lambda",
        "QualityCheck": "QualityCheck",
    }
    for kind, key in types.items():
        arn = runs.run(pipeline({"Name": "S", "Type": kind, "Arguments": {}}))
        (found,) = runs.steps(arn)
        assert found["StepStatus"] == "Failed", kind
        assert found["FailureReason"]
        assert list(found["Metadata"]) == [key]


def test_a_type_nobody_knows_has_no_metadata_rather_than_an_empty_one(sagemaker: Any, runs: Runs) -> None:
    (found,) = runs.steps(runs.run(pipeline({"Name": "S", "Type": "Telepathy", "Arguments": {}})))
    assert found["StepStatus"] == "Failed"
    assert found["FailureReason"]
    assert "Metadata" not in found


def test_an_image_nothing_runs_is_the_reason_its_step_failed(sagemaker: Any, runs: Runs) -> None:
    foreign = step("S0")
    foreign["Arguments"]["AppSpecification"]["ImageUri"] = "1.dkr.ecr.us-east-1.amazonaws.com/nobody:1"
    arn = runs.run(pipeline(foreign))
    (found,) = runs.steps(arn)
    assert found["StepStatus"] == "Failed"
    assert "No local runtime is mapped" in found["FailureReason"]
    assert list(found["Metadata"]) == ["ProcessingJob"]


def test_a_cached_step_names_the_execution_it_came_from(sagemaker: Any, runs: Runs) -> None:
    uri = "s3://results/kept"
    cached = {**step("S0", uri=uri), "CacheConfig": {"Enabled": True, "ExpireAfter": "P30D"}}
    source = runs.run(pipeline(cached))
    again = sagemaker.start_pipeline_execution(PipelineName="pipeline-0")["PipelineExecutionArn"]
    runs.finish()
    (found,) = runs.steps(again)
    assert found["CacheHitResult"] == {"SourcePipelineExecutionArn": source}
    assert found["StepStatus"] == "Succeeded"
    assert found["Metadata"]["ProcessingJob"]["Arn"] == runs.steps(source)[0]["Metadata"]["ProcessingJob"]["Arn"]


def test_a_registered_model_is_the_metadata_of_its_step(sagemaker: Any, runs: Runs) -> None:
    container = {"Image": "i", "ModelDataUrl": "s3://models/m.tar.gz"}
    arguments = {"ModelPackageGroupName": "churn", "InferenceSpecification": {"Containers": [container]}}
    register = {"Name": "Register", "Type": "RegisterModel", "Arguments": arguments}
    arn = runs.run(pipeline(register))
    (found,) = runs.steps(arn)
    package = found["Metadata"]["RegisterModel"]["Arn"]
    described = sagemaker.describe_model_package(ModelPackageName=package)
    assert (described["ModelPackageGroupName"], described["ModelPackageVersion"]) == ("churn", 1)
    assert described["ModelApprovalStatus"] == "PendingManualApproval"


@pytest.mark.parametrize("status", ["Waiting", "Queued", "Skipped"])
def test_a_word_of_ours_never_leaves(status: str, sagemaker: Any, runs: Runs) -> None:
    arn = runs.start(chain(1))
    before = StepExecution.objects.values("status", "attempt").get()
    StepExecution.objects.update(status=status, attempt=1)
    assert {one["StepStatus"] for one in runs.steps(arn)} <= AWS_WORDS
    StepExecution.objects.update(**before)


def test_a_thousand_steps_come_in_pages_of_a_hundred(sagemaker: Any, runs: Runs) -> None:
    arn = runs.start(pipeline(*(step(f"S{n}") for n in range(250))))
    pages = list(sagemaker.get_paginator("list_pipeline_execution_steps").paginate(PipelineExecutionArn=arn))
    names = [one["StepName"] for page in pages for one in page["PipelineExecutionSteps"]]
    assert [len(page["PipelineExecutionSteps"]) for page in pages] == [100, 100, 50]
    assert sorted(names) == sorted(f"S{n}" for n in range(250))
    assert len(set(names)) == 250


def test_an_unknown_callback_token_is_no_resource(sagemaker: Any) -> None:
    for operation in ("send_pipeline_execution_step_success", "send_pipeline_execution_step_failure"):
        assert refusal(getattr(sagemaker, operation), CallbackToken="abcdefghij")[0] == "ResourceNotFound"


def test_steps_need_an_execution(sagemaker: Any) -> None:
    assert refusal(sagemaker.list_pipeline_execution_steps)[0] == "ValidationException"
