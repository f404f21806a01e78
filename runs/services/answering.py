"""Answers to steps that asked somebody outside, by the token of their question.

An answer, the step's values and everything that follows from it are one transaction: a second answer finds the
question closed, whoever sends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from engine.definition.model import Step
from engine.execution.signals import AnsweredWithFailure, AnsweredWithSuccess
from engine.execution.states import NOT_ITERATED, FailureCategory, StepStatus
from engine.steps.base import Json
from engine.steps.jobs import callback
from runs.errors import AnswerInvalid, CallbackAnswered, CallbackNotFound
from runs.models import CallbackToken, Execution, Job
from runs.selectors import step_of
from runs.services import caching
from runs.services.documents import cause_code
from runs.services.transition import transition

if TYPE_CHECKING:
    from runs.services.transition import Transition

_NO_REASON = "The callback was answered with a failure and no reason."


def answer_with_success(*, actor: Actor, token: str, outputs: Iterable[tuple[str, str]]) -> Execution:
    """The execution, which goes on. An answer that lacks a declared output fails the step; one to a step that is
    stopping ends it as stopped, whatever it says.

    Raises:
        NotPermitted, CallbackNotFound, CallbackAnswered
        AnswerInvalid: an output the step does not declare, or of another type; the step goes on waiting.
    """
    require(actor, Permission.DECIDE_APPROVAL)
    asked = _asked(actor, token)
    with transition(asked.execution_id) as unit:
        step = _waiting_step(unit, asked)
        declared = callback.outputs_of(step.document)
        try:
            values = callback.read_answer(declared, outputs)
        except callback.AnswerRefused as refusal:
            raise AnswerInvalid(reason=str(refusal)) from None
        job = _keep_values(unit, asked, values)
        lacking = callback.missing(declared, values)
        key = unit.key_by_id(asked.step_id)
        _close(unit, asked, actor.username)
        if lacking is not None:
            unit.feed(_failure(asked, unit, lacking, FailureCategory.CALLBACK))
        else:
            if unit.row(key).status != StepStatus.STOPPING:
                caching.remember(unit, unit.row(key), job, {})
            unit.feed(AnsweredWithSuccess(step=key, results=callback.results(values)))
        audit.record(actor, "callback.succeed", unit.execution.pk, {"step": step.name, "outputs": sorted(values)})
    return unit.execution


def answer_with_failure(*, actor: Actor, token: str, reason: str = "") -> Execution:
    """The execution, whose step fails for that reason; a step that is stopping ends as stopped.

    Raises:
        NotPermitted, CallbackNotFound, CallbackAnswered
    """
    require(actor, Permission.DECIDE_APPROVAL)
    asked = _asked(actor, token)
    with transition(asked.execution_id) as unit:
        step = _waiting_step(unit, asked)
        _close(unit, asked, actor.username)
        unit.feed(_failure(asked, unit, reason or _NO_REASON, FailureCategory.CALLBACK))
        audit.record(actor, "callback.fail", unit.execution.pk, {"step": step.name, "reason": reason})
    return unit.execution


def token_of_step(actor: Actor, execution_id: str, name: str, iteration: int = NOT_ITERATED) -> str:
    """The token of a step that waits.

    Raises:
        ExecutionNotFound, StepNotFound
        CallbackAnswered: it does not wait, or not any more.
    """
    step = step_of(actor, execution_id, name, iteration)
    open_tokens = CallbackToken.objects.filter(step=step, answered_at__isnull=True)
    token = open_tokens.values_list("token", flat=True).first()
    if token is None:
        raise CallbackAnswered(step=name)
    return token


def give_up_waiting(asked: CallbackToken) -> bool:
    """Ends the wait for an answer that did not come in time. False when somebody was faster."""
    with transition(asked.execution_id) as unit:
        try:
            _waiting_step(unit, asked)
        except CallbackAnswered:
            return False
        hours = callback.LONGEST_WAIT_SECONDS // 3600
        _close(unit, asked, "")
        reason = f"Nobody answered within {hours} hours, the longest time an execution waits."
        unit.feed(_failure(asked, unit, reason, FailureCategory.TIMEOUT))
    return True


def _asked(actor: Actor, token: str) -> CallbackToken:
    found = CallbackToken.objects.filter(workspace=actor.workspace, token=token).first()
    if found is None:
        raise CallbackNotFound(token=token)
    return found


def _waiting_step(unit: Transition, asked: CallbackToken) -> Step:
    """The step that asked. The execution's row is locked, so what is open now stays so until the end.

    Raises:
        CallbackAnswered: nobody waits for this answer any more.
    """
    key = unit.load_step(asked.step_id)
    if not CallbackToken.objects.filter(pk=asked.pk, answered_at__isnull=True).exists():
        raise CallbackAnswered(step=key.name)
    return unit.compiled.step(key.name)


def _keep_values(unit: Transition, asked: CallbackToken, values: dict[str, Json]) -> Job:
    """The step's document with the answer in it; what follows in this transaction reads it."""
    job: Job = asked.job
    job.description = {**job.description, "OutputParameters": values}
    job.results = callback.results(values)
    job.save(update_fields=["description", "results"])
    unit.stand_for(unit.key_by_id(asked.step_id), job)
    return job


def _close(unit: Transition, asked: CallbackToken, username: str) -> None:
    CallbackToken.objects.filter(pk=asked.pk).update(answered_at=unit.now, answered_by=username)


def _failure(asked: CallbackToken, unit: Transition, reason: str, category: FailureCategory) -> AnsweredWithFailure:
    key = unit.key_by_id(asked.step_id)
    return AnsweredWithFailure(step=key, reason=reason, category=category, cause=cause_code(category, reason))
