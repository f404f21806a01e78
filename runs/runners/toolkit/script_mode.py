"""Script mode: what the training toolkit inside AWS's framework images does with a user's script.

Unpacks the source archive, sets the SM_* variables, turns hyperparameters into arguments, runs the script, and
leaves the reason behind when it fails. Source: SageMaker training toolkit, "How a script is executed".
"""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

from . import failure
from .training_environment import command_arguments, decoded, variables
from .unpacking import unpack

OPT_ML, REPACKER = "/opt/ml", "_repack_model.py"


class NoScript(Exception):
    """The job's code cannot be started; the message says what is missing."""


def main(root: Path, *, package_path: str) -> int:
    """Runs the job's script; its exit code. A failure leaves output/failure behind."""
    try:
        text = (root / "input/config/hyperparameters.json").read_text(encoding="utf-8")
        values = {name: decoded(value) for name, value in json.loads(text).items()}
        code, program = _source(root, values)
    except NoScript as error:
        failure.write(root, str(error))
        return 1
    environment = variables(root, values, program=program, code=str(code))
    os.environ.update(environment)
    user_values = {name: value for name, value in values.items() if not name.startswith("sagemaker_")}
    arguments = command_arguments(user_values)
    os.chdir(code)
    if program.endswith(".py"):
        return _python(root, code, program, arguments, package_path)
    return _command(root, code, program, arguments)


def _source(root: Path, values: dict[str, Any]) -> tuple[Path, str]:
    """(folder with the code, name of the entry script), after unpacking the archive if there is one."""
    program = str(values.get("sagemaker_program") or "")
    if not program:
        raise NoScript("The hyperparameter sagemaker_program is missing: it names the script to run.")
    code = root / "code"
    code.mkdir(exist_ok=True)
    submitted = str(values.get("sagemaker_submit_directory") or "")
    archives = sorted((root / "input/submit").glob("*")) if (root / "input/submit").is_dir() else []
    if archives:
        _unpack(archives[0], code)
        _translate_repacker(root, code)
    elif submitted.startswith(str(root)):
        code = Path(submitted)
    script = code / program
    if not script.is_file() or code.resolve() not in script.resolve().parents:
        present = ", ".join(sorted(path.name for path in code.iterdir())[:20]) or "nothing"
        raise NoScript(f"The script {program} is not in the step's code. There is: {present}.")
    return code, program


def _unpack(archive: Path, folder: Path) -> None:
    """The source archive, or a single script that was submitted without one."""
    if archive.suffix == ".py":
        (folder / archive.name).write_bytes(archive.read_bytes())
        return
    try:
        with tarfile.open(archive) as packed:
            unpack(packed, folder)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise NoScript(f"The source archive {archive.name} cannot be unpacked: {error}") from error


def _translate_repacker(root: Path, code: Path) -> None:
    """The SDK's own script of a repack step names /opt/ml literally; it means this job's folder."""
    script = code / REPACKER
    if str(root) != OPT_ML and script.is_file():
        script.write_text(script.read_text(encoding="utf-8").replace(OPT_ML, str(root)), encoding="utf-8")


def _python(root: Path, code: Path, program: str, arguments: list[str], package_path: str) -> int:
    """The script as `python3 program --key value …` would run it, in this process: libraries are already loaded."""
    if package_path in sys.path:
        sys.path.remove(package_path)
    sys.path.insert(0, str((code / program).parent))
    sys.argv = [program, *arguments]
    try:
        runpy.run_path(str(code / program), run_name="__main__")
    except SystemExit as end:
        return _exit_code(root, end)
    except Exception as error:
        failure.write(root, failure.describe(error, Path(__file__).parent))
        return 1
    return 0


def _exit_code(root: Path, end: SystemExit) -> int:
    """sys.exit(None) is 0, a number itself, a text is the reason and 1."""
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        if end.code:
            failure.write(root, f"The script ended with exit code {end.code}.")
        return end.code
    failure.write(root, str(end.code))
    return 1


def _command(root: Path, code: Path, program: str, arguments: list[str]) -> int:
    """A shell script or other program, started as `./program --key value …` in the code's folder."""
    script = code / program
    script.chmod(script.stat().st_mode | 0o700)
    command = ["/bin/sh", str(script)] if program.endswith(".sh") and not _has_interpreter(script) else [str(script)]
    try:
        done = subprocess.run([*command, *arguments], cwd=code, check=False)
    except OSError as error:
        failure.write(root, f"The program {program} cannot be started: {error}")
        return 1
    if done.returncode:
        failure.write(root, f"The program {program} ended with exit code {done.returncode}.")
    return done.returncode if done.returncode >= 0 else 128 - done.returncode


def _has_interpreter(script: Path) -> bool:
    with script.open("rb") as stream:
        return stream.read(2) == b"#!"
