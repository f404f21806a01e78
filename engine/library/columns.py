"""Which columns flow along the wires of ready-made steps: worked out from what is known, before anything runs.

Known are the columns of files (`files`) and of tables an earlier run left (`earlier`); between them each ready-made
step says in its step.json by a rule how its output follows from its inputs and options.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.definition.model import Definition, Step
from engine.definition.pointer import resolve
from engine.expressions import references
from engine.graph import build_graph
from engine.library.catalogue import LibraryStep, recognise
from engine.library.options import options_of, values_of
from engine.library.rules import RULES, Columns

#: The columns of the file at an address, None where nobody knows.
Files: TypeAlias = Callable[[str], Columns | None]
#: The columns an earlier run of a step left in an output, None where there was none.
Earlier: TypeAlias = Callable[[str, str], Columns | None]


@dataclass(frozen=True, kw_only=True)
class StepColumns:
    """Columns at each port of a ready-made step; None where they are not known. A model counts the ones it needs."""

    step: Step
    library: LibraryStep
    inputs: Mapping[str, Columns | None] = field(default_factory=dict)
    outputs: Mapping[str, Columns | None] = field(default_factory=dict)


def flow(definition: Definition, *, files: Files, earlier: Earlier) -> dict[str, StepColumns]:
    """Step name → its columns, for every ready-made step, each worked out once, producers first."""
    parameters = {parameter.name: parameter.default for parameter in definition.parameters}
    by_name = {step.name: step for step in definition.steps}
    known: dict[str, StepColumns] = {}
    for name in (name for wave in build_graph(definition).generations() for name in wave):
        step = by_name[name]
        library = recognise(step.document)
        if library is None:
            continue
        inputs = {
            port["name"]: _arriving(step, port["name"], known, parameters, files, earlier) for port in library.inputs
        }
        values = values_of(step.document, library)
        computed = _computes_columns(step, library)
        outputs: dict[str, Columns | None] = {}
        for port in library.outputs:
            rule = port.get("columns")
            found = RULES[rule["rule"]](rule, values, inputs) if rule and not computed else None
            outputs[port["name"]] = found if found is not None else earlier(name, port["name"])
        known[name] = StepColumns(step=step, library=library, inputs=inputs, outputs=outputs)
    return known


def named_columns(step: Step, library: LibraryStep) -> Iterator[tuple[str, str, Any, str]]:
    """(pointer of the option, input port, the option's value, widget) of every option that names columns."""
    properties = library.form.get("properties", {})
    for option in options_of(step.document, library):
        schema = properties.get(option.name, {})
        if schema.get("x-port") and not option.is_expression:
            yield option.pointer, schema["x-port"], option.value, schema.get("x-widget", "")


def _computes_columns(step: Step, library: LibraryStep) -> bool:
    """Whether an option that names columns is an expression, whose value only the run knows."""
    properties = library.form.get("properties", {})
    return any(
        option.is_expression and "x-port" in properties.get(option.name, {})
        for option in options_of(step.document, library)
    )


def _arriving(
    step: Step,
    port: str,
    known: Mapping[str, StepColumns],
    parameters: Mapping[str, Any],
    files: Files,
    earlier: Earlier,
) -> Columns | None:
    value = _address(step, port)
    if isinstance(value, str):
        return files(value) if value.startswith("s3://") else None
    found = references(value) if isinstance(value, dict) else ()
    if len(found) != 1:
        return None
    reference = found[0]
    if reference.root == "Parameters":
        default = parameters.get(reference.name)
        return files(default) if isinstance(default, str) and default.startswith("s3://") else None
    if reference.root != "Steps" or reference.path[:2] != ("ProcessingOutputConfig", "Outputs"):
        return None
    output = str(reference.path[2]) if len(reference.path) > 2 else ""
    if reference.name in known:
        return known[reference.name].outputs.get(output)
    return earlier(reference.name, output)


def _address(step: Step, port: str) -> Any:
    items = resolve(step.document, "/Arguments/ProcessingInputs")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and item.get("InputName") == port:
            source = item.get("S3Input")
            return source.get("S3Uri") if isinstance(source, dict) else None
    return None
