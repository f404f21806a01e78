"""Whatever JSON arrives at a draft: a clear answer, never a crash, and the draft stays readable."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actors import Actor
from editor.models import Pipeline
from editor.services.pipelines import create_pipeline
from tests.factories.api import Api
from tests.factories.definitions import chain

odd_text = st.text(max_size=8) | st.sampled_from(["", "\0", "~2", "/Steps/-", "/Steps/0/Name", "/nodes", "é", "\x7f"])
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | odd_text
json_values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_text, inner, max_size=3), max_leaves=8
)
operations = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "replace", "remove", "move"]), "path": odd_text},
    optional={"value": json_values, "from": odd_text, "before": odd_text},
)
patches = st.lists(operations | json_values, max_size=3) | json_values
commands = st.fixed_dictionaries(
    {"name": odd_text | json_values},
    optional={"label": json_values, "definition": patches, "layout": patches, "definition_text": json_values},
)
bodies = json_values | st.fixed_dictionaries(
    {
        "revision": st.integers(-1, 4) | json_values,
        "commands": st.lists(commands | json_values, max_size=3) | json_values,
    }
)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def pipeline(member: Actor) -> Pipeline:
    return create_pipeline(actor=member, name="odd", definition=chain(2))


@few
@given(body=bodies)
def test_odd_commands(member_api: Api, pipeline: Pipeline, body: Any) -> None:
    path = f"pipelines/{pipeline.id}/draft/"
    answer = member_api.send("post", path + "commands/", json.dumps(body))
    assert answer.status_code in (200, 400, 409), answer.content
    if answer.status_code != 200:
        assert answer.json()["code"]
    assert member_api.get(path).status_code == 200


@few
@given(path=odd_text, value=json_values, op=st.sampled_from(["add", "replace", "remove"]))
def test_odd_places_and_values(member_api: Api, pipeline: Pipeline, path: str, value: Any, op: str) -> None:
    base = f"pipelines/{pipeline.id}/draft/"
    revision = member_api.get(base).json()["revision"]
    for part in ("definition", "layout"):
        command = {"name": "remove-or-set", "label": "", part: [{"op": op, "path": path, "value": value}]}
        answer = member_api.post(base + "commands/", {"revision": revision, "commands": [command]})
        assert answer.status_code in (200, 400), answer.content
        revision = answer.json().get("revision", revision)
    if revision > 1:
        assert member_api.post(base + "undo/", {"revision": revision}).status_code in (200, 409)


@few
@given(body=json_values)
def test_odd_bodies_everywhere_else(member_api: Api, pipeline: Pipeline, body: Any) -> None:
    base = f"pipelines/{pipeline.id}/"
    for method, path in (
        ("post", "pipelines/"),
        ("patch", base),
        ("post", base + "publish/"),
        ("post", base + "draft/undo/"),
        ("post", base + "draft/redo/"),
        ("post", base + "versions/1/restore/"),
        ("post", "validate/"),
        ("post", "tokens/"),
        ("post", "session/"),
        ("post", "session/password/"),
    ):
        answer = member_api.send(method, path, json.dumps(body))
        assert answer.status_code < 500, f"{method} {path}: {answer.content!r}"
