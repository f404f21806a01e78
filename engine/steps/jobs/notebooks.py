"""Notebook jobs: training jobs of a fixed shape that run a notebook with papermill, as the SDK writes them.

Source: sagemaker.workflow.notebook_job_step. Where AWS's image uploads the notebook is not documented; here it is a
plain object in the job's output folder, beside the files the notebook left in /opt/ml/output/data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.steps.base import OutputSpec, StepNotRunnable

ENTRYPOINT = "amazon_sagemaker_scheduler"
FOLDER = "/opt/ml/output/data"
_NAMES = ("SM_INPUT_NOTEBOOK_NAME", "SM_OUTPUT_NOTEBOOK_NAME")


def is_notebook(entrypoint: Sequence[str]) -> bool:
    return any(word.rpartition("/")[2] == ENTRYPOINT for word in entrypoint)


def check_environment(environment: Mapping[str, str]) -> None:
    """The variables that name the notebooks.

    Raises:
        StepNotRunnable: one is missing, or is no file name.
    """
    for name in _NAMES:
        value = environment.get(name, "")
        if not value or "/" in value or value in {".", ".."}:
            raise StepNotRunnable(
                f"Environment.{name} must be the name of a notebook such as report.ipynb, but is {value!r}."
            )


def output(folder: str) -> OutputSpec:
    """The executed notebook and what it left; also after a failure, because it shows how far it came."""
    return OutputSpec(name="notebook", local_path=FOLDER, uri=folder, on_failure=True)
