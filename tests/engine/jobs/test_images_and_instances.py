"""Image names and instance types in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.images import DEFAULT_IMAGES, ImageMapping, match_image, refusal
from engine.instances import GIB, explain, find_instance
from engine.steps.jobs.literals import find_literal_paths


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3", "sklearn"),
        ("141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:0.23-1-cpu-py3", "sklearn"),
        ("450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-xgboost:1.7-1", "xgboost"),
        ("811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1", "xgboost"),
        ("763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-training:2.3-cpu-py311", "pytorch"),
        ("python:3.11-slim", "python"),
        ("docker.io/library/python:3.12", "python"),
    ],
)
def test_aws_images_are_known_in_every_region_and_account(image: str, name: str) -> None:
    found = match_image(image)
    assert found is not None and found.name == name
    assert refusal(image) is None


@pytest.mark.parametrize(
    "image",
    [
        "",
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/my-image:1",
        "evil.example/sagemaker-scikit-learn:1",
        "173754725891.dkr.ecr.us-east-1.amazonaws.com/sagemaker-spark-processing:3.3-cpu",
        "sagemaker-scikit-learn",
    ],
)
def test_another_image_is_refused_in_words_never_replaced(image: str) -> None:
    assert match_image(image) is None
    words = refusal(image)
    assert words is not None and (image in words)


def test_the_table_can_be_edited_and_the_first_line_wins() -> None:
    own = ImageMapping(name="mine", pattern="*/my-image:*", title="My image", container="local/mine:1")
    found = match_image("x.dkr.ecr.y.amazonaws.com/my-image:2", (own, *DEFAULT_IMAGES))
    assert found is own
    first = ImageMapping(name="all", pattern="*", title="All")
    assert match_image("python:3.11", (first, *DEFAULT_IMAGES)) is first


@given(st.text(alphabet="ab*", max_size=12), st.text(alphabet="ab", max_size=12))
def test_a_pattern_matches_exactly_what_a_shell_star_would(pattern: str, text: str) -> None:
    from fnmatch import fnmatchcase

    mapping = ImageMapping(name="x", pattern=pattern, title="x")
    assert (match_image(text, (mapping,)) is not None) == fnmatchcase(text, pattern)


def test_instance_types_read_as_cpus_and_memory() -> None:
    large = find_instance("ml.m5.large")
    gpu = find_instance("ml.p3.2xlarge")
    assert large is not None and large.words == "2 CPU · 8 GiB"
    assert gpu is not None and gpu.words == "8 CPU · 61 GiB · 1 GPU"
    assert find_instance("ml.c5.4xlarge") is not None and find_instance("local") is None


def test_a_request_larger_than_the_machine_is_explained() -> None:
    words = explain("ml.g5.2xlarge", cpus=2, memory_bytes=16 * GIB)
    assert words is not None
    assert "8 CPU" in words and "2 CPUs" in words and "no GPU" in words
    assert explain("ml.m5.large", cpus=2, memory_bytes=8 * GIB - 200_000_000) is None
    assert explain("something", cpus=1, memory_bytes=GIB) is None


def test_a_literal_opt_ml_in_a_script_is_found_with_its_line() -> None:
    script = (
        'import os\np = "/opt/ml/processing/input/a.csv"\nq = "s3://bkt/opt/ml/x"\n# see /opt/ml.\nr = "/opt/mlflow"\n'
    )
    assert find_literal_paths(script) == ((2, "/opt/ml/processing/input/a.csv"), (4, "/opt/ml"))
