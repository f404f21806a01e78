"""What the direct producers of a step recorded, for resolving its inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.execution.states import StepKey
from runs.namespace import Producer

if TYPE_CHECKING:
    from runs.services.transition import Transition


def producers_of(unit: Transition, name: str) -> list[Producer]:
    """One entry per direct producer that has outputs; cached and reused ones point to where they came from."""
    keys = [StepKey(producer.step) for producer in unit.plan.steps[name].producers]
    unit.preload_jobs(keys)
    found = []
    for key in keys:
        job = unit.job_of(key)
        if job is not None and job.outputs:
            uris = tuple(output["uri"] for output in job.outputs)
            found.append(Producer(execution=job.execution_id, step=key.name, outputs=uris))
    return found
