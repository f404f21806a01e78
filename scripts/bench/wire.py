"""The AWS wire from outside: boto3 against the running server, one call after another.

Times are those of request and answer on the loopback; what boto3 does before and after is not the server's.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

from scripts.bench.clary import IMAGE, Clary
from scripts.bench.shapes import mesh, percentile

ROLE = "arn:aws:iam::123456789012:role/bench"
MEBIBYTE = 1024 * 1024
ROUNDS = 9


def client(server: Clary, service: str) -> Any:
    """A boto3 client with the owner's keys."""
    keys = json.loads((server.home / "credentials.json").read_text())
    return boto3.client(
        service,
        endpoint_url=f"{server.url}/aws",
        region_name=keys["region"],
        aws_access_key_id=keys["aws_access_key_id"],
        aws_secret_access_key=keys["aws_secret_access_key"],
        config=Config(retries={"max_attempts": 0}, read_timeout=120),
    )


class Stopwatch:
    """Seconds that the requests of a boto3 client were under way."""

    def __init__(self, service: Any) -> None:
        self._seconds = 0.0
        self._send = service._endpoint.http_session.send
        service.meta.events.register("before-send", self._timed)

    def _timed(self, request: Any, **_: Any) -> Any:
        begun = time.perf_counter()
        answer = self._send(request)
        _ = answer.content  # read to its end
        self._seconds += time.perf_counter() - begun
        return answer

    def read(self) -> float:
        return self._seconds


def measured(server: Clary) -> dict[str, tuple[float, float, float]]:
    """What → (p50 ms, worst ms, bound ms)."""
    sagemaker = client(server, "sagemaker")
    clock = Stopwatch(sagemaker)
    _create(sagemaker, "wire-100", _definition(list(mesh(10, 10))))
    _create(sagemaker, "wire-1000", _definition([f"m{n:04}" for n in range(1000)]))
    arns: list[str] = []
    started = _rounds(lambda: arns.append(_start(sagemaker, "wire-100")), clock.read)
    for arn in arns:
        sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    thousand = _start(sagemaker, "wire-1000")
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=thousand)
    _wait_ended(sagemaker, thousand)
    page = _rounds(lambda: sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=thousand), clock.read)
    whole = _rounds(lambda: _all_steps(sagemaker, thousand), clock.read)
    large = [_large(n) for n in range(ROUNDS)]
    validated = _rounds(lambda: server.call("POST", "/api/validate/", {"definition": large.pop()}), time.perf_counter)
    return {
        "StartPipelineExecution, 100 steps": _figures(started, 100),
        "ListPipelineExecutionSteps of 1,000, first page": _figures(page, 150),
        "ListPipelineExecutionSteps of 1,000, all ten pages": _figures(whole, 150),
        "1 MiB definition validated": _figures(validated, 300),
    }


def _figures(seconds: list[float], bound: float) -> tuple[float, float, float]:
    return percentile(seconds, 0.5) * 1000, max(seconds) * 1000, bound


def _rounds(call: Callable[[], Any], clock: Callable[[], float]) -> list[float]:
    found = []
    for _ in range(ROUNDS):
        begun = clock()
        call()
        found.append(clock() - begun)
    return found


def _create(sagemaker: Any, name: str, definition: str) -> None:
    sagemaker.create_pipeline(PipelineName=name, PipelineDefinition=definition, RoleArn=ROLE)


def _start(sagemaker: Any, name: str) -> str:
    return str(sagemaker.start_pipeline_execution(PipelineName=name)["PipelineExecutionArn"])


def _all_steps(sagemaker: Any, arn: str) -> None:
    pages = sagemaker.get_paginator("list_pipeline_execution_steps").paginate(PipelineExecutionArn=arn)
    count = sum(len(page["PipelineExecutionSteps"]) for page in pages)
    if count != 1000:
        raise RuntimeError(f"{count} of 1,000 steps are listed")


def _wait_ended(sagemaker: Any, arn: str) -> None:
    while sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"] in (
        "Executing",
        "Stopping",
    ):
        time.sleep(0.2)


def _definition(names: list[str], **more: Any) -> str:
    return json.dumps({"Version": "2020-12-01", **more, "Steps": [_step(name) for name in names]})


def _step(name: str) -> dict[str, Any]:
    """A Processing step that only waits, so that stopping it finds it running or waiting."""
    cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
    return {
        "Name": name,
        "Type": "Processing",
        "Arguments": {
            "ProcessingResources": {"ClusterConfig": cluster},
            "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["sleep", "60"]},
            "RoleArn": ROLE,
        },
    }


def _large(number: int) -> str:
    """Nearly 1 MiB of steps; every text differs, so that none was seen before."""
    size = len(json.dumps(_step("m00000"))) + 2
    names = [f"m{n:05}" for n in range(MEBIBYTE // size - 1)]
    return _definition(names, Metadata={"number": f"{number}-{uuid.uuid4()}"})
