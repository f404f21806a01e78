"""Retrying a finished execution: what succeeded stays, the rest runs again."""

from __future__ import annotations

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from engine.execution.planner import retry_refusal
from engine.execution.signals import RetryRequested
from runs.errors import ExecutionNotRetryable
from runs.images import own_lines
from runs.models import Execution
from runs.selectors import execution_of
from runs.services.transition import transition


def retry_execution(*, actor: Actor, execution_id: str, parallelism: int | None = None) -> Execution:
    """The same execution, running again from what failed, was stopped or never ran.

    `parallelism`: another limit from now on; None keeps the old one.

    Raises:
        NotPermitted, ExecutionNotFound: as they say.
        ExecutionNotRetryable: it runs, ended well, or a Fail step ended it on purpose.
    """
    require(actor, Permission.RETRY_EXECUTION)
    execution_of(actor, execution_id)
    with transition(execution_id) as unit:
        refusal = retry_refusal(unit.state.header)
        if refusal is not None:
            raise ExecutionNotRetryable(reason=refusal, execution=execution_id)
        unit.set(images=own_lines(unit.execution.workspace_id))  # what was missing may be mapped by now
        unit.feed(RetryRequested(parallelism=parallelism))
        audit.record(actor, "execution.retry", execution_id)
    return unit.execution
