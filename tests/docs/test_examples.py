"""The examples on the pages hold: JSON parses, definitions validate, frames have the true shape, code runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from django.core.management import load_command_class

from engine.definition.model import Definition
from engine.definition.parse import parse_definition
from engine.execution import events
from engine.steps.catalog import STEP_TYPES
from engine.validation import has_errors, validate
from runs.serializers import ExecutionRowSerializer, StepRowSerializer
from scripts.reference.commands import own_commands
from tests.docs.pages import ROOT, Block, blocks

DEFINITIONS = [block for block in blocks(info="json") if block.info == "json definition"]
PYTHON = blocks(info="python")
HELLO = "docs/how-to/run-a-definition-without-a-server.md"


def _place(block: Block) -> str:
    return block.place


@pytest.mark.parametrize("block", blocks(info="json"), ids=_place)
def test_a_json_example_is_json(block: Block) -> None:
    json.loads(block.text)


@pytest.mark.parametrize("block", DEFINITIONS, ids=_place)
def test_an_example_definition_validates_without_errors(block: Block) -> None:
    parsed = parse_definition(block.text)
    assert parsed.problems == ()
    problems = validate(parsed.document)
    assert not has_errors(problems), problems
    kinds = {problem.code for problem in problems}
    assert kinds <= {"step-does-not-run", "empty-branches"}, problems


@pytest.mark.parametrize("kind", STEP_TYPES)
def test_the_page_of_a_step_type_shows_one(kind: str) -> None:
    shown = [block for block in DEFINITIONS if block.page == f"docs/reference/steps/{kind}.md"]
    assert len(shown) == 1
    definition = Definition.from_document(json.loads(shown[0].text))
    assert kind in {step.type for step in definition.steps}


def test_every_event_on_a_page_is_one_the_log_can_hold() -> None:
    shown = [found for block in blocks(info="json") for found in _events(json.loads(block.text))]
    assert len(shown) > 5
    for event in shown:
        kind = getattr(events, event["event"])
        beside = {"sequence", "at", "v", "event", "data"}
        of_step = {"step"} if issubclass(kind, events.StepEvent) else set()
        assert beside | of_step <= set(event) <= beside | of_step | {"iteration", "attempt"}
        assert event.get("iteration", 0) >= 0
        assert set(event["data"]) <= {field.name for field in fields(kind)} - {"step", "iteration", "attempt"}


def test_the_snapshot_on_the_page_has_the_rows_of_the_api() -> None:
    frames = [json.loads(block.text) for block in blocks(info="json") if block.page == "docs/reference/sockets.md"]
    assert [frame["type"] for frame in frames] == ["snapshot", "events", "log", "heartbeat", "rows"]
    snapshot = frames[0]
    assert set(snapshot["execution"]) == set(ExecutionRowSerializer().fields)
    assert set(snapshot["steps"][0]) == set(StepRowSerializer().fields)


@pytest.mark.parametrize("block", PYTHON, ids=_place)
def test_a_python_example_runs(block: Block) -> None:
    exec(compile(block.text, block.place, "exec"), {"__name__": "documentation"})


def test_every_command_in_an_example_exists_with_its_options() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for block in blocks(info="sh"):
        for target in re.findall(r"^(?:\w+=\S+ )*make ([a-z-]+)", block.text, re.MULTILINE):
            assert target in targets, block.place
        for command, rest in re.findall(r"manage\.py ([a-z_]+)([^\n#]*)", block.text):
            if command in ("migrate", "up"):
                continue
            assert command in own_commands(), block.place
            parser = load_command_class(own_commands()[command], command).create_parser("manage.py", command)
            for option in re.findall(r"(?<=\s)--?[a-z]+", rest):
                assert option in parser._option_string_actions, f"{block.place}: {option}"


def test_the_definition_of_the_how_to_runs_without_a_server(tmp_path: Path) -> None:
    text = next(block.text for block in DEFINITIONS if block.page == HELLO)
    file = tmp_path / "hello.json"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "manage.py", "run_local", str(file), "-p", "Who=you"],
        cwd=ROOT,
        env={"CLARY_HOME": str(tmp_path / "home"), "CLARY_RUNNER": "process", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"✓ Read +Succeeded", done.stdout)


def _events(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "event" in value and "sequence" in value:
            yield value
        else:
            for inner in value.values():
                yield from _events(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _events(inner)
