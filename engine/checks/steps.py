"""Each step by itself: a known type that runs here, and arguments that fit its schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.checks.subject import Subject, error, replace_fix, warning
from engine.definition.model import CONTAINERS, Step
from engine.definition.pointer import MISSING, join, resolve
from engine.execution.cache import parse_expire_after
from engine.expressions import quote
from engine.names import did_you_mean
from engine.problems import Fix, Problem
from engine.steps.base import Nature
from engine.steps.catalog import STEP_TYPES, step_type
from engine.steps.schema import misfits, step_schema

#: What the checks of shape and names speak of.
_TOLD_ELSEWHERE = frozenset(
    {"/Name", "/Type", "/Arguments", "/DependsOn"}
    | {f"/Arguments/{key}" for keys in CONTAINERS.values() for key, _ in keys}
)
_STILL_STARTS = "The pipeline can be run; this step then fails and says the same."


def check_steps(subject: Subject) -> Iterator[Problem]:
    for step in subject.definition.steps:
        kind = step_type(step.type)
        if step.type not in STEP_TYPES:
            if step.type:
                message = f'{step.name} has the type "{step.type}", which Clary does not know. It is kept as it is.'
                hint = did_you_mean(step.type, STEP_TYPES) if len(step.type) < 60 else ""
                yield warning("unknown-step-type", message + hint, join(step.pointer, "Type"), step.name)
            continue
        here = subject.profile != "strict"  # what this installation can run is nothing to AWS
        if kind.nature is Nature.UNSUPPORTED and here:
            message = f"{step.name}: {kind.reason} {_STILL_STARTS}"
            yield warning("step-does-not-run", message, step.pointer, step.name)
        elif here:
            reason = subject.runnable(step)
            if reason is not None:
                yield error("step-not-runnable", reason, step.pointer, step.name)
        yield from _arguments(step, subject, hard=kind.nature is not Nature.UNSUPPORTED)
        yield from _cache(step)
        if kind.check is not None:
            for problem in kind.check(step.document):
                yield _placed(problem, step)


def _arguments(step: Step, subject: Subject, *, hard: bool) -> Iterator[Problem]:
    for misfit in misfits(step_schema(step.type), step.document):
        if misfit.pointer in _TOLD_ELSEWHERE:
            continue
        pointer = step.pointer + misfit.pointer
        found = resolve(subject.document, pointer) is not MISSING
        fix: Fix | None = None
        if misfit.replacement is not MISSING and found:
            title = f"Use {quote(misfit.replacement)}"
            fix = replace_fix(title, pointer, misfit.replacement)
        tell = error if hard and misfit.code == "missing-value" else warning
        yield tell(misfit.code, f"{step.name} {misfit.message}", pointer, step.name, fix)


def _cache(step: Step) -> Iterator[Problem]:
    """A lifetime nobody can read switches the cache off; that should not stay unnoticed."""
    config = step.document.get("CacheConfig")
    lifetime = config.get("ExpireAfter") if isinstance(config, Mapping) and config.get("Enabled") is True else None
    if lifetime is None or parse_expire_after(lifetime) is not None:
        return
    message = (
        f"{step.name}: ExpireAfter is {quote(lifetime)}, which is no duration, so the step runs every time. Write P30D "
        "for 30 days or PT12H for 12 hours."
    )
    yield warning("unreadable-duration", message, join(step.pointer, "CacheConfig", "ExpireAfter"), step.name)


def _placed(problem: Problem, step: Step) -> Problem:
    """A problem of a step object as one of the definition: pointers and repairs start at the step."""
    fix = problem.fix
    if fix is not None:
        patch = tuple({**operation, "path": step.pointer + operation["path"]} for operation in fix.patch)
        fix = replace(fix, patch=patch)
    return replace(problem, pointer=step.pointer + problem.pointer, step=step.name, fix=fix)
