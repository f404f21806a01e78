"""Which columns flow along the wires of ready-made steps: worked out from what is known, before anything runs.

Known are the columns of files (`files`), of queries (`queries`) and of tables an earlier run left (`earlier`); between
them each ready-made step says in its step.json by a rule how its output follows from its inputs and options.
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
from engine.library.options import UNREADABLE, options_of, values_of
from engine.library.rules import RULES, Columns

#: How a file is read where a step does not say: the first line names the columns, the rest is found out.
PLAIN: Mapping[str, Any] = {"header": True}
#: The columns of the file at an address when it is read so ({"delimiter": ";", …}); None where nobody knows, a text
#: that says why where it cannot be read.
Files: TypeAlias = Callable[[str, Mapping[str, Any]], Columns | str | None]
#: The columns of a query over named tables; None where nobody knows, a text that says why it cannot be answered. Asked
#: without tables, only whether it is a query.
Queries: TypeAlias = Callable[[str, Mapping[str, Columns]], Columns | str | None]
#: The columns an earlier run of a step left in an output, None where there was none.
Earlier: TypeAlias = Callable[[str, str], Columns | None]


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where columns are known from."""

    files: Files
    earlier: Earlier
    queries: Queries
    #: What is taken to leave a step when this does: for asking what would be if names were others.
    leaving: Callable[[Columns | None], Columns | None] = lambda columns: columns


@dataclass(frozen=True, kw_only=True)
class StepColumns:
    """Columns at each port of a ready-made step; None where they are not known. A model counts the ones it needs."""

    step: Step
    library: LibraryStep
    inputs: Mapping[str, Columns | None] = field(default_factory=dict)
    outputs: Mapping[str, Columns | None] = field(default_factory=dict)
    #: Pointer into the step → what is wrong with the file or the query there.
    troubles: Mapping[str, str] = field(default_factory=dict)


def flow(definition: Definition, sources: Sources) -> dict[str, StepColumns]:
    """Step name → its columns, for every ready-made step, each worked out once, producers first."""
    parameters = {parameter.name: parameter.default for parameter in definition.parameters}
    by_name = {step.name: step for step in definition.steps}
    known: dict[str, StepColumns] = {}
    for name in (name for wave in build_graph(definition).generations() for name in wave):
        step = by_name[name]
        library = recognise(step.document)
        if library is None:
            continue
        known[name] = _step_columns(step, library, known, parameters, sources)
    return known


def _step_columns(
    step: Step,
    library: LibraryStep,
    known: Mapping[str, StepColumns],
    parameters: Mapping[str, Any],
    sources: Sources,
) -> StepColumns:
    inputs: dict[str, Columns | None] = {}
    troubles: dict[str, str] = {}
    for port in library.inputs:
        arrived = _arriving(step, library, port, known, parameters, sources)
        if isinstance(arrived, str):
            troubles["/Arguments/ProcessingInputs"] = arrived
        inputs[port["name"]] = None if isinstance(arrived, str) else arrived
    connected = {name: columns for name, columns in inputs.items() if _address(step, name) is not None}
    values = values_of(step.document, library)
    computed = _computes_columns(step, library)
    outputs: dict[str, Columns | None] = {}
    for port in library.outputs:
        if values.get(port.get("when", "")) == 0:
            continue  # an output that no option calls for
        rule = port.get("columns")
        found: Columns | None = None
        if rule and rule["rule"] == "query":
            asked = _queried(values.get(rule["option"]), connected, sources.queries)
            found = None if isinstance(asked, str) else asked
            if isinstance(asked, str):
                troubles[_pointer(step, library, rule["option"])] = asked
        elif rule and not computed:
            found = RULES[rule["rule"]](rule, values, connected)
        outputs[port["name"]] = sources.leaving(_with_earlier(found, sources.earlier(step.name, port["name"])))
    return StepColumns(step=step, library=library, inputs=inputs, outputs=outputs, troubles=troubles)


def _with_earlier(found: Columns | None, earlier: Columns | None) -> Columns | None:
    """What is worked out, else what an earlier run left; that run also tells what open columns stood for."""
    if found is None or earlier is None:
        return found if found is not None else earlier
    named = {column.name for column in found if not column.open}
    rest: list[Any] = []
    for column in found:
        if column.open:
            rest += [one for one in earlier if one.name.startswith(column.name) and one.name not in named]
        rest.append(column)
    return tuple(rest)


def _queried(query: Any, tables: Mapping[str, Columns | None], queries: Queries) -> Columns | str | None:
    known = {name: columns for name, columns in tables.items() if columns is not None}
    whole = len(known) == len(tables) and not any(column.open for columns in known.values() for column in columns)
    if not isinstance(query, str):
        return None
    if known and whole:
        return queries(query, known)
    said = queries(query, {})
    return said if isinstance(said, str) else None


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


def _reading(step: Step, library: LibraryStep, port: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """How a step reads the file at a port; None where only the run knows."""
    if "reading" not in port:
        return PLAIN
    given = {option.name: option for option in options_of(step.document, library)}
    forms = library.form["properties"]
    said: dict[str, Any] = {}
    for name in port["reading"]:
        option = given.get(name)
        if option is not None and (option.is_expression or option.value is UNREADABLE):
            return None
        value = option.value if option is not None else None
        value = forms[name].get("default") if value is None else value
        if value not in (None, "auto", []):
            said[name] = value
    return said


def _arriving(
    step: Step,
    library: LibraryStep,
    port: Mapping[str, Any],
    known: Mapping[str, StepColumns],
    parameters: Mapping[str, Any],
    sources: Sources,
) -> Columns | str | None:
    def file_at(uri: Any) -> Columns | str | None:
        if port["kind"] == "model":
            return None  # the archive of a registered one is no table
        reading = _reading(step, library, port)
        stored = isinstance(uri, str) and uri.startswith("s3://")
        return sources.files(uri, reading) if stored and reading is not None else None

    value = _address(step, port["name"])
    if isinstance(value, str):
        return file_at(value)
    found = references(value) if isinstance(value, dict) else ()
    if len(found) != 1:
        return None
    reference = found[0]
    if reference.root == "Parameters":
        return file_at(parameters.get(reference.name))
    if reference.root != "Steps" or reference.path[:2] != ("ProcessingOutputConfig", "Outputs"):
        return None
    output = str(reference.path[2]) if len(reference.path) > 2 else ""
    if reference.name in known:
        return known[reference.name].outputs.get(output)
    return sources.earlier(reference.name, output)


def _address(step: Step, port: str) -> Any:
    items = resolve(step.document, "/Arguments/ProcessingInputs")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and item.get("InputName") == port:
            source = item.get("S3Input")
            return source.get("S3Uri") if isinstance(source, dict) else None
    return None


def _pointer(step: Step, library: LibraryStep, name: str) -> str:
    """Where an option stands in the step."""
    return next((one.pointer for one in options_of(step.document, library) if one.name == name), "")
