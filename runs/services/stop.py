"""Stopping an execution."""

from __future__ import annotations

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from engine.execution.signals import StopRequested
from engine.execution.states import TERMINAL_EXECUTION, ExecutionStatus
from runs.errors import ExecutionNotRunning
from runs.models import Execution
from runs.selectors import execution_of
from runs.services.transition import transition


def stop_execution(*, actor: Actor, execution_id: str, reason: str | None = None) -> Execution:
    """The stopping execution; stopping twice is harmless. Nothing starts after this; running steps get SIGTERM.

    Raises:
        NotPermitted, ExecutionNotFound: as they say.
        ExecutionNotRunning: it ended before.
    """
    require(actor, Permission.STOP_EXECUTION)
    execution_of(actor, execution_id)
    with transition(execution_id) as unit:
        status = ExecutionStatus(unit.execution.status)
        if status in TERMINAL_EXECUTION and status is not ExecutionStatus.STOPPED:
            raise ExecutionNotRunning(execution=execution_id, status=status.value)
        if status is ExecutionStatus.EXECUTING:
            unit.feed(StopRequested(reason=reason))
            unit.set(stop_requested_at=unit.now)
            audit.record(actor, "execution.stop", execution_id, {"reason": reason} if reason else {})
    return unit.execution
