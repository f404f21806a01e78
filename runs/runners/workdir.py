"""Laying out an attempt's folder: inputs, configuration files, code, and the command to run.

The same layout serves every runner. Where /opt/ml is real (sandbox, container) texts stay as they are; where it is
not (`rewrite`), every argument, environment value and configuration text that names a path under it is translated.
"""

from __future__ import annotations

import gzip
import math
import os
import shutil
import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path

from engine.execution.states import FailureCategory
from engine.images import INSTEAD_OF_ENTRYPOINT, SCRIPT_MODE, TRANSFORM, TRANSFORM_SERVED, XGBOOST_ALGORITHM
from engine.steps.base import InputSpec, JobSpec
from engine.steps.jobs.training import decoded
from runs.runners import sources
from runs.runners.base import AttemptSpec, InputFile
from runs.runners.layout import OPT_ML, PYTHON_NAMES, CannotPrepare, EnvironmentRequest, Prepared
from runs.runners.library import ROOT_VARIABLE, libraries_of, library_reference, root_of
from runs.runners.outputs import collect
from runs.runners.preloading import SLEEPING_THREADS
from runs.runners.rewriting import inside, rewritten, rewritten_map
from runs.storage.base import BlobNotFound, BlobStore

__all__ = ["collect", "prepare"]

MESSAGE_FILE = f"{OPT_ML}/output/message"
TOOLS = f"{OPT_ML}/.clary"
TOOLKIT = f"{TOOLS}/clary_toolkit"
MODEL_FOLDERS = (f"{OPT_ML}/input/models/", f"{OPT_ML}/input/model-code/")
SUBMIT_FOLDER = f"{OPT_ML}/input/submit"
#: Scripts the SDK writes itself; they name /opt/ml literally and belong to the job, so they are translated too.
SDK_DRIVERS = f"{OPT_ML}/input/data/sm_drivers/"
SDK_RUN_SCRIPT = "runproc.sh"

_TRAINING_FOLDERS = ("model", "code", "input/config", "input/data", "output/data")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "DUCKDB_THREADS",
    "LOKY_MAX_CPU_COUNT",
)


def prepare(spec: AttemptSpec, root: Path, *, rewrite: bool, store: BlobStore) -> Prepared:
    """Fills `root`/ml and says what to run. See `runs.runners.layout.Prepare`.

    Safe to repeat on an empty `root`. Writes only below `root`/ml; never touches a blob.

    Raises:
        CannotPrepare: an input cannot be put in place, or the job names nothing to start.
        StoreFull, OSError: the volume has no room, the store cannot be read.
    """
    job, ml = spec.job, root / "ml"
    places = [(file, *_target(file, job, ml)) for file in spec.input_files]
    texts = [(inside(ml, path), text) for path, text in job.files.items()]
    _make_folders(job, ml, [path for _, path, _ in places] + [path for path, _ in texts])
    for file, target, is_packed in places:
        _place(file, target, store, unpack=is_packed)
    for target, text in texts:
        target.write_text(rewritten(text, ml) if rewrite else text, encoding="utf-8")
    if rewrite:
        _translate_drivers(spec, ml)
    argv = _command(job)
    source = _source(spec, ml, argv)
    if job.entrypoint is None or job.toolkit in INSTEAD_OF_ENTRYPOINT:
        _copy_toolkit(ml)
    elif argv[0].rsplit("/", 1)[-1] not in PYTHON_NAMES:
        _copy_toolkit(ml)
        _place_pip(ml, source.requirements, rewrite=rewrite)
    env = _environment(spec, root, rewrite=rewrite)
    cwd = f"{OPT_ML}/{'processing' if job.kind == 'Processing' else 'code'}"
    if rewrite:
        argv, cwd = tuple(rewritten(word, ml) for word in argv), rewritten(cwd, ml)
    return Prepared(
        argv=argv,
        env=env,
        cwd=cwd,
        preload=source.libraries,
        metrics=job.metrics,
        failure_file=inside(ml, job.failure_file) if job.failure_file else None,
        message_file=inside(ml, MESSAGE_FILE),
        environment=EnvironmentRequest(
            requirements=sources.with_packages(job.packages, source.requirements), python=job.python
        ),
        input_bytes=sum(file.size for file in spec.input_files),
    )


