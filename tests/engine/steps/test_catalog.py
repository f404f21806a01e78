from __future__ import annotations

import json
from typing import Any

import pytest

from engine.definition.edit import add_step
from engine.definition.parse import parse_definition
from engine.definition.patch import apply_patch
from engine.problems import Severity
from engine.steps.base import Nature, StepType
from engine.steps.catalog import STEP_TYPES, step_type
from engine.steps.ports import slots
from engine.steps.schema import step_schema
from engine.validation import validate
from tests.engine.definition.material import CORPUS

TYPES = [pytest.param(kind, id=kind.type) for kind in STEP_TYPES.values()]
RUNS_HERE = {"Callback", "Processing", "Training", "Model", "Transform", "RegisterModel", "Condition", "Fail"}


def types_in(value: Any) -> set[str]:
    found = set()
    for step in value:
        found.add(step["Type"])
        arguments = step.get("Arguments") or {}
        for key in ("IfSteps", "ElseSteps", "ForEachBody"):
            found |= types_in(arguments.get(key) or [])
    return found


def test_every_type_of_the_corpus_is_known() -> None:
    seen: set[str] = set()
    for path in CORPUS:
        seen |= types_in(json.loads(path.read_text())["Steps"])
    assert seen <= set(STEP_TYPES)
    assert {"EMRServerless", "Job", "Lineage"} <= set(STEP_TYPES)


def test_what_runs_here_runs_and_the_rest_says_why_not() -> None:
    assert {kind.type for kind in STEP_TYPES.values() if kind.nature is not Nature.UNSUPPORTED} == RUNS_HERE
    for kind in STEP_TYPES.values():
        assert (kind.reason is None) == (kind.type in RUNS_HERE)
        assert kind.reason is None or kind.reason.endswith(".")


def test_an_unknown_type_is_opaque() -> None:
    kind = step_type("Telepathy")
    assert (kind.nature, kind.ports) == (Nature.UNSUPPORTED, ())
    assert '"Telepathy"' in (kind.reason or "")
    assert step_schema("Telepathy")["properties"] == {}
    assert step_schema("../overlays/Fail")["properties"] == {}


@pytest.mark.parametrize("kind", TYPES)
def test_a_palette_entry_is_complete(kind: StepType) -> None:
    entries: list[Any] = [kind, *kind.variants]
    for entry in entries:
        assert entry.title[0].isupper()
        assert entry.description.endswith(".")
        assert entry.synonyms
        assert entry.template["Type"] == kind.type
        assert "Name" not in entry.template
    assert len({port.name for port in kind.ports}) == len(kind.ports)
    for port in kind.ports:
        assert port.direction in ("in", "out")
        assert port.kind == "branch" or port.direction == "in" or port.reference
        assert port.title


@pytest.mark.parametrize("kind", TYPES)
def test_a_dropped_step_has_nothing_wrong_but_what_only_its_user_can_say(kind: StepType) -> None:
    for template in (kind.template, *(variant.template for variant in kind.variants)):
        edit = add_step({"Steps": []}, {}, template=template, bucket="clary-123456789012")
        document, _ = apply_patch({"Steps": []}, edit.definition)
        text = json.dumps(document)
        assert "{step}" not in text
        assert "{bucket}" not in text
        assert parse_definition(text).problems == ()
        problems = validate(document)
        assert {problem.code for problem in problems} <= {"missing-value", "step-does-not-run", "empty-branches"}
        assert not [one for one in problems if "Role" in one.message], "no role is needed here"


@pytest.mark.parametrize("kind", TYPES)
def test_in_ports_fit_the_template_or_bring_an_item(kind: StepType) -> None:
    for port in kind.ports:
        if port.direction == "in" and ("*" in port.pattern or "[" in port.pattern) and port.item is not None:
            text = json.dumps(port.item)
            assert '"{value}"' in text
            assert port.item_name is None or port.item_name in port.item
    for slot in slots(kind.template, kind.ports):
        assert slot.port.direction == "in" or slot.reference or slot.port.kind == "branch"


def test_a_pipeline_drawn_from_the_palette_validates_step_by_step() -> None:
    """Prepare → train → evaluate → condition → register or fail, only with edit commands."""
    from engine.definition.edit import connect, connect_branch, set_value
    from engine.steps.ports import port_to_json

    document: Any = {"Version": "2020-12-01", "Steps": []}
    layout: Any = {"nodes": {}, "groups": [], "notes": [], "hints": {}}

    def do(edit: Any) -> None:
        nonlocal document, layout
        document, _ = apply_patch(document, edit.definition)
        layout, _ = apply_patch(layout, edit.layout)

    def ports(kind: str) -> list[dict[str, Any]]:
        return [port_to_json(port) for port in STEP_TYPES[kind].ports if port.direction == "in"]

    evaluate = STEP_TYPES["Processing"].variants[0].template
    drops = {
        "Prepare": "Processing",
        "Train": "Training",
        "Gate": "Condition",
        "Register": "RegisterModel",
        "Stop": "Fail",
    }
    for name, kind in drops.items():
        template = STEP_TYPES[kind].template
        do(add_step(document, layout, template=template, name=name, bucket="b", position={"x": 0, "y": 0}))
    do(add_step(document, layout, template=evaluate, name="Evaluate", bucket="b", position={"x": 0, "y": 0}))
    model = "ModelArtifacts.S3ModelArtifacts"
    output = "ProcessingOutputConfig.Outputs['output'].S3Output.S3Uri"
    wires = [
        ("Prepare", output, "Train", "channel", "Training", None),
        ("Prepare", output, "Evaluate", "input", "Processing", None),
        ("Train", model, "Evaluate", "input", "Processing", "model"),
        ("Train", model, "Register", "model", "RegisterModel", None),
        ("Evaluate", "PropertyFiles.EvaluationReport", "Gate", "value", "Condition", None),
        ("Evaluate", "PropertyFiles.EvaluationReport", "Register", "metrics", "RegisterModel", None),
    ]
    for source, path, target, port, kind, name in wires:
        do(connect(document, layout, source=source, path=path, target=target, port=port, ports=ports(kind), name=name))
    do(connect_branch(document, layout, condition="Gate", branch="if", step="Register"))
    do(connect_branch(document, layout, condition="Gate", branch="else", step="Stop"))
    path_of_value = "/Arguments/Conditions/0/LeftValue/Std:JsonGet/Path"
    do(set_value(document, layout, step="Gate", pointer=path_of_value, value="metrics.accuracy"))
    code = "/Arguments/ProcessingInputs/0/S3Input/S3Uri"
    for name in ("Prepare", "Evaluate"):
        do(set_value(document, layout, step=name, pointer=code, value="s3://b/p/code/1/x.py"))
    archive = "/Arguments/HyperParameters/sagemaker_submit_directory"
    do(set_value(document, layout, step="Train", pointer=archive, value='"s3://b/p/code/1/sourcedir.tar.gz"'))
    assert [problem for problem in validate(document) if problem.severity is Severity.ERROR] == []
    assert validate(document) == ()
    names = [step["InputName"] for step in document["Steps"][3]["Arguments"]["ProcessingInputs"]]
    assert names == ["code", "output", "model"]
    assert list(layout["nodes"]) == [*drops, "Evaluate"]
