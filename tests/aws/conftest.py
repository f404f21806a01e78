"""One live server for all AWS tests of a session; each test has its own people."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.actors import Actor
from runs.models import Execution, StepAttempt
from tests.aws.refusals import ROLE
from tests.aws.server import AwsServer
from tests.runs.conftest import bench  # noqa: F401 - a worker in the test's own thread
from tests.runs.workers import Bench


@pytest.fixture(scope="session")
def _aws_server(django_db_setup: None, django_db_blocker: Any) -> Iterator[AwsServer]:
    with django_db_blocker.unblock():
        server = AwsServer()
    yield server
    server.close()


@pytest.fixture
def aws(_aws_server: AwsServer, transactional_db: None) -> Iterator[AwsServer]:
    """The server, while what the test writes is committed for it to see."""
    yield _aws_server
    shutil.rmtree(Path(settings.CLARY_HOME) / "blobs" / "uploads", ignore_errors=True)


@pytest.fixture
def sagemaker(aws: AwsServer, member: Actor) -> Any:
    """boto3's client of an editor, with its own checks of parameters on."""
    return aws.client("sagemaker", member)


class Runs:
    """Starts executions over the wire and plays the worker for them."""

    def __init__(self, sagemaker: Any, bench: Bench) -> None:  # noqa: F811 - the fixture
        self.sagemaker = sagemaker
        self.bench = bench

    def start(self, definition: dict[str, Any], **members: Any) -> str:
        """The ARN of an execution of a new pipeline; nothing ran yet."""
        name = f"pipeline-{Execution.objects.count()}"
        self.sagemaker.create_pipeline(PipelineName=name, PipelineDefinition=json.dumps(definition), RoleArn=ROLE)
        arn: str = self.sagemaker.start_pipeline_execution(PipelineName=name, **members)["PipelineExecutionArn"]
        return arn

    def finish(self) -> None:
        """Runs whatever waits; the server's own doorbells rang in another process."""
        while waiting := list(StepAttempt.objects.filter(status="Pending").values_list("pk", flat=True)):
            self.bench.rung.extend(waiting)
            self.bench.answer()

    def run(self, definition: dict[str, Any], **members: Any) -> str:
        arn = self.start(definition, **members)
        self.finish()
        return arn

    def steps(self, arn: str, **members: Any) -> list[dict[str, Any]]:
        found = self.sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn, **members)
        steps: list[dict[str, Any]] = found["PipelineExecutionSteps"]
        return steps


@pytest.fixture
def runs(sagemaker: Any, bench: Bench) -> Runs:  # noqa: F811 - the fixture
    return Runs(sagemaker, bench)
