"""Model and Transform steps of an execution: the registry's record, and predictions of a model just trained."""

from __future__ import annotations

import io
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.models import AuditEntry
from registry.models import Model
from registry.services.models import create_model
from runs.clock import database_now
from runs.models import StoredObject
from runs.namespace import current_object, store_object
from runs.runners.base import RunnerSettings
from runs.runners.process import ProcessRunner
from runs.services.start import start_execution
from runs.step_details import step_details
from runs.stores import blob_store
from tests.runs.definitions import IMAGE, pipeline, step
from tests.runs.obedient import ObedientRunner
from tests.runs.workers import Bench, fresh, statuses

CODE, DATA, BATCH = "s3://bkt/code/sourcedir.tar.gz", "s3://bkt/train/a.csv", "s3://bkt/batch"
MODEL = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
TRAIN = """
import joblib, numpy as np, os
from sklearn.linear_model import LinearRegression
rows = np.loadtxt(os.environ["SM_CHANNEL_TRAIN"] + "/a.csv", delimiter=",")
joblib.dump(LinearRegression().fit(rows[:, 1:], rows[:, 0]), os.environ["SM_MODEL_DIR"] + "/model.joblib")
"""


def put(bench: Bench, uri: str, data: bytes) -> None:
    sha256, size = blob_store().put_bytes(data)
    store_object(workspace_id=bench.owner.workspace.pk, uri=uri, sha256=sha256, size=size, now=database_now())


def train() -> dict[str, Any]:
    channel = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bkt/train"}}
    return {
        "Name": "Train",
        "Type": "Training",
        "Arguments": {
            "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            "HyperParameters": {"sagemaker_program": "train.py", "sagemaker_submit_directory": CODE},
            "InputDataConfig": [{"ChannelName": "train", "DataSource": channel}],
            "OutputDataConfig": {"S3OutputPath": "s3://bkt/out"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600},
            "Environment": {"STEP": "Train"},
        },
    }


def make(data: Any = MODEL, **more: Any) -> dict[str, Any]:
    container = {"Image": IMAGE, "ModelDataUrl": data, "Environment": {}}
    return {"Name": "Make", "Type": "Model", "Arguments": {"PrimaryContainer": container}, **more}


