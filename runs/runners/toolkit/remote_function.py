"""A Python function decorated with @step or @remote: what the SDK's own driver script does, without its container.

Runs what the decorator asked to run first, unpacks the user's workspace, and hands over to the SDK's own entry point,
which loads the function, calls it and stores what it returned. Source: the scripts of `sagemaker.remote_function`.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from . import failure
from .training_environment import variables

WORKSPACE = "sagemaker_remote_function_workspace"
DEPENDENCIES = "pre_exec_script_and_dependencies"
PRE_EXECUTION = "pre_exec.sh"
#: By generation of the SDK; the third one split itself into packages.
PACKAGES = {2: "sagemaker.remote_function", 3: "sagemaker.core.remote_function"}


class CannotCall(Exception):
    """The function cannot be called here; the message says what is needed."""


def main(root: Path, arguments: Sequence[str], *, package_path: str) -> int:
    """The exit code of the function's job. A failure leaves output/failure behind."""
    given = {arguments[n]: arguments[n + 1] for n in range(len(arguments) - 1)}
    try:
        _check_python(given.get("--client_python_version", ""))
        folder = _workspace(root, given.get("--func_step_s3_dir"))
        os.environ.update(variables(root, {}, program="", code=str(folder)))
        os.chdir(folder)
        _run_first(folder)
        invoke = _entry_point(root)
    except CannotCall as error:
        failure.write(root, str(error))
        return 1
    if package_path in sys.path:
        sys.path.remove(package_path)
    sys.path.insert(0, str(folder))
    sys.argv = [invoke.__file__ or "", *arguments]
    try:
        invoke.main(list(arguments))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except BaseException as error:  # the entry point reports what the function raised; this is its own trouble
        failure.write(root, failure.describe(error, Path(__file__).parent))
        return 1
    return 0


def _check_python(wanted: str) -> None:
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if wanted and wanted != here:
        raise CannotCall(
            f"The function was pickled with Python {wanted} and this step runs Python {here}; a pickled function only "
            f"loads in the version it came from. Install Python {wanted} on the worker, or build with Python {here}."
        )


def _workspace(root: Path, build: str | None) -> Path:
    """The folder the function runs in, with what the user sent along in it."""
    base = root / "code"
    channels = [root / "input/data" / name for name in (build, "sm_rf_user_ws") if name]
    archive = next((channel / "workspace.zip" for channel in channels if (channel / "workspace.zip").is_file()), None)
    if archive is not None:
        try:
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(base)
        except (zipfile.BadZipFile, OSError, RuntimeError) as error:
            raise CannotCall(f"The workspace of the function cannot be unpacked: {error}") from error
    folder = base / WORKSPACE
    folder.mkdir(parents=True, exist_ok=True)
    extra = root / "input/data" / DEPENDENCIES
    for path in sorted(extra.iterdir()) if extra.is_dir() else ():
        if path.is_file():
            shutil.copy(path, folder / path.name)
    return folder


def _run_first(folder: Path) -> None:
    """The commands of pre_execution_commands or pre_execution_script."""
    script = folder / PRE_EXECUTION
    if not script.is_file():
        return
    done = subprocess.run(["/bin/bash", "-eu", str(script)], cwd=folder, check=False, stderr=subprocess.PIPE, text=True)
    sys.stderr.write(done.stderr)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise CannotCall(f"The pre-execution commands failed with exit code {done.returncode}: {last[0]}")


def _entry_point(root: Path) -> Any:
    """The SDK's module that calls the function, writing its failure file where this step has it."""
    try:
        version = metadata.version("sagemaker")
    except metadata.PackageNotFoundError:
        raise CannotCall("The SageMaker SDK is not in this step's environment, and the function needs it.") from None
    python = ".".join(map(str, sys.version_info[:3]))
    print(f"[clary: Python {python} of this machine with SageMaker SDK {version}, not the step's image]", flush=True)
    package = PACKAGES.get(int(version.partition(".")[0]))
    if package is None:
        known = " and ".join(str(generation) for generation in PACKAGES)
        raise CannotCall(f"The function comes from SageMaker SDK {version}; generations {known} run here.")
    try:
        errors: Any = importlib.import_module(f"{package}.errors")
        invoke = importlib.import_module(f"{package}.invoke_function")
    except ImportError as error:
        raise CannotCall(f"SageMaker SDK {version} cannot be imported in this step: {error}") from error
    errors.FAILURE_REASON_PATH = str(root / "output" / "failure")
    return invoke
