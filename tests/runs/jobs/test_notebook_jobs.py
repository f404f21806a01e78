"""Notebook jobs: a notebook run by papermill with the job's parameters, kept with its outputs."""

from __future__ import annotations

import json
from subprocess import CompletedProcess
from typing import Any

from engine.steps.jobs.training import to_job
from tests.engine.jobs.contexts import channel, context, training
from tests.runs.jobs.attempts import Bench

IMAGE = "885854791233.dkr.ecr.us-east-1.amazonaws.com/sagemaker-distribution:1"
CHANNEL = "/opt/ml/input/data/sagemaker_headless_execution_pipelinestep"
NAMES = {"SM_INPUT_NOTEBOOK_NAME": "nb.ipynb", "SM_OUTPUT_NOTEBOOK_NAME": "out.ipynb", "SM_KERNEL_NAME": "python3"}


def notebook(*cells: str) -> str:
    tagged = {"tags": ["parameters"]}
    listed = [
        {"cell_type": "code", "source": text, "metadata": {} if n else tagged, "outputs": [], "execution_count": None}
        for n, text in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": listed, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})


def arguments(environment: dict[str, str] | None = None, **parameters: str) -> dict[str, Any]:
    return training(
        AlgorithmSpecification={
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["amazon_sagemaker_scheduler"],
        },
        InputDataConfig=[channel("sagemaker_headless_execution_pipelinestep", "s3://bkt/nb/input")],
        HyperParameters=parameters,
        Environment={**NAMES, "SM_EXECUTION_INPUT_PATH": CHANNEL, **(environment or {})},
    )


def run(bench: Bench, given: dict[str, Any], files: dict[str, str]) -> CompletedProcess[str]:
    job = to_job(context(), given)
    return bench.run(bench.prepare(job, *(bench.put(f"{CHANNEL}/{name}", text) for name, text in files.items())))


def result(bench: Bench) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((bench.ml / "output/data/out.ipynb").read_text())
    return found


def test_the_notebook_runs_with_typed_parameters_and_is_published_in_the_jobs_folder(bench: Bench) -> None:
    cells = ("rate = 0\nname = ''\ndeep = False", "import helper\nprint(helper.word, rate + 1, name, deep)")
    files = {"nb.ipynb": notebook(*cells), "helper.py": "word = 'helped'", "init.sh": "echo prepared"}
    done = run(bench, arguments({"SM_INIT_SCRIPT": "init.sh"}, rate="0.5", name="x", deep="True"), files)
    assert done.returncode == 0, done.stdout
    assert "prepared" in done.stdout
    assert "helped 1.5 x True" in json.dumps(result(bench))
    outputs = {one.name: (one.uri, one.archive) for one in to_job(context(), arguments()).outputs}
    assert outputs["notebook"] == (f"s3://bkt/out/{context().job_name}/output", None)


def test_a_failing_cell_is_the_failure_and_the_notebook_shows_it(bench: Bench) -> None:
    done = run(bench, arguments(), {"nb.ipynb": notebook("x = 1", "raise ValueError('no rows')", "print('never')")})
    assert done.returncode == 1
    assert bench.failure().startswith("ValueError: no rows (cell ")
    assert "\x1b" not in bench.failure()
    assert "no rows" in json.dumps(result(bench))


def test_an_unknown_kernel_is_replaced_visibly(bench: Bench) -> None:
    done = run(bench, arguments({"SM_KERNEL_NAME": "conda_tensorflow"}), {"nb.ipynb": notebook("print('hello')")})
    assert done.returncode == 0, done.stdout
    assert "there is no kernel conda_tensorflow here" in done.stdout


def test_what_is_missing_is_told(bench: Bench) -> None:
    assert run(bench, arguments(), {"other.ipynb": notebook("1")}).returncode == 1
    assert "nb.ipynb is not among the job's inputs. There is: other.ipynb" in bench.failure()


def test_an_initialization_script_that_fails_stops_the_job(bench: Bench) -> None:
    files = {"nb.ipynb": notebook("print('never')"), "init.sh": "exit 3"}
    assert run(bench, arguments({"SM_INIT_SCRIPT": "init.sh"}), files).returncode == 1
    assert "init.sh failed with exit code 3" in bench.failure()


def test_a_file_that_is_no_notebook_is_told(bench: Bench) -> None:
    assert run(bench, arguments(), {"nb.ipynb": "not json"}).returncode == 1
    assert "The notebook nb.ipynb cannot be run" in bench.failure()
