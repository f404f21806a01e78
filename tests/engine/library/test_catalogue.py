"""Ready-made steps as data: forms the editor can draw, templates that are sound Processing steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.definition.model import Definition
from engine.library.catalogue import LibraryStep, library_steps, recognise, reference_of
from engine.library.checks import library_problems
from engine.library.options import UNREADABLE, options_of, values_of, write_value
from engine.steps.ports import slots
from engine.steps.schema import misfits, step_schema
from engine.validation import validate

ICONS = Path(__file__).parents[3] / "frontend" / "src" / "components" / "theme" / "library-icons.ts"
STEPS = list(library_steps().values())
KINDS = {"table", "dataset", "model", "report", "evaluation"}


def new_step(reference: str, **options: Any) -> dict[str, Any]:
    step: dict[str, Any] = json.loads(json.dumps(dict(library_steps()[reference].template)))
    step["Name"] = "Step"
    if options:
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        step["Arguments"]["AppSpecification"]["ContainerArguments"] = words
    return step


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.reference)
def test_a_new_step_is_a_sound_processing_step(step: LibraryStep) -> None:
    template = {"Name": "Step", **step.template}
    assert recognise(template) is step
    found = [one for one in misfits(step_schema("Processing"), template) if one.code != "missing-value"]
    assert found == []
    assert {slot.port.name for slot in slots(template, step.ports) if slot.port.direction == "out"} == {
        one["name"] for one in step.outputs if "when" not in one
    }


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.reference)
def test_a_form_says_all_that_people_need(step: LibraryStep) -> None:
    document = step.document
    assert document["category"] in {"data", "train", "check", "model"}
    assert f"{document['icon']}:" in ICONS.read_text().replace("'", "")
    inputs = {one["name"] for one in step.inputs}
    for port in (*step.inputs, *step.outputs):
        assert port["kind"] in KINDS and port["title"]
    for name, schema in step.form["properties"].items():
        assert schema["title"] and schema["description"], name
        assert schema.get("x-port", next(iter(inputs))) in inputs
        assert len(schema.get("x-titles", schema.get("enum", []))) == len(schema.get("enum", []))
        if "default" in schema and "enum" in schema:
            assert schema["default"] in schema["enum"]
        for other, values in schema.get("x-when", {}).items():
            assert set(values) <= set(step.form["properties"][other]["enum"])
    assert set(step.form.get("required", ())) <= set(step.form["properties"])


def test_a_regressor_is_offered_amounts_not_dates() -> None:
    target = library_steps()["train-regressor@1"].form["properties"]["target"]
    assert target["x-types"] == ["integer", "number", "boolean"]


def test_a_part_that_has_no_output_to_go_to_is_told() -> None:
    step = new_step("split@1", validation="0.1")
    step["Arguments"]["ProcessingInputs"] = [{"InputName": "table"}]
    (problem,) = library_problems(step)
    assert (problem.code, problem.severity.value) == ("missing-output", "warning")
    split = library_steps()["split@1"]
    item = next(port.item for port in split.ports if port.name == "validation")
    step["Arguments"]["ProcessingOutputConfig"]["Outputs"].append(item)
    assert list(library_problems(step)) == []
    assert "validation" in {slot.port.name for slot in slots(step, split.ports)}


def test_only_the_exact_command_is_recognised() -> None:
    step = new_step("split@1")
    assert reference_of(step) == "split@1"
    app = step["Arguments"]["AppSpecification"]
    for command in (["python3", "-m", "other", "split@1"], ["python3", "-m", "clary_steps"], "python3", None, [1]):
        assert (
            reference_of({**step, "Arguments": {"AppSpecification": {**app, "ContainerEntrypoint": command}}}) is None
        )
    assert reference_of({**step, "Type": "Training"}) is None
    assert reference_of("text") is None


def test_options_are_read_after_the_form() -> None:
    library = library_steps()["train-classifier@1"]
    step = new_step(
        "train-classifier@1", target="label", columns='["a","b"]', trees="20", balanced="true", depth="deep"
    )
    values = values_of(step, library)
    assert (values["target"], values["columns"], values["trees"], values["balanced"]) == ("label", ["a", "b"], 20, True)
    assert values["rate"] == 0.1
    assert {one.name for one in options_of(step, library) if one.value is UNREADABLE} == {"depth"}
    assert write_value(["a", "b"]) == '["a","b"]' and write_value(True) == "true" and write_value("x") == "x"


def test_an_option_may_be_any_expression() -> None:
    step = new_step("split@1", share={"Get": "Parameters.Share"})
    assert [one.code for one in library_problems(step)] == ["missing-input"]
    document = {
        "Version": "2020-12-01",
        "Parameters": [{"Name": "Share", "Type": "Float", "DefaultValue": 0.3}],
        "Steps": [step],
    }
    assert {one.code for one in validate(document)} == {"missing-input"}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"share": "much"}, "value-type"),
        ({"share": "3"}, "value-out-of-range"),
        ({"method": "orderd"}, "value-not-allowed"),
        ({"sharre": "0.2"}, "unknown-option"),
    ],
)
def test_an_option_that_does_not_fit_is_told_at_its_place(options: dict[str, str], code: str) -> None:
    found = [one for one in library_problems(new_step("split@1", **options)) if one.code != "missing-input"]
    assert [one.code for one in found] == [code]
    assert found[0].pointer == "/Arguments/AppSpecification/ContainerArguments/1"


def test_a_mistyped_choice_is_mended_by_its_fix() -> None:
    problem = next(one for one in library_problems(new_step("split@1", method="orderd")) if one.fix)
    assert problem.fix is not None and problem.fix.patch[0]["value"] == "ordered"


def test_a_required_option_is_missed_where_the_form_shows_it() -> None:
    problem = next(one for one in library_problems(new_step("train-classifier@1")) if one.code == "missing-value")
    assert problem.pointer == "/Arguments/AppSpecification/ContainerArguments/--target"
    assert problem.message == 'Step needs "Target column". Choose it.'


def test_an_unknown_version_is_a_warning_with_the_near_name() -> None:
    step = new_step("split@1")
    step["Arguments"]["AppSpecification"]["ContainerEntrypoint"][3] = "split@9"
    (problem,) = library_problems(step)
    assert problem.code == "unknown-library-step" and "split@1" in problem.message


def test_checks_survive_any_arguments() -> None:
    for words in ([], ["--"], ["x"], [1, 2], "no", {"a": 1}, ["--share", None], ["--share", ["a"]], ["--share"]):
        step = new_step("split@1")
        step["Arguments"]["AppSpecification"]["ContainerArguments"] = words
        assert all(one.message for one in library_problems(step))
        Definition.from_document({"Steps": [step]})
