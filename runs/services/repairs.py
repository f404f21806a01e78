"""Repairing a failed step: one command on the pipeline's draft, offered in words before it is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from accounts.actors import Actor
from accounts.permissions import Permission, require
from editor import selectors as editor
from editor.errors import DefinitionInvalid, PipelineNotFound, StaleRevision
from editor.models import Draft
from editor.patches import Edit
from editor.services.drafts import apply_commands
from engine.definition.model import Definition, Step
from engine.definition.parse import parse_definition
from engine.definition.pointer import child, split
from engine.execution.states import StepStatus
from engine.failures.cause import Cause
from engine.failures.repairs import Repair, code_input, repairs, requirements_input
from runs import selectors
from runs.errors import RepairGone
from runs.failures import cause_of
from runs.models import Execution, StepAttempt, StepExecution
from runs.services.code import read_text, store_code
from runs.services.column_repairs import MissingColumn, by_names_of_today

TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """What was done to which revision of the draft."""

    pipeline_id: str
    revision: int
    label: str


def offered(*, actor: Actor, step: StepExecution, cause: Cause | None) -> tuple[Repair, ...]:
    """What can be done to the pipeline's draft about the cause; nothing where the step is not there any more."""
    if cause is None:
        return ()
    try:
        draft = editor.draft(actor, step.execution.pipeline_id)
    except PipelineNotFound:
        return ()
    definition = _definition_of(draft.definition)
    now = definition.steps_by_name.get(step.name) if definition is not None else None
    if definition is None or now is None:
        return ()
    pipeline_id, good = step.execution.pipeline_id, _last_good(step)
    if cause.column is None or cause.code != "column-missing":
        current = good and by_names_of_today(actor, pipeline_id, definition, now, good)
        return repairs(now.document, cause, current)
    missing = MissingColumn(actor, pipeline_id, definition, now, cause)
    return missing.widened(repairs(now.document, missing.cause, good))


def repair_step(*, actor: Actor, execution_id: str, name: str, iteration: int, repair: str) -> Repaired:
    """Makes the offered repair of this id in the draft, as one command that can be undone there.

    Raises:
        NotPermitted, ExecutionNotFound, StepNotFound
        RepairGone: draft or step are not any more as they were when it was offered.
    """
    require(actor, Permission.EDIT_PIPELINE)
    step = selectors.step_of(actor, execution_id, name, iteration)
    attempt = StepAttempt.objects.filter(step=step).order_by("-number").first()
    cause = cause_of(step, attempt)
    pipeline_id = step.execution.pipeline_id
    for _ in range(TRIES):
        try:
            draft = editor.draft(actor, pipeline_id)
        except PipelineNotFound:
            break
        chosen = next((one for one in offered(actor=actor, step=step, cause=cause) if one.id == repair), None)
        if chosen is None:
            break
        chosen = _with_requirements(actor, draft, name, chosen)
        label = chosen.label if chosen.elsewhere else f"{chosen.label} in {name}"
        edit = Edit(name="repair_step", label=label, definition=_patch(draft, name, chosen))
        try:
            saved = apply_commands(actor=actor, pipeline_id=pipeline_id, revision=draft.revision, edits=[edit])
        except StaleRevision:
            continue
        except DefinitionInvalid:
            break
        return Repaired(pipeline_id=pipeline_id, revision=saved.revision, label=chosen.label)
    raise RepairGone(step=name)


def _with_requirements(actor: Actor, draft: Draft, name: str, repair: Repair) -> Repair:
    """The repair with the address of a requirements.txt that names its package, where it is about one."""
    step = _step_of(draft.definition, name)
    code = code_input(step.document) if step is not None and repair.package is not None else None
    if step is None or code is None:
        return repair
    _, folder = code
    known = requirements_input(step.document, folder)
    before = read_text(actor=actor, uri=known[1]).text.rstrip("\n") if known else ""
    lines = f"{before}\n{repair.package}\n".lstrip("\n")
    stored = store_code(actor=actor, pipeline_id=draft.pipeline_id, file_name="requirements.txt", data=lines.encode())
    inputs = "/Arguments/ProcessingInputs"
    if known is not None:
        return replace(repair, changes=((f"{inputs}/{known[0]}/S3Input/S3Uri", stored.uri),))
    source = {"S3Uri": stored.uri, "LocalPath": folder, "S3DataType": "S3Prefix", "S3InputMode": "File"}
    entry = {"InputName": "requirements", "AppManaged": False, "S3Input": source}
    return replace(repair, changes=((f"{inputs}/-", entry),))


def _patch(draft: Draft, name: str, repair: Repair) -> list[dict[str, Any]]:
    step = _step_of(draft.definition, name)
    assert step is not None
    here = [_operation(step, pointer, value) for pointer, value in repair.changes]
    return here + [{"op": "replace", "path": pointer, "value": value} for pointer, value in repair.elsewhere]


def _operation(step: Step, pointer: str, value: Any) -> dict[str, Any]:
    holder: Any = step.document
    *way, last = split(pointer)
    for token in way:
        holder = child(holder, token)
    there = last != "-" if isinstance(holder, list) else last in holder
    return {"op": "replace" if there else "add", "path": step.pointer + pointer, "value": value}


def _last_good(step: StepExecution) -> dict[str, Any] | None:
    """The step as the newest execution of its pipeline had it in which it ran to success."""
    good = StepExecution.objects.filter(
        execution__pipeline_id=step.execution.pipeline_id,
        execution__workspace_id=step.execution.workspace_id,
        name=step.name,
        type=step.type,
        status=StepStatus.SUCCEEDED,
    )
    newest = good.order_by("-execution__created_at").values_list("execution_id", flat=True).first()
    if newest is None:
        return None
    text = Execution.objects.values_list("definition", flat=True).get(pk=newest)
    found = _step_of(text, step.name)
    return dict(found.document) if found is not None else None


def _step_of(text: str, name: str) -> Step | None:
    definition = _definition_of(text)
    return definition.steps_by_name.get(name) if definition is not None else None


def _definition_of(text: str) -> Definition | None:
    parsed = parse_definition(text)
    return Definition.from_document(parsed.document) if parsed.document is not None else None
