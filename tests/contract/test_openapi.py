"""The OpenAPI document: complete, without warnings, and what the server really answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.actors import Actor
from config.schema import schema
from editor.services.pipelines import create_pipeline
from editor.services.versions import publish
from tests.factories.api import Api
from tests.factories.definitions import chain


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return schema()


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, one) for path, methods in document["paths"].items() for method, one in methods.items()]


def test_the_document_is_valid_and_without_warnings(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "openapi.yaml"))


def test_every_operation_has_a_readable_unique_name_and_a_sentence(document: dict[str, Any]) -> None:
    ids = [one["operationId"] for _, _, one in operations(document)]
    assert len(ids) == len(set(ids))
    for path, method, one in operations(document):
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", one["operationId"]), f"{method} {path}"
        assert one["summary"]
        assert one["responses"]["default"]["content"].keys() == {"application/problem+json"}


def test_every_operation_asks_for_a_login(document: dict[str, Any]) -> None:
    for path, method, one in operations(document):
        open_to_all = {} in one.get("security", [{}])
        assert open_to_all == ((path, method) == ("/api/session/", "post")), f"{method} {path}"


def test_the_answers_have_exactly_the_members_that_are_declared(
    document: dict[str, Any], member: Actor, member_api: Api
) -> None:
    pipeline = create_pipeline(actor=member, name="churn", definition=chain(2))
    publish(actor=member, pipeline_id=pipeline.id)
    base = f"pipelines/{pipeline.id}/"
    paths = {
        "session/": "session/",
        "tokens/": "tokens/",
        "step-types/": "step-types/",
        "pipelines/": "pipelines/",
        "pipelines/{pipeline_id}/": base,
        "pipelines/{pipeline_id}/draft/": base + "draft/",
        "pipelines/{pipeline_id}/draft/commands/": base + "draft/commands/",
        "pipelines/{pipeline_id}/versions/": base + "versions/",
        "pipelines/{pipeline_id}/versions/{number}/": base + "versions/1/",
        "model-packages/": "model-packages/",
        "model-versions/": "model-versions/",
    }
    for declared, real in paths.items():
        shape = document["paths"]["/api/" + declared]["get"]["responses"]["200"]["content"]["application/json"]
        assert_fits(document, shape["schema"], member_api.get(real).json(), declared)


def assert_fits(document: dict[str, Any], shape: dict[str, Any], value: Any, where: str) -> None:
    """`value` has the declared members, no others, down to the leaves."""
    if "$ref" in shape:
        shape = document["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]]
    if "allOf" in shape:
        shape = {**shape, **document["components"]["schemas"][shape["allOf"][0]["$ref"].rsplit("/", 1)[1]]}
    if value is None:
        assert shape.get("nullable") or "type" not in shape, where
        return
    kind = shape.get("type")
    if kind == "object" and "properties" in shape:
        assert set(value) == set(shape["properties"]), where
        for name, inner in shape["properties"].items():
            assert_fits(document, inner, value[name], f"{where}.{name}")
    elif kind == "array":
        assert isinstance(value, list), where
        for item in value:
            assert_fits(document, shape["items"], item, f"{where}[]")
    elif kind in ("string", "integer", "number", "boolean"):
        expected = {"string": str, "integer": int, "number": int | float, "boolean": bool}[kind]
        assert isinstance(value, expected), where
        assert value in shape.get("enum", [value]), where
