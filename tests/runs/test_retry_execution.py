from __future__ import annotations

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from runs.errors import ExecutionNotFound, ExecutionNotRetryable
from runs.services.retry import retry_execution
from tests.runs.definitions import chain, fail, pipeline
from tests.runs.obedient import fails
from tests.runs.workers import Bench, fresh, statuses


def test_retry_runs_what_failed_and_keeps_what_succeeded(bench: Bench, owner: Actor) -> None:
    bench.runner.acts["S1"] = fails()
    execution = bench.run(chain(3))
    del bench.runner.acts["S1"]
    retry_execution(actor=owner, execution_id=execution.pk)
    bench.answer()
    execution = fresh(execution)
    assert execution.status == "Succeeded"
    assert execution.failure_reason is None
    assert bench.runner.steps == ["S0", "S1", "S1", "S2"]
    assert set(statuses(execution).values()) == {"Succeeded"}


def test_what_runs_or_ended_well_or_ended_on_purpose_is_not_retried(bench: Bench, owner: Actor) -> None:
    running = bench.start(chain(1))
    with pytest.raises(ExecutionNotRetryable):
        retry_execution(actor=owner, execution_id=running.pk)
    bench.answer()
    with pytest.raises(ExecutionNotRetryable):
        retry_execution(actor=owner, execution_id=running.pk)
    ended = bench.run(pipeline(fail("Stop", "on purpose")))
    with pytest.raises(ExecutionNotRetryable, match="on purpose"):
        retry_execution(actor=owner, execution_id=ended.pk)


def test_viewer_and_stranger_may_not_retry(bench: Bench, viewer: Actor, stranger: Actor) -> None:
    bench.runner.acts["S0"] = fails()
    execution = bench.run(chain(1))
    with pytest.raises(NotPermitted):
        retry_execution(actor=viewer, execution_id=execution.pk)
    with pytest.raises(ExecutionNotFound):
        retry_execution(actor=stranger, execution_id=execution.pk)
