"""A missing column, seen from the whole pipeline: what took its place, and every step that still names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from accounts.actors import Actor
from engine.definition.model import Definition, Step
from engine.failures.cause import Action, Cause
from engine.failures.repairs import Repair
from engine.library.column_checks import listed_steps
from engine.library.columns import flow
from engine.library.renaming import uses_of
from engine.names import closest
from runs.columns import Files, sources_of


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
