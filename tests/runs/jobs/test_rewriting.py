"""Pointing texts at another folder, and never out of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.runners.rewriting import inside, rewritten

FOLDER = Path("/work/a1/ml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/opt/ml", "/work/a1/ml"),
        ("/opt/ml/model", "/work/a1/ml/model"),
        ("--x=/opt/ml/a:/opt/ml/b", "--x=/work/a1/ml/a:/work/a1/ml/b"),
        ("cd /opt/ml.", "cd /work/a1/ml."),
        ('{"p": "/opt/ml/x"}', '{"p": "/work/a1/ml/x"}'),
        ("s3://b/opt/ml/x", "s3://b/opt/ml/x"),
        ("/srv/opt/ml/x", "/srv/opt/ml/x"),
        ("/opt/mlflow", "/opt/mlflow"),
        ("/opt/ml-data", "/opt/ml-data"),
        ("/opt/ml.bak/x", "/opt/ml.bak/x"),
    ],
)
def test_only_paths_under_opt_ml_are_moved(text: str, expected: str) -> None:
    assert rewritten(text, FOLDER) == expected


@given(st.text(alphabet="/optml.- =x", max_size=60))
def test_moving_twice_changes_nothing_more(text: str) -> None:
    once = rewritten(text, FOLDER)
    assert rewritten(once, FOLDER) == once


@given(st.text(alphabet="/.optmla\0\\", max_size=40))
def test_a_host_path_never_leaves_the_folder(path: str) -> None:
    try:
        found = inside(FOLDER, path)
    except ValueError:
        return
    assert found.is_relative_to(FOLDER) and ".." not in found.parts and found != FOLDER
