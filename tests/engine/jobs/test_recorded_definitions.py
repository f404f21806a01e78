"""Every job of the definitions the real SDKs wrote becomes a job, or is refused in words."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from engine.definition.model import Definition
from engine.definition.parse import parse_definition
from engine.definition.pointer import MISSING
from engine.expressions import evaluate
from engine.steps.base import StepNotRunnable
from engine.steps.catalog import step_type
from tests.engine.jobs.contexts import context

RECORDED = sorted((Path(__file__).parents[2] / "golden/definitions").glob("*/*.json"))


class Anything:
    """A scope with a plausible value for every reference."""

    def __init__(self, definition: Definition) -> None:
        self._defaults = {item.name: item.default for item in definition.parameters}

    def parameter(self, name: str) -> Any:
        value = self._defaults[name]
        if value is MISSING:
            return "given"
        return "bucket" if value == "b" else value

    def execution(self, name: str) -> Any:
        return "abc"

    def step(self, name: str, path: Any) -> Any:
        return 0.5 if path[-1] == "Value" else "s3://bucket/produced"

    def property_file(self, step: str, name: str) -> Any:
        return {"a": {"b c": [{"d": "good"}]}}

    def s3_json(self, uri: str) -> Any:
        return {"Result": {"accuracy": 0.5}}

    def item(self, path: Any) -> Any:
        return "item"


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recorded_job_runs_or_is_refused_with_a_sentence(path: Path) -> None:
    # The SDK programs used one-letter buckets, which S3 does not have.
    text = path.read_text(encoding="utf-8").replace('"s3://b/', '"s3://bucket/')
    document = parse_definition(text).document
    assert document is not None
    definition = Definition.from_document(document)
    for step in definition.steps:
        kind = step_type(step.type)
        if kind.describe is None:
            continue
        arguments = evaluate(step.arguments, Anything(definition))
        try:
            assert json.dumps(kind.describe(context(step_name=step.name), arguments, None))
            if kind.to_job is not None:
                assert json.dumps(asdict(kind.to_job(context(step_name=step.name), arguments)))
        except StepNotRunnable as refused:
            assert str(refused).endswith("."), refused


def test_the_framework_processor_of_the_recordings_runs() -> None:
    path = next(path for path in RECORDED if path.stem == "processing_framework_source_dir")
    document = parse_definition(path.read_text(encoding="utf-8")).document
    assert document is not None
    definition = Definition.from_document(document)
    kind = step_type("Processing")
    assert kind.to_job is not None
    job = kind.to_job(context(), evaluate(definition.steps[0].arguments, Anything(definition)))
    assert job.entrypoint == ("/bin/bash", "/opt/ml/processing/input/entrypoint/runproc.sh")
    assert {item.name for item in job.inputs} == {"code", "entrypoint"}