def score(model: Any = None, **more: Any) -> dict[str, Any]:
    arguments = {
        "ModelName": model or {"Get": "Steps.Make.ModelName"},
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": BATCH}},
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        "TransformOutput": {"S3OutputPath": "s3://bkt/scores", "AssembleWith": "Line", "Accept": "text/csv"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        "DataProcessing": {"InputFilter": "$[1:]", "OutputFilter": "$[0,-1]", "JoinSource": "Input"},
        "Environment": {"STEP": "Score"},
    }
    return {"Name": "Score", "Type": "Transform", "Arguments": arguments, **more}


def packed(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return data.getvalue()


@pytest.fixture
def real_runner(bench: Bench, tmp_path: Path) -> Any:
    """The bench with a runner that really runs."""
    settings = RunnerSettings(home=tmp_path, work=tmp_path / "w", environments=tmp_path / "e", python=sys.executable)
    runner = ProcessRunner(settings)
    bench.worker.runner = runner
    yield bench
    runner.close()


def test_a_model_is_trained_made_and_run_over_a_data_set(real_runner: Bench) -> None:
    bench = real_runner
    put(bench, CODE, packed({"train.py": TRAIN}))
    put(bench, DATA, b"3,1,1\n5,2,1\n7,3,1\n4,1,2\n")
    put(bench, f"{BATCH}/new/b.csv", b"first,4,1\nsecond,1,3\n")
    execution = bench.run(pipeline(train(), make(), score()))
    assert statuses(execution) == dict.fromkeys(["Train", "Make", "Score"], "Succeeded"), execution.failure_reason
    result = current_object(bench.owner.workspace.pk, "s3://bkt/scores/new/b.csv.out")
    assert result is not None
    with blob_store().open(result.sha256) as blob:
        rows = [line.split(",") for line in blob.read().decode().splitlines()]
    assert [(name, round(float(value), 6)) for name, value in rows] == [("first", 9.0), ("second", 5.0)]
    description = execution.steps.get(name="Score").job.description
    assert description["TransformJobStatus"] == "Completed"


def test_the_model_is_recorded_once_under_a_name_of_its_own(bench: Bench) -> None:
    after = step("After", environment={"MODEL": {"Get": "Steps.Make.ModelName"}})
    put(bench, "s3://bkt/given/model.tar.gz", b"x")
    execution = bench.run(pipeline(make("s3://bkt/given/model.tar.gz"), after))
    model = Model.objects.get()
    assert model.name.startswith(f"pipelines-{execution.pk}-Make-")
    assert (model.source_execution, model.source_step) == (execution.pk, "Make")
    assert bench.runner.ran[-1].job.environment["MODEL"] == model.name
    assert json.loads(model.description)["PrimaryContainer"]["Image"] == IMAGE
    assert AuditEntry.objects.filter(action="create-model", target=model.arn).count() == 1
    row = execution.steps.get(name="Make")
    assert (row.job.arn, row.job.description["ModelName"]) == (model.arn, model.name)


def test_a_model_without_files_is_refused_where_it_is_made(bench: Bench) -> None:
    execution = bench.run(pipeline(make("s3://bkt/nothing/model.tar.gz")))
    row = execution.steps.get(name="Make")
    assert execution.status == "Failed"
    assert "nothing is stored at s3://bkt/nothing/model.tar.gz" in (row.failure_reason or "")
    assert not Model.objects.exists()


def test_a_transform_of_a_model_nobody_made_says_so(bench: Bench) -> None:
    execution = bench.run(pipeline(score("nobody")))
    row = execution.steps.get(name="Score")
    assert (row.category, "There is no model named nobody" in (row.failure_reason or "")) == ("not-runnable", True)


def test_another_workspaces_model_is_no_model(bench: Bench, stranger: Actor) -> None:
    create_model(actor=stranger, name="theirs", request={"PrimaryContainer": {"Image": IMAGE}})
    execution = bench.run(pipeline(score("theirs")))
    assert "There is no model named theirs" in (execution.steps.get(name="Score").failure_reason or "")


def test_a_transform_of_a_model_made_again_from_the_same_files_is_a_hit(bench: Bench) -> None:
    put(bench, "s3://bkt/given/model.tar.gz", b"x")
    put(bench, f"{BATCH}/b.csv", b"1,2\n")
    cached = {"Enabled": True, "ExpireAfter": "P1D"}
    first = bench.run(pipeline(make("s3://bkt/given/model.tar.gz"), score(CacheConfig=cached)))

    def again() -> Any:
        execution = start_execution(actor=bench.owner, pipeline_id=first.pipeline_id)
        bench.answer()
        return fresh(execution).steps.select_related("execution", "job").get(name="Score")

    assert Model.objects.count() == 1
    assert again().cached
    assert Model.objects.count() == 2
    put(bench, "s3://bkt/given/model.tar.gz", b"other weights")
    missed = again()
    assert not missed.cached
    assert step_details(missed)["cache"]["why"] == ["input model 0 changed"]
    assert isinstance(bench.runner, ObedientRunner)
    assert StoredObject.objects.filter(key__startswith="scores/").exists()


def test_a_transform_runs_again_behind_a_training_that_was_cached(bench: Bench) -> None:
    cached = {"Enabled": True, "ExpireAfter": "P1D"}
    put(bench, CODE, b"x")
    put(bench, DATA, b"1,2\n")
    bench.runner.files["Train"] = {"model.tar.gz": b"weights"}
    data = score()
    data["Arguments"]["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"] = {
        "Get": "Steps.Split.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri"
    }
    definition = pipeline(step("Split", CacheConfig=cached), {**train(), "CacheConfig": cached}, make(), data)
    first = bench.run(definition)
    assert first.status == "Succeeded"
    second = start_execution(actor=bench.owner, pipeline_id=first.pipeline_id)
    bench.answer()
    assert fresh(second).status == "Succeeded", fresh(second).failure_reason
    assert second.steps.get(name="Train").cached
    read = [file.uri for file in bench.runner.ran[-1].input_files]
    assert [uri for uri in read if uri.endswith("model.tar.gz")] == [
        first.steps.get(name="Train").job.description["ModelArtifacts"]["S3ModelArtifacts"]
    ]
