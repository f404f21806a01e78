"""Which runner runs the steps here, in words for people."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from runs.draft_warnings import Place
from runs.runners.machine import Machine
from runs.selectors import live_workers

TRUSTED_ONLY = "process"


def working_place() -> Place:
    """The runners of every live worker, and the largest machine among theirs."""
    workers = live_workers()
    machines = [worker for worker in workers if worker.cpus is not None]
    largest = max(machines, key=lambda worker: (worker.memory_bytes or 0, worker.cpus or 0), default=None)
    machine = None if largest is None else Machine(cpus=largest.cpus or 1, memory_bytes=largest.memory_bytes)
    return Place(runners=frozenset(worker.runner for worker in workers), machine=machine)


def runner_facts(actor: Actor) -> dict[str, Any] | None:
    """`{kind, reason, trusted_only}` of the newest live worker; None while there is none."""
    workers = sorted(live_workers(), key=lambda worker: worker.started_at)
    if not workers:
        return None
    newest = workers[-1]
    return {"kind": newest.runner, "reason": newest.runner_reason, "trusted_only": newest.runner == TRUSTED_ONLY}
