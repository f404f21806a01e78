"""Steps that ask somebody outside: their message goes out with the step.

The token is the record: it outlives every process, and the step waits as long as it is open. Message, token, events
and rows are one transaction, so nobody can be asked by a step that does not wait.
"""

from __future__ import annotations

import secrets
import string
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from engine.definition.model import Step
from engine.execution.commands import AnnounceStop, RequestAnswer
from engine.execution.names import execution_arn
from engine.execution.signals import AnswerRequested, CacheHit, Signal
from engine.execution.states import StepKey
from engine.expressions import Unresolvable, evaluate
from engine.steps.base import Json, StepNotRunnable
from engine.steps.jobs import callback
from runs.models import CallbackToken, Queue
from runs.models.queues import TOKEN_LENGTH
from runs.services import caching
from runs.services.documents import add_document, refused
from runs.services.queues import put
from runs.services.scope import ExecutionScope

if TYPE_CHECKING:
    from runs.services.transition import Transition

_ALPHABET = string.ascii_letters + string.digits


def carry_out(unit: Transition, command: RequestAnswer | AnnounceStop) -> Signal | None:
    """Does what the planner asked for. The answer of the shell to it, where there is one."""
    if isinstance(command, RequestAnswer):
        return request_answer(unit, command)
    announce_stop(unit, command)
    return None


def request_answer(unit: Transition, command: RequestAnswer) -> Signal:
    """Sends the message of a Callback step and keeps its token; or an earlier answer, or why it cannot be sent."""
    step = unit.compiled.step(command.step.name)
    try:
        scope = ExecutionScope(unit)
        arguments = evaluate(step.arguments, scope)
        url = evaluate(step.document.get("SqsQueueUrl"), scope)
        queue_name = callback.queue_name(url)
        token = "".join(secrets.choice(_ALPHABET) for _ in range(TOKEN_LENGTH))
        message = callback.message(token, _arn(unit), arguments, callback.EXECUTING)
    except (Unresolvable, StepNotRunnable) as refusal:
        return refused(command.step, refusal)
    hit = _earlier_answer(unit, command.step, step, arguments, url)
    if hit is not None:
        return hit
    description = {"SqsQueueUrl": url, "CallbackToken": token}
    job = add_document(unit, command.step, "Callback", arguments, description)
    CallbackToken.objects.create(
        token=token,
        workspace_id=unit.execution.workspace_id,
        execution_id=unit.execution.pk,
        step_id=unit.row(command.step).pk,
        job=job,
        queue_url=url,
        message=message,
        created_at=unit.now,
        expires_at=unit.now + timedelta(seconds=callback.LONGEST_WAIT_SECONDS),
    )
    _send(unit, queue_name, message)
    return AnswerRequested(step=command.step, reason=f"an answer to its message in the queue {queue_name}")


def announce_stop(unit: Transition, command: AnnounceStop) -> None:
    """Sends the second message, by which whoever was asked learns that the execution stops."""
    asked = CallbackToken.objects.filter(step_id=unit.row(command.step).pk, answered_at__isnull=True).first()
    if asked is not None:
        arguments = asked.job.request
        message = callback.message(asked.token, _arn(unit), arguments, callback.STOPPING)
        _send(unit, callback.queue_name(asked.queue_url), message)


def _earlier_answer(unit: Transition, key: StepKey, step: Step, arguments: Json, url: str) -> CacheHit | None:
    """The answer to an equal question, where the step asks for the cache."""
    if not unit.plan.steps[step.name].cache.enabled:
        return None
    declared = [{"Name": output.name, "Type": output.type} for output in callback.outputs_of(step.document)]
    attributes = {"SqsQueueUrl": url, "Arguments": arguments, "OutputParameters": declared}
    hit = caching.look_up(unit, step, caching.key_of_attributes(step, attributes))
    if hit is None:
        return None
    unit.stand_for(key, hit.job)
    return CacheHit(step=key, source_execution=hit.job.execution_id, cache_key=hit.key, results=hit.job.results)


def _send(unit: Transition, name: str, message: str) -> None:
    """Into the workspace's own queue of that name, made at need."""
    made = {"created_at": unit.now, "changed_at": unit.now}
    queue, _ = Queue.objects.get_or_create(workspace_id=unit.execution.workspace_id, name=name, defaults=made)
    put(queue, message, now=unit.now, sender=unit.execution.started_by or "clary")


def _arn(unit: Transition) -> str:
    execution = unit.execution
    return execution_arn(settings.CLARY_REGION, unit.workspace.account_id, execution.pipeline_name, execution.pk)
