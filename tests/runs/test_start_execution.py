from __future__ import annotations

import json

import pytest

from accounts.actors import Actor
from accounts.errors import NotPermitted
from accounts.models import AuditEntry
from editor.errors import PipelineNotFound, VersionNotFound
from editor.services.pipelines import create_pipeline
from editor.services.versions import publish
from runs.errors import CannotStart, ExecutionNotFound, TokenReused
from runs.models import Execution
from runs.services.start import Selective, start_execution
from tests.runs.definitions import chain, pipeline, step
from tests.runs.workers import Bench, fresh, statuses

PARAMETERS = [{"Name": "Rate", "Type": "Float", "DefaultValue": 0.1}, {"Name": "Name", "Type": "String"}]


def made(owner: Actor, definition: object, name: str = "made") -> str:
    return create_pipeline(actor=owner, name=name, definition=json.dumps(definition)).pk


def test_an_operator_starts_and_the_audit_says_so(bench: Bench, owner: Actor, operator: Actor) -> None:
    execution = start_execution(actor=operator, pipeline_id=made(owner, chain(1)))
    assert execution.status == "Executing"
    assert execution.started_by == "otto"
    entry = AuditEntry.objects.get(action="execution.start")
    assert (entry.actor, entry.target) == ("otto", execution.pk)


def test_a_viewer_may_not_start(bench: Bench, owner: Actor, viewer: Actor) -> None:
    with pytest.raises(NotPermitted):
        start_execution(actor=viewer, pipeline_id=made(owner, chain(1)))
    assert not Execution.objects.exists()


def test_a_stranger_does_not_even_learn_of_the_pipeline(bench: Bench, owner: Actor, stranger: Actor) -> None:
    with pytest.raises(PipelineNotFound):
        start_execution(actor=stranger, pipeline_id=made(owner, chain(1)))


def test_a_definition_with_errors_is_refused_with_the_first_problem(bench: Bench, owner: Actor) -> None:
    broken = pipeline(step("A"), step("B", "Nobody"))
    with pytest.raises(CannotStart, match="Nobody") as refused:
        start_execution(actor=owner, pipeline_id=made(owner, broken))
    assert refused.value.problems[0].step == "B"
    assert not Execution.objects.exists()
    assert bench.rung == []


def test_parameters_are_resolved_and_typed(bench: Bench, owner: Actor) -> None:
    pipeline_id = made(owner, pipeline(step("A"), parameters=PARAMETERS))
    execution = start_execution(actor=owner, pipeline_id=pipeline_id, parameters={"Name": "x", "Rate": "0.5"})
    assert execution.parameters == {"Rate": 0.5, "Name": "x"}


@pytest.mark.parametrize("given", [{}, {"Name": "x", "Rate": "many"}, {"Name": "x", "Rat": 1}])
def test_missing_mistyped_and_unknown_parameters_are_refused(bench: Bench, owner: Actor, given: dict[str, str]) -> None:
    with pytest.raises(CannotStart):
        start_execution(
            actor=owner, pipeline_id=made(owner, pipeline(step("A"), parameters=PARAMETERS)), parameters=given
        )


def test_the_same_token_gives_the_same_execution(bench: Bench, owner: Actor) -> None:
    pipeline_id = made(owner, chain(1))
    first = start_execution(actor=owner, pipeline_id=pipeline_id, client_request_token="token-1234")
    again = start_execution(actor=owner, pipeline_id=pipeline_id, client_request_token="token-1234")
    assert first.pk == again.pk
    assert Execution.objects.count() == 1
    with pytest.raises(TokenReused):
        start_execution(actor=owner, pipeline_id=pipeline_id, client_request_token="token-1234", display_name="another")


def test_a_version_runs_what_was_published_and_the_draft_what_was_edited(bench: Bench, owner: Actor) -> None:
    pipeline_id = made(owner, chain(2))
    with pytest.raises(VersionNotFound):
        start_execution(actor=owner, pipeline_id=pipeline_id, source="version")
    publish(actor=owner, pipeline_id=pipeline_id)
    execution = start_execution(actor=owner, pipeline_id=pipeline_id, source="version")
    assert execution.source_label == "v1"
    assert start_execution(actor=owner, pipeline_id=pipeline_id).source_label == "draft after v1"


def test_only_the_selected_step_runs_and_reads_from_the_source(bench: Bench, owner: Actor) -> None:
    source = bench.run(chain(3))
    only = Selective(steps=["S1"], source_execution=source.pk)
    execution = start_execution(actor=owner, pipeline_id=source.pipeline_id, selective=only)
    bench.answer()
    assert fresh(execution).status == "Succeeded"
    assert statuses(execution) == {"S0": "Succeeded", "S1": "Succeeded", "S2": "Skipped"}
    assert bench.runner.steps == ["S0", "S1", "S2", "S1"]
    assert bench.runner.ran[-1].input_files[0].uri == f"s3://results/{source.pk}/S0/result.txt"


def test_a_source_of_another_workspace_is_not_found(bench: Bench, owner: Actor) -> None:
    pipeline_id = made(owner, chain(2))
    with pytest.raises(ExecutionNotFound):
        start_execution(
            actor=owner, pipeline_id=pipeline_id, selective=Selective(steps=["S1"], source_execution="0" * 12)
        )


def test_a_source_of_another_pipeline_or_one_that_still_runs_is_refused(bench: Bench, owner: Actor) -> None:
    other, running = bench.run(chain(2)), bench.start(chain(2))
    for source, words in ((other, "of another pipeline"), (running, "still Executing")):
        only = Selective(steps=["S1"], source_execution=source.pk)
        with pytest.raises(CannotStart, match=words) as refused:
            start_execution(actor=owner, pipeline_id=running.pipeline_id, selective=only)
        assert refused.value.problems[0].code == "selection-source"
