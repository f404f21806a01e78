"""The reconciler repairs what a crash or a bug left, once, however many of them sweep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from runs import reconcile
from runs.models import StepAttempt, StepExecution
from runs.reconcile import Reconciler, sweep
from runs.services import commands
from runs.services.retry import retry_execution
from tests.runs.definitions import chain, condition, pipeline, step
from tests.runs.workers import Bench, events, fresh, statuses

LONG_AGO = datetime.now(UTC) - timedelta(minutes=1)


def age(**columns: str) -> None:
    StepExecution.objects.exclude(queued_at=None).update(queued_at=LONG_AGO)
    StepExecution.objects.exclude(started_at=None).update(started_at=LONG_AGO)


def forgets(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """The shell no longer answers this command of the planner."""
    monkeypatch.setattr(commands, command, lambda unit, given: None)


def test_a_step_nobody_started_fails_with_a_service_fault(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        forgets(broken, "start_attempt")
        execution = bench.start(chain(2))
    assert statuses(execution) == {"S0": "Queued", "S1": "Waiting"}
    assert sweep().unanswered == 0  # it may still be on its way
    age()
    assert sweep().unanswered == 1
    ended = fresh(execution)
    assert (ended.status, ended.failed_step) == ("Failed", "S0")
    row = execution.steps.get(name="S0")
    assert row.category == "service-fault"
    assert "Retry the execution" in (row.failure_reason or "")
    assert sweep().unanswered == 0


def test_a_condition_nobody_decided_fails_with_a_service_fault(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        forgets(broken, "evaluate_condition")
        execution = bench.start(pipeline(condition("Check", 1, 0, [step("Then")], [])))
    age()
    assert sweep().unanswered == 1
    assert fresh(execution).failed_step == "Check"


def test_a_retry_of_it_runs_to_the_end(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        forgets(broken, "start_attempt")
        execution = bench.start(chain(2))
    age()
    sweep()
    retry_execution(actor=bench.owner, execution_id=execution.pk)
    bench.answer()
    assert fresh(execution).status == "Succeeded"


def test_steps_that_wait_for_a_slot_a_worker_or_a_retry_are_left_alone(bench: Bench) -> None:
    execution = bench.start(pipeline(*(step(f"P{n}") for n in range(4))), parallelism=2)
    age()
    StepAttempt.objects.update(created_at=LONG_AGO, dispatched_at=LONG_AGO)
    assert sweep().unanswered == 0
    assert set(statuses(execution).values()) == {"Queued"}
    bench.answer()
    assert fresh(execution).status == "Succeeded"


def test_only_some_sweeps_look_for_unanswered_steps(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(reconcile, "sweep", lambda *, judge_leases, thorough: seen.append(thorough))
    reconciler = Reconciler()
    for _ in range(reconcile.THOROUGH_EVERY + 1):
        reconciler.sweep_once()
    assert [n for n, thorough in enumerate(seen) if thorough] == [0, reconcile.THOROUGH_EVERY]


def test_a_second_reconciler_finds_nothing_left_to_repair(bench: Bench) -> None:
    execution = bench.start(chain(1))
    bench.rung.clear()
    StepAttempt.objects.update(status="Starting", lease_until=LONG_AGO, lease_token=1, worker="gone")
    StepExecution.objects.filter(name="S0").update(status="Starting")
    first, second = sweep(), sweep()
    assert (first.lost, second.lost) == (1, 0)
    assert events(execution).count("AttemptLost") == 1
    bench.answer()
    assert fresh(execution).status == "Succeeded"
