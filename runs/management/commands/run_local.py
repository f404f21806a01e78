from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import Refused
from engine.execution.states import ExecutionStatus
from runs import local
from runs.first_start import needs_migration
from runs.local import NotText, SelectionInvalid
from runs.models import Execution
from runs.rows import step_rows
from runs.runners.catalog import RunnerRefused
from runs.samples import BadSample
from runs.services.start import start_execution
from runs.storage.uri import BadUri
from runs.worker.service import default_slots, make_worker

REFUSALS = (Refused, BadSample, BadUri, NotText, OSError, RunnerRefused, SelectionInvalid)
MARKS = {"Succeeded": "✓", "Failed": "✗", "Executing": "▶", "Starting": "▶", "Skipped": "–", "Stopped": "■"}


class Command(BaseCommand):
    help = "Runs a definition in the foreground, without a server or a broker. Exit code 0 only if it succeeded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("definition", type=Path)
        parser.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--input", action="append", default=[], metavar="NAME=PATH", help="a local file or folder")
        parser.add_argument("--only", action="append", default=[], metavar="STEP")
        parser.add_argument("--from", dest="start", metavar="STEP")
        parser.add_argument("--to", dest="end", metavar="STEP")
        parser.add_argument("--source", metavar="EXECUTION", help="where steps that do not run take their outputs from")
        parser.add_argument("--parallelism", type=_positive, help="steps that run side by side at most")
        parser.add_argument("--json", action="store_true", help="one JSON document at the end instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        if needs_migration():
            call_command("migrate", verbosity=0, interactive=False)
        path: Path = options["definition"]
        actor = local.local_actor()
        try:
            text = local.read_definition(actor, path)
            parameters: dict[str, Any] = dict(_pair(item, "-p") for item in options["parameter"])
            for item in options["input"]:
                name, place = _pair(item, "--input")
                parameters[name] = local.upload_input(actor, name, Path(place))
            pipeline = local.local_pipeline(actor, _name(path), text)
            selective = local.selection_of(
                actor,
                pipeline,
                only=options["only"],
                start=options["start"],
                end=options["end"],
                source=options["source"],
            )
            slots = default_slots()
            worker = make_worker(slots)
            for warning in local.warnings(pipeline, worker, parameters):
                self.stderr.write(warning)
            shown = _Table(self, quiet=options["json"])
            ended = local.LocalRun(worker, slots).run(
                lambda: start_execution(
                    actor=actor,
                    pipeline_id=pipeline.pk,
                    parameters=parameters,
                    parallelism=options["parallelism"],
                    selective=selective,
                ),
                show=shown.show,
            )
        except REFUSALS as refused:
            raise CommandError(str(refused)) from refused
        if options["json"]:
            result = {"id": ended.pk, "status": ended.status, "failure_reason": ended.failure_reason}
            self.stdout.write(json.dumps({**result, "steps": step_rows(ended.pk)}, indent=2))
        elif ended.failure_reason:
            self.stderr.write(ended.failure_reason)
        if ended.status != ExecutionStatus.SUCCEEDED:
            sys.exit(1)


class _Table:
    """One line per step that changed; on a terminal the table is drawn again in place."""

    def __init__(self, command: BaseCommand, *, quiet: bool) -> None:
        self._command = command
        self._quiet = quiet
        self._seen = 0
        self._lines = 0
        self._shown: dict[str, str] = {}

    def show(self, execution: Execution) -> None:
        if self._quiet or execution.last_sequence == self._seen:
            return
        self._seen = execution.last_sequence
        rows = {row["name"]: _line(row) for row in step_rows(execution.pk)}
        out = self._command.stdout
        if out.isatty():
            if self._lines:
                out.write(f"\x1b[{self._lines}A", ending="")
            lines = [f"{execution.pipeline_name} {execution.pk} {execution.status}", *rows.values()]
            for line in lines:
                out.write(f"\x1b[2K{line}")
            self._lines = len(lines)
        else:
            for name, line in rows.items():
                if self._shown.get(name) != line:
                    out.write(line)
        out.flush()  # who reads it through a pipe sees it now, not at the end
        self._shown = rows


def _line(row: dict[str, Any]) -> str:
    figures = row["metrics"] or row["progress"].get("metrics", {})
    more = "  ".join(f"{name}={value:.4g}" for name, value in figures.items())
    seconds = "" if row["duration_seconds"] is None else f"{row['duration_seconds']:.1f} s"
    status = "Cached" if row["cached"] else row["status"]
    return f"  {MARKS.get(row['status'], '·')} {row['name']:<28} {status:<10} {seconds:>8}  {more}".rstrip()


def _positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 10_000:
        raise ArgumentTypeError(f"{text!r} is no whole number between 1 and 10000")
    return int(text)


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise CommandError(f"{option} {text}: expected name=value.")
    return name, value


def _name(path: Path) -> str:
    """A pipeline name from the file's place."""
    stem = path.resolve().parent.name if path.stem == "definition" else path.stem
    kept = "-".join(
        part for part in "".join(c if c.isalnum() and c.isascii() else "-" for c in stem).split("-") if part
    )
    return f"local-{kept}"[:256] if kept else "local"
