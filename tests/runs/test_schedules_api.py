"""Schedules over REST."""

from __future__ import annotations

import json

import pytest

from accounts.actors import Actor
from editor.services.pipelines import create_pipeline
from editor.services.versions import publish
from tests.factories.api import Api
from tests.runs.definitions import chain


@pytest.fixture
def pipeline_id(owner: Actor) -> str:
    made = create_pipeline(actor=owner, name="nightly", definition=json.dumps(chain(1)))
    publish(actor=owner, pipeline_id=made.pk)
    return made.pk


def body_of(answer: object) -> dict[str, object]:
    return json.loads(answer.content)  # type: ignore[attr-defined]


def test_a_schedule_is_made_listed_paused_and_deleted(member_api: Api, pipeline_id: str) -> None:
    given = {"name": "weekdays", "expression": "0 7 * * 1-5", "zone": "Europe/Berlin"}
    made = member_api.post(f"pipelines/{pipeline_id}/schedules/", given)
    assert made.status_code == 201, made.content
    row = body_of(made)
    assert row["words"] == "At 07:00, Monday through Friday"
    assert row["expression"] == "cron(0 7 ? * 2-6 *)"
    assert len(row["next_fires"]) == 5  # type: ignore[arg-type]
    assert (row["owner"], row["last"]) == ("miles", None)

    paused = body_of(member_api.patch(f"schedules/{row['id']}/", {"enabled": False}))
    assert (paused["enabled"], paused["next_fires"], paused["zone"]) == (False, [], "Europe/Berlin")

    assert member_api.delete(f"schedules/{row['id']}/").status_code == 204
    assert body_of(member_api.get(f"pipelines/{pipeline_id}/schedules/")) == {"results": []}


def test_a_preview_says_an_expression_in_words(member_api: Api) -> None:
    row = body_of(member_api.get("schedules/preview/", expression="rate(6 hours)"))
    assert row["words"] == "Every 6 hours"
    assert len(row["next_fires"]) == 5  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "a b", "expression": "rate(1 day)"}, 400, "schedule-invalid"),
        ({"name": "a", "expression": "never"}, 400, "schedule-invalid"),
        ({"name": "a"}, 400, "invalid"),
        ({"name": "a", "expression": "rate(1 day)", "alias": "prod"}, 404, "alias-not-found"),
        ({"name": "a", "expression": "rate(1 day)", "parameters": {"x": 1}}, 400, "cannot-start"),
        ({"name": "a", "expression": "rate(1 day)", "parameters": []}, 400, "invalid"),
    ],
)
def test_bad_input_is_named(member_api: Api, pipeline_id: str, body: dict[str, object], status: int, code: str) -> None:
    answer = member_api.post(f"pipelines/{pipeline_id}/schedules/", body)
    assert (answer.status_code, body_of(answer)["code"]) == (status, code)


def test_a_stranger_sees_none_of_them(member_api: Api, stranger_api: Api, pipeline_id: str) -> None:
    made = member_api.post(f"pipelines/{pipeline_id}/schedules/", {"name": "a", "expression": "rate(1 day)"})
    schedule_id = body_of(made)["id"]
    assert stranger_api.get(f"pipelines/{pipeline_id}/schedules/").status_code == 404
    assert stranger_api.get(f"schedules/{schedule_id}/").status_code == 404
    assert stranger_api.patch(f"schedules/{schedule_id}/", {"enabled": False}).status_code == 404
    assert stranger_api.delete(f"schedules/{schedule_id}/").status_code == 404
