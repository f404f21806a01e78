"""`manage.py run_local` as people call it, with a real runner."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.runs.definitions import pipeline, step

ROOT = Path(__file__).resolve().parent.parent.parent


def definition(*commands: str) -> str:
    """S0, S1, …: each runs one line of Python."""
    steps = []
    for n, command in enumerate(commands):
        made = step(f"S{n}", *([f"S{n - 1}"] if n else []))
        made["Arguments"]["AppSpecification"]["ContainerEntrypoint"] = ["python3", "-c", command]
        steps.append(made)
    return json.dumps(pipeline(*steps, parameters=[{"Name": "Data", "Type": "String", "DefaultValue": "s3://b-b/x"}]))


def run(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "two-steps.json").write_text(text, encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CLARY_")}
    environ |= {"CLARY_HOME": str(folder / "home"), "CLARY_RUNNER": "process"}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    words = [sys.executable, str(ROOT / "manage.py"), "run_local", str(folder / "two-steps.json"), *options]
    return subprocess.run(words, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=50, check=False)


def test_success_is_exit_code_0_and_only_runs_what_is_asked_for(tmp_path: Path) -> None:
    text = definition("open('/opt/ml/processing/out/x', 'w').write('x')", "print('two')")
    whole = run(tmp_path, text, "--json")
    assert whole.returncode == 0, whole.stderr
    found = json.loads(whole.stdout)
    assert [row["status"] for row in found["steps"]] == ["Succeeded", "Succeeded"]
    part = run(tmp_path, text, "--only", "S1", "--json")
    assert part.returncode == 0, part.stdout
    assert json.loads(part.stdout)["steps"][0]["source_execution"] == found["id"]


def test_failure_is_exit_code_1_with_the_reason(tmp_path: Path) -> None:
    done = run(tmp_path, definition("raise SystemExit(3)"))
    assert done.returncode == 1
    assert "S0" in done.stderr
    assert "Failed" in done.stdout


def test_a_wrong_parameter_is_named_and_nothing_runs(tmp_path: Path) -> None:
    done = run(tmp_path, definition("print(1)"), "-p", "Dat=1")
    assert done.returncode == 1
    assert "Dat" in done.stderr
    assert "Traceback" not in done.stderr
