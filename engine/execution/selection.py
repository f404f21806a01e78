"""Which steps a selective execution runs, which it takes from an earlier one, and which it leaves out.

Source: AWS "Selective execution of pipeline steps" and SelectiveExecutionConfig (1 to 50 steps; every step on a
path between two selected steps is selected as well; what selected steps read comes from the source execution).
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from engine.execution.plan import Plan
from engine.execution.states import StepStatus
from engine.problems import Problem

MOST_SELECTED = 50


@dataclass(frozen=True, kw_only=True)
class Selection:
    """`selected` run; `reused` stand in with the outputs of the source; every other step is left out."""

    selected: frozenset[str]
    reused: frozenset[str] = frozenset()


def plan_selection(
    plan: Plan, selected: Collection[str], source_statuses: Mapping[str, str] | None
) -> tuple[Selection | None, tuple[Problem, ...]]:
    """(selection, no problems), or (None, every reason why these steps cannot run on their own).

    `source_statuses`: step name → status in the source execution, None when no source was chosen.
    """
    wanted = frozenset(selected)
    problems = [*_count_problems(wanted), *_unknown_problems(plan, wanted)]
    if not problems:
        problems = [*_gap_problems(plan, wanted), *_source_problems(plan, wanted, source_statuses)]
    if problems:
        return None, tuple(problems)
    statuses = source_statuses or {}
    upstream = _reach(plan, wanted, forwards=False) - wanted
    reused = frozenset(name for name in upstream if statuses.get(name) == StepStatus.SUCCEEDED)
    return Selection(selected=wanted, reused=reused), ()


def _count_problems(wanted: frozenset[str]) -> Iterable[Problem]:
    if not 1 <= len(wanted) <= MOST_SELECTED:
        yield Problem(
            code="selection-size",
            message=f"A selective execution runs 1 to {MOST_SELECTED} steps; {len(wanted)} were selected.",
        )


def _unknown_problems(plan: Plan, wanted: frozenset[str]) -> Iterable[Problem]:
    for name in sorted(wanted - plan.steps.keys()):
        near = difflib.get_close_matches(name, plan.steps, n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        yield Problem(code="unknown-step", message=f'The pipeline has no step "{name}".{hint}', step=name)


def _gap_problems(plan: Plan, wanted: frozenset[str]) -> Iterable[Problem]:
    between = _reach(plan, wanted, forwards=True) & _reach(plan, wanted, forwards=False)
    for name in _in_order(plan, between - wanted):
        yield Problem(
            code="selection-gap",
            message=f'"{name}" lies between selected steps. Select it too, or leave out the steps on one side of it.',
            step=name,
        )


def _source_problems(
    plan: Plan, wanted: frozenset[str], source_statuses: Mapping[str, str] | None
) -> Iterable[Problem]:
    for name in _in_order(plan, wanted):
        for producer in plan.steps[name].producers:
            if producer.step in wanted or not producer.needs_output:
                continue
            if source_statuses is None:
                said = "no source execution was chosen. Choose one in which it succeeded, or select it too."
            elif source_statuses.get(producer.step) != StepStatus.SUCCEEDED:
                ended = source_statuses.get(producer.step, "not run")
                said = f"in the source execution it ended {ended}. Choose another source, or select it too."
            else:
                continue
            yield Problem(
                code="selection-source", message=f'"{name}" reads an output of "{producer.step}", but {said}', step=name
            )


def _reach(plan: Plan, start: Collection[str], *, forwards: bool) -> set[str]:
    """Every step downstream (or upstream) of one of `start`, themselves only if another of them leads there."""
    found: set[str] = set()
    stack = list(start)
    while stack:
        step = plan.steps[stack.pop()]
        for edge in step.successors if forwards else step.producers:
            if edge.step not in found:
                found.add(edge.step)
                stack.append(edge.step)
    return found


def _in_order(plan: Plan, names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: plan.steps[name].position)
