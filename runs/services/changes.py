"""What people call an execution, and how much of it runs at once."""

from __future__ import annotations

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from engine.execution.signals import ParallelismChanged
from engine.execution.states import TERMINAL_EXECUTION
from runs.errors import ExecutionNotRunning
from runs.models import Execution
from runs.selectors import execution_of
from runs.services.transition import transition


def change_execution(
    *,
    actor: Actor,
    execution_id: str,
    display_name: str | None = None,
    description: str | None = None,
    parallelism: int | None = None,
) -> Execution:
    """The execution with the given facts changed; None leaves one as it is. A higher limit counts at once.

    Raises:
        NotPermitted, ExecutionNotFound: as they say.
        ExecutionNotRunning: a limit for an execution that has ended.
    """
    require(actor, Permission.START_EXECUTION)
    execution_of(actor, execution_id)
    given = {"display_name": display_name, "description": description}
    changes = {key: value for key, value in given.items() if value is not None}
    with transition(execution_id) as unit:
        if changes:
            unit.set(**changes)
        if parallelism is not None:
            if unit.execution.status in TERMINAL_EXECUTION:
                raise ExecutionNotRunning(execution=execution_id, status=unit.execution.status)
            unit.feed(ParallelismChanged(parallelism=parallelism))
        audit.record(actor, "execution.change", execution_id, {**changes, "parallelism": parallelism})
    return unit.execution
