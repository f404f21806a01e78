"""What the real SDKs emit comes back as the very text that was sent, from the pipeline and from an execution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accounts.actors import Actor
from editor.models import Draft
from engine.definition.parse import parse_definition
from runs.models import Execution
from tests.aws.direct import call
from tests.aws.refusals import ROLE
from tests.runs.workers import Bench

FOLDER = Path(__file__).parents[1] / "golden/definitions"
RECORDED = sorted(FOLDER.glob("v?/*.json"))


def members(**more: Any) -> dict[str, Any]:
    return {"PipelineName": "recorded", "ClientRequestToken": "t" * 32, **more}


@pytest.mark.parametrize("path", RECORDED, ids=[f"{path.parent.name}/{path.stem}" for path in RECORDED])
def test_a_recorded_definition_is_kept_as_it_came(bench: Bench, member: Actor, path: Path) -> None:
    text = path.read_text()
    status, made = call(member, "CreatePipeline", members(PipelineDefinition=text, RoleArn=ROLE))
    assert status == 200, made
    _, described = call(member, "DescribePipeline", PipelineName="recorded")
    assert described["PipelineDefinition"] == text
    draft = Draft.objects.get()
    assert parse_definition(draft.definition).document == parse_definition(text).document
    needed = [
        {"Name": one["Name"], "Value": "1"}
        for one in parse_definition(text).document.get("Parameters", [])  # type: ignore[union-attr]
        if "DefaultValue" not in one
    ]
    status, started = call(member, "StartPipelineExecution", members(PipelineParameters=needed))
    assert status == 200, started
    arn = started["PipelineExecutionArn"]
    _, kept = call(member, "DescribePipelineDefinitionForExecution", PipelineExecutionArn=arn)
    assert kept["PipelineDefinition"] == text
    status, listed = call(member, "ListPipelineExecutionSteps", PipelineExecutionArn=arn)
    assert status == 200
    assert all(step["Metadata"] for step in listed["PipelineExecutionSteps"])
    assert Execution.objects.count() == 1
    status, _ = call(member, "DescribePipelineExecution", PipelineExecutionArn=arn)
    assert status == 200
