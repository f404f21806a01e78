"""Everything that is wrong with a definition, at once, in words a person can act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engine.checks.branches import check_branches
from engine.checks.conditions import check_conditions
from engine.checks.names import check_names
from engine.checks.parameters import check_parameters
from engine.checks.references import check_references
from engine.checks.shape import check_shape
from engine.checks.steps import check_steps
from engine.checks.strict import check_strict
from engine.checks.subject import Subject
from engine.definition.model import Definition, Step
from engine.definition.parse import CLARY_LIMITS
from engine.definition.tree import deeper_than, pointer_of
from engine.graph import build_graph
from engine.problems import Problem, Severity

#: Nobody reads more; a broken import of 10,000 steps must not make a reply of 100 MB.
MOST_PROBLEMS = 1000

#: The profiles of `validate`: what Clary runs, and what AWS takes.
CLARY, STRICT = "clary", "strict"
PROFILES = (CLARY, STRICT)
#: Told as a warning here, where such a definition runs.
_ERRORS_ON_AWS = frozenset({"too-many-inputs", "too-many-outputs", "value-not-allowed", "value-out-of-range"})

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def runs_everywhere(step: Step) -> str | None:
    """The default for `runnable`: nothing is known about the machine."""
    return None


def validate(
    document: Any, *, profile: str = "clary", runnable: Callable[[Step], str | None] = runs_everywhere
) -> tuple[Problem, ...]:
    """Every problem of a parsed definition, errors first, otherwise in a fixed order.

    Never raises, whatever JSON it gets. `runnable` says why a step of a type that runs here cannot (an unmapped
    image), or None. Profile "strict" is "SageMaker strict": it adds what only AWS refuses, and leaves out what only
    this installation cannot do. Fixes are patches for the document as it is.
    A pointer names the place of a missing value too, so that a form can lead there.
    """
    deep = deeper_than(document, CLARY_LIMITS.max_depth)
    if deep is not None:
        message = f"The definition is nested more than {CLARY_LIMITS.max_depth} levels deep."
        return (Problem(code="too-deep", message=message, pointer=pointer_of(deep)),)
    problems = list(check_shape(document))
    if isinstance(document, dict):
        definition = Definition.from_document(document)
        subject = Subject(
            document=document,
            definition=definition,
            graph=build_graph(definition),
            profile=profile,
            runnable=runnable,
        )
        checks = (
            check_names,
            check_steps,
            check_references,
            check_conditions,
            check_branches,
            check_parameters,
            check_strict,
        )
        for check in checks:
            problems.extend(check(subject))
        if profile == STRICT:
            problems = [_refused_by_aws(problem) for problem in problems]
    told = {(problem.code, problem.pointer, problem.message): problem for problem in problems}
    return tuple(sorted(told.values(), key=lambda problem: _ORDER[problem.severity])[:MOST_PROBLEMS])


def _refused_by_aws(problem: Problem) -> Problem:
    return replace(problem, severity=Severity.ERROR) if problem.code in _ERRORS_ON_AWS else problem


def has_errors(problems: tuple[Problem, ...]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)