def _make_folders(job: JobSpec, ml: Path, files: list[Path]) -> None:
    """The folders a container finds, whether or not anything lies in them; each is made once, parents first."""
    always = ("output", "processing") if job.kind == "Processing" else _TRAINING_FOLDERS
    top = str(ml)
    wanted = [f"{top}/{folder}" for folder in always]
    local_paths = [item.local_path for item in job.inputs] + [item.local_path for item in job.outputs]
    wanted += [str(inside(ml, path)) for path in local_paths]
    wanted += [str(file.parent) for file in files]
    made = {top}
    ml.mkdir(exist_ok=True)
    for path in wanted:
        missing = []
        while path not in made:
            made.add(path)
            missing.append(path)
            path = path.rpartition("/")[0]
        for folder in reversed(missing):
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - on the way of every step


def _target(file: InputFile, job: JobSpec, ml: Path) -> tuple[Path, bool]:
    """(where an object goes, whether it is unpacked on the way)."""
    owner = _input_of(file, job)
    unpack = owner is not None and owner.compression == "Gzip" and file.path.endswith(".gz")
    try:
        return inside(ml, file.path.removesuffix(".gz") if unpack else file.path), unpack
    except ValueError as error:
        raise CannotPrepare(f"The input {file.uri or file.path} cannot be put in place: {error}.") from error


def _place(file: InputFile, target: Path, store: BlobStore, *, unpack: bool) -> None:
    """One object at its place, as a private copy."""
    try:
        if unpack:
            with store.open(file.sha256) as raw, gzip.GzipFile(fileobj=raw) as plain, target.open("xb") as copy:
                shutil.copyfileobj(plain, copy, 1024 * 1024)
        else:
            store.copy_to(file.sha256, target)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise CannotPrepare(
            f"Two inputs meet at {file.path}; {file.uri or 'one of them'} does not fit. Give each its own LocalPath."
        ) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise CannotPrepare(f"The input {file.uri} is declared as Gzip but cannot be unpacked: {error}.") from error
    except BlobNotFound as error:
        raise CannotPrepare(
            f"The bytes of the input {file.uri or file.path} are not in the store.", FailureCategory.SERVICE_FAULT
        ) from error


def _input_of(file: InputFile, job: JobSpec) -> InputSpec | None:
    """The input an object belongs to: the longest local path above it."""
    above = [item for item in job.inputs if file.path.startswith(item.local_path.rstrip("/") + "/")]
    return max(above, key=lambda item: len(item.local_path), default=None)


def _translate_drivers(spec: AttemptSpec, ml: Path) -> None:
    for file in spec.input_files:
        if file.path.startswith(SDK_DRIVERS) or file.path.endswith("/" + SDK_RUN_SCRIPT):
            path = inside(ml, file.path)
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a compiled file names no path that matters
            path.write_text(rewritten(text, ml), encoding="utf-8")


def _command(job: JobSpec) -> tuple[str, ...]:
    if job.toolkit in INSTEAD_OF_ENTRYPOINT:
        return ("python3", f"{TOOLKIT}/launch.py", job.toolkit, OPT_ML, *job.arguments)
    if job.entrypoint:
        return (*job.entrypoint, *job.arguments)
    if job.toolkit in {SCRIPT_MODE, TRANSFORM, XGBOOST_ALGORITHM}:
        return ("python3", f"{TOOLKIT}/launch.py", job.toolkit, OPT_ML, *job.requires)
    if job.toolkit == TRANSFORM_SERVED:
        raise CannotPrepare(
            f"The image {job.image} serves predictions with a server of its own, which only Docker can start. Run this "
            "step with the docker runner, or map the image to scikit-learn, XGBoost or Python (Settings, Images).",
            FailureCategory.NOT_RUNNABLE,
        )
    raise CannotPrepare(
        f"The job starts the own command of {job.image}, which only a container of that image has. "
        "Set an entrypoint, or run this step in a pool with the docker runner.",
        FailureCategory.NOT_RUNNABLE,
    )


@cache
def _toolkit_files() -> tuple[tuple[str, bytes], ...]:
    folder = Path(__file__).parent / "toolkit"
    return tuple((path.name, path.read_bytes()) for path in sorted(folder.glob("*.py")))


