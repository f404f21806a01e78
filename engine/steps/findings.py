"""Small checks that several step types share: what the schema alone cannot say about one step object."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.definition.pointer import child, join, resolve
from engine.names import GROUP_NAME, GROUP_NAME_WORDS, closest, usable_group_name
from engine.problems import Fix, Problem, Severity

#: AWS takes at most this many processing inputs and outputs (aws/sagemaker-python-sdk#2554).
AWS_PROCESSING_LIMIT = 10

_LONGEST_REGEX = 500  # MetricDefinition.Regex


def owner(step: Mapping[str, Any]) -> str:
    name = step.get("Name")
    return name if isinstance(name, str) else "The step"


def named_items(step: Mapping[str, Any], pointer: str, member: str) -> list[tuple[str, str]]:
    """(pointer of the name, name) of the items of a list, leaving out those without a text as name."""
    pairs = [(join(pointer, n, member), child(i, member)) for n, i in enumerate(_list(step, pointer))]
    return [(place, name) for place, name in pairs if isinstance(name, str)]


def _list(step: Mapping[str, Any], pointer: str) -> list[Any]:
    items = resolve(step, pointer)
    return items if isinstance(items, list) else []


def repeated_names(step: Mapping[str, Any], pointer: str, member: str, what: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, name in named_items(step, pointer, member):
        if name in seen:
            message = f'{owner(step)} has two {what}s named "{name}". Each needs a name of its own.'
            yield Problem(code=f"duplicate-{what}", message=message, pointer=place)
        seen.add(name)


def too_many(step: Mapping[str, Any], pointer: str, what: str) -> Iterator[Problem]:
    items = _list(step, pointer)
    if len(items) > AWS_PROCESSING_LIMIT:
        message = f"{owner(step)} has {len(items)} {what}s. It runs here, but AWS takes at most {AWS_PROCESSING_LIMIT}."
        yield Problem(code=f"too-many-{what}s", message=message, pointer=pointer, severity=Severity.WARNING)


def reports_without_output(step: Mapping[str, Any]) -> Iterator[Problem]:
    outputs = [name for _, name in named_items(step, "/Arguments/ProcessingOutputConfig/Outputs", "OutputName")]
    for place, name in named_items(step, "/PropertyFiles", "OutputName"):
        if name and name not in outputs:
            match = closest(name, outputs)
            hint = f' Did you mean "{match}"?' if match else ""
            message = f'{owner(step)} reads a report from the output "{name}", which it does not have.{hint}'
            patch = {"op": "replace", "path": place, "value": match}
            fix = Fix(title=f"Use {match}", patch=(patch,)) if match else None
            yield Problem(code="unknown-output", message=message, pointer=place, fix=fix)


def scripts_without_input(step: Mapping[str, Any]) -> Iterator[Problem]:
    """A command that starts a file under /opt/ml/processing/input which no input brings along."""
    command = _list(step, "/Arguments/AppSpecification/ContainerEntrypoint")
    folders = [
        folder
        for item in _list(step, "/Arguments/ProcessingInputs")
        if isinstance(folder := child(child(item, "S3Input"), "LocalPath"), str) and folder
    ]
    for index, word in enumerate(command):
        if not isinstance(word, str) or not word.startswith("/opt/ml/processing/input/"):
            continue
        if not any(word == folder or word.startswith(folder.rstrip("/") + "/") for folder in folders):
            message = f"{owner(step)} starts {word}, but none of its inputs brings that file."
            pointer = join("/Arguments/AppSpecification/ContainerEntrypoint", index)
            yield Problem(code="script-not-provided", message=message, pointer=pointer, severity=Severity.WARNING)


def unusable_metrics(step: Mapping[str, Any]) -> Iterator[Problem]:
    pointer = "/Arguments/AlgorithmSpecification/MetricDefinitions"
    for place, regex in named_items(step, pointer, "Regex"):
        reason = _regex_fault(regex)
        if reason:
            message = f"{owner(step)} looks for a metric with a pattern that cannot be read: {reason}."
            yield Problem(code="bad-regex", message=message, pointer=place)


def _regex_fault(regex: str) -> str | None:
    if len(regex) > _LONGEST_REGEX:
        return f"it has {len(regex)} characters, at most {_LONGEST_REGEX} are allowed"
    try:
        groups = re.compile(regex).groups
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return None if groups else "it has no group ( ) around the number"


def impossible_group(step: Mapping[str, Any]) -> Iterator[Problem]:
    """A model group whose name no registry takes: known before hours of training. An ARN's last part is its name."""
    pointer = "/Arguments/ModelPackageGroupName"
    written = resolve(step, pointer)
    name = written.rsplit("/", 1)[-1] if isinstance(written, str) else ""
    if not name or GROUP_NAME.fullmatch(name):
        return
    usable = usable_group_name(name)
    patch = {"op": "replace", "path": pointer, "value": usable}
    yield Problem(
        code="illegal-group-name",
        message=f'{owner(step)} names the model group "{name[:80]}". A group\'s name is {GROUP_NAME_WORDS}.',
        pointer=pointer,
        fix=Fix(title=f"Use {usable}", patch=(patch,)) if usable else None,
    )
