"""`manage.py run_local` as people call it, with a real runner."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

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
    """run_local of a file with this text, in a CLARY_HOME below `folder`."""
    (folder / "two-steps.json").write_text(text, encoding="utf-8")
    return run_file(folder, folder / "two-steps.json", *options)


def run_file(folder: Path, file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CLARY_")}
    environ |= {"CLARY_HOME": str(folder / "home"), "CLARY_RUNNER": "process"}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    words = [sys.executable, str(ROOT / "manage.py"), "run_local", str(file), *options]
    return subprocess.run(words, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=170, check=False)


def steps(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in json.loads(done.stdout)["steps"]}


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


WRITE = "open('/opt/ml/processing/out/x', 'w').write('x')"


def test_from_and_to_run_a_part_with_the_rest_taken_from_the_named_or_newest_execution(tmp_path: Path) -> None:
    text = definition(WRITE, WRITE, WRITE)
    first = json.loads(run(tmp_path, text, "--json").stdout)
    to = run(tmp_path, text, "--to", "S1", "--json")
    assert to.returncode == 0, to.stderr
    assert [row["status"] for row in steps(to).values()] == ["Succeeded", "Succeeded", "Skipped"]
    begun = run(tmp_path, text, "--from", "S1", "--source", first["id"], "--json")
    assert begun.returncode == 0, begun.stderr
    assert steps(begun)["S0"]["source_execution"] == first["id"]
    assert [row["status"] for row in steps(begun).values()] == ["Succeeded"] * 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--source", "0" * 12, "--only", "S1"), "000000000000"),
        (("--only", "Nobody"), "Nobody"),
        (("--from", "S0", "--to", "Nobody"), "no step 'Nobody'"),
        (("--from", "S1", "--to", "S0"), "No step is left"),
        (("--parallelism", "0"), "between 1 and 10000"),
        (("-p", "novalue"), "expected name=value"),
        (("--input", "Data=/no/such/file"), "/no/such/file"),
    ],
)
def test_an_option_that_cannot_be_followed_is_named_and_nothing_runs(
    tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    done = run(tmp_path, definition(WRITE, WRITE), *options)
    assert done.returncode in (1, 2)
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_definition_is_named(tmp_path: Path) -> None:
    for text in ("not json", "[]", "{}"):
        done = run(tmp_path, text)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe{")
    odd = run_file(tmp_path, binary)
    assert odd.returncode == 1
    assert "not UTF-8" in odd.stderr
    missing = run_file(tmp_path, tmp_path / "missing.json")
    assert missing.returncode == 1
    assert "missing.json" in missing.stderr


def reader() -> str:
    """One step that copies what it finds at the parameter Data."""
    copy = (
        "import pathlib; found = sorted(p for p in pathlib.Path('/opt/ml/processing/input/uri0').rglob('*')"
        " if p.is_file()); print([p.name for p in found], [p.read_text() for p in found])"
    )
    made = step("S0", uris=[{"Get": "Parameters.Data"}])
    made["Arguments"]["AppSpecification"]["ContainerEntrypoint"] = ["python3", "-c", copy]
    return json.dumps(pipeline(made, parameters=[{"Name": "Data", "Type": "String"}]))


def test_an_input_is_a_local_file_or_folder(tmp_path: Path) -> None:
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "a.csv").write_text("1")
    (tmp_path / "data" / "deep" / "b.csv").write_text("2")
    assert run(tmp_path, reader()).returncode == 1  # Data has no value
    (tmp_path / "newest").symlink_to(tmp_path / "data" / "a.csv")
    for given in (tmp_path / "data" / "a.csv", tmp_path / "data", tmp_path / "newest"):
        done = run(tmp_path, reader(), "--input", f"Data={given}", "--json")
        assert done.returncode == 0, done.stderr + done.stdout
        assert "Nothing is stored" not in done.stderr


def test_an_address_with_nothing_behind_it_is_told_before_the_run(tmp_path: Path) -> None:
    done = run(tmp_path, reader(), "-p", "Data=s3://nowhere-at-all/rows.csv")
    assert done.stderr.startswith("Nothing is stored at s3://nowhere-at-all/rows.csv yet.")
    assert done.returncode == 1


@pytest.mark.timeout(240)
def test_the_headline_sample_runs_in_a_fresh_home_and_its_second_run_takes_the_split_from_the_cache(
    tmp_path: Path,
) -> None:
    sample = ROOT / "examples" / "breast-cancer" / "definition.json"
    small = ("-p", "Folds=2", "-p", "Trees=5", "--json")
    first = run_file(tmp_path, sample, *small)
    assert first.returncode == 0, first.stderr + first.stdout
    assert steps(first)["Register"]["status"] == "Succeeded"
    assert not steps(first)["Split"]["cached"]
    second = run_file(tmp_path, sample, *small, "-p", "MinAuc=0.5")
    assert second.returncode == 0, second.stderr
    assert steps(second)["Split"]["cached"]
    assert steps(second)["Split"]["source_execution"] == json.loads(first.stdout)["id"]
    assert steps(second)["Register"]["status"] == "Succeeded"


def test_an_interrupt_ends_the_wait_of_a_step_that_asked_outside(tmp_path: Path) -> None:
    ask = {"Name": "Ask", "Type": "Callback", "Arguments": {}, "SqsQueueUrl": "https://sqs/1/q", "OutputParameters": []}
    (tmp_path / "ask.json").write_text(json.dumps(pipeline(ask)), encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CLARY_")}
    environ |= {"CLARY_HOME": str(tmp_path / "home"), "CLARY_RUNNER": "process"}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    environ.pop("PYTHONUNBUFFERED", None)  # lines come as they are written, without it too
    words = [sys.executable, str(ROOT / "manage.py"), "run_local", str(tmp_path / "ask.json")]
    with subprocess.Popen(words, env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        seen = ""
        while "Executing" not in seen:
            line = process.stdout.readline()
            assert line, seen
            seen += line
        process.send_signal(signal.SIGINT)
        seen += process.stdout.read()
        assert process.wait(30) != 0
    assert "Stopped" in seen
