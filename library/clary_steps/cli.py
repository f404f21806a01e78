"""Runs one step: options from the command line, folders from the job's layout, failures as one typed line."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from pathlib import Path

from clary_steps.catalog import Step, find_step
from clary_steps.failures import StepFailure
from clary_steps.options import parse_options

#: Where the job's folders are; "/opt/ml" in a container.
ROOT_VARIABLE = "STEPS_ROOT"
USAGE = "Usage: python -m clary_steps <id>@<version> [--root FOLDER] [--option value …]"


def main(words: Sequence[str]) -> int:
    """The exit code: 0 done, 1 failed for a reason that is said, 2 called wrongly."""
    if not words or words[0] in ("-h", "--help"):
        print(USAGE, file=sys.stderr)
        return 2
    reference, rest = words[0], list(words[1:])
    root = Path(os.environ.get(ROOT_VARIABLE, "/opt/ml"))
    if rest[:1] == ["--root"] and len(rest) > 1:
        root, rest = Path(rest[1]), rest[2:]
    warnings.simplefilter("ignore", FutureWarning)
    try:
        run_step(find_step(reference), rest, root)
    except StepFailure as failure:
        return _failed(failure, reference, root)
    except MemoryError:
        text = "The data does not fit into the memory this step has. Choose a larger instance type, or read fewer rows."
        return _failed(StepFailure("out-of-memory", text), reference, root)
    except Exception as problem:  # a library's own error: its words, and where in the log to look
        traceback.print_exc()
        text = f"{type(problem).__name__}: {problem}".strip()[:600]
        return _failed(StepFailure("step-error", f"The step could not finish. {text}"), reference, root)
    return 0


def run_step(step: Step, words: Sequence[str], root: Path) -> None:
    """Raises StepFailure for everything that is the data's or the options' doing."""
    options = parse_options(step.document["form"], words)
    inputs = {port["name"]: root / "processing" / "input" / port["name"] for port in step.document["inputs"]}
    outputs = {port["name"]: root / "processing" / "output" / port["name"] for port in step.document["outputs"]}
    for port in step.document["inputs"]:
        if not _holds_files(inputs[port["name"]]):
            if port.get("required", True):
                text = f'Nothing arrived at the input "{port["title"]}". Connect it to a step that fills it.'
                raise StepFailure("input-missing", text)
            del inputs[port["name"]]
    for folder in outputs.values():
        folder.mkdir(parents=True, exist_ok=True)
    step.load()(options, inputs, outputs)


def _holds_files(folder: Path) -> bool:
    return folder.is_dir() and any(
        path.is_file() and not path.name.startswith((".", "_")) for path in folder.rglob("*")
    )


def _failed(failure: StepFailure, reference: str, root: Path) -> int:
    """The sentence where SageMaker looks for it, the facts as the last line of the log."""
    try:
        (root / "output").mkdir(parents=True, exist_ok=True)
        (root / "output" / "failure").write_text(failure.message, encoding="utf-8")
    except OSError:
        print("The failure could not be written down.", file=sys.stderr)
    sys.stdout.flush()
    print(failure.to_line(reference), file=sys.stderr, flush=True)
    return 1
