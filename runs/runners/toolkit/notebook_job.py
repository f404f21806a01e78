"""A notebook job: the notebook is run by papermill with the job's hyperparameters, and kept with its outputs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import failure

CHANNEL = "input/data/sagemaker_headless_execution_pipelinestep"
DEFAULT_KERNEL = "python3"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class CannotRun(Exception):
    """The notebook cannot be run; the message says what is missing."""


def main(root: Path, arguments: Sequence[str], *, package_path: str) -> int:
    """The exit code of the job. A failure leaves output/failure and the notebook as far as it came."""
    folder = Path(os.environ.get("SM_EXECUTION_INPUT_PATH") or root / CHANNEL)
    source = folder / os.environ.get("SM_INPUT_NOTEBOOK_NAME", "")
    target = root / "output/data" / os.environ.get("SM_OUTPUT_NOTEBOOK_NAME", source.name)
    if package_path in sys.path:
        sys.path.remove(package_path)
    try:
        if not source.is_file():
            there = ", ".join(sorted(path.name for path in folder.glob("*"))[:20]) or "nothing"
            raise CannotRun(f"The notebook {source.name} is not among the job's inputs. There is: {there}.")
        _run_first(folder)
        _execute(source, target, _parameters(root))
    except CannotRun as error:
        failure.write(root, str(error))
        return 1
    return 0


def _run_first(folder: Path) -> None:
    """The initialisation script, in the shell that runs it on AWS."""
    name = os.environ.get("SM_INIT_SCRIPT")
    if not name:
        return
    script = folder / name
    if not script.is_file():
        raise CannotRun(f"The initialization script {name} is not among the job's inputs.")
    done = subprocess.run(["/bin/bash", str(script)], cwd=folder, check=False)
    if done.returncode:
        raise CannotRun(f"The initialization script {name} failed with exit code {done.returncode}.")


def _parameters(root: Path) -> dict[str, Any]:
    """Hyperparameters are texts; a notebook gets numbers and booleans where a text reads as one, as `papermill -p`."""
    given = json.loads((root / "input/config/hyperparameters.json").read_text(encoding="utf-8"))
    return {name: _typed(text) for name, text in given.items()}


def _typed(text: str) -> Any:
    if text in ("True", "true"):
        return True
    if text in ("False", "false"):
        return False
    if text in ("None", "null"):
        return None
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _execute(source: Path, target: Path, parameters: dict[str, Any]) -> None:
    try:
        import papermill
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError as error:
        raise CannotRun(f"Notebook jobs need papermill and ipykernel in the step's environment: {error}.") from error
    kernel = os.environ.get("SM_KERNEL_NAME") or DEFAULT_KERNEL
    known = KernelSpecManager().find_kernel_specs()
    if kernel not in known:
        print(f"[clary: there is no kernel {kernel} here; the notebook runs in {DEFAULT_KERNEL}]", flush=True)
        kernel = DEFAULT_KERNEL
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        papermill.execute_notebook(
            str(source),
            str(target),
            parameters=parameters,
            kernel_name=kernel,
            cwd=str(source.parent),
            progress_bar=False,
            log_output=True,
            stdout_file=sys.stdout,
            stderr_file=sys.stderr,
        )
    except papermill.PapermillExecutionError as error:
        trace = _ANSI.sub("", "\n".join(error.traceback))
        place = f"cell {error.exec_count} of {source.name}"
        raise CannotRun(f"{error.ename}: {error.evalue} ({place})\n\n{trace}") from error
    except Exception as error:  # a notebook that is none, a kernel that dies: the user's files, told in words
        raise CannotRun(f"The notebook {source.name} cannot be run: {type(error).__name__}: {error}") from error
