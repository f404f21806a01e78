from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from engine.execution.states import AttemptStatus
from runs.errors import ExecutionNotFound, ExecutionNotRunning
from runs.models import Execution, StepAttempt
from runs.reconcile import sweep
from runs.runners.base import Ended, Outcome
from runs.services.claims import claim_attempt
from runs.services.stop import stop_execution
from tests.runs.definitions import chain, fan
from tests.runs.obedient import fails, is_lost
from tests.runs.workers import Bench, fresh, statuses


def test_stop_before_anybody_claimed_ends_at_once_and_starts_nothing(bench: Bench, owner: Actor) -> None:
    execution = bench.start(chain(3))
    stop_execution(actor=owner, execution_id=execution.pk, reason="enough")
    assert fresh(execution).status == "Stopped"
    bench.answer()
    assert bench.runner.ran == []
    assert set(statuses(execution).values()) == {"Stopped", "Skipped"}


def test_stop_while_a_step_runs_asks_its_holder_and_starts_nothing_new(bench: Bench, owner: Actor) -> None:
    def stops_itself(spec: object, observer: object, stop: object) -> Outcome:
        stop_execution(actor=owner, execution_id=execution.pk)
        bench.worker.leases.tick()
        assert stop.stopping  # type: ignore[attr-defined]
        return Outcome(ended=Ended.STOPPED, signal=15)

    bench.runner.acts["S1"] = stops_itself
    execution = bench.start(chain(3))
    bench.answer()
    assert fresh(execution).status == "Stopped"
    assert statuses(execution) == {"S0": "Succeeded", "S1": "Stopped", "S2": "Skipped"}


def test_a_step_that_succeeds_while_stopping_counts_as_succeeded(bench: Bench, owner: Actor) -> None:
    def finishes_anyway(spec: object, observer: object, stop: object) -> None:
        stop_execution(actor=owner, execution_id=execution.pk)

    bench.runner.acts["S0"] = finishes_anyway
    execution = bench.start(chain(2))
    bench.answer()
    assert fresh(execution).status == "Stopped"
    assert statuses(execution) == {"S0": "Succeeded", "S1": "Skipped"}


def test_stop_during_back_off_ends_at_once(bench: Bench, owner: Actor) -> None:
    bench.runner.acts["S0"] = is_lost
    execution = bench.start(chain(1))
    bench.answer()
    stop_execution(actor=owner, execution_id=execution.pk)
    assert fresh(execution).status == "Stopped"


def test_a_holder_that_never_answers_does_not_hold_up_the_stop(bench: Bench, owner: Actor) -> None:
    execution = bench.start(chain(2))
    claim = claim_attempt(bench.rung.pop(), worker="gone")
    assert claim is not None
    stop_execution(actor=owner, execution_id=execution.pk)
    assert fresh(execution).status == "Stopping"
    attempt = StepAttempt.objects.get(pk=claim.attempt_id)
    assert attempt.stop_requested_at is not None
    StepAttempt.objects.update(stop_requested_at=attempt.stop_requested_at - timedelta(seconds=14))
    assert sweep().stopped == 1
    assert fresh(execution).status == "Stopped"
    assert StepAttempt.objects.get().status == AttemptStatus.STOPPED


def test_stopping_twice_is_harmless_and_stopping_an_ended_one_is_refused(bench: Bench, owner: Actor) -> None:
    execution = bench.start(fan(3))
    stop_execution(actor=owner, execution_id=execution.pk)
    assert stop_execution(actor=owner, execution_id=execution.pk).status == "Stopped"
    bench.runner.acts["S0"] = fails()
    failed = bench.run(chain(1))
    with pytest.raises(ExecutionNotRunning):
        stop_execution(actor=owner, execution_id=failed.pk)


def test_viewer_and_stranger_may_not_stop(bench: Bench, viewer: Actor, stranger: Actor) -> None:
    execution = bench.start(chain(1))
    with pytest.raises(NotPermitted):
        stop_execution(actor=viewer, execution_id=execution.pk)
    with pytest.raises(ExecutionNotFound):
        stop_execution(actor=stranger, execution_id=execution.pk)
    assert Execution.objects.get().status == "Executing"
