"""The shell scripts the SDKs put around a user's code: framework processors (v2) and model trainers (v3)."""

import sys
from pathlib import Path

import pytest

from runs.runners.toolkit import pip_command
from tests.runs.jobs.attempts import Bench, job, output, packed, training_files

RUN = "/opt/ml/processing/input/entrypoint/runproc.sh"
# The same moves as the SDK's script, in fewer words.
RUNPROC = """#!/bin/bash
cd /opt/ml/processing/input/code/
tar -xzf sourcedir.tar.gz
set -e
if [[ -f 'requirements.txt' ]]; then
    pip uninstall --yes typing_is_not_here
    pip install -r requirements.txt
fi
python3 prep.py "$@"
"""
PREP = """import os, sys
print(sys.argv[1:])
with open(os.path.join(sys.argv[1], "a.txt"), "w") as file:
    file.write("done")
"""


def test_a_framework_processor_unpacks_and_runs_the_users_script(bench: Bench) -> None:
    source = packed({"prep.py": PREP, "requirements.txt": "# none\nno-such-package==1\n"})
    files = [bench.put(RUN, RUNPROC), bench.put("/opt/ml/processing/input/code/sourcedir.tar.gz", source)]
    changed = job(
        kind="Processing",
        toolkit="",
        entrypoint=("/bin/bash", RUN),
        arguments=("/opt/ml/processing/out",),
        outputs=(output("out", "/opt/ml/processing/out"),),
    )
    prepared = bench.prepare(changed, *files)
    assert prepared.environment.requirements is not None
    # As a runner sets it: the interpreter of the built environment first, which brings no pip of its own.
    (bench.folder / "bin").mkdir()
    (bench.folder / "bin/python3").symlink_to(sys.executable)
    done = bench.run(prepared, first_on_path=bench.folder / "bin")
    assert done.returncode == 0, done.stdout
    assert "Requirements are installed already." in done.stdout
    assert (bench.ml / "processing/out/a.txt").read_text() == "done"


def test_a_model_trainers_driver_runs_where_opt_ml_is_not_real(bench: Bench) -> None:
    drivers = "/opt/ml/input/data/sm_drivers"
    script = f"""#!/bin/bash
set -e
SM_PIP_CMD=$(command -v pip3 || command -v pip)
python3 {drivers}/scripts/environment.py
source /opt/ml/input/sm_training.env
cd /opt/ml/input/data/code
python3 train.py
"""
    environment = """with open("/opt/ml/input/sm_training.env", "w") as file:
    file.write("export SM_MODEL_DIR=/opt/ml/model\\n")
"""
    train = "import os\nopen(os.path.join(os.environ['SM_MODEL_DIR'], 'm'), 'w').write('1')\n"
    command = f"chmod +x {drivers}/sm_train.sh && {drivers}/sm_train.sh"
    changed = job(toolkit="", entrypoint=("/bin/bash",), arguments=("-c", command), files=training_files({}, {}))
    prepared = bench.prepare(
        changed,
        bench.put(f"{drivers}/sm_train.sh", script),
        bench.put(f"{drivers}/scripts/environment.py", environment),
        bench.put("/opt/ml/input/data/code/train.py", train),
    )
    done = bench.run(prepared)
    assert done.returncode == 0, done.stdout
    assert (bench.ml / "model/m").read_text() == "1"


def test_pip_with_other_packages_is_not_waved_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed, other = tmp_path / "installed.txt", tmp_path / "other.txt"
    installed.write_text("rich\n")
    other.write_text("rich\nhttpx\n")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert pip_command.main(["install", "-r", str(installed)], installed) == 0
    assert pip_command.main(["install", "-r", str(other)], installed) == 1
    assert pip_command.main(["install", "-r", str(installed), "httpx"], installed) == 1
    assert pip_command.main(["uninstall", "--yes", "pytest"], installed) == 1
    assert "requirements.txt beside the script" in capsys.readouterr().err
