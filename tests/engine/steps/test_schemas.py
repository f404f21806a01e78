from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from engine.steps.catalog import STEP_TYPES
from engine.steps.schema import misfits, step_schema
from scripts.step_schemas import SCHEMAS, generate, humanize
from tests.engine.definition.material import JSON


def test_the_schemas_are_what_the_generator_writes() -> None:
    texts = generate()
    assert {path.name for path in SCHEMAS.glob("*.json")} == set(texts)
    for name, text in texts.items():
        assert (SCHEMAS / name).read_text(encoding="utf-8") == text, f"{name}: run python -m scripts.step_schemas"


def test_every_type_has_a_schema_of_its_own() -> None:
    for kind in STEP_TYPES:
        assert step_schema(kind)["properties"]["Type"] == {"const": kind, "x-hidden": True, "title": "Type"}


FORMS = ["Processing", "Training", "RegisterModel", "Condition", "Fail"]


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_is_grouped_and_explains_what_it_shows(kind: str) -> None:
    schema = step_schema(kind)
    arguments = schema["properties"]["Arguments"]["properties"]
    envelope = {key: value for key, value in schema["properties"].items() if key not in ("Type", "Arguments")}
    for name, field in {**arguments, **envelope}.items():
        assert field["x-group"] in schema["x-groups"], name
        assert field["title"]
    shown = [field for field in arguments.values() if not field.get("x-advanced")]
    assert 0 < len(shown) <= 9


def plain_fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    fields = []
    for child in schema.get("properties", {}).values():
        if child.get("x-advanced"):
            continue
        fields.append(child)
        fields.extend(plain_fields(child))
        if isinstance(child.get("items"), dict):
            fields.extend(plain_fields(child["items"]))
    return fields


def test_what_is_not_advanced_has_words_of_its_own() -> None:
    explained = [field for kind in FORMS for field in plain_fields(dict(step_schema(kind)["properties"]["Arguments"]))]
    leaves = [field for field in explained if field.get("type") in ("string", "array") and "items" not in field]
    assert len(leaves) > 20
    assert sum("description" in field or "x-missing" in field for field in leaves) / len(leaves) > 0.9


def test_the_widgets_a_form_needs_are_there() -> None:
    training = step_schema("Training")["properties"]["Arguments"]["properties"]
    assert training["AlgorithmSpecification"]["properties"]["TrainingImage"]["x-widget"] == "image"
    assert training["AlgorithmSpecification"]["properties"]["MetricDefinitions"]["x-widget"] == "metrics"
    assert training["HyperParameters"]["x-widget"] == "key-value"
    assert training["HyperParameters"]["properties"]["sagemaker_submit_directory"]["x-widget"] == "code"
    instance = training["ResourceConfig"]["properties"]["InstanceType"]
    assert instance["x-widget"] == "instance-type"
    assert "ml.m5.large" in instance["x-suggestions"]
    inputs = step_schema("Processing")["properties"]["Arguments"]["properties"]["ProcessingInputs"]["items"]
    uri = inputs["properties"]["S3Input"]["properties"]["S3Uri"]
    assert (uri["x-widget"], uri["x-items"]["code"]["x-widget"]) == ("s3-uri", "code")


SCHEMA = {
    "type": "object",
    "properties": {
        "Text": {"type": "string", "title": "Text"},
        "Count": {"type": "integer", "minimum": 1, "maximum": 5},
        "Rate": {"type": "number"},
        "On": {"type": "boolean"},
        "Kind": {"type": "string", "enum": ["a", "b"]},
        "Items": {"type": "array", "minItems": 1, "x-missing": "needs an item.", "items": {"type": "string"}},
        "Words": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "Map": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["Text"],
}


@pytest.mark.parametrize(
    ("value", "code", "pointer", "replacement"),
    [
        ({}, "missing-value", "/Text", None),
        ({"Text": ""}, "missing-value", "/Text", None),
        ({"Text": None}, "missing-value", "/Text", None),
        ({"Text": 3}, "value-type", "/Text", "3"),
        ({"Text": "x", "Count": "3"}, "value-type", "/Count", 3),
        ({"Text": "x", "Count": 1.5}, "value-type", "/Count", None),
        ({"Text": "x", "Count": True}, "value-type", "/Count", None),
        ({"Text": "x", "Count": 9}, "value-out-of-range", "/Count", 5),
        ({"Text": "x", "Count": 0}, "value-out-of-range", "/Count", 1),
        ({"Text": "x", "On": "False"}, "value-type", "/On", False),
        ({"Text": "x", "Kind": "c"}, "value-not-allowed", "/Kind", None),
        ({"Text": "x", "Items": []}, "missing-value", "/Items", None),
        ({"Text": "x", "Items": "one"}, "value-type", "/Items", None),
        ({"Text": "x", "Map": {"a/b": False}}, "value-type", "/Map/a~1b", "false"),
        ([], "value-type", "", None),
    ],
)
def test_a_value_that_does_not_fit_is_found(value: Any, code: str, pointer: str, replacement: Any) -> None:
    found = list(misfits(SCHEMA, value))
    assert [(misfit.code, misfit.pointer) for misfit in found] == [(code, pointer)]
    assert (found[0].replacement or None) == (replacement or None)


def test_an_empty_list_nobody_has_to_fill_is_as_good_as_none() -> None:
    assert list(misfits(SCHEMA, {"Text": "x", "Words": []})) == []
    needed = {**SCHEMA, "required": ["Text", "Words"]}
    assert [misfit.pointer for misfit in misfits(needed, {"Text": "x", "Words": []})] == ["/Words"]


@pytest.mark.parametrize(
    "expression", [{"Get": "Parameters.X"}, {"Std:Join": {"On": "", "Values": []}}, {"Std:JsonGet": {}}]
)
def test_an_expression_fits_everywhere(expression: Any) -> None:
    assert list(misfits(SCHEMA, expression)) == []
    everywhere = dict.fromkeys(SCHEMA["properties"], expression)  # type: ignore[attr-defined]
    assert list(misfits(SCHEMA, everywhere)) == []
    assert list(misfits(SCHEMA, {"Text": "x", "Items": [expression], "Map": {"k": expression}})) == []


def test_null_is_no_misfit_where_nothing_is_required() -> None:
    assert list(misfits(SCHEMA, {"Text": "x", **dict.fromkeys(["Count", "Rate", "On", "Kind", "Items", "Map"])})) == []


@given(value=JSON)
def test_any_json_is_held_against_any_schema(value: Any) -> None:
    for kind in ("Training", "Processing", "Condition"):
        list(misfits(step_schema(kind), value))
        list(misfits(step_schema(kind), {"Name": "A", "Arguments": value}))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("VolumeSizeInGB", "Volume size in GB"),
        ("S3Uri", "S3 URI"),
        ("RoleArn", "Role ARN"),
        ("Environment", "Environment"),
    ],
)
def test_field_names_become_words(name: str, title: str) -> None:
    assert humanize(name) == title


@pytest.mark.parametrize("kind", ["Processing", "Training", "RegisterModel", "Transform"])
def test_every_term_a_form_shows_at_once_is_explained(kind: str) -> None:
    def unexplained(node: Any, path: str) -> Iterator[str]:
        for name, child in node.get("properties", {}).items():
            here = f"{path}/{name}"
            if child.get("x-hidden") or child.get("x-advanced"):
                continue
            if not child.get("description") and not child.get("x-inline") and here != "/Arguments":
                yield here
            yield from unexplained(child, here)
        if isinstance(node.get("items"), dict):
            yield from unexplained(node["items"], f"{path}/*")

    assert list(unexplained(step_schema(kind), "")) == []
