"""Whether a definition may start: errors refuse it, warnings do not. Found once per text, image table and process.

A type that does not run here is a warning, so its step starts and is refused with the reason (AWS accepts it too);
an image nobody mapped is an error, told before anything ran. AWS callers start such a pipeline all the same, and read
the reason at its step, as they would of an image AWS cannot pull.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from editor import documents
from editor.errors import DefinitionInvalid
from engine.definition.model import Definition
from engine.execution.plan import CannotPlan, compile_plan
from engine.execution.states import TERMINAL_EXECUTION
from engine.images import ImageMapping
from engine.problems import Problem, Severity
from runs.errors import CannotStart
from runs.models import Execution

#: What one step alone suffers from: an image nothing here runs, an argument AWS's SDK leaves out (it sends null), a
#: Condition over values of two types.
_TOLD_BY_THE_STEP = frozenset({"condition-type", "missing-value", "step-not-runnable"})
_KEPT = 256
_lock = threading.Lock()
_sound: OrderedDict[tuple[str, tuple[ImageMapping, ...], bool], None] = OrderedDict()


def refuse_errors(sha256: str, text: str, images: tuple[ImageMapping, ...], *, as_aws: bool = False) -> None:
    """Returns when the definition can be started where `images` are mapped. `sha256`: of the text.

    `as_aws`: steps that cannot run here, lack a value or compare two types are left to fail at their turn.

    Raises:
        CannotStart: names the first error, carries all of them.
    """
    key = (sha256, images, as_aws)
    with _lock:
        if key in _sound:
            _sound.move_to_end(key)
            return
    _check(text, images, as_aws)
    with _lock:
        _sound[key] = None
        while len(_sound) > _KEPT:
            _sound.popitem(last=False)


def refuse(problems: Sequence[Problem]) -> None:
    """Raises: CannotStart: there are errors among the problems."""
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise CannotStart(errors)


def unusable_source(pipeline_id: str, source: Execution) -> list[Problem]:
    """Why an execution's outputs cannot stand in for unselected steps; AWS takes ended ones of the same pipeline."""
    if source.pipeline_id != pipeline_id:
        said = "is of another pipeline. Choose one of this pipeline"
    elif source.status not in TERMINAL_EXECUTION:
        said = f"is still {source.status}. Wait for its end, or choose another one"
    else:
        return []
    return [Problem(code="selection-source", message=f"The source execution {source.pk} {said}.")]


def _check(text: str, images: tuple[ImageMapping, ...], as_aws: bool) -> None:
    try:
        checked = documents.check(text, images)
    except DefinitionInvalid as invalid:
        raise CannotStart(invalid.problems) from None
    refuse([problem for problem in checked.problems if not (as_aws and problem.code in _TOLD_BY_THE_STEP)])
    definition = Definition.from_document(checked.document)
    try:
        compile_plan(definition)
    except CannotPlan as impossible:
        raise CannotStart([Problem(code="cannot-plan", message=str(impossible))]) from impossible
    if not definition.steps:
        raise CannotStart([Problem(code="no-steps", message="The pipeline has no steps. Add one before you run it.")])
