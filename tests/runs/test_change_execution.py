"""Renaming a running execution, changing how much of it runs at once, and starting as AWS does."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.models import AuditEntry
from runs.errors import CannotStart, ExecutionNotFound, ExecutionNotRunning, JobNameInUse, JobNotFound
from runs.models import Execution, StepExecution
from runs.services.changes import change_execution
from runs.services.jobs import create_job, stop_job
from runs.services.retry import retry_execution
from tests.runs.definitions import chain, fan, pipeline, step
from tests.runs.obedient import fails
from tests.runs.workers import Bench, fresh, statuses

ARGUMENTS = step("plain")["Arguments"]


def test_names_change_and_the_audit_says_so(bench: Bench, owner: Actor) -> None:
    execution = bench.start(chain(1))
    change_execution(actor=owner, execution_id=execution.pk, display_name="Nightly", description="of today")
    kept = fresh(execution)
    assert (kept.display_name, kept.description) == ("Nightly", "of today")
    assert AuditEntry.objects.get(action="execution.change").target == execution.pk


@pytest.mark.parametrize(("before", "after", "running"), [(1, 3, 3), (3, 1, 3), (2, 100, 4)])
def test_a_limit_counts_at_once_and_takes_nothing_back(
    bench: Bench, owner: Actor, before: int, after: int, running: int
) -> None:
    execution = bench.start(pipeline(*(step(f"S{n}") for n in range(4))), parallelism=before)
    change_execution(actor=owner, execution_id=execution.pk, parallelism=after)
    assert StepExecution.objects.filter(has_attempt=True).count() == running
    bench.answer()
    assert fresh(execution).status == "Succeeded"
    with pytest.raises(ExecutionNotRunning):
        change_execution(actor=owner, execution_id=execution.pk, parallelism=2)


def test_a_retry_may_run_under_another_limit(bench: Bench, owner: Actor) -> None:
    bench.runner.acts["Root"] = fails()
    execution = bench.run(fan(4))
    del bench.runner.acts["Root"]
    retry_execution(actor=owner, execution_id=execution.pk, parallelism=1)
    assert fresh(execution).parallelism == 1
    bench.answer()
    assert fresh(execution).status == "Succeeded"


def test_strangers_and_viewers_change_nothing(bench: Bench, owner: Actor, stranger: Actor, viewer: Actor) -> None:
    execution = bench.start(chain(1))
    with pytest.raises(ExecutionNotFound):
        change_execution(actor=stranger, execution_id=execution.pk, display_name="mine")
    with pytest.raises(NotPermitted):
        change_execution(actor=viewer, execution_id=execution.pk, display_name="mine")


def test_a_step_that_cannot_run_here_refuses_a_start_but_for_aws_callers(bench: Bench, owner: Actor) -> None:
    foreign = step("S0")
    foreign["Arguments"]["AppSpecification"]["ImageUri"] = "nobody:1"
    with pytest.raises(CannotStart, match="No local runtime"):
        bench.start(pipeline(foreign))
    execution = bench.run(pipeline(foreign), as_aws=True)
    assert execution.status == "Failed"
    assert "No local runtime" in (execution.failure_reason or "")
    with pytest.raises(CannotStart):
        bench.start(pipeline(step("A"), step("B", "Nobody")), as_aws=True)


def test_a_plain_job_has_its_own_name_once(bench: Bench, owner: Actor, stranger: Actor, viewer: Actor) -> None:
    asked = {"kind": "Processing", "name": "clean-1", "region": "us-east-1", "arguments": ARGUMENTS}
    execution = create_job(actor=owner, **asked)
    with pytest.raises(JobNameInUse):
        create_job(actor=owner, **asked)
    with pytest.raises(NotPermitted):
        create_job(actor=viewer, **asked)
    with pytest.raises(JobNotFound):
        stop_job(actor=stranger, kind="Processing", name="clean-1")
    with pytest.raises(NotPermitted):
        stop_job(actor=viewer, kind="Processing", name="clean-1")
    stop_job(actor=owner, kind="Processing", name="clean-1")
    assert statuses(execution) == {"clean-1": "Stopped"}
    assert create_job(actor=stranger, **asked).workspace_id == stranger.workspace.pk
    assert Execution.objects.count() == 2


def test_a_condition_over_two_types_fails_at_its_turn_for_aws_callers(bench: Bench) -> None:
    gate = {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {
            "Conditions": [{"Type": "Equals", "LeftValue": "1", "RightValue": 1}],
            "IfSteps": [],
            "ElseSteps": [],
        },
    }
    with pytest.raises(CannotStart):
        bench.start(pipeline(gate))
    execution = bench.run(pipeline(gate), as_aws=True)
    assert execution.status == "Failed"
    assert "type" in (execution.failure_reason or "")
