"""Reading what steps asked outside, and what still waits for an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from accounts.permissions import Permission, require
from engine.steps.jobs.callback import outputs_of
from runs.models import CallbackToken, StepExecution
from runs.plans import compiled
from runs.rows import Row, iso


@dataclass(frozen=True, kw_only=True)
class OpenQuestion:
    """A step that waits. `stopping`: its execution was stopped and ends with the answer."""

    execution: str
    pipeline: str
    pipeline_name: str
    step: str
    waiting_for: str
    stopping: bool
    at: datetime


def open_questions(actor: Actor, *, most: int) -> list[OpenQuestion]:
    """Steps that wait for an answer, those that wait longest first."""
    require(actor, Permission.VIEW)
    rows = CallbackToken.objects.filter(workspace=actor.workspace, answered_at__isnull=True).order_by("created_at")
    names = ("execution_id", "execution__pipeline_id", "execution__pipeline__display_name", "execution__pipeline_name")
    of_step = ("step__name", "step__waiting_for", "step__status", "created_at")
    return [
        OpenQuestion(
            execution=execution,
            pipeline=pipeline,
            pipeline_name=title or name,
            step=step,
            waiting_for=waiting_for,
            stopping=status == "Stopping",
            at=at,
        )
        for execution, pipeline, title, name, step, waiting_for, status, at in rows.values_list(*names, *of_step)[:most]
    ]


def question_of(step: StepExecution) -> Row | None:
    """The newest question of a step with what may be answered; None for a step that asked nobody."""
    asked = CallbackToken.objects.filter(step=step).order_by("-created_at").first()
    if asked is None:
        return None
    declared = outputs_of(compiled(step.execution).step(step.name).document)
    return {
        "token": asked.token,
        "queue_url": asked.queue_url,
        "message": asked.message,
        "arguments": json.loads(asked.message)["arguments"],
        "outputs": [{"name": output.name, "type": output.type} for output in declared],
        "asked_at": iso(asked.created_at),
        "expires_at": iso(asked.expires_at),
        "answered_at": iso(asked.answered_at),
        "answered_by": asked.answered_by or None,
    }
