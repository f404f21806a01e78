"""Which runner runs the steps here, in words for people."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from runs.selectors import live_workers

TRUSTED_ONLY = "process"


def runner_facts(actor: Actor) -> dict[str, Any] | None:
    """`{kind, reason, trusted_only}` of the newest live worker; None while there is none."""
    workers = sorted(live_workers(), key=lambda worker: worker.started_at)
    if not workers:
        return None
    newest = workers[-1]
    return {"kind": newest.runner, "reason": newest.runner_reason, "trusted_only": newest.runner == TRUSTED_ONLY}
