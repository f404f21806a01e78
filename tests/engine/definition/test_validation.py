from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from engine.definition.model import Step
from engine.definition.parse import parse_definition
from engine.definition.patch import apply_patch
from engine.definition.pointer import split
from engine.expressions import gets, malformed_references, references
from engine.problems import Problem, Severity
from engine.steps.catalog import STEP_TYPES
from engine.validation import MOST_PROBLEMS, has_errors, validate
from tests.engine.definition.material import CORPUS, DEFINITIONS

FOLDER = Path(__file__).parents[2] / "golden" / "problems"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['title']}")
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
]


def as_json(problem: Problem) -> dict[str, Any]:
    shown = {
        "code": problem.code,
        "severity": problem.severity.value,
        "step": problem.step,
        "pointer": problem.pointer,
        "message": problem.message,
    }
    if problem.fix is not None:
        shown["fix"] = {"title": problem.fix.title, "patch": list(problem.fix.patch)}
    return shown


@pytest.mark.parametrize("case", CASES)
def test_a_definition_has_the_recorded_problems(case: dict[str, Any]) -> None:
    kept = copy.deepcopy(case["definition"])
    assert [as_json(problem) for problem in validate(case["definition"])] == case["problems"]
    assert case["definition"] == kept


@pytest.mark.parametrize("case", CASES)
def test_a_fix_mends_its_problem(case: dict[str, Any]) -> None:
    problems = validate(case["definition"])
    for problem in problems:
        if problem.fix is None:
            continue
        mended, _ = apply_patch(case["definition"], problem.fix.patch)
        assert told(validate(mended), problem) == told(problems, problem) - 1


def told(problems: tuple[Problem, ...], problem: Problem) -> int:
    return sum((other.code, other.message) == (problem.code, problem.message) for other in problems)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_the_sdks_write_has_no_errors(path: Path) -> None:
    problems = validate(parse_definition(path.read_text()).document)
    assert [problem for problem in problems if problem.severity is Severity.ERROR] == []
    unknown = {"step-does-not-run", "never-runs", "missing-value"}
    assert {problem.code for problem in problems} <= unknown


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_aws_takes_what_its_sdks_write(path: Path) -> None:
    problems = validate(parse_definition(path.read_text()).document, profile="strict")
    assert [problem for problem in problems if problem.severity is Severity.ERROR] == []


def test_an_image_nothing_is_mapped_to_is_an_error_before_a_run() -> None:
    document = {"Steps": [{"Name": "Train", **STEP_TYPES["Training"].template}, {"Name": "X", "Type": "EMR"}]}

    def runnable(step: Step) -> str | None:
        return f"{step.name} needs the image x, which nothing here stands for."

    found = [problem for problem in validate(document, runnable=runnable) if problem.code == "step-not-runnable"]
    assert [(problem.step, problem.pointer, problem.severity) for problem in found] == [
        ("Train", "/Steps/0", Severity.ERROR)
    ]


def test_only_the_strict_profile_counts_parameters() -> None:
    document = {"Parameters": [{"Name": f"P{n}", "Type": "String"} for n in range(201)], "Steps": []}
    assert not has_errors(validate(document))
    assert [p.code for p in validate(document, profile="strict") if p.severity is Severity.ERROR] == [
        "too-many-parameters"
    ]


def test_deep_nesting_is_one_problem() -> None:
    deep: Any = "x"
    for _ in range(20_000):
        deep = [deep]
    problems = validate({"Steps": [], "x": deep})
    assert [problem.code for problem in problems] == ["too-deep"]


def test_forty_conditions_inside_each_other_are_fine() -> None:
    steps: list[Any] = [{"Name": "End", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}}]
    for n in range(45):
        condition = {"Type": "Equals", "LeftValue": 1, "RightValue": 1}
        steps = [{"Name": f"G{n}", "Type": "Condition", "Arguments": {"Conditions": [condition], "IfSteps": steps}}]
    assert validate({"Steps": steps}) == ()


@given(document=DEFINITIONS)
def test_any_json_is_validated_without_a_crash(document: Any) -> None:
    problems = validate(document)
    for problem in problems:
        split(problem.pointer)
        assert problem.message
        if problem.fix is not None:
            apply_patch(document, problem.fix.patch)
    assert problems == validate(document)


def chain(length: int) -> dict[str, Any]:
    steps = []
    for n in range(length):
        step = json.loads(json.dumps(STEP_TYPES["Processing"].template).replace("{step}", f"S{n}"))
        inputs = step["Arguments"]["ProcessingInputs"]
        inputs[0]["S3Input"]["S3Uri"] = "s3://b/code.py"
        for back in (1, 7):
            if n >= back:
                uri = {"Get": f"Steps.S{n - back}.ProcessingOutputConfig.Outputs['output'].S3Output.S3Uri"}
                inputs.append({"InputName": f"in{back}", "S3Input": {"S3Uri": uri, "LocalPath": f"/opt/ml/{back}"}})
        steps.append({"Name": f"S{n}", **step})
    return {"Version": "2020-12-01", "Steps": steps}


@pytest.mark.parametrize(("length", "seconds"), [(200, 0.2), (1000, 1.0)])
def test_validation_keeps_up_with_typing(length: int, seconds: float) -> None:
    document = chain(length)
    best = 9.0
    for _ in range(3):
        started = time.process_time()
        assert validate(document) == ()
        best = min(best, time.process_time() - started)
    assert best < seconds


def test_a_thousand_mistyped_names_stay_quick_and_the_list_ends() -> None:
    document = chain(1000)
    for step in document["Steps"]:
        step["DependsOn"] = ["Nobody at all", "Somebody"]
    started = time.process_time()
    problems = validate(document)
    assert time.process_time() - started < 2.0
    assert len(problems) == MOST_PROBLEMS


def test_references_are_found_in_one_pass_as_in_two() -> None:
    value = {"a": [{"Get": "Steps.A.X"}, {"Get": "nothing"}], "b": {"Get": "Parameters.P"}, "c": [1, {"Get": 3}]}
    assert gets(value, "/x") == (malformed_references(value, "/x"), references(value, "/x"))


@pytest.mark.parametrize(
    ("lifetime", "told"), [("soon", True), ("", True), (7, True), ("30dT5h", False), ("PT1H", False)]
)
def test_a_cache_lifetime_nobody_can_read_is_told(lifetime: Any, told: bool) -> None:
    for enabled in (True, False):
        cache = {"Enabled": enabled, "ExpireAfter": lifetime}
        step = {"Name": "A", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}, "CacheConfig": cache}
        found = [
            one for one in validate({"Version": "2020-12-01", "Steps": [step]}) if one.code == "unreadable-duration"
        ]
        assert bool(found) is (told and enabled)
        assert all(one.pointer == "/Steps/0/CacheConfig/ExpireAfter" for one in found)


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("Parameters.", "Choose a parameter for this value."),
        ("Steps.", "Choose a step output for this value."),
        (
            "Pipeline.X",
            '"Pipeline.X" is no reference. It looks like Steps.Name.Property, Parameters.Name or Execution.Name.',
        ),
    ],
)
def test_a_source_that_was_switched_asks_for_its_choice(reference: str, told: str) -> None:
    step = {"Name": "A", "Type": "Fail", "Arguments": {"ErrorMessage": {"Get": reference}}}
    found = [one for one in validate({"Version": "2020-12-01", "Steps": [step]}) if one.code == "malformed-reference"]
    assert [one.message for one in found] == [told]
