"""The JSONPath of DataProcessing filters: SageMaker's subset, read once and followed into every record."""

from __future__ import annotations

from typing import Any

import pytest

from engine.jsonpath import BadPath, parse_json_path
from runs.runners.toolkit.selection import NoMatch, select

RECORD = {"id": 7, "features": [1.5, 2, 3], "deep": {"a-b": [{"x": 1}, {"x": 2}]}, "a b": "spaced", "it's": 0}
ROW = ["7", "1.5", "2", "yes"]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("$", ROW, ROW),
        ("$[1:]", ROW, ["1.5", "2", "yes"]),
        ("$[:-1]", ROW, ["7", "1.5", "2"]),
        ("$[1:3]", ROW, ["1.5", "2"]),
        ("$[-1]", ROW, "yes"),
        ("$[0,-1]", ROW, ["7", "yes"]),
        ("$[ 0 , 2 ]", ROW, ["7", "2"]),
        ("$[*]", ROW, ROW),
        ("$[9:]", ROW, []),
        ("$.features", RECORD, [1.5, 2, 3]),
        ("$.features[0]", RECORD, 1.5),
        ("$['features'][-1]", RECORD, 3),
        ("$['id','features']", RECORD, {"id": 7, "features": [1.5, 2, 3]}),
        ('$["id"]', RECORD, 7),
        ("$['a b']", RECORD, "spaced"),
        ("$['it\\'s']", RECORD, 0),
        ("$.deep.a-b[0].x", RECORD, 1),
        ("$.deep['a-b'][*].x", RECORD, [1, 2]),
        ("$.deep['a-b'][:].x", RECORD, [1, 2]),
        ("$.deep['a-b'][0,1]['x']", RECORD, [1, 2]),
        ("$.deep.*", RECORD, [[{"x": 1}, {"x": 2}]]),
        ("$.['id']", RECORD, 7),
    ],
)
def test_a_path_selects_what_sagemaker_selects(path: str, value: Any, expected: Any) -> None:
    assert select(value, parse_json_path(path)) == expected


NO_PATHS = """
features|$features|$..x|$[|$[]|$[1|$[a]|$['a',1]|$[?(@.x)]|$[0:1:2]|$.|$[,]|$ [0]
"""


@pytest.mark.parametrize("path", ["", *NO_PATHS.strip().split("|")])
def test_what_is_no_such_path_is_said(path: str) -> None:
    with pytest.raises(BadPath, match=r"must be a JSONPath|cannot be read"):
        parse_json_path(path)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("$[4]", ROW, "position 4 is not in a record of 4"),
        ("$[-5]", ROW, "position -5"),
        ("$.label", RECORD, "no member 'label'; there is 'id'"),
        ("$['id','label']", RECORD, "no member 'label'"),
        ("$.id", ROW, "a list has no member 'id'"),
        ("$[0]", RECORD, "an object has no positions"),
        ("$[1:]", 3.5, "a number has no positions"),
        ("$[*]", "text", "a text has no members"),
        ("$.x", None, "null has no member"),
    ],
)
def test_a_record_without_the_place_is_said(path: str, value: Any, words: str) -> None:
    with pytest.raises(NoMatch, match=words.replace("[", r"\[")):
        select(value, parse_json_path(path))
