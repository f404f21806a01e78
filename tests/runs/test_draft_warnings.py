"""What a person is told before Run because of where it would run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.actors import Actor
from editor.services.pipelines import create_pipeline
from engine.instances import GIB
from runs.clock import database_now
from runs.models import Worker
from runs.namespace import store_object
from runs.services.code import store_code
from runs.stores import blob_store
from tests.factories.api import Api
from tests.runs.definitions import pipeline, step

LITERAL = "import os\nprint(open('/opt/ml/processing/input/in0/a.csv').read())\n"


def works(runner: str, *, cpus: int = 4, memory: int = 16 * GIB) -> None:
    now = database_now()
    facts = {"host": "h", "pid": 1, "slots": 1, "started_at": now, "seen_at": now}
    Worker.objects.create(runner=runner, cpus=cpus, memory_bytes=memory, **facts)


def reads(uri: Any, *, at: str = "/opt/ml/processing/input/code", **more: Any) -> dict[str, Any]:
    made = step("A", **more)
    source = {"S3Uri": uri, "LocalPath": at, "S3DataType": "S3Prefix"}
    made["Arguments"]["ProcessingInputs"] = [{"InputName": "code", "S3Input": source}]
    return pipeline(made, parameters=[{"Name": "Code", "Type": "String", "DefaultValue": "s3://code-bucket/d"}])


def trains(uri: str) -> dict[str, Any]:
    arguments = {
        "AlgorithmSpecification": {"TrainingImage": "python:3.11", "TrainingInputMode": "File"},
        "HyperParameters": {"sagemaker_program": '"train.py"', "sagemaker_submit_directory": json.dumps(uri)},
    }
    return pipeline({"Name": "T", "Type": "Training", "Arguments": arguments})


@pytest.fixture
def code(owner: Actor) -> Any:
    """code(name, text, archive=): the address of a stored script."""
    home = create_pipeline(actor=owner, name="code-home")

    def put(name: str, text: str, archive: str | None = None) -> str:
        return store_code(actor=owner, pipeline_id=home.pk, file_name=name, data=text.encode(), archive=archive).uri

    return put


def told(owner: Actor, api: Api, definition: dict[str, Any]) -> list[dict[str, Any]]:
    made = create_pipeline(actor=owner, name="warned", definition=json.dumps(definition))
    answer = api.get(f"pipelines/{made.pk}/draft/warnings/")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["problems"]
    return found


def test_a_literal_opt_ml_is_told_with_file_and_line_under_the_process_runner(
    owner: Actor, owner_api: Api, code: Any
) -> None:
    works("process")
    (warning,) = told(owner, owner_api, reads(code("split.py", LITERAL)))
    assert (warning["code"], warning["severity"], warning["step"]) == ("literal-opt-ml", "warning", "A")
    assert warning["pointer"] == "/Steps/0/Arguments/ProcessingInputs/0/S3Input/S3Uri"
    assert "split.py writes out /opt/ml in line 2 (/opt/ml/processing/input/in0/a.csv)" in warning["message"]


@pytest.mark.parametrize("runner", ["sandbox", "docker"])
def test_other_runners_have_a_real_opt_ml_and_say_nothing(runner: str, owner: Actor, owner_api: Api, code: Any) -> None:
    works(runner)
    assert told(owner, owner_api, reads(code("split.py", LITERAL))) == []


def test_a_script_without_the_literal_says_nothing(owner: Actor, owner_api: Api, code: Any) -> None:
    works("process")
    assert told(owner, owner_api, reads(code("split.py", "import sys\nopen(sys.argv[1])\n"))) == []


def test_archives_are_looked_into(owner: Actor, owner_api: Api, code: Any) -> None:
    works("process")
    (warning,) = told(owner, owner_api, trains(code("train.py", LITERAL, "sourcedir.tar.gz")))
    assert "train.py in sourcedir.tar.gz writes out" in warning["message"]
    assert warning["pointer"].endswith("sagemaker_submit_directory")


def test_a_folder_named_by_a_parameter_is_looked_into_by_its_default(owner: Actor, owner_api: Api) -> None:
    works("process")
    for text in (LITERAL, LITERAL * 5):
        sha256, size = blob_store().put_bytes(text.encode())
        store_object(
            workspace_id=owner.workspace.pk,
            uri="s3://code-bucket/d/a.py",
            sha256=sha256,
            size=size,
            now=database_now(),
        )
    (warning,) = told(owner, owner_api, reads({"Get": "Parameters.Code"}))
    assert "and 2 more" in warning["message"]


@pytest.mark.parametrize("uri", ["s3://nowhere/x.py", "s3://Bad Bucket/x", "not an address", {"Get": "Steps.X.y"}, 3])
def test_code_that_cannot_be_found_says_nothing_here(owner: Actor, owner_api: Api, uri: Any) -> None:
    works("process")
    assert "literal-opt-ml" not in [one["code"] for one in told(owner, owner_api, reads(uri))]


def test_what_is_no_archive_says_nothing(owner: Actor, owner_api: Api, code: Any) -> None:
    works("process")
    sha256, size = blob_store().put_bytes(b"no archive")
    uri = "s3://code-bucket/sourcedir.tar.gz"
    store_object(workspace_id=owner.workspace.pk, uri=uri, sha256=sha256, size=size, now=database_now())
    assert told(owner, owner_api, trains(uri)) == []


def test_a_step_larger_than_the_largest_machine_is_told(owner: Actor, owner_api: Api) -> None:
    works("sandbox", cpus=2, memory=4 * GIB)
    works("sandbox", cpus=2, memory=7 * GIB)
    (warning,) = told(owner, owner_api, pipeline(step("A")))
    assert warning["code"] == "larger-than-machine"
    assert "2 CPU · 8 GiB (ml.m5.large) is asked for; this machine has 7 GiB" in warning["message"]
    assert warning["pointer"].endswith("/ClusterConfig/InstanceType")


def test_nobody_working_means_nothing_to_tell(owner: Actor, owner_api: Api, code: Any) -> None:
    assert told(owner, owner_api, reads(code("split.py", LITERAL))) == []
