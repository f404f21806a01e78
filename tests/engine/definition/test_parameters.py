from __future__ import annotations

from typing import Any

import pytest

from engine.definition.model import Definition
from engine.definition.parameters import resolve_parameters

DEFINITION = Definition.from_document(
    {
        "Parameters": [
            {"Name": "Bucket", "Type": "String"},
            {"Name": "Count", "Type": "Integer", "DefaultValue": 1},
            {"Name": "Rate", "Type": "Float", "DefaultValue": 0.5},
            {"Name": "Flag", "Type": "Boolean", "DefaultValue": False},
            {"Name": "Kind", "Type": "String", "DefaultValue": "a", "EnumValues": ["a", "b"]},
            {"Name": "Plain", "DefaultValue": "text"},
        ],
        "Steps": [],
    }
)


def resolve(**given: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    values, problems = resolve_parameters(DEFINITION, {"Bucket": "b", **given})
    return values, [(problem.code, problem.pointer) for problem in problems]


def test_defaults_fill_in_with_their_types() -> None:
    values, problems = resolve()
    assert problems == []
    assert values == {"Bucket": "b", "Count": 1, "Rate": 0.5, "Flag": False, "Kind": "a", "Plain": "text"}
    assert type(values["Flag"]) is bool


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("Count", "12", 12),
        ("Count", " -3 ", -3),
        ("Rate", "1e-3", 0.001),
        ("Rate", "2", 2.0),
        ("Rate", 3, 3),
        ("Flag", "True", True),
        ("Flag", "FALSE", False),
        ("Flag", True, True),
        ("Kind", "b", "b"),
        ("Bucket", "", ""),
    ],
)
def test_texts_become_typed_values(name: str, text: Any, value: Any) -> None:
    values, problems = resolve(**{name: text})
    assert problems == []
    assert values[name] == value
    assert type(values[name]) is type(value)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("Count", "1.0", "parameter-type"),
        ("Count", "", "parameter-type"),
        ("Count", True, "parameter-type"),
        ("Count", 1.5, "parameter-type"),
        ("Count", "٣", "parameter-type"),
        ("Rate", "nan", "parameter-type"),
        ("Rate", "1e999", "parameter-type"),
        ("Flag", "yes", "parameter-type"),
        ("Flag", 1, "parameter-type"),
        ("Bucket", 3, "parameter-type"),
        ("Bucket", None, "parameter-type"),
        ("Kind", "c", "parameter-enum"),
        ("Bucket", "a\0b", "parameter-type"),
    ],
)
def test_a_value_that_does_not_fit_is_told_at_its_parameter(name: str, value: Any, code: str) -> None:
    values, problems = resolve(**{name: value})
    index = [parameter.name for parameter in DEFINITION.parameters].index(name)
    assert problems == [(code, f"/Parameters/{index}")]
    assert name not in values


def test_every_fault_is_told_at_once_with_a_near_match() -> None:
    _, problems = resolve_parameters(DEFINITION, {"count": "2", "Rate": "x"})
    assert [problem.code for problem in problems] == ["unknown-parameter", "parameter-missing", "parameter-type"]
    assert 'Did you mean "Count"?' in problems[0].message
    assert 'Parameter "Bucket" needs a value.' in problems[1].message
    assert '"x" is not one' in problems[2].message


def test_a_pipeline_without_parameters_says_so() -> None:
    _, problems = resolve_parameters(Definition.from_document({"Steps": []}), {"Zzz": "1"})
    assert "It has no parameters." in problems[0].message
