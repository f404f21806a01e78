"""The driver of @step functions: the user's workspace, commands to run first, the SDK's own entry point, failures."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from runs.runners.layout import CannotPrepare
from runs.runners.sources import with_packages
from tests.runs.jobs.attempts import Bench, channel, job, training_files

MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"
EXTRA = "/opt/ml/input/data/pre_exec_script_and_dependencies"
INVOKE = """
import json, os, sys
from {package} import errors

def main(arguments):
    given = dict(zip(arguments, arguments[1:]))
    print(json.dumps({{"cwd": os.path.basename(os.getcwd()), "first": sys.path[0] == os.getcwd(),
                       "files": sorted(os.listdir(".")), "step": given["--pipeline_step_name"],
                       "model": os.environ["SM_MODEL_DIR"]}}))
    if given["--pipeline_step_name"] == "Bad":
        with open(errors.FAILURE_REASON_PATH, "w") as failure:
            failure.write("ValueError('no rows')")
        sys.exit(1)
    sys.exit(0)
"""


def sdk(folder: Path, version: str) -> Path:
    """A package that looks like the SageMaker SDK to the driver."""
    package = "sagemaker.remote_function" if version.startswith("2") else "sagemaker.core.remote_function"
    place = folder.joinpath(*package.split("."))
    place.mkdir(parents=True)
    (place / "errors.py").write_text("FAILURE_REASON_PATH = '/nowhere'\n")
    (place / "invoke_function.py").write_text(INVOKE.format(package=package))
    (folder / f"sagemaker-{version}.dist-info").mkdir()
    (folder / f"sagemaker-{version}.dist-info/METADATA").write_text(
        f"Metadata-Version: 2.1\nName: sagemaker\nVersion: {version}\n"
    )
    return folder


def call(
    bench: Bench,
    packages: Path,
    *,
    name: str = "Good",
    python: str = MINOR,
    files: dict[str, bytes | str] | None = None,
) -> CompletedProcess[str]:
    arguments = ("--client_python_version", python, "--pipeline_step_name", name, "--func_step_s3_dir", "2026-01-01")
    spec = job(
        entrypoint=("/bin/bash", "/opt/ml/input/data/x/job_driver.sh"),
        toolkit="function",
        arguments=arguments,
        files=training_files({}, {}),
        inputs=(channel("2026-01-01"), channel("pre_exec_script_and_dependencies")),
        environment={"PYTHONPATH": str(packages)},
    )
    return bench.run(bench.prepare(spec, *(bench.put(path, content) for path, content in (files or {}).items())))


def said(done: CompletedProcess[str]) -> Any:
    first, last = done.stdout.splitlines()
    assert first.startswith("[clary: Python ") and "not the step's image" in first
    return json.loads(last)


def workspace(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        for name, text in files.items():
            packed.writestr(f"sagemaker_remote_function_workspace/{name}", text)
    return data.getvalue()


@pytest.mark.parametrize("version", ["2.257.7", "3.27.0"])
def test_the_sdks_own_entry_point_runs_in_the_users_workspace(bench: Bench, tmp_path: Path, version: str) -> None:
    sent = {
        "/opt/ml/input/data/2026-01-01/workspace.zip": workspace({"helpers.py": "x = 1"}),
        f"{EXTRA}/requirements.txt": "rich",
    }
    done = call(bench, sdk(tmp_path / "sdk", version), files=sent)
    assert done.returncode == 0, done.stdout
    assert said(done) == {
        "cwd": "sagemaker_remote_function_workspace",
        "first": True,
        "files": ["helpers.py", "requirements.txt"],
        "step": "Good",
        "model": f"{bench.ml}/model",
    }


def test_what_the_function_raised_is_the_failure(bench: Bench, tmp_path: Path) -> None:
    done = call(bench, sdk(tmp_path / "sdk", "2.257.7"), name="Bad")
    assert (done.returncode, bench.failure()) == (1, "ValueError('no rows')")


def test_commands_run_first_and_stop_the_step_where_they_fail(bench: Bench, tmp_path: Path) -> None:
    script = f"{EXTRA}/pre_exec.sh"
    done = call(bench, sdk(tmp_path / "sdk", "2.257.7"), files={script: "echo prepared > ready.txt\n"})
    assert said(done)["files"] == ["pre_exec.sh", "ready.txt"]


def test_a_failing_command_is_the_failure(bench: Bench, tmp_path: Path) -> None:
    done = call(bench, sdk(tmp_path / "sdk", "2.257.7"), files={f"{EXTRA}/pre_exec.sh": "echo no disk >&2\nexit 4\n"})
    assert done.returncode == 1
    assert "exit code 4: no disk" in bench.failure()


def test_another_python_is_refused_with_what_is_needed(bench: Bench, tmp_path: Path) -> None:
    done = call(bench, sdk(tmp_path / "sdk", "2.257.7"), python="3.7")
    assert done.returncode == 1
    assert f"pickled with Python 3.7 and this step runs Python {MINOR}" in bench.failure()


def test_an_sdk_of_another_generation_is_refused(bench: Bench, tmp_path: Path) -> None:
    assert call(bench, sdk(tmp_path / "sdk", "4.0.0")).returncode == 1
    assert "generations 2 and 3 run here" in bench.failure()


def test_a_workspace_that_is_no_archive_is_the_failure(bench: Bench, tmp_path: Path) -> None:
    done = call(bench, sdk(tmp_path / "sdk", "2.257.7"), files={"/opt/ml/input/data/2026-01-01/workspace.zip": "x"})
    assert done.returncode == 1
    assert "cannot be unpacked" in bench.failure()


def test_the_environment_holds_the_sdk_and_the_functions_dependencies(bench: Bench) -> None:
    spec = job(
        toolkit="function",
        python="3.11",
        packages=("sagemaker==2.257.7",),
        requirements_file=f"{EXTRA}/requirements.txt",
        inputs=(channel("pre_exec_script_and_dependencies"),),
    )
    prepared = bench.prepare(spec, bench.put(f"{EXTRA}/requirements.txt", "rich==13\n"))
    assert prepared.environment.requirements == "sagemaker==2.257.7\nrich==13\n"
    assert prepared.environment.python == "3.11"


def test_a_dependency_file_that_did_not_arrive_is_told(bench: Bench) -> None:
    with pytest.raises(CannotPrepare, match="none of the step's inputs"):
        bench.prepare(job(toolkit="function", requirements_file=f"{EXTRA}/requirements.txt"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "sagemaker==2.0\n"),
        ("rich", "sagemaker==2.0\nrich\n"),
        ("sagemaker>=1.256.0, <3.0.0\nrich", "sagemaker==2.0\nrich\n"),
        ("sagemaker>=2.1,<3.0.0", "sagemaker>=2.1,<3.0.0"),
        ("Sagemaker >= 2", "Sagemaker >= 2"),
        ("sagemaker[local]==2.1", "sagemaker[local]==2.1"),
        ("sagemaker-core==1", "sagemaker==2.0\nsagemaker-core==1\n"),
    ],
)
def test_a_package_the_user_names_stays_as_the_user_wants_it(text: str | None, expected: str) -> None:
    assert with_packages(["sagemaker==2.0"], text) == expected
