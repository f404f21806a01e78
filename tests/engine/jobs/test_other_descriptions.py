"""What RegisterModel, Condition and Fail show of themselves; the built-in metrics."""

import re
from typing import Any

import pytest

from engine.steps.base import JobOutcome, StepNotRunnable
from engine.steps.jobs import control, register_model
from engine.steps.jobs.algorithms import xgboost_metric_names, xgboost_metrics
from tests.engine.jobs.contexts import CREATED, context


def test_a_model_package_gets_its_number_from_the_registry() -> None:
    arguments = {"ModelPackageGroupName": "models", "InferenceSpecification": {"Containers": []}}
    ended = JobOutcome(status="Completed", started_at=CREATED, ended_at=CREATED)
    document = register_model.describe(context(), arguments, ended)
    assert document["ModelApprovalStatus"] == "PendingManualApproval"
    assert document["ModelPackageStatus"] == "Completed"
    numbered = register_model.numbered(document, arn_prefix=context().arn_prefix, version=7)
    assert numbered["ModelPackageArn"] == "arn:aws:sagemaker:eu-west-1:123456789012:model-package/models/7"
    assert numbered["ModelPackageVersion"] == 7
    assert "ModelPackageArn" not in document


def test_the_group_may_be_an_arn_or_left_out() -> None:
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/models"
    assert register_model.group_name(context(), {"ModelPackageGroupName": arn}) == "models"
    assert register_model.group_name(context(), {}) == "p"


def test_an_unknown_approval_status_is_refused() -> None:
    with pytest.raises(StepNotRunnable, match="Approved, Rejected"):
        register_model.describe(context(), {"ModelApprovalStatus": "yes"}, None)


@pytest.mark.parametrize(
    ("specification", "named"),
    [
        ("x", "InferenceSpecification must be an object"),
        ({"Containers": "x"}, "InferenceSpecification.Containers must be a list"),
        ({"Containers": [None, "x"]}, r"Containers\[1\] must be an object"),
        ({"Containers": [{"Image": ["i"]}]}, r"Containers\[0\].Image must be text"),
    ],
)
def test_a_package_whose_containers_are_none_is_refused(specification: Any, named: str) -> None:
    with pytest.raises(StepNotRunnable, match=named):
        register_model.describe(context(), {"InferenceSpecification": specification}, None)


def test_a_package_may_leave_out_its_model_file() -> None:
    container = {"Image": "i", "ModelDataUrl": None, "ModelDataSource": {"S3DataSource": {}}}
    arguments = {"InferenceSpecification": {"Containers": [container]}}
    assert register_model.describe(context(), arguments, None)["InferenceSpecification"]["Containers"] == [container]


def test_a_condition_reads_as_a_boolean_and_a_fail_step_as_its_message() -> None:
    assert control.describe_condition(True) == {"Outcome": True}
    assert control.fail_message({"ErrorMessage": 3}) == "3"
    assert control.fail_message({}) == "The pipeline reached a Fail step."
    assert len(control.fail_message({"ErrorMessage": "x" * 9000})) == 3072


@pytest.mark.parametrize(
    ("hyperparameters", "names"),
    [
        ({"eval_metric": "auc, logloss"}, ("auc", "logloss")),
        ({"eval_metric": "['auc']"}, ("auc",)),
        ({"objective": "binary:logistic"}, ("logloss",)),
        ({"objective": "reg:tweedie", "tweedie_variance_power": "1.3"}, ("tweedie-nloglik@1.3",)),
        ({}, ("rmse",)),
    ],
)
def test_xgboost_metrics_follow_eval_metric_or_the_objective(
    hyperparameters: dict[str, str], names: tuple[str, ...]
) -> None:
    assert xgboost_metric_names(hyperparameters) == names


def test_xgboost_metric_patterns_find_the_values_of_awss_log_lines() -> None:
    line = "[7]#011train-auc:0.98000#011train-error@0.7:0.1#011validation-auc:0.97000#011validation-error@0.7:0.2"
    found: dict[str, Any] = {}
    for name, regex in xgboost_metrics({"eval_metric": "auc,error@0.7"}):
        match = re.search(regex, line)
        found[name] = match.group(1) if match else None
    assert found == {
        "train:auc": "0.98000",
        "validation:auc": "0.97000",
        "train:error@0.7": "0.1",
        "validation:error@0.7": "0.2",
    }
