from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given

from engine.steps.catalog import STEP_TYPES
from tests.engine.definition.material import JSON


def codes(kind: str, step: Any) -> list[tuple[str, str]]:
    check = STEP_TYPES[kind].check
    assert check is not None
    return [(problem.code, problem.pointer) for problem in check(step)]


def processing(**arguments: Any) -> dict[str, Any]:
    step: dict[str, Any] = copy.deepcopy(dict(STEP_TYPES["Processing"].template))
    step["Arguments"].update(arguments)
    return {"Name": "P", **step}


def test_a_script_below_an_input_folder_is_provided_and_a_prefix_of_a_name_is_not() -> None:
    assert codes("Processing", processing()) == []
    near = processing(AppSpecification={"ContainerEntrypoint": ["python3", "/opt/ml/processing/input/code2/x.py"]})
    assert codes("Processing", near) == [("script-not-provided", "/Arguments/AppSpecification/ContainerEntrypoint/1")]


@pytest.mark.parametrize(("count", "told"), [(10, False), (11, True)])
def test_more_than_ten_inputs_are_told_before_aws_refuses_them(count: int, told: bool) -> None:
    inputs = [{"InputName": f"i{n}", "S3Input": {"LocalPath": "/opt/ml/processing/input/code"}} for n in range(count)]
    found = codes("Processing", processing(ProcessingInputs=inputs))
    assert found == ([("too-many-inputs", "/Arguments/ProcessingInputs")] if told else [])


def training(variant: str | None = None, **arguments: Any) -> dict[str, Any]:
    kind = STEP_TYPES["Training"]
    template = kind.template if variant is None else kind.variants[0].template
    step: dict[str, Any] = copy.deepcopy(dict(template))
    step["Arguments"].update(arguments)
    return {"Name": "T", **step}


def test_script_mode_without_code_is_told_and_with_code_is_not() -> None:
    pointer = "/Arguments/HyperParameters/sagemaker_submit_directory"
    assert codes("Training", training()) == [("missing-value", pointer)]
    given_code = {"sagemaker_program": '"t.py"', "sagemaker_submit_directory": '"s3://b/s.tar.gz"'}
    assert codes("Training", training(HyperParameters=given_code)) == []


def test_only_a_built_in_algorithm_must_have_data() -> None:
    assert codes("Training", training("xgboost", InputDataConfig=[])) == [
        ("missing-value", "/Arguments/InputDataConfig")
    ]
    assert codes("Training", training("xgboost")) == []
    own_image = {"TrainingImage": "example/own:1"}
    assert codes("Training", training("xgboost", InputDataConfig=[], AlgorithmSpecification=own_image)) == []


@pytest.mark.parametrize(
    ("regex", "fine"),
    [
        ("acc=([0-9.]+)", True),
        ("acc", False),
        ("(", False),
        ("(a{99999999999})", False),
        ("(" + "a" * 600 + ")", False),
    ],
)
def test_a_metric_needs_a_pattern_with_a_group(regex: str, fine: bool) -> None:
    metrics = {"MetricDefinitions": [{"Name": "a", "Regex": regex}]}
    found = codes("Training", training("xgboost", AlgorithmSpecification=metrics))
    assert (found == []) is fine


@given(value=JSON)
def test_any_json_is_looked_at_without_a_crash(value: Any) -> None:
    for kind in ("Processing", "Training"):
        codes(kind, {"Arguments": value, "PropertyFiles": value})
        codes(kind, {"Arguments": {"ProcessingInputs": value, "AlgorithmSpecification": {"MetricDefinitions": value}}})


@pytest.mark.parametrize(
    ("written", "usable"),
    [
        ("Kündigungs-Modell", "Kundigungs-Modell"),
        ("churn model", "churn-model"),
        ("churn-", "churn"),
        ("Maße", "Masse"),
        ("x" * 64, "x" * 63),
        ("日本", None),
    ],
)
def test_a_group_name_no_registry_takes_is_told_with_one_it_takes(written: str, usable: str | None) -> None:
    check = STEP_TYPES["RegisterModel"].check
    assert check is not None
    (found,) = check({"Name": "R", "Arguments": {"ModelPackageGroupName": written}})
    assert (found.code, found.pointer) == ("illegal-group-name", "/Arguments/ModelPackageGroupName")
    offered = found.fix.patch[0]["value"] if found.fix else None
    assert offered == usable
    assert offered is None or not check({"Name": "R", "Arguments": {"ModelPackageGroupName": offered}})


@pytest.mark.parametrize(
    "written", ["churn", "A-1", "", {"Get": "Parameters.Group"}, 7, "arn:aws:sagemaker:eu-west-1:1:group/churn"]
)
def test_a_good_group_name_an_arn_and_what_is_only_known_at_the_run_pass(written: Any) -> None:
    assert codes("RegisterModel", {"Name": "R", "Arguments": {"ModelPackageGroupName": written}}) == []
