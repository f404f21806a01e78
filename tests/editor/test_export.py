"""Definition files: pure, or with the layout inside, and back."""

from __future__ import annotations

import json

import pytest

from accounts.actors import Actor
from editor.exports import export_text
from editor.services.pipelines import create_pipeline
from editor.services.versions import publish
from tests.factories.api import Api
from tests.factories.definitions import chain, definition, fail_step

LAYOUT = '{"nodes":{"a":{"x":5,"y":6}},"groups":[],"notes":[],"hints":{}}'


def test_a_pure_export_holds_no_pixels() -> None:
    text = export_text(definition(fail_step("a")), None)
    assert json.loads(text) == json.loads(definition(fail_step("a")))
    assert "Clary" not in text


@pytest.mark.parametrize(
    "original",
    [
        '{"Version":"2020-12-01","Steps":[]}',
        '{"Version":"2020-12-01","Metadata":{},"Steps":[]}',
        '{"Version":"2020-12-01","Metadata":{"mine":1.50},"Steps":[]}',
    ],
)
def test_an_export_with_layout_is_imported_as_it_was(member: Actor, original: str) -> None:
    exported = export_text(original, LAYOUT)
    assert all(isinstance(text, str) for key, text in json.loads(exported)["Metadata"].items() if key != "mine")
    assert "ClaryLayout-0" in exported
    draft = create_pipeline(actor=member, name="back", definition=exported).draft
    assert draft.definition == original
    assert draft.layout == LAYOUT


def test_metadata_that_is_no_object_is_left_alone() -> None:
    original = '{"Version":"2020-12-01","Metadata":[1],"Steps":[]}'
    assert json.loads(export_text(original, LAYOUT)) == json.loads(original)


def test_export_over_rest_is_a_file(member: Actor, member_api: Api) -> None:
    pipeline = create_pipeline(actor=member, name="churn", definition=chain(2))
    answer = member_api.get(f"pipelines/{pipeline.id}/export/")
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="churn-draft.json"'
    assert json.loads(answer.content) == json.loads(chain(2))
    assert b"ClaryLayout-0" in member_api.get(f"pipelines/{pipeline.id}/export/", layout="1").content


def test_export_of_a_version(member: Actor, member_api: Api) -> None:
    pipeline = create_pipeline(actor=member, name="churn", definition=chain(2))
    path = f"pipelines/{pipeline.id}/export/"
    assert member_api.get(path, source="version").json()["code"] == "version-not-found"
    publish(actor=member, pipeline_id=pipeline.id)
    assert 'filename="churn-v1.json"' in member_api.get(path, source="version")["Content-Disposition"]
    assert member_api.get(path, source="version", number=2).json()["code"] == "version-not-found"
    assert member_api.get(path, source="other").status_code == 400
