"""Python functions decorated with @step: training jobs of a fixed shape, as both generations of the SDK write them.

The job's arguments say which Python and which SDK the function was pickled with, and where; the container image adds
nothing to that. Source: sagemaker.remote_function.job (SDK 2) and sagemaker.core.remote_function.job (SDK 3).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.steps.base import Json, StepNotRunnable

DRIVER = "job_driver.sh"
_SPARK = "spark_app.py"
#: The channel that brings what the decorator was given: a dependency file, commands to run first.
DEPENDENCIES = "/opt/ml/input/data/pre_exec_script_and_dependencies"

_MINOR = re.compile(r"3\.[0-9]{1,2}")
_RELEASE = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,5}){0,3}")


@dataclass(frozen=True, kw_only=True)
class FunctionCall:
    """`python`: the minor version it was pickled with, such as "3.11". `sdk`: a requirement line of the SDK.

    `dependency_file`: container path of a requirements.txt, None when the function asks for nothing.
    """

    python: str
    sdk: str
    dependency_file: str | None


def is_function(entrypoint: Sequence[str]) -> bool:
    return any(word.rpartition("/")[2] == DRIVER for word in entrypoint)


def declared_entrypoint(step: Mapping[str, Json]) -> tuple[str, ...]:
    """The literal words of a Training step's ContainerEntrypoint, before anything is evaluated."""
    arguments = step.get("Arguments")
    algorithm = arguments.get("AlgorithmSpecification") if isinstance(arguments, Mapping) else None
    words = algorithm.get("ContainerEntrypoint") if isinstance(algorithm, Mapping) else None
    return tuple(word for word in words if isinstance(word, str)) if isinstance(words, list) else ()


def read_call(entrypoint: Iterable[str], arguments: Sequence[str]) -> FunctionCall:
    """What the function needs to run.

    Raises:
        StepNotRunnable: Spark, several processes, a conda environment, or a version that is none.
    """
    given = _options(arguments)
    if any(word.endswith(_SPARK) for word in (*entrypoint, *arguments)):
        raise StepNotRunnable(
            "This @step function runs on Spark (spark_config), which does not run here. Leave spark_config out."
        )
    if given.get("--distribution"):
        raise StepNotRunnable(
            f"This @step function starts several processes with {given['--distribution']}, which does not run here. "
            "Leave use_torchrun and use_mpirun out."
        )
    if given.get("--job_conda_env"):
        raise StepNotRunnable(
            f"This @step function wants the conda environment {given['--job_conda_env']}, and conda environments do "
            "not run here. Leave job_conda_env out and name a requirements.txt in dependencies."
        )
    python = given.get("--client_python_version", "")
    if not _MINOR.fullmatch(python):
        raise StepNotRunnable(
            f"--client_python_version must be a version of Python such as 3.11, but is {python!r}. The SDK writes it; "
            "build the pipeline again."
        )
    return FunctionCall(
        python=python,
        sdk=_requirement(given.get("--client_sagemaker_pysdk_version", "")),
        dependency_file=_dependency_file(given.get("--dependency_settings")),
    )


def _options(arguments: Sequence[str]) -> dict[str, str]:
    """`--name value` pairs; the first value counts, and one that begins with two hyphens is no value."""
    return {name: value for name, value in pairwise(arguments) if name.startswith("--") and not value.startswith("--")}


def _requirement(version: str) -> str:
    """SDK 2.257.7 → "sagemaker==2.257.7". One that was never published (a development build) → its generation."""
    if _RELEASE.fullmatch(version):
        return f"sagemaker=={version}"
    major = version.partition(".")[0]
    if major in {"2", "3"}:
        return f"sagemaker>={major},<{int(major) + 1}"
    raise StepNotRunnable(
        f"--client_sagemaker_pysdk_version must be a version of the SageMaker SDK, but is {version!r}. The SDK writes "
        "it; build the pipeline again with SDK 2 or 3."
    )


def _dependency_file(settings: str | None) -> str | None:
    try:
        parsed = json.loads(settings) if settings else {}
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise StepNotRunnable(f"--dependency_settings must be a JSON object, but is {settings!r}.")
    name = parsed.get("dependency_file")
    if name is None:
        return None
    if not isinstance(name, str) or "/" in name or name in {"", ".", ".."}:
        raise StepNotRunnable(f"--dependency_settings must name a file, but names {name!r}.")
    if name.endswith((".yml", ".yaml")):
        raise StepNotRunnable(
            f"The dependencies of this @step function are a conda file ({name}), and conda environments do not run "
            "here. Name a requirements.txt in dependencies."
        )
    return f"{DEPENDENCIES}/{name}"
