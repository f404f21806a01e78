"""Names of jobs and ARNs: legal for SageMaker, unique per attempt, the same on every machine."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from engine.execution import names

LEGAL = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
EXECUTION = "k3f9a1c0d2e4"


def test_a_job_is_named_after_its_execution_and_step() -> None:
    assert re.fullmatch(
        rf"pipelines-{EXECUTION}-TrainForest-[0-9a-z]{{10}}", names.job_name("p", EXECUTION, "TrainForest")
    )


def test_the_same_attempt_has_the_same_name_everywhere() -> None:
    assert names.job_name("p", EXECUTION, "Train") == names.job_name("p", EXECUTION, "Train", attempt=1)


def test_an_explicit_name_is_a_prefix() -> None:
    assert re.fullmatch(
        r"churn-training-[0-9a-z]{10}", names.job_name("p", EXECUTION, "Train", prefix="churn-training")
    )
    assert re.fullmatch(r"a-b-[0-9a-z]{10}", names.job_name("p", EXECUTION, "Train", prefix="--a_b--"))
    assert names.job_name("p", EXECUTION, "Train", prefix="***").startswith("pipelines-")


@given(st.text(max_size=90), st.text(max_size=90) | st.none(), st.integers(1, 99), st.integers(-1, 99))
def test_every_name_is_legal(step: str, prefix: str | None, attempt: int, iteration: int) -> None:
    name = names.job_name("p", EXECUTION, step, attempt=attempt, prefix=prefix, iteration=iteration)
    assert LEGAL.fullmatch(name)
    assert len(name) <= 63


def test_steps_that_differ_only_where_they_are_cut_have_different_names() -> None:
    long = "x" * 64
    made = {
        names.job_name("p", EXECUTION, long + "a"),
        names.job_name("p", EXECUTION, long + "b"),
        names.job_name("p", EXECUTION, long + "a", attempt=2),
        names.job_name("p", EXECUTION, long + "a", iteration=0),
        names.job_name("q", EXECUTION, long + "a"),
        names.job_name("p", "other", long + "a"),
    }
    assert len(made) == 6


def test_arns_are_those_of_sagemaker() -> None:
    place = ("us-east-1", "123456789012")
    start = "arn:aws:sagemaker:us-east-1:123456789012:"
    assert names.pipeline_arn(*place, "churn") == f"{start}pipeline/churn"
    assert names.execution_arn(*place, "churn", EXECUTION) == f"{start}pipeline/churn/execution/{EXECUTION}"
    assert names.job_arn(*place, "Training", "t") == f"{start}training-job/t"
    assert names.job_arn(*place, "Processing", "t") == f"{start}processing-job/t"
    assert names.job_arn(*place, "HyperParameterTuning", "t") == f"{start}hyper-parameter-tuning-job/t"
    assert names.model_arn(*place, "m") == f"{start}model/m"
    assert names.model_package_group_arn(*place, "g") == f"{start}model-package-group/g"
    assert names.model_package_arn(*place, "g", 3) == f"{start}model-package/g/3"
