"""What packages of a requirements.txt can do while they are built and loaded: no more than a step."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.execution.states import FailureCategory
from runs.runners.base import Ended, Outcome, RunnerSettings
from runs.runners.installing import DOWNLOADS
from runs.runners.ownership import STEP_UID
from runs.runners.sandbox import SandboxRunner
from tests.machine import need
from tests.runs.attempts.harness import Bench, RecordingObserver, Token

PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'

#: Builds a wheel whose module says what the build could do.
BACKEND = """
import json, os, sys, zipfile
from pathlib import Path

def attack():
    found = {{}}
    for path in {reads!r}:
        try:
            found["read " + path] = os.listdir(path) if os.path.isdir(path) else open(path).read()
        except OSError as problem:
            found["read " + path] = type(problem).__name__
    for path in {writes!r}:
        try:
            Path(path).write_text("hostile")
            found["write " + path] = "written"
        except OSError as problem:
            found["write " + path] = type(problem).__name__
    status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
    found["capabilities"] = status["CapEff"].strip()
    found["uid"] = os.getuid()
    found["environ"] = sorted(os.environ)
    found["processes"] = sum(name.isdigit() for name in os.listdir("/proc"))
    return found

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    found = attack()
    name = "bramble-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as archive:
        archive.writestr("bramble.py", "found = " + repr(found))
        archive.writestr("bramble-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: bramble\\nVersion: 1.0\\n")
        archive.writestr("bramble-1.0.dist-info/WHEEL",
                         "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr("bramble-1.0.dist-info/RECORD", "")
    return name

{extra}
"""

#: Run by every start of the environment's interpreter.
AT_START = """
import sys, os, json
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
attempts = os.listdir("/run/clary/attempts") if os.path.isdir("/run/clary/attempts") else []
sys.found_at_start = {"capabilities": status["CapEff"].strip(), "uid": os.getuid(), "attempts": attempts}
try:
    open(MARKER, "w").write("loaded outside of a step")
except OSError:
    pass
"""


def sdist(folder: Path, *, reads: list[Path] | None = None, writes: list[Path] | None = None, extra: str = "") -> None:
    backend = BACKEND.format(reads=list(map(str, reads or [])), writes=list(map(str, writes or [])), extra=extra)
    files = {"PKG-INFO": "Metadata-Version: 2.1\nName: bramble\nVersion: 1.0\n", "backend.py": backend}
    files["pyproject.toml"] = PYPROJECT
    with tarfile.open(folder / "bramble-1.0.tar.gz", "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"bramble-1.0/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "packages"
    folder.mkdir()
    for path in (folder, tmp_path):
        path.chmod(0o755)
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "DATABASE_URL": "a secret"}.items():
        monkeypatch.setenv(name, value)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> RunnerSettings:
    need("bwrap")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "secret.key").write_text("the secret of this installation")
    work = home / "work"
    (work / "another" / "ml").mkdir(parents=True)
    (work / "another" / "ml" / "table.csv").write_text("somebody else's rows")
    return RunnerSettings(home=home, work=work, environments=home / "environments", python=sys.executable)


@pytest.fixture
def runner(settings: RunnerSettings, packages: Path) -> Iterator[SandboxRunner]:
    made = SandboxRunner(settings)
    yield made
    made.close()


def run(runner: SandboxRunner, bench: Bench, script: str) -> tuple[Outcome, RecordingObserver]:
    observer = RecordingObserver()
    spec = bench.spec(script, requirements="bramble\n")
    return runner.run(spec, store=bench.store, observer=observer, stop=Token()), observer


def said(runner: SandboxRunner, bench: Bench, what: str) -> dict[str, object]:
    """The JSON that a step with the hostile package prints."""
    outcome, observer = run(runner, bench, f"import json, sys, bramble; print('SAID', json.dumps({what}))")
    assert outcome.ended is Ended.SUCCEEDED, (outcome.reason, observer.text)
    answer: dict[str, object] = json.loads(observer.text.partition("SAID ")[2].splitlines()[0])
    return answer


def test_a_build_reads_nothing_of_ours_and_writes_nowhere_else(
    runner: SandboxRunner, settings: RunnerSettings, bench: Bench, packages: Path, tmp_path: Path
) -> None:
    home = settings.home
    (tmp_path / "diary").write_text("private")
    reads = [home / "secret.key", settings.work / "another" / "ml" / "table.csv", home, tmp_path / "diary"]
    reads += [Path("/etc/shadow"), Path("/run/clary/attempts"), settings.environments / DOWNLOADS]
    writes = [packages / "x", home / "x", settings.environments / "x", settings.environments / DOWNLOADS / "x"]
    writes += [Path("/usr/x"), Path(sys.prefix, "x"), Path("/etc/x"), Path("/run/clary/forkserver/x")]
    sdist(packages, reads=reads, writes=writes)
    found = said(runner, bench, "bramble.found")
    for path in reads:
        answer = found[f"read {path}"]
        assert answer in ("FileNotFoundError", "PermissionError") or (
            path == home and set(answer) <= {"environments"}  # type: ignore[call-overload]
        ), (path, answer)
    for path in writes:
        assert not path.exists()
        if not path.is_relative_to("/tmp"):  # what it writes below its own /tmp is seen by nobody
            assert found[f"write {path}"] != "written", path
    assert found["capabilities"] == "0" * 16
    assert found["uid"] == (STEP_UID if os.geteuid() == 0 else 1000)
    assert "DATABASE_URL" not in found["environ"]  # type: ignore[operator]
    assert found["processes"] < 12  # type: ignore[operator]


def test_what_a_build_leaves_belongs_to_us_and_cannot_be_changed_by_steps(
    runner: SandboxRunner, settings: RunnerSettings, bench: Bench, packages: Path
) -> None:
    sdist(packages)
    found = said(runner, bench, "{'file': bramble.__file__}")
    (module,) = settings.environments.glob("*/lib/python*/site-packages/bramble.py")
    assert found["file"] == str(module)
    assert module.stat().st_uid == os.geteuid()
    outcome, observer = run(runner, bench, "import bramble; open(bramble.__file__, 'a').write('hostile')")
    assert outcome.ended is Ended.FAILED
    assert "Read-only file system" in observer.text or "Permission denied" in observer.text
    assert not list(settings.environments.glob("*/.installing"))


def test_a_build_cannot_choose_the_program_that_runs_steps(
    runner: SandboxRunner, settings: RunnerSettings, bench: Bench, packages: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    tmp_path.chmod(0o777)
    extra = f"""
for folder in Path(os.environ["HOME"]).parents:
    if (folder / "pyvenv.cfg").exists():
        break
program = folder / "bin" / "python3"
program.unlink()
program.write_text("#!/bin/sh\\ntouch {marker}\\n")
program.chmod(0o755)
(folder / "bin" / "python").unlink()
(folder / "bin" / "python").mkdir()
(folder / "pyvenv.cfg").unlink()
(folder / "pyvenv.cfg").symlink_to("{settings.home}/secret.key")
os.rename(folder / ".installing", folder / ".kept")
(folder / ".installing").symlink_to("{settings.home}")
"""
    sdist(packages, extra=extra)
    outcome, _ = run(runner, bench, "import bramble; print(bramble)")
    assert not marker.exists()
    assert (settings.home / "secret.key").read_text() == "the secret of this installation"
    assert outcome.ended in (Ended.SUCCEEDED, Ended.FAILED)
    for python in settings.environments.glob("*/bin/python3"):
        assert Path(python).resolve() == Path(sys.executable).resolve()


def test_a_folder_that_a_build_replaced_fails_the_step(runner: SandboxRunner, bench: Bench, packages: Path) -> None:
    extra = """
folder = next(folder for folder in Path(os.environ["HOME"]).parents if (folder / "pyvenv.cfg").exists())
os.rename(folder / "bin", folder / "nib")
os.symlink("/etc", folder / "bin")
"""
    sdist(packages, extra=extra)
    outcome, observer = run(runner, bench, "print('never')")
    assert (outcome.ended, outcome.category) == (Ended.FAILED, FailureCategory.USER_CODE), observer.text
    assert "never" not in observer.text


def test_code_that_starts_with_the_interpreter_runs_in_the_step_only(
    runner: SandboxRunner, bench: Bench, packages: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    tmp_path.chmod(0o777)
    code = AT_START.replace("MARKER", repr(str(marker)))
    with zipfile.ZipFile(packages / "bramble-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("bramble.py", "")
        archive.writestr("bramble.pth", f"import sys; exec({code!r})\n")
        archive.writestr("bramble-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: bramble\nVersion: 1.0\n")
        archive.writestr(
            "bramble-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("bramble-1.0.dist-info/RECORD", "")
    for _ in range(2):
        found = said(runner, bench, "sys.found_at_start")
        assert found == {"capabilities": "0" * 16, "uid": STEP_UID if os.geteuid() == 0 else 1000, "attempts": []}
    assert not marker.exists()


def test_a_set_user_id_program_loses_that_mark(
    runner: SandboxRunner, settings: RunnerSettings, bench: Bench, packages: Path
) -> None:
    extra = """
folder = next(folder for folder in Path(os.environ["HOME"]).parents if (folder / "pyvenv.cfg").exists())
(folder / "bin" / "tool").write_bytes(b"x")
(folder / "bin" / "tool").chmod(0o6755)
"""
    sdist(packages, extra=extra)
    said(runner, bench, "1")
    (tool,) = settings.environments.glob("*/bin/tool")
    if os.geteuid() == 0:
        assert not tool.stat().st_mode & (stat.S_ISUID | stat.S_ISGID)
