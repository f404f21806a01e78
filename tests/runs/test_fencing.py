"""Duplicate, late and stolen: whoever is not the holder changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.execution.states import AttemptStatus
from runs.models import ExecutionEvent, StepAttempt, StoredObject, Worker
from runs.reconcile import release_dead_workers, sweep
from runs.runners.base import Ended, Outcome
from runs.services.claims import Claim, claim_attempt
from runs.services.reports import Finish, report_executing, report_finish, report_progress
from tests.runs.definitions import chain, pipeline, step
from tests.runs.workers import Bench, attempts, fresh

SUCCESS = Outcome(ended=Ended.SUCCEEDED, exit_code=0)


def finish(outcome: Outcome = SUCCESS, **more: object) -> Finish:
    return Finish(outcome=outcome, executing_at=None, runner="process", **more)  # type: ignore[arg-type]


def claimed(bench: Bench) -> Claim:
    claim = claim_attempt(bench.rung.pop(0), worker="first")
    assert claim is not None
    return claim


def test_a_second_doorbell_claims_nothing(bench: Bench) -> None:
    bench.start(chain(1))
    attempt = bench.rung[0]
    assert claim_attempt(attempt, worker="first") is not None
    assert claim_attempt(attempt, worker="second") is None
    assert StepAttempt.objects.get().worker == "first"


def test_a_second_report_changes_nothing(bench: Bench) -> None:
    bench.start(chain(1))
    claim = claimed(bench)
    report_finish(claim, finish(), worker="first", continue_inline=False)
    before = ExecutionEvent.objects.count()
    failed = Outcome(ended=Ended.FAILED, exit_code=1, reason="late")
    assert report_finish(claim, finish(failed), worker="first", continue_inline=True) is None
    report_executing([(claim, datetime.now(UTC))], runner="process")
    report_progress(claim, {"auc": 0.5})
    assert ExecutionEvent.objects.count() == before


def test_an_expired_lease_starts_the_step_again_and_fences_the_first_holder(bench: Bench) -> None:
    execution = bench.start(chain(1))
    claim = claimed(bench)
    StepAttempt.objects.update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    assert sweep().lost == 1
    assert report_finish(claim, finish(), worker="first", continue_inline=True) is None
    assert not StoredObject.objects.exists()
    bench.answer()
    assert fresh(execution).status == "Succeeded"
    assert attempts(execution) == [("S0", 1, "Lost"), ("S0", 2, "Succeeded")]


def test_a_holder_that_lost_its_lease_is_told_to_kill_its_step(bench: Bench) -> None:
    def loses_it(spec: object, observer: object, stop: object) -> Outcome:
        StepAttempt.objects.filter(status__in=["Starting", "Executing"]).update(
            lease_until=datetime.now(UTC) - timedelta(seconds=1)
        )
        sweep()
        bench.worker.leases.tick()
        assert stop.killing  # type: ignore[attr-defined]
        del bench.runner.acts["S0"]
        return Outcome(ended=Ended.LOST)

    bench.runner.acts["S0"] = loses_it
    execution = bench.start(chain(1))
    bench.answer()
    assert fresh(execution).status == "Succeeded"


def test_a_given_back_attempt_starts_again_without_counting_as_lost(bench: Bench) -> None:
    execution = bench.start(chain(1))
    for _ in range(5):
        claim = claimed(bench)
        gone = finish(Outcome(ended=Ended.LOST, reason="shutdown"), given_back=True)
        report_finish(claim, gone, worker="first", continue_inline=False)
    bench.answer()
    assert fresh(execution).status == "Succeeded"
    assert execution.steps.get().lost == 0


def test_attempts_of_a_dead_worker_start_again_without_waiting_for_the_lease(bench: Bench) -> None:
    import socket

    execution = bench.start(chain(1))
    now = datetime.now(UTC)
    Worker.objects.create(
        id="first", host=socket.gethostname(), pid=2**22 + 1, runner="process", slots=1, started_at=now, seen_at=now
    )
    claimed(bench)
    assert release_dead_workers() == 1
    assert not Worker.objects.exists()
    bench.answer()
    assert fresh(execution).status == "Succeeded"


def test_lost_doorbells_are_rung_again_while_a_worker_is_idle(bench: Bench) -> None:
    execution = bench.start(pipeline(step("A"), step("B")))
    bench.rung.clear()  # the broker lost them
    assert sweep().rung == 0
    StepAttempt.objects.filter(status=AttemptStatus.PENDING).update(
        dispatched_at=datetime.now(UTC) - timedelta(seconds=5)
    )
    assert sweep().rung == 0  # nobody is there to hear them
    now = datetime.now(UTC)
    Worker.objects.create(id="idle", host="h", pid=1, runner="process", slots=2, started_at=now, seen_at=now)
    assert sweep().rung == 2
    bench.answer()
    assert fresh(execution).status == "Succeeded"


def test_attempts_nobody_was_told_of_are_rung(bench: Bench) -> None:
    bench.start(chain(1))
    bench.rung.clear()
    StepAttempt.objects.update(dispatched_at=None, created_at=datetime.now(UTC) - timedelta(seconds=2))
    assert sweep().rung == 1
