"""The profile "strict": what AWS would refuse, whatever runs here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.definition.parse import parse_definition
from engine.problems import Problem, Severity
from engine.validation import has_errors, validate
from tests.engine.definition.material import CORPUS


def processing(name: str = "P", **more: Any) -> dict[str, Any]:
    arguments = {
        "AppSpecification": {"ImageUri": "i", "ContainerEntrypoint": ["x"]},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
        },
        "RoleArn": "arn:aws:iam::123456789012:role/x",
        **more.pop("arguments", {}),
    }
    return {"Name": name, "Type": "Processing", "Arguments": arguments, **more}


def strict(*steps: dict[str, Any], **more: Any) -> tuple[Problem, ...]:
    return validate({"Version": "2020-12-01", "Steps": list(steps), **more}, profile="strict")


def codes(problems: tuple[Problem, ...], severity: Severity = Severity.ERROR) -> set[str]:
    return {problem.code for problem in problems if problem.severity is severity}


@pytest.mark.parametrize("path", CORPUS, ids=[f"{path.parent.name}/{path.stem}" for path in CORPUS])
def test_what_the_sdks_write_is_taken(path: Path) -> None:
    problems = validate(parse_definition(path.read_text(encoding="utf-8")).document, profile="strict")
    assert not has_errors(problems), [problem for problem in problems if problem.severity is Severity.ERROR]


def test_what_this_installation_cannot_run_is_nothing_to_aws() -> None:
    emr = {
        "Name": "E",
        "Type": "EMR",
        "Arguments": {"ClusterId": "j", "StepConfig": {"HadoopJarStep": {"Jar": "s3://x"}}},
    }
    document = {"Steps": [processing(), emr]}
    assert codes(validate(document, profile="strict", runnable=lambda step: "no image")) == set()
    assert codes(strict(processing(), emr), Severity.WARNING) & {"step-does-not-run", "step-not-runnable"} == set()


def test_nothing_of_it_is_said_in_clarys_own_profile() -> None:
    retry = {"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 1, "ExpireAfterMin": 5}
    long = processing(DisplayName="x" * 300, RetryPolicies=[retry])
    document = {"Metadata": {"a b": 3}, "Steps": [long]}
    assert "over-aws-limit" in codes(validate(document, profile="strict"))
    assert codes(validate(document)) == set()


@pytest.mark.parametrize(
    ("step", "code", "pointer"),
    [
        (processing(DisplayName="x" * 257), "over-aws-limit", "/Steps/0/DisplayName"),
        (processing(Description="x" * 3073), "over-aws-limit", "/Steps/0/Description"),
        (
            processing(arguments={"Environment": {"A": "x" * 257}}),
            "over-aws-limit",
            "/Steps/0/Arguments/Environment/A",
        ),
        (
            processing(arguments={"AppSpecification": {"ImageUri": "i", "ContainerArguments": ["x"] * 101}}),
            "over-aws-limit",
            "/Steps/0/Arguments/AppSpecification/ContainerArguments",
        ),
        (
            processing(arguments={"ProcessingInputs": [{"InputName": f"n{n}"} for n in range(11)]}),
            "too-many-inputs",
            "/Steps/0/Arguments/ProcessingInputs",
        ),
        (
            processing(RetryPolicies=[{"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 1, "ExpireAfterMin": 5}]),
            "retry-limits",
            "/Steps/0/RetryPolicies/0",
        ),
        (
            {"Name": "F", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}, "RetryPolicies": [{"MaxAttempts": 1}]},
            "retries-not-taken",
            "/Steps/0/RetryPolicies",
        ),
        (
            processing(CacheConfig={"Enabled": True, "ExpireAfter": "soon"}),
            "cache-duration",
            "/Steps/0/CacheConfig/ExpireAfter",
        ),
        (
            {
                "Name": "L",
                "Type": "Lambda",
                "FunctionArn": "a",
                "Arguments": {"deep": {"x": 1}, "flat": {"Get": "Execution.PipelineName"}},
            },
            "not-flat",
            "/Steps/0/Arguments/deep",
        ),
        (
            {
                "Name": "E",
                "Type": "ForEach",
                "Arguments": {"IterableItems": ["x"] * 101, "ForEachBody": [processing()]},
            },
            "over-aws-limit",
            "/Steps/0/Arguments/IterableItems",
        ),
        (
            {
                "Name": "E",
                "Type": "ForEach",
                "Arguments": {
                    "IterableItems": ["x"],
                    "ForEachBody": [{"Name": "F", "Type": "Fail", "Arguments": {"ErrorMessage": "x"}}],
                },
            },
            "not-in-a-body",
            "/Steps/0/Arguments/ForEachBody/0/Type",
        ),
    ],
)
def test_a_step_aws_refuses_is_an_error_at_its_place(step: dict[str, Any], code: str, pointer: str) -> None:
    found = [(problem.code, problem.pointer) for problem in strict(step) if problem.severity is Severity.ERROR]
    assert (code, pointer) in found


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"Metadata": {"a b": "x"}}, "illegal-metadata"),
        ({"Metadata": {"a": 3}}, "illegal-metadata"),
        ({"Metadata": {"a": "x" * 1025}}, "illegal-metadata"),
        ({"Parameters": [{"Name": "P", "Type": "String", "DefaultValue": "x" * 4097}]}, "over-aws-limit"),
        ({"Metadata": {f"k{n}": "x" * 1000 for n in range(1100)}}, "over-aws-limit"),
    ],
)
def test_a_definition_aws_refuses_as_a_whole(more: dict[str, Any], code: str) -> None:
    assert code in codes(strict(processing(), **more))


def test_defaults_and_quotas_are_warnings() -> None:
    steps = [processing(f"P{n}") for n in range(51)]
    long = {"Name": "P", "Type": "String", "DefaultValue": "x" * 2000}
    assert codes(strict(*steps, Parameters=[long]), Severity.WARNING) >= {"over-aws-quota", "over-aws-limit"}
    inner = {
        "Name": "In",
        "Type": "Condition",
        "Arguments": {"Conditions": [], "IfSteps": [processing()], "ElseSteps": []},
    }
    outer = {"Name": "Out", "Type": "Condition", "Arguments": {"Conditions": [], "IfSteps": [inner], "ElseSteps": []}}
    assert "nested-condition" in codes(strict(outer), Severity.WARNING)


def test_expressions_have_no_length_before_a_run() -> None:
    join = {"Std:Join": {"On": "", "Values": ["x" * 500, {"Get": "Execution.PipelineName"}]}}
    assert codes(strict(processing(arguments={"Environment": {"A": join}}))) == set()


def test_a_megabyte_is_checked_without_waiting() -> None:
    document = json.loads(json.dumps({"Steps": [processing(f"P{n}") for n in range(1500)]}))
    assert codes(validate(document, profile="strict")) == set()
