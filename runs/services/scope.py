"""What expressions can see: parameters, facts of the execution, job descriptions, property files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from engine.execution.names import execution_arn, pipeline_arn
from engine.execution.states import StepKey
from engine.expressions import Path, Unresolvable, lookup
from runs.models import Job
from runs.namespace import current_object
from runs.storage.uri import BadUri
from runs.stores import blob_store

if TYPE_CHECKING:
    from runs.services.transition import Transition

PROPERTY_FILE_BYTES = 1024 * 1024


class ExecutionScope:
    """The Scope of one transition. Job documents are read once each."""

    def __init__(self, unit: Transition, job_name: str = "") -> None:
        self._unit = unit
        self._job_name = job_name

    def parameter(self, name: str) -> Any:
        try:
            return self._unit.execution.parameters[name]
        except KeyError:
            raise Unresolvable(f"There is no parameter {name}.") from None

    def execution(self, name: str) -> Any:
        execution = self._unit.execution
        started = execution.started_at or execution.created_at
        match name:
            case "PipelineExecutionId":
                return execution.pk
            case "PipelineName":
                return execution.pipeline_name
            case "PipelineArn":
                return pipeline_arn(settings.CLARY_REGION, self._unit.workspace.account_id, execution.pipeline_name)
            case "PipelineExecutionArn":
                account = self._unit.workspace.account_id
                return execution_arn(settings.CLARY_REGION, account, execution.pipeline_name, execution.pk)
            case "StartDateTime":
                return _aws_time(started.timestamp())
            case "CurrentDateTime":
                return _aws_time(self._unit.now.timestamp())
            case "TrainingJobName" | "ProcessingJobName" if self._job_name:
                return self._job_name
        raise Unresolvable(f"Execution.{name} is not known here.")

    def step(self, name: str, path: Path) -> Any:
        job = self._job(name)
        try:
            return lookup(job.description, path)
        except Unresolvable as missing:
            raise Unresolvable(f'Step "{name}": {missing}') from None

    def property_file(self, step: str, name: str) -> Any:
        files = self._job(step).property_files
        if name not in files:
            raise Unresolvable(f'Step "{step}" left no property file "{name}".')
        found = files[name]
        if "error" in found:
            raise Unresolvable(str(found["error"]))
        return found["content"]

    def s3_json(self, uri: str) -> Any:
        try:
            stored = current_object(self._unit.execution.workspace_id, uri)
        except BadUri as bad:
            raise Unresolvable(str(bad)) from bad
        if stored is None:
            raise Unresolvable(f"Nothing is stored at {uri}.")
        if stored.size > PROPERTY_FILE_BYTES:
            raise Unresolvable(f"{uri} is larger than {PROPERTY_FILE_BYTES} bytes.")
        with blob_store().open(stored.sha256) as blob:
            return parse_json_file(blob.read(), uri)

    def item(self, path: Path) -> Any:
        raise Unresolvable("Item references need a ForEach step, which does not run in this release.")

    def _job(self, name: str) -> Job:
        job = self._unit.job_of(StepKey(name))
        if job is None:
            raise Unresolvable(f'Step "{name}" has no result to read.')
        return job


def parse_json_file(data: bytes, where: str) -> Any:
    """The JSON value in a file a step wrote.

    Raises:
        Unresolvable: not JSON.
    """
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise Unresolvable(f"{where} is not JSON.") from None


def _aws_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
