"""Ready-made steps under a runner: recognising one, what it imports, and where it finds its package.

The package lies beside the rooms (`library/`), so no environment has to hold it: a runner shows the folder to the step
and names it in PYTHONPATH. Also here: the OpenMP library that LightGBM expects of the system.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from engine.library.catalogue import LIBRARY, MODULE, library_steps
from runs.runners.interpreters import interpreter
from runs.runners.layout import OPT_ML, PYTHON_NAMES

__all__ = ["LIBRARY", "MODULE", "ROOT_VARIABLE", "copy_library", "library_reference", "openmp_library", "with_library"]

#: Tells the package where the job's folders are, as /opt/ml is elsewhere under the process runner.
ROOT_VARIABLE = "STEPS_ROOT"
OPENMP = "libgomp.so.1"
_LOADER_CACHE = Path("/etc/ld.so.cache")
#: Folders of wheels that bring an OpenMP of their own.
_WHEELS = ("scikit_learn.libs", "xgboost_cpu.libs", "xgboost.libs")


def library_reference(argv: Sequence[str]) -> str | None:
    """ "split@1" where a command starts a ready-made step, else None."""
    words = [argv[0].rsplit("/", 1)[-1], *argv[1:4]] if argv else []
    if len(words) == 4 and words[0] in PYTHON_NAMES and words[1:3] == ["-m", MODULE]:
        return words[3]
    return None


def libraries_of(reference: str) -> frozenset[str]:
    """What a ready-made step imports, for the choice of a warm interpreter."""
    step = library_steps().get(reference)
    return frozenset({MODULE, *(step.document["libraries"] if step is not None else ())})


def with_library(env: dict[str, str], argv: Sequence[str], folder: str) -> dict[str, str]:
    """The environment of a step that sees the library at `folder`; unchanged for any other step."""
    if library_reference(argv) is None:
        return env
    given = env.get("PYTHONPATH")
    return {**env, "PYTHONPATH": f"{folder}:{given}" if given else folder}


def copy_library(target: Path) -> None:
    """The package with the attempt itself, for containers that see nothing else of ours."""
    shutil.copytree(LIBRARY / MODULE, target / MODULE, ignore=shutil.ignore_patterns("__pycache__"))


@cache
def openmp_library(python: str, loader_cache: Path = _LOADER_CACHE) -> Path | None:
    """The OpenMP library to lend to the environment's packages: None where the system has one, or no wheel does."""
    try:
        if f"{OPENMP}\0".encode() in loader_cache.read_bytes():
            return None
    except OSError:
        pass  # a system without a cache: what a wheel brought is surely right
    packages = Path(interpreter(python).packages)
    found = [path for wheel in _WHEELS for path in sorted((packages / wheel).glob("libgomp*.so*"))]
    return found[0] if found else None


def lend(library: Path, work: Path) -> Path:
    """A folder that holds the library under the name programs look for."""
    folder = work / ".lib"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / OPENMP
    if not link.is_symlink() or link.readlink() != library:
        fresh = folder / f".{OPENMP}.{os.getpid()}"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(library)
        fresh.replace(link)
    return folder


def root_of(ml: Path, *, rewrite: bool) -> str:
    return str(ml) if rewrite else OPT_ML
