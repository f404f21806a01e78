"""A Callback step sends its message, waits without a worker, and goes on with the answer."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.models import AuditEntry
from runs.clock import database_now
from runs.errors import AnswerInvalid, CallbackAnswered, CallbackNotFound, ExecutionNotFound
from runs.models import CallbackToken, Execution, Queue, QueueMessage, StepAttempt, StepExecution
from runs.reconcile import sweep
from runs.services.answering import answer_with_failure, answer_with_success, token_of_step
from runs.services.retry import retry_execution
from runs.services.start import Selective, start_execution
from runs.services.stop import stop_execution
from tests.runs.definitions import condition, pipeline, step
from tests.runs.workers import Bench, events, fresh, statuses

URL = "https://sqs.us-east-1.amazonaws.com/111122223333/answers"
TYPED = {"place": "String", "rows": "Integer", "share": "Float", "good": "Boolean"}
ANSWER = [("place", "s3://results/x"), ("rows", "12"), ("share", "0.5"), ("good", "True")]


def callback(name: str = "Ask", outputs: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    declared = [{"OutputName": one, "OutputType": kind} for one, kind in (outputs or {}).items()]
    arguments = more.pop("arguments", {"table": "customers", "rows": {"Get": "Parameters.Rows"}})
    return {
        "Name": name,
        "Type": "Callback",
        "Arguments": arguments,
        "SqsQueueUrl": URL,
        "OutputParameters": declared,
        **more,
    }


def asking(*more: dict[str, Any], **envelope: Any) -> dict[str, Any]:
    """Ask with four typed outputs, then `more`."""
    rows = [{"Name": "Rows", "Type": "Integer", "DefaultValue": 5}]
    return pipeline(callback(outputs=TYPED, **envelope), *more, parameters=rows)


def reads(name: str, output: str) -> dict[str, Any]:
    """A step whose environment holds an output of Ask."""
    return step(name, environment={"GIVEN": {"Get": f"Steps.Ask.OutputParameters['{output}']"}})


def token_of(execution: Execution, name: str = "Ask") -> str:
    return CallbackToken.objects.filter(execution=execution, step__name=name).latest("created_at").token


def messages() -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in QueueMessage.objects.order_by("sent_at", "pk")]


def test_the_message_goes_out_with_exactly_four_members_and_the_step_waits(bench: Bench) -> None:
    execution = bench.run(asking(step("After", DependsOn=["Ask"])))
    arn = f"arn:aws:sagemaker:us-east-1:{bench.owner.workspace.account_id}:pipeline/pipeline-1/execution/{execution.pk}"
    (body,) = messages()
    assert body == {
        "token": token_of(execution),
        "pipelineExecutionArn": arn,
        "arguments": {"table": "customers", "rows": 5},
        "status": "Executing",
    }
    assert body["token"].isalnum()
    assert len(body["token"]) == 10
    assert statuses(execution) == {"Ask": "Executing", "After": "Waiting"}
    row = StepExecution.objects.get(execution=execution, name="Ask")
    assert row.waiting_for == "an answer to its message in the queue answers"
    assert not StepAttempt.objects.filter(execution=execution).exists()


def test_the_answer_is_typed_and_later_steps_read_it(bench: Bench) -> None:
    good = condition("Gate", {"Get": "Steps.Ask.OutputParameters['rows']"}, 10, [reads("Then", "good")], [step("Else")])
    execution = bench.run(asking(good, reads("Where", "place")))
    answer_with_success(actor=bench.owner, token=token_of(execution), outputs=ANSWER)
    bench.answer()
    assert fresh(execution).status == "Succeeded"
    ask = StepExecution.objects.select_related("job").get(execution=execution, name="Ask")
    assert ask.job is not None
    assert ask.job.description["OutputParameters"] == {
        "place": "s3://results/x",
        "rows": 12,
        "share": 0.5,
        "good": True,
    }
    assert (ask.waiting_for, ask.results["key"]) == ("", {"label": "place", "value": "s3://results/x"})
    given = {one.name: one.job for one in StepExecution.objects.select_related("job").filter(execution=execution)}
    assert given["Where"] is not None
    assert given["Where"].request["Environment"]["GIVEN"] == "s3://results/x"
    assert given["Then"] is not None
    assert given["Then"].request["Environment"]["GIVEN"] is True
    assert statuses(execution)["Else"] == "Skipped"


def test_an_answer_is_recorded_with_who_gave_it(bench: Bench) -> None:
    execution = bench.run(asking())
    answer_with_success(actor=bench.owner, token=token_of(execution), outputs=ANSWER)
    entry = AuditEntry.objects.get(action="callback.succeed")
    assert (entry.actor, entry.target) == (bench.owner.username, execution.pk)
    assert CallbackToken.objects.get().answered_by == bench.owner.username


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        ([("plase", "x")], 'no output parameter "plase"'),
        ([("rows", "12.5")], "a whole number"),
        ([("rows", "1_000")], "a whole number"),
        ([("share", "NaN")], "a number"),
        ([("good", "yes")], "true or false"),
        ([("place", "x"), ("place", "y")], "once"),
        ([("place", "x" * 1025)], "at most 1024"),
        ([(f"p{n}", "x") for n in range(51)], "at most 50"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_the_step_goes_on_waiting(
    bench: Bench, outputs: list[tuple[str, str]], said: str
) -> None:
    execution = bench.run(asking())
    with pytest.raises(AnswerInvalid, match=said):
        answer_with_success(actor=bench.owner, token=token_of(execution), outputs=outputs)
    assert statuses(execution) == {"Ask": "Executing"}
    answer_with_success(actor=bench.owner, token=token_of(execution), outputs=ANSWER)
    assert fresh(execution).status == "Succeeded"


def test_an_answer_that_lacks_a_declared_output_fails_the_step(bench: Bench) -> None:
    execution = bench.run(asking())
    answer_with_success(actor=bench.owner, token=token_of(execution), outputs=ANSWER[:2])
    ask = StepExecution.objects.get(execution=execution)
    assert (ask.status, ask.category, ask.cause) == ("Failed", "callback", "callback-failed")
    assert ask.failure_reason == "The answer lacks the output parameters share, good, which the step declares."


def test_a_failure_gives_its_reason_and_a_retry_asks_with_a_new_token(bench: Bench) -> None:
    execution = bench.run(asking())
    first = token_of(execution)
    answer_with_failure(actor=bench.owner, token=first, reason="no machine is free")
    assert StepExecution.objects.get(execution=execution).failure_reason == "no machine is free"
    assert fresh(execution).status == "Failed"
    retry_execution(actor=bench.owner, execution_id=execution.pk)
    assert token_of(execution) != first
    assert [body["token"] for body in messages()] == [first, token_of(execution)]
    with pytest.raises(CallbackAnswered):
        answer_with_success(actor=bench.owner, token=first, outputs=ANSWER)
    answer_with_success(actor=bench.owner, token=token_of(execution), outputs=ANSWER)
    assert fresh(execution).status == "Succeeded"


def test_a_token_is_answered_once(bench: Bench) -> None:
    execution = bench.run(asking())
    answer_with_success(actor=bench.owner, token=token_of(execution), outputs=ANSWER)
    with pytest.raises(CallbackAnswered):
        answer_with_success(actor=bench.owner, token=token_of(execution), outputs=ANSWER)
    with pytest.raises(CallbackAnswered):
        answer_with_failure(actor=bench.owner, token=token_of(execution))


def test_a_token_nobody_gave_out_and_one_of_another_workspace_are_not_known(bench: Bench, stranger: Actor) -> None:
    execution = bench.run(asking())
    for actor, token in ((bench.owner, "abcdefghij"), (stranger, token_of(execution))):
        with pytest.raises(CallbackNotFound):
            answer_with_success(actor=actor, token=token, outputs=ANSWER)
        with pytest.raises(CallbackNotFound):
            answer_with_failure(actor=actor, token=token)
    with pytest.raises(ExecutionNotFound):
        token_of_step(stranger, execution.pk, "Ask")


def test_a_viewer_may_not_answer(bench: Bench, viewer: Actor) -> None:
    execution = bench.run(asking())
    with pytest.raises(NotPermitted):
        answer_with_success(actor=viewer, token=token_of(execution), outputs=ANSWER)
    with pytest.raises(NotPermitted):
        answer_with_failure(actor=viewer, token=token_of(execution))


def test_a_stop_sends_a_second_message_and_waits_for_the_answer(bench: Bench) -> None:
    execution = bench.run(asking(reads("After", "place")))
    stop_execution(actor=bench.owner, execution_id=execution.pk)
    stop_execution(actor=bench.owner, execution_id=execution.pk)
    first, second = messages()
    assert second == {**first, "status": "Stopping"}
    assert fresh(execution).status == "Stopping"
    assert statuses(execution) == {"Ask": "Stopping", "After": "Skipped"}
    answer_with_success(actor=bench.owner, token=token_of(execution), outputs=[])
    assert fresh(execution).status == "Stopped"
    assert statuses(execution)["Ask"] == "Stopped"


def test_an_answer_to_an_equal_question_is_kept_where_the_step_asks_for_it(bench: Bench) -> None:
    document = asking(reads("After", "place"), CacheConfig={"Enabled": True, "ExpireAfter": "P1D"})
    execution = bench.run(document)
    answer_with_success(actor=bench.owner, token=token_of(execution), outputs=ANSWER)
    bench.answer()
    again = start_execution(actor=bench.owner, pipeline_id=execution.pipeline_id)
    bench.answer()
    assert fresh(again).status == "Succeeded"
    ask = StepExecution.objects.get(execution=again, name="Ask")
    assert (ask.cached, ask.source_execution) == (True, execution.pk)
    other = start_execution(actor=bench.owner, pipeline_id=execution.pipeline_id, parameters={"Rows": 6})
    assert statuses(other)["Ask"] == "Executing"
    assert len(messages()) == 2


def test_a_selective_execution_reads_the_answer_of_its_source(bench: Bench) -> None:
    execution = bench.run(asking(reads("After", "place")))
    answer_with_success(actor=bench.owner, token=token_of(execution), outputs=ANSWER)
    bench.answer()
    selective = Selective(steps=["After"], source_execution=execution.pk)
    again = start_execution(actor=bench.owner, pipeline_id=execution.pipeline_id, selective=selective)
    bench.answer()
    assert fresh(again).status == "Succeeded"
    after = StepExecution.objects.select_related("job").get(execution=again, name="After")
    assert after.job is not None
    assert after.job.request["Environment"]["GIVEN"] == "s3://results/x"
    assert len(messages()) == 1


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"SqsQueueUrl": "https://sqs.us-east-1.amazonaws.com/1/no spaces"}, "must end with the name of a queue"),
        ({"SqsQueueUrl": {"Get": "Execution.TrainingJobName"}}, "is not known here"),
        ({"arguments": {"table": "x" * 1_100_000}}, "a queue takes 1048576"),
    ],
)
def test_a_question_that_cannot_be_asked_fails_the_step(bench: Bench, broken: dict[str, Any], said: str) -> None:
    execution = bench.run(pipeline(callback(**{"arguments": {}, **broken}), parameters=[]), as_aws=True)
    ask = StepExecution.objects.get(execution=execution)
    assert ask.status == "Failed"
    assert said in (ask.failure_reason or "")
    assert not messages()


def test_a_question_nobody_answers_in_672_hours_fails(bench: Bench) -> None:
    execution = bench.run(asking())
    assert not sweep()
    CallbackToken.objects.update(expires_at=database_now() - timedelta(seconds=1))
    assert sweep().given_up == 1
    assert sweep().given_up == 0
    ask = StepExecution.objects.get(execution=execution)
    assert (ask.status, ask.category, ask.cause) == ("Failed", "timeout", "nobody-answered")
    assert ask.failure_reason == "Nobody answered within 672 hours, the longest time an execution waits."


def test_two_steps_that_ask_are_told_apart_by_their_tokens(bench: Bench) -> None:
    execution = bench.run(pipeline(callback("A", arguments={}), callback("B", arguments={})))
    assert token_of(execution, "A") != token_of(execution, "B")
    assert Queue.objects.count() == 1
    answer_with_success(actor=bench.owner, token=token_of(execution, "B"), outputs=[])
    assert statuses(execution) == {"A": "Executing", "B": "Succeeded"}


def test_the_history_says_that_and_what_it_waits_for(bench: Bench) -> None:
    execution = bench.run(asking())
    assert events(execution) == ["ExecutionStarted", "StepStarting", "StepExecuting", "StepWaiting"]
    waiting = execution.events.get(event="StepWaiting")
    assert waiting.data == {"reason": "an answer to its message in the queue answers"}
