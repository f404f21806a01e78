"""Waiting steps over REST: what was asked, the answer of a person, and the list of what waits."""

from __future__ import annotations

import json
from typing import Any

from accounts.actors import Actor
from accounts.models import AuditEntry
from runs.models import CallbackToken, Execution
from runs.services.stop import stop_execution
from tests.factories.api import Api
from tests.runs.definitions import pipeline
from tests.runs.test_callbacks import TYPED, URL, asking, callback, token_of
from tests.runs.workers import Bench, fresh

ANSWER = {"place": "s3://results/x", "rows": "12", "share": "0.5", "good": "true"}


def read(response: Any) -> Any:
    return json.loads(response.content)


def step_url(execution: Execution, name: str = "Ask", rest: str = "") -> str:
    return f"executions/{execution.pk}/steps/{name}/{rest}"


def test_a_waiting_step_shows_what_it_asked_and_what_may_be_answered(bench: Bench, viewer: Actor) -> None:
    execution = bench.run(asking())
    shown = read(Api(viewer).get(step_url(execution)))
    assert shown["waiting_for"] == "an answer to its message in the queue answers"
    asked = shown["callback"]
    assert (asked["token"], asked["queue_url"], asked["answered_at"]) == (token_of(execution), URL, None)
    assert asked["arguments"] == {"table": "customers", "rows": 5}
    assert asked["outputs"] == [{"name": name, "type": kind} for name, kind in TYPED.items()]
    assert asked["message"] == CallbackToken.objects.get().message


def test_an_operator_completes_it(bench: Bench, operator: Actor) -> None:
    execution = bench.run(asking())
    answered = Api(operator).post(step_url(execution, rest="complete/"), {"outputs": ANSWER})
    assert (answered.status_code, read(answered)["status"]) == (200, "Succeeded")
    shown = read(Api(operator).get(step_url(execution)))
    assert shown["callback"]["answered_by"] == AuditEntry.objects.get(action="callback.succeed").actor
    assert shown["description"]["OutputParameters"]["rows"] == 12
    assert shown["waiting_for"] is None
    again = Api(operator).post(step_url(execution, rest="complete/"), {"outputs": ANSWER})
    assert (again.status_code, read(again)["code"]) == (409, "callback-answered")


def test_an_operator_fails_it_with_a_reason(bench: Bench, operator: Actor) -> None:
    execution = bench.run(asking())
    answered = Api(operator).post(step_url(execution, rest="fail/"), {"reason": "not today"})
    assert read(answered)["status"] == "Failed"
    assert read(Api(operator).get(step_url(execution)))["failure"]["code"] == "callback-failed"


def test_a_wrong_value_says_what_was_expected(bench: Bench, operator: Actor) -> None:
    execution = bench.run(asking())
    wrong = Api(operator).post(step_url(execution, rest="complete/"), {"outputs": {**ANSWER, "rows": "x"}})
    assert (wrong.status_code, read(wrong)["code"]) == (400, "answer-invalid")
    assert "\"rows\" is a whole number, but the answer says 'x'" in read(wrong)["detail"]
    for odd in ("٣.٥", "1_0.5", "nan", "1e999"):
        wrong = Api(operator).post(step_url(execution, rest="complete/"), {"outputs": {**ANSWER, "share": odd}})
        assert (wrong.status_code, read(wrong)["code"]) == (400, "answer-invalid")
    long = Api(operator).post(step_url(execution, rest="fail/"), {"reason": "x" * 257})
    assert long.status_code == 400


def test_viewers_may_not_answer_and_strangers_find_nothing(bench: Bench, viewer: Actor, stranger: Actor) -> None:
    execution = bench.run(asking())
    body = {"outputs": ANSWER}
    assert Api(viewer).post(step_url(execution, rest="complete/"), body).status_code == 403
    assert Api(stranger).post(step_url(execution, rest="complete/"), body).status_code == 404
    assert Api(stranger).get(step_url(execution)).status_code == 404
    assert read(Api(stranger).get("needs/"))["waiting"] == []
    assert fresh(execution).status == "Executing"


def test_a_step_that_asked_nobody_cannot_be_answered(bench: Bench, operator: Actor) -> None:
    first = callback("Ask", arguments={})
    second = callback("Later", arguments={}, DependsOn=["Ask"])
    execution = bench.run(pipeline(first, second))
    early = Api(operator).post(step_url(execution, "Later", "complete/"))
    assert (early.status_code, read(early)["code"]) == (409, "callback-answered")
    assert read(Api(operator).get(step_url(execution, "Later")))["callback"] is None
    assert Api(operator).post(step_url(execution, "None", "complete/")).status_code == 404


def test_what_waits_is_listed_until_it_is_answered(bench: Bench, operator: Actor) -> None:
    execution = bench.run(asking())
    (waiting,) = read(Api(operator).get("needs/"))["waiting"]
    assert (waiting["execution"], waiting["step"], waiting["stopping"]) == (execution.pk, "Ask", False)
    assert waiting["waiting_for"] == "an answer to its message in the queue answers"
    stop_execution(actor=bench.owner, execution_id=execution.pk)
    assert read(Api(operator).get("needs/"))["waiting"][0]["stopping"] is True
    Api(operator).post(step_url(execution, rest="fail/"))
    assert read(Api(operator).get("needs/"))["waiting"] == []