def _copy_toolkit(ml: Path) -> None:
    """The toolkit goes with the attempt, so every runner and image finds it at the same place."""
    folder = inside(ml, TOOLKIT)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _toolkit_files():
        (folder / name).write_bytes(content)


def _place_pip(ml: Path, requirements: str | None, *, rewrite: bool) -> None:
    """A `pip` for the shell scripts the SDK writes; see toolkit/pip_command.py."""
    if requirements is not None:
        inside(ml, f"{TOOLS}/requirements.txt").write_text(requirements, encoding="utf-8")
    folder = inside(ml, f"{TOOLS}/bin")
    folder.mkdir(exist_ok=True)
    text = f'#!/bin/sh\nexec python3 "{TOOLKIT}/pip_command.py" "$@"\n'
    for name in ("pip", "pip3"):
        (folder / name).write_text(rewritten(text, ml) if rewrite else text, encoding="utf-8")
        (folder / name).chmod(0o755)


def _source(spec: AttemptSpec, ml: Path, argv: tuple[str, ...]) -> sources.Source:
    """Where the step's own code is, by the way it is started."""
    files = {file.path: inside(ml, file.path) for file in spec.input_files}
    if spec.job.requirements_file is not None:
        if spec.job.requirements_file not in files:
            raise CannotPrepare(f"The dependencies {spec.job.requirements_file} are in none of the step's inputs.")
        return sources.in_files([], files[spec.job.requirements_file])
    if spec.job.toolkit == TRANSFORM:
        return sources.in_model_archives(path for name, path in files.items() if name.startswith(MODEL_FOLDERS))
    if spec.job.toolkit in INSTEAD_OF_ENTRYPOINT:
        return sources.Source()
    if spec.job.entrypoint is None:
        if spec.job.toolkit == XGBOOST_ALGORITHM:
            return sources.Source(libraries=frozenset({"numpy", "pyarrow", "xgboost"}))
        archives = [path for name, path in files.items() if name.startswith(SUBMIT_FOLDER + "/")]
        found = sources.in_archive(archives[0]) if archives else sources.Source()
        # As AWS's toolkit: requirements.txt is for Python scripts; a shell script installs what it wants itself.
        is_python = decoded(spec.job.hyperparameters.get("sagemaker_program", "")).endswith(".py")
        return found if is_python else replace(found, requirements=None)
    ready_made = library_reference(argv)
    if ready_made is not None:
        return sources.Source(libraries=libraries_of(ready_made))
    if any(name.startswith(SDK_DRIVERS) for name in files):
        code = f"{OPT_ML}/input/data/code/"
        scripts = [path for name, path in files.items() if name.startswith(code) and name.endswith(".py")]
        return sources.in_files(scripts, files.get(code + sources.REQUIREMENTS))
    script = next((word for word in argv[1:] if word in files), None)
    if script is None:
        return sources.Source()
    if script.endswith("/" + SDK_RUN_SCRIPT):
        archive = next((path for name, path in files.items() if name.endswith("/sourcedir.tar.gz")), None)
        return sources.in_archive(archive) if archive else sources.Source()
    if argv[0].rsplit("/", 1)[-1] not in PYTHON_NAMES:
        return sources.Source()
    return sources.in_files([files[script]], files.get(script.rsplit("/", 1)[0] + "/" + sources.REQUIREMENTS))


def _environment(spec: AttemptSpec, root: Path, *, rewrite: bool) -> dict[str, str]:
    """The whole environment. The definition's own values win over the platform's, the platform's over the defaults."""
    threads = str(max(1, math.ceil(spec.limits.cpus)))
    base = {
        "PATH": f"{rewritten(TOOLS, root / 'ml') if rewrite else TOOLS}/bin:{_PATH}",
        "HOME": str(root / "tmp") if rewrite else "/tmp",
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SM_NUM_CPUS": threads,
        **dict.fromkeys(_THREAD_VARIABLES, threads),
        **SLEEPING_THREADS,
    }
    if library_reference(spec.job.entrypoint or ()) is not None:
        base[ROOT_VARIABLE] = root_of(root / "ml", rewrite=rewrite)
    job = rewritten_map(spec.job.environment, root / "ml") if rewrite else dict(spec.job.environment)
    return base | dict(spec.environment) | job
