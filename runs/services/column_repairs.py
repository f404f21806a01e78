"""A missing column, seen from the whole pipeline: what took its place, and every step that still names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from accounts.actors import Actor
from engine.definition.model import Definition, Step
from engine.definition.patch import apply_patch
from engine.definition.pointer import resolve
from engine.failures.cause import Action, Cause
from engine.failures.repairs import Repair
from engine.library.catalogue import recognise
from engine.library.column_checks import listed_steps
from engine.library.columns import flow
from engine.library.renaming import uses_of
from engine.names import closest
from runs.columns import Files, columns_of, sources_of


class MissingColumn:
    """The column a cause is about, in the pipeline's draft as it is now."""

    def __init__(self, actor: Actor, pipeline_id: str, definition: Definition, step: Step, cause: Cause) -> None:
        files = Files(actor)
        self._sources = sources_of(actor, pipeline_id, files)
        self._definition, self._step = definition, step
        self._known = flow(definition, self._sources)
        self._old = cause.column or ""
        self._change = files.change()
        self.cause = self._with_place(cause)

    def _with_place(self, cause: Cause) -> Cause:
        """The cause, with what a new version of a dataset has in the column's place for suggestions."""
        taken = self._change.to.get(self._old)
        if taken is None:
            return cause
        near = closest(self._old, sorted(self._change.new))
        actions = tuple(dict.fromkeys((Action.PICK_COLUMN, *cause.actions)))
        return replace(cause, suggestions=tuple(dict.fromkeys((near or taken, taken))), actions=actions)

    def widened(self, found: Sequence[Repair]) -> tuple[Repair, ...]:
        """The repairs, before them the likeliest column in every step that names the missing one."""
        if not self._old or not self.cause.suggestions or Action.PICK_COLUMN not in self.cause.actions:
            return tuple(found)
        new = self.cause.suggestions[0]
        uses = uses_of(self._definition, self._known, self._sources, {self._old: new})[self._old]
        others = [use for use in uses if use.step.name != self._step.name]
        if not others:
            return tuple(found)
        here = next((one.changes for one in found if one.id == f"pick-column:{new}"), ())
        steps = dict.fromkeys(([self._step.name] if here else []) + [use.step.name for use in others])
        everywhere = Repair(
            id=f"pick-column-everywhere:{new}",
            action=Action.PICK_COLUMN,
            label=f"Use the column “{new}” in {listed_steps(steps, self._old)}",
            changes=here,
            elsewhere=tuple((use.step.pointer + use.pointer, use.value) for use in others),
        )
        return (everywhere, *found)


def by_names_of_today(
    actor: Actor, pipeline_id: str, definition: Definition, step: Step, good: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """The step as it last succeeded, with the names its columns have by now; None where one of them is gone."""
    if recognise(good) is None:
        return good
    document, _ = apply_patch(definition.document, [{"op": "replace", "path": step.pointer, "value": good}])
    for _ in range(2):  # as it was, then with the new names
        problems = columns_of(actor, pipeline_id, Definition.from_document(document))[1]
        missing = [one for one in problems if one.step == step.name and one.code == "unknown-column"]
        if not missing:
            found: Mapping[str, Any] = resolve(document, step.pointer)
            return found
        if any(one.fix is None for one in missing):
            return None
        document, _ = apply_patch(document, [change for one in missing if one.fix for change in one.fix.patch])
    return None
