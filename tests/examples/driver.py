"""Runs a sample's definition step by step: real expressions, real jobs, real files and processes; no server.

What a worker does in a transaction is a dictionary here. Steps run one after another in definition order of waves.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.conditions import evaluate_conditions
from engine.definition.model import Definition
from engine.definition.parse import parse_definition
from engine.expressions import Unresolvable, evaluate, lookup
from engine.graph import build_graph
from engine.steps.base import InputSpec, JobContext, JobOutcome, JobSpec
from engine.steps.catalog import step_type
from engine.steps.jobs import control, register_model
from runs.runners.base import AttemptSpec, Ended, InputFile, Outcome
from runs.runners.layout import PYTHON_NAMES
from runs.runners.workdir import collect, prepare
from runs.samples import Sample
from runs.storage.local import LocalBlobStore

BUCKET = "clary-000000000000"


@dataclass
class Result:
    """What happened to each step: `status` Succeeded, Failed, Skipped; `documents` what references read."""

    status: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    logs: dict[str, str] = field(default_factory=dict)
    property_files: dict[tuple[str, str], Any] = field(default_factory=dict)
    failure: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)


def plain_process(driver: Driver, spec: AttemptSpec) -> Outcome:
    """The attempt in a process of its own, without any runner: what a runner must come to as well."""
    root = driver.folder / spec.attempt_id
    (root / "tmp").mkdir(parents=True)
    prepared = prepare(spec, root, rewrite=True, store=driver.store)
    argv = [sys.executable if prepared.argv[0] in PYTHON_NAMES else prepared.argv[0], *prepared.argv[1:]]
    done = subprocess.run(
        argv,
        env={**prepared.env, "PATH": f"{Path(sys.executable).parent}:{prepared.env['PATH']}"},
        cwd=prepared.cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    log = driver.result.logs[spec.attempt_id] = done.stdout.decode(errors="replace")
    metrics = {}
    for metric, regex in prepared.metrics:
        found = re.findall(regex, log)
        if found:
            metrics[metric] = float(found[-1])
    reason = None
    if done.returncode:
        told = prepared.failure_file.read_text() if prepared.failure_file and prepared.failure_file.exists() else ""
        reason = told or log.strip().rsplit("\n", 1)[-1]
    return Outcome(
        ended=Ended.FAILED if done.returncode else Ended.SUCCEEDED,
        exit_code=done.returncode,
        reason=reason,
        metrics=metrics,
        objects=collect(spec, root, driver.store, done.returncode == 0),
    )


class Driver:
    """One execution of one sample in a folder of its own."""

    def __init__(
        self,
        sample: Sample,
        folder: Path,
        runner: Callable[[Driver, AttemptSpec], Outcome] | None = None,
        **parameters: Any,
    ) -> None:
        self.runner = runner or plain_process
        self.store = LocalBlobStore(folder / "blobs")
        self.objects = {f"s3://{BUCKET}/{item.key}": self.store.put_bytes(item.read()) for item in sample.objects}
        parsed = parse_definition(sample.definition_for(BUCKET))
        assert parsed.document is not None, parsed.problems
        self.definition = Definition.from_document(parsed.document)
        self.values = {item.name: item.default for item in self.definition.parameters} | parameters
        self.folder, self.name = folder, sample.pipeline
        self.result = Result()
        self._job_name = ""

    def run(self) -> Result:
        graph = build_graph(self.definition)
        waiting = {name: {edge.source for edge in graph.edges if edge.target == name} for name in self._names()}
        branches: dict[str, bool] = {}
        for wave in graph.generations():
            for name in wave:
                step = self.definition.step(name)
                assert step is not None
                taken = step.parent is None or branches.get(step.parent) == (step.branch == "if")
                done = all(self.result.status[source] == "Succeeded" for source in waiting[name])
                if not taken or not done:
                    self.result.status[name] = "Skipped"
                    continue
                self.result.status[name] = self._run(name, branches)
        return self.result

    def _names(self) -> list[str]:
        return [step.name for step in self.definition.steps]

    def _run(self, name: str, branches: dict[str, bool]) -> str:
        step = self.definition.step(name)
        assert step is not None
        if step.type == "Condition":
            outcome = evaluate_conditions(step.arguments["Conditions"], self)
            branches[name] = outcome.outcome
            self.result.documents[name] = control.describe_condition(outcome.outcome)
            return "Succeeded"
        context = self._context(step)
        self._job_name = context.job_name
        arguments = evaluate(step.arguments, self)
        now = datetime.now(UTC)
        if step.type == "Fail":
            self.result.failure = control.fail_message(arguments)
            return "Failed"
        if step.type == "RegisterModel":
            ended = JobOutcome(status="Completed", started_at=now, ended_at=now)
            document = register_model.describe(context, arguments, ended)
            self.result.documents[name] = register_model.numbered(document, arn_prefix=context.arn_prefix, version=1)
            return "Succeeded"
        kind = step_type(step.type)
        assert kind.to_job is not None and kind.describe is not None
        outcome = self._attempt(name, kind.to_job(context, arguments))
        self.result.documents[name] = kind.describe(context, arguments, outcome)
        if outcome.status == "Failed":
            self.result.failure = outcome.failure_reason
            return "Failed"
        for entry in step.document.get("PropertyFiles", ()):
            outputs = self.result.documents[name]["ProcessingOutputConfig"]["Outputs"]
            base = next(item for item in outputs if item["OutputName"] == entry["OutputName"])["S3Output"]["S3Uri"]
            with self.store.open(self.objects[f"{base}/{entry['FilePath']}"][0]) as stream:
                self.result.property_files[name, entry["PropertyFileName"]] = json.load(stream)
        return "Succeeded"

    def _attempt(self, name: str, job: JobSpec) -> JobOutcome:
        files = tuple(file for item in job.inputs for file in self._objects(item))
        spec = AttemptSpec(attempt_id=name, job=job, input_files=files)
        started = datetime.now(UTC)
        outcome = self.runner(self, spec)
        ended = datetime.now(UTC)
        self.result.seconds[name] = (ended - started).total_seconds()
        self.objects |= {item.uri: (item.sha256, item.size) for item in outcome.objects}
        return JobOutcome(
            status="Completed" if outcome.ended is Ended.SUCCEEDED else "Failed",
            started_at=started,
            ended_at=ended,
            failure_reason=outcome.reason,
            metrics={metric: (value, ended) for metric, value in outcome.metrics.items()},
            objects=outcome.objects,
        )

    def _objects(self, item: InputSpec) -> list[InputFile]:
        folder = item.uri.rstrip("/") + "/"
        found = [(uri, uri.rsplit("/", 1)[-1]) for uri in self.objects if uri == item.uri]
        found = found or [(uri, uri[len(folder) :]) for uri in self.objects if uri.startswith(folder)]
        assert found or not item.required, f"nothing at {item.uri}"
        return [
            InputFile(
                path=f"{item.local_path}/{relative}", sha256=self.objects[uri][0], size=self.objects[uri][1], uri=uri
            )
            for uri, relative in found
        ]

    def _context(self, step: Any) -> JobContext:
        return JobContext(
            step=step.document,
            step_name=step.name,
            pipeline_name=self.name,
            execution_id="abcdef123456",
            account_id="000000000000",
            region="us-east-1",
            default_bucket=BUCKET,
            job_name=f"pipelines-abcdef123456-{step.name}",
            created_at=datetime.now(UTC),
        )

    # The scope expressions read from.
    def parameter(self, name: str) -> Any:
        return self.values[name]

    def execution(self, name: str) -> Any:
        facts: Mapping[str, str] = {
            "PipelineName": self.name,
            "PipelineExecutionId": "abcdef123456",
            "TrainingJobName": self._job_name,
            "ProcessingJobName": self._job_name,
        }
        return facts[name]

    def step(self, name: str, path: Any) -> Any:
        return lookup(self.result.documents[name], path)

    def property_file(self, step: str, name: str) -> Any:
        return self.result.property_files[step, name]

    def s3_json(self, uri: str) -> Any:
        raise Unresolvable(uri)

    def item(self, path: Any) -> Any:
        raise Unresolvable("no items")
