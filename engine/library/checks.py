"""What is wrong with a ready-made step before it runs: options that are missing or do not fit, inputs not connected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definition.pointer import join, resolve
from engine.expressions import quote
from engine.library.catalogue import ARGUMENTS, LibraryStep, library_steps, recognise, reference_of
from engine.library.options import UNREADABLE, Option, options_of
from engine.names import closest
from engine.problems import Fix, Problem, Severity

_WORDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "names with values",
}


def library_problems(step: Mapping[str, Any]) -> Iterator[Problem]:
    """Problems of one step object, with pointers into it; nothing for steps that are not ready-made."""
    library = recognise(step)
    if library is None:
        reference = reference_of(step)
        if reference is not None:
            yield _unknown_step(step, reference)
        return
    options = options_of(step, library)
    given = {option.name: option for option in options}
    properties = library.form.get("properties", {})
    for option in options:
        yield from _option_problems(step, option, properties)
    for name in library.form.get("required", ()):
        known = given.get(name)
        if known is None or known.value is None or known.value == []:
            title = properties[name].get("title", name)
            pointer = known.pointer if known else option_pointer(name)
            yield Problem(code="missing-value", message=f'{_owner(step)} needs "{title}". Choose it.', pointer=pointer)
    yield from _unconnected(step, library)
    yield from _unwritten(step, library, given)


def option_pointer(name: str) -> str:
    """Where the form finds an option that is not written down yet: no place of the document."""
    return join(ARGUMENTS, f"--{name}")


def _option_problems(step: Mapping[str, Any], option: Option, properties: Mapping[str, Any]) -> Iterator[Problem]:
    schema = properties.get(option.name)
    if schema is None:
        match = closest(option.name, properties)
        hint = f' Did you mean "--{match}"?' if match else ""
        yield Problem(
            code="unknown-option",
            message=f'{_owner(step)} has no option "--{option.name}".{hint}',
            pointer=option.pointer,
        )
        return
    if option.is_expression or option.value is None:
        return
    title = schema.get("title", option.name)
    if option.value is UNREADABLE:
        kind = _WORDS.get(schema.get("type", ""), "text")
        message = f'{_owner(step)}: "{title}" must be {kind}, not {quote(option.raw)}.'
        yield Problem(code="value-type", message=message, pointer=option.pointer)
        return
    low, high, allowed = schema.get("minimum"), schema.get("maximum"), schema.get("enum")
    if (low is not None and option.value < low) or (high is not None and option.value > high):
        message = f'{_owner(step)}: "{title}" must lie between {low} and {high}.'
        yield Problem(code="value-out-of-range", message=message, pointer=option.pointer)
    if allowed is not None and option.value not in allowed:
        match = closest(str(option.value), allowed)
        fix = replace(f"Use {match}", option.pointer, match) if match else None
        message = f'{_owner(step)}: "{title}" is one of {", ".join(allowed)}; {quote(option.value)} is none.'
        yield Problem(code="value-not-allowed", message=message, pointer=option.pointer, fix=fix)


def _unconnected(step: Mapping[str, Any], library: LibraryStep) -> Iterator[Problem]:
    items = resolve(step, "/Arguments/ProcessingInputs")
    present = {item.get("InputName") for item in items if isinstance(item, dict)} if isinstance(items, list) else set()
    for port in library.inputs:
        if port.get("required", True) and port["name"] not in present:
            instead = ", or choose a registered one" if port["kind"] == "model" else ""
            message = f'{_owner(step)} needs "{port["title"]}". Draw a wire to it{instead}.'
            yield Problem(code="missing-input", message=message, pointer="/Arguments/ProcessingInputs")


def _unwritten(step: Mapping[str, Any], library: LibraryStep, given: Mapping[str, Option]) -> Iterator[Problem]:
    """An output that an option calls for and that is not declared: what it holds would be lost."""
    items = resolve(step, "/Arguments/ProcessingOutputConfig/Outputs")
    declared = (
        {item.get("OutputName") for item in items if isinstance(item, dict)} if isinstance(items, list) else set()
    )
    for port in library.outputs:
        asked = given.get(port.get("when", ""))
        wanted = asked is not None and (asked.is_expression or asked.value not in (None, 0, UNREADABLE))
        if asked is not None and wanted and port["name"] not in declared:
            message = f'{_owner(step)} has no output "{port["name"]}", so these rows would be lost. Add it to Outputs.'
            yield Problem(code="missing-output", message=message, pointer=asked.pointer, severity=Severity.WARNING)


def replace(title: str, pointer: str, value: Any) -> Fix:
    return Fix(title=title, patch=({"op": "replace", "path": pointer, "value": value},))


def _unknown_step(step: Mapping[str, Any], reference: str) -> Problem:
    match = closest(reference, library_steps())
    pointer = "/Arguments/AppSpecification/ContainerEntrypoint/3"
    hint = f' Did you mean "{match}"?' if match else ""
    return Problem(
        code="unknown-library-step",
        message=f'{_owner(step)} starts the ready-made step "{reference}", which is not known here.{hint}',
        pointer=pointer,
        severity=Severity.WARNING,
        fix=replace(f"Use {match}", pointer, match) if match else None,
    )


def _owner(step: Mapping[str, Any]) -> str:
    name = step.get("Name")
    return name if isinstance(name, str) else "The step"
