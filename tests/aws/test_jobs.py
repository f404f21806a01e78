"""Processing, training, transform and tuning jobs over the wire: of pipelines, and plain ones."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actors import Actor
from editor.models import Pipeline
from runs.models import Execution, Job, StepAttempt
from tests.aws.conftest import Runs
from tests.aws.refusals import ROLE, refusal
from tests.aws.server import AwsServer
from tests.runs.definitions import IMAGE, chain, step
from tests.runs.obedient import fails, is_lost
from tests.runs.workers import statuses

RESOURCES = {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}}
TRAINING = {
    "AlgorithmSpecification": {
        "TrainingImage": IMAGE,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["python3", "-c", "pass"],
    },
    "RoleArn": ROLE,
    "OutputDataConfig": {"S3OutputPath": "s3://results/train"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
    "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    "Environment": {"STEP": "train"},
}
KINDS = ("Processing", "Training", "Transform", "HyperParameterTuning")


def process(sagemaker: Any, name: str = "clean-1", **members: Any) -> str:
    place = {"S3Uri": "s3://results/out", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}
    outputs = [{"OutputName": "out", "S3Output": place}]
    arn: str = sagemaker.create_processing_job(
        ProcessingJobName=name,
        ProcessingResources=RESOURCES,
        AppSpecification={"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "-c", "pass"]},
        ProcessingOutputConfig={"Outputs": outputs},
        Environment={"STEP": "clean"},
        RoleArn=ROLE,
        **members,
    )["ProcessingJobArn"]
    return arn


def described(sagemaker: Any, name: str = "clean-1") -> dict[str, Any]:
    found: dict[str, Any] = sagemaker.describe_processing_job(ProcessingJobName=name)
    return found


def test_a_plain_processing_job_runs_under_its_own_name(sagemaker: Any, runs: Runs, member: Actor) -> None:
    arn = process(sagemaker, Tags=[{"Key": "team", "Value": "risk"}])
    assert arn == f"arn:aws:sagemaker:us-east-1:{member.workspace.account_id}:processing-job/clean-1"
    before = described(sagemaker)
    assert (before["ProcessingJobStatus"], before["ProcessingJobArn"]) == ("InProgress", arn)
    runs.finish()
    found = described(sagemaker)
    assert (found["ProcessingJobStatus"], found["ProcessingJobName"]) == ("Completed", "clean-1")
    assert found["AppSpecification"]["ImageUri"] == IMAGE
    assert found["ProcessingStartTime"] <= found["ProcessingEndTime"]
    assert (found["RoleArn"], found["Environment"]) == (ROLE, {"STEP": "clean"})
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "risk"}]
    assert runs.bench.runner.ran[0].job.name == "clean-1"
    waiter = sagemaker.get_waiter("processing_job_completed_or_stopped")
    waiter.wait(ProcessingJobName="clean-1", WaiterConfig={"Delay": 1, "MaxAttempts": 1})


def test_a_plain_job_takes_no_name_from_a_pipeline_and_is_in_no_list_of_pipelines(sagemaker: Any, runs: Runs) -> None:
    process(sagemaker)
    assert sagemaker.list_pipelines()["PipelineSummaries"] == []
    assert sagemaker.search(Resource="PipelineExecution")["Results"] == []
    assert Pipeline.objects.get().hidden
    runs.finish()


def test_a_name_is_used_once_per_kind(sagemaker: Any, runs: Runs) -> None:
    arn = process(sagemaker)
    code, message = refusal(process, sagemaker=sagemaker)
    assert (code, arn in message) == ("ResourceInUse", True)
    sagemaker.create_training_job(TrainingJobName="clean-1", **TRAINING)
    runs.finish()
    assert Execution.objects.count() == 2


def test_a_plain_training_job_says_where_its_model_is(sagemaker: Any, runs: Runs) -> None:
    sagemaker.create_training_job(TrainingJobName="fit-1", HyperParameters={"depth": "3"}, **TRAINING)
    starting = sagemaker.describe_training_job(TrainingJobName="fit-1")
    assert (starting["TrainingJobStatus"], starting["SecondaryStatus"]) == ("InProgress", "Starting")
    runs.finish()
    found = sagemaker.describe_training_job(TrainingJobName="fit-1")
    assert (found["TrainingJobStatus"], found["SecondaryStatus"]) == ("Completed", "Completed")
    assert found["ModelArtifacts"]["S3ModelArtifacts"] == "s3://results/train/fit-1/output/model.tar.gz"
    assert found["HyperParameters"] == {"depth": "3"}


def test_a_failed_job_gives_its_reason(sagemaker: Any, runs: Runs) -> None:
    runs.bench.runner.acts["clean"] = fails(9)
    process(sagemaker)
    runs.finish()
    found = described(sagemaker)
    assert found["ProcessingJobStatus"] == "Failed"
    assert "9" in found["FailureReason"]


def test_an_image_nothing_runs_is_refused_before_the_job_is_made(sagemaker: Any, runs: Runs) -> None:
    said = refusal(
        sagemaker.create_processing_job,
        ProcessingJobName="clean-1",
        ProcessingResources=RESOURCES,
        AppSpecification={"ImageUri": "1.dkr.ecr.us-east-1.amazonaws.com/nobody:1", "ContainerEntrypoint": ["x"]},
        RoleArn=ROLE,
    )
    assert said[0] == "ValidationException"
    assert not Pipeline.objects.exists()


def test_a_job_whose_attempt_was_lost_goes_on_under_its_name(sagemaker: Any, runs: Runs) -> None:
    runs.bench.runner.acts["clean"] = is_lost
    process(sagemaker)
    runs.finish()
    del runs.bench.runner.acts["clean"]
    assert described(sagemaker)["ProcessingJobStatus"] == "InProgress"
    assert Job.objects.count() == 2
    listed = sagemaker.list_processing_jobs()["ProcessingJobSummaries"]
    assert [(one["ProcessingJobName"], one["ProcessingJobStatus"]) for one in listed] == [("clean-1", "InProgress")]
    sagemaker.stop_processing_job(ProcessingJobName="clean-1")
    assert described(sagemaker)["ProcessingJobStatus"] == "Stopped"


def test_stopping_a_plain_job_twice_is_refused_once_it_has_ended(sagemaker: Any, runs: Runs) -> None:
    process(sagemaker)
    sagemaker.stop_processing_job(ProcessingJobName="clean-1")
    assert described(sagemaker)["ProcessingJobStatus"] == "Stopped"
    code, message = refusal(sagemaker.stop_processing_job, ProcessingJobName="clean-1")
    assert (code, "Stopped" in message) == ("ValidationException", True)


def test_stopping_the_job_of_a_step_stops_that_step(sagemaker: Any, runs: Runs) -> None:
    arn = runs.start(chain(2))
    name = Job.objects.get().name
    sagemaker.stop_processing_job(ProcessingJobName=name)
    assert statuses(Execution.objects.get()) == {"S0": "Stopped", "S1": "Skipped"}
    assert described(sagemaker, name)["ProcessingJobStatus"] == "Stopped"
    found = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
    assert found["PipelineExecutionStatus"] == "Failed"
    assert "stopped" in found["FailureReason"]


def test_stopping_a_job_that_runs_asks_its_holder(sagemaker: Any, runs: Runs) -> None:
    def stops_itself(spec: Any, observer: Any, stop: Any) -> None:
        sagemaker.stop_processing_job(ProcessingJobName=spec.job.name)
        sagemaker.stop_processing_job(ProcessingJobName=spec.job.name)
        assert described(sagemaker, spec.job.name)["ProcessingJobStatus"] in ("InProgress", "Stopping")
        assert StepAttempt.objects.get().stop_requested_at is not None

    runs.bench.runner.acts["S0"] = stops_itself
    runs.run(chain(1))


def test_jobs_are_listed_by_status_name_and_time(sagemaker: Any, runs: Runs) -> None:
    runs.bench.runner.acts["bad"] = fails()
    runs.run({"Steps": [step("good"), {**step("bad"), "Name": "bad"}]})
    process(sagemaker, "waiting-1")

    def names(**members: Any) -> list[str]:
        found = sagemaker.list_processing_jobs(**members)["ProcessingJobSummaries"]
        return [one["ProcessingJobName"] for one in found]

    assert len(names()) == 3
    assert names(NameContains="WAITING") == ["waiting-1"]
    assert names(StatusEquals="InProgress") == ["waiting-1"]
    assert [("bad" in name) for name in names(StatusEquals="Failed")] == [True]
    assert [("good" in name) for name in names(StatusEquals="Completed")] == [True]
    assert names(StatusEquals="Stopping") == []
    assert names(SortBy="Name", SortOrder="Descending")[0] == "waiting-1"
    assert names(SortBy="CreationTime", SortOrder="Descending")[0] == "waiting-1"
    assert len(names(SortBy="Status")) == 3
    assert names(CreationTimeAfter="2999-01-01") == names(LastModifiedTimeAfter="2999-01-01") == []
    assert len(names(LastModifiedTimeBefore="2999-01-01", CreationTimeBefore="2999-01-01")) == 3
    pages = sagemaker.get_paginator("list_processing_jobs").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["ProcessingJobSummaries"]) for page in pages] == [2, 1]
    runs.finish()


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_that_is_not_there_is_refused_in_awss_words(kind: str, sagemaker: Any) -> None:
    word = {"HyperParameterTuning": "hyper_parameter_tuning"}.get(kind, kind.lower())
    for verb in ("describe", "stop"):
        code, _ = refusal(getattr(sagemaker, f"{verb}_{word}_job"), **{f"{kind}JobName": "nobody"})
        assert code == ("ResourceNotFound" if kind == "HyperParameterTuning" else "ValidationException")
    assert getattr(sagemaker, f"list_{word}_jobs")()[f"{kind}JobSummaries"] == []


def test_children_of_a_tuning_job_nobody_started_are_not_there(sagemaker: Any) -> None:
    operation = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job
    assert refusal(operation, HyperParameterTuningJobName="nobody")[0] == "ResourceNotFound"


def test_strangers_find_no_jobs_and_viewers_start_none(
    sagemaker: Any, runs: Runs, aws: AwsServer, stranger: Actor, viewer: Actor
) -> None:
    process(sagemaker)
    other, reader = aws.client("sagemaker", stranger), aws.client("sagemaker", viewer)
    assert refusal(other.describe_processing_job, ProcessingJobName="clean-1")[0] == "ValidationException"
    assert other.list_processing_jobs()["ProcessingJobSummaries"] == []
    assert reader.describe_processing_job(ProcessingJobName="clean-1")["ProcessingJobStatus"] == "InProgress"
    assert refusal(reader.stop_processing_job, ProcessingJobName="clean-1")[0] == "AccessDeniedException"
    assert refusal(process, sagemaker=reader, name="mine")[0] == "AccessDeniedException"
    runs.finish()
