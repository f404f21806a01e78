"""Recorded executions replay exactly; the studio replays the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.definition.model import Definition
from engine.execution.plan import compile_plan
from engine.execution.planner import decide, fold, initial_state
from engine.execution.selection import plan_selection
from engine.execution.states import NOT_ITERATED, StepKey
from tests.engine.execution.record_histories import HISTORIES
from tests.engine.execution.table import execution_row, step_table
from tests.engine.execution.wire import event_of, frame, moment, signal_of

FOLDER = Path(__file__).parents[2] / "golden" / "histories"
FILES = sorted(FOLDER.glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    history: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return history


def replay(history: dict[str, Any]) -> tuple[Any, Any, list[dict[str, Any]]]:
    """(plan, final state, frames) of the history's signals."""
    plan = compile_plan(Definition.from_document(history["definition"]))
    selection = None
    if history["selected"]:
        selection, _ = plan_selection(plan, history["selected"], dict.fromkeys(plan.steps, "Succeeded"))
    state = initial_state(plan, parallelism=history["parallelism"], selection=selection)
    frames: list[dict[str, Any]] = []
    for told in history["signals"]:
        if "note" in told:
            frames.append(frame(len(frames) + 1, moment(told["at"]), event_of(told["note"])))
            continue
        now, signal = signal_of(told)
        decision = decide(plan, state, signal, now)
        for event in decision.events:
            frames.append(frame(len(frames) + 1, now, event))
        state = decision.state
    return plan, state, frames


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_signals_of_a_recorded_history_give_its_events(path: Path) -> None:
    history = load(path)
    _, _, frames = replay(history)
    assert frames == history["events"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_events_of_a_recorded_history_fold_to_its_final_table(path: Path) -> None:
    history = load(path)
    assert [shown["sequence"] for shown in history["events"]] == list(range(1, len(history["events"]) + 1))
    assert step_table(history["steps"], history["events"]) == history["steps"]
    assert execution_row(history["events"]) == history["execution"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_planner_and_the_table_agree_on_what_became_of_each_step(path: Path) -> None:
    history = load(path)
    plan, state, frames = replay(history)
    assert fold(plan, _initial(history, plan), map(event_of, frames)) == state
    for name, row in history["steps"].items():
        step = state.steps[StepKey(name, NOT_ITERATED)]
        seen = {fact: row[fact] for fact in ("status", "attempt", "cached", "skip_reason", "failure_reason", "outcome")}
        assert seen == {fact: getattr(step, fact) for fact in seen}, name
    header = {fact: getattr(state.header, fact) for fact in history["execution"]}
    assert header == history["execution"]


def test_every_recorded_history_is_written_by_the_recorder() -> None:
    written = {name: json.loads(json.dumps(make())) for name, make in HISTORIES.items()}
    assert written == {path.stem: load(path) for path in FILES}


def _initial(history: dict[str, Any], plan: Any) -> Any:
    selection = None
    if history["selected"]:
        selection, _ = plan_selection(plan, history["selected"], dict.fromkeys(plan.steps, "Succeeded"))
    return initial_state(plan, parallelism=history["parallelism"], selection=selection)
