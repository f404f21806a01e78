"""An execution from its start to its end."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from runs.logs import read_log
from runs.models import Execution, ExecutionEvent, Job, StepAttempt, StoredObject
from runs.runners.base import Ended, Outcome
from runs.services.claims import claim_attempt
from runs.services.reports import Finish, report_finish
from tests.runs.definitions import chain, condition, fail, fan, pipeline, step
from tests.runs.obedient import fails, is_lost
from tests.runs.workers import Bench, attempts, events, fresh, statuses


def test_a_chain_runs_in_order_and_rings_only_once(bench: Bench) -> None:
    execution = bench.start(chain(3))
    assert len(bench.rung) == 1
    bench.answer()
    assert fresh(execution).status == "Succeeded"
    assert bench.runner.steps == ["S0", "S1", "S2"]
    assert events(execution) == [
        "ExecutionStarted",
        *["StepQueued", "StepStarting", "StepExecuting", "StepSucceeded"] * 3,
        "ExecutionSucceeded",
    ]


def test_a_step_reads_exactly_what_its_producer_wrote(bench: Bench) -> None:
    bench.runner.files["A"] = {"a.csv": b"1,2", "deep/b.csv": b"3"}
    bench.run(pipeline(step("A"), step("B", "A")))
    read = bench.runner.ran[1].input_files
    assert [file.path for file in read] == [
        "/opt/ml/processing/input/in0/a.csv",
        "/opt/ml/processing/input/in0/deep/b.csv",
    ]


def test_a_fixed_output_address_means_this_executions_files_only(bench: Bench) -> None:
    definition = pipeline(step("A", uri="s3://results/fixed"), step("B", "A"))
    bench.runner.files["A"] = {"old.csv": b"old", "both.csv": b"old"}
    bench.run(definition)
    bench.runner.files["A"] = {"both.csv": b"new"}
    bench.run(definition)
    read = bench.runner.ran[3].input_files
    assert [file.uri for file in read] == ["s3://results/fixed/both.csv"]


def test_a_missing_input_fails_the_step_with_its_address(bench: Bench) -> None:
    execution = bench.run(pipeline(step("A", uris=["s3://nowhere/data.csv"])))
    assert execution.status == "Failed"
    assert "s3://nowhere/data.csv" in (execution.failure_reason or "")
    assert execution.steps.get().category == "input"
    assert bench.runner.ran == []


def test_a_failed_step_fails_the_execution_and_blocks_what_follows(bench: Bench) -> None:
    bench.runner.acts["S1"] = fails(3)
    execution = bench.run(chain(3))
    assert execution.status == "Failed"
    assert execution.failed_step == "S1"
    assert statuses(execution) == {"S0": "Succeeded", "S1": "Failed", "S2": "Skipped"}


def test_a_lost_attempt_runs_again_three_times_at_most(bench: Bench) -> None:
    bench.runner.acts["S0"] = is_lost
    execution = bench.start(chain(1))
    bench.answer()
    assert attempts(execution)[:2] == [("S0", 1, "Lost"), ("S0", 2, "Lost")]
    assert fresh(execution).status == "Executing"
    row = execution.steps.get()
    assert row.retry_due is not None


def test_a_condition_takes_one_branch_and_a_fail_step_ends_it(bench: Bench) -> None:
    branches = condition("Check", 0.5, 0.9, [step("Good")], [fail("Weak", "too weak")])
    execution = bench.run(pipeline(step("A"), {**branches, "DependsOn": ["A"]}))
    assert statuses(execution) == {"A": "Succeeded", "Check": "Succeeded", "Good": "Skipped", "Weak": "Failed"}
    assert execution.status == "Failed"
    assert "too weak" in (execution.failure_reason or "")


def test_the_log_is_readable_and_complete_at_the_end(bench: Bench) -> None:
    execution = bench.run(chain(1))
    piece = read_log(StepAttempt.objects.get(execution=execution).pk)
    assert piece.text == "S0 runs\n"
    assert piece.complete


def test_a_success_publishes_its_manifest_and_its_description(bench: Bench) -> None:
    execution = bench.run(chain(1))
    stored = StoredObject.objects.get(execution=execution.pk)
    assert stored.uri == f"s3://results/{execution.pk}/S0/result.txt"
    assert Job.objects.get(execution=execution).description["ProcessingJobStatus"] == "Completed"


def test_parallelism_bounds_what_is_pending_or_running(bench: Bench) -> None:
    execution = bench.start(pipeline(*(step(f"P{n}") for n in range(5))), parallelism=2)
    assert StepAttempt.objects.filter(execution=execution).count() == 2
    bench.answer()
    assert fresh(execution).status == "Succeeded"


def test_a_transition_in_a_chain_costs_a_small_constant_number_of_queries(
    bench: Bench, start: Callable[..., Execution]
) -> None:
    start(chain(12))
    with CaptureQueriesContext(
        connection,
    ) as long:
        bench.answer()
    start(chain(6))
    with CaptureQueriesContext(connection) as short:
        bench.answer()
    per_step = (len(long) - len(short)) / 6
    assert per_step <= 18


def test_a_wide_fan_out_is_written_in_bulk(bench: Bench) -> None:
    execution = bench.start(fan(200))
    claim = claim_attempt(bench.rung.pop(), worker="one")
    assert claim is not None
    done = Finish(outcome=Outcome(ended=Ended.SUCCEEDED), executing_at=None, runner="process")
    with CaptureQueriesContext(connection) as queries:
        report_finish(claim, done, worker="one", continue_inline=False)
    assert len(queries) < 40
    assert StepAttempt.objects.filter(execution=execution).count() == 201
    assert len(bench.rung) == 64


def test_events_stay_below_eight_kibibytes(bench: Bench) -> None:
    bench.runner.acts["S0"] = fails(3)
    execution = bench.run(chain(1))
    assert all(len(str(row.data)) < 8192 for row in ExecutionEvent.objects.filter(execution=execution))
