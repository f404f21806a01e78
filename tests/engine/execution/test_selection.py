"""Selective execution: which selections are accepted, and what becomes of the other steps."""

from __future__ import annotations

from engine.definition.model import Definition
from engine.execution.plan import Plan, compile_plan
from engine.execution.selection import Selection, plan_selection
from tests.engine.execution import definitions as d

PLAN: Plan = compile_plan(Definition.from_document(d.headline()))
ALL_GOOD = dict.fromkeys(PLAN.steps, "Succeeded")


def codes(*selected: str, source: dict[str, str] | None = ALL_GOOD) -> list[tuple[str, str | None]]:
    selection, problems = plan_selection(PLAN, selected, source)
    assert (selection is None) is bool(problems)
    return [(problem.code, problem.step) for problem in problems]


def test_upstream_steps_are_reused_and_the_others_left_out() -> None:
    selection, problems = plan_selection(PLAN, ["Evaluate"], ALL_GOOD)
    assert not problems
    assert selection == Selection(
        selected=frozenset({"Evaluate"}), reused=frozenset({"Split", "TrainForest", "TrainBoosted"})
    )


def test_a_selection_that_reads_nothing_from_others_needs_no_source() -> None:
    assert codes("Split", source=None) == []
    assert codes("Split", "TrainForest", "TrainBoosted", "Evaluate", source=None) == []


def test_outputs_of_unselected_steps_need_a_source_where_they_succeeded() -> None:
    assert codes("TrainForest", source=None) == [("selection-source", "TrainForest")]
    assert codes("TrainForest", source={"Split": "Failed"}) == [("selection-source", "TrainForest")]
    assert codes("TrainForest", source={}) == [("selection-source", "TrainForest")]
    assert codes("TrainForest", source={"Split": "Succeeded"}) == []


def test_the_message_names_the_producer_and_how_it_ended() -> None:
    _, (problem,) = plan_selection(PLAN, ["TrainForest"], {"Split": "Failed"})
    assert '"Split"' in problem.message
    assert "Failed" in problem.message


def test_a_branch_member_runs_without_its_condition() -> None:
    assert codes("Register", source={"TrainForest": "Succeeded"}) == []


def test_every_step_between_two_selected_ones_is_selected_too() -> None:
    assert codes("Split", "Evaluate") == [("selection-gap", "TrainForest"), ("selection-gap", "TrainBoosted")]
    assert codes("Split", "TrainForest", "Evaluate") == [("selection-gap", "TrainBoosted")]


def test_steps_side_by_side_may_be_selected_together() -> None:
    assert codes("TrainForest", "TrainBoosted") == []


def test_an_unknown_step_is_answered_with_the_nearest_name() -> None:
    _, (problem,) = plan_selection(PLAN, ["Evalute"], ALL_GOOD)
    assert (problem.code, problem.step) == ("unknown-step", "Evalute")
    assert '"Evaluate"' in problem.message


def test_one_to_fifty_steps_may_be_selected() -> None:
    assert codes() == [("selection-size", None)]
    wide = compile_plan(Definition.from_document(d.pipeline(*(d.processing(f"S{n}") for n in range(51)))))
    assert plan_selection(wide, [f"S{n}" for n in range(50)], None)[1] == ()
    (problem,) = plan_selection(wide, list(wide.steps), None)[1]
    assert problem.code == "selection-size"
