"""Steps of a worker that is root and has no sandbox become a user without rights, or it is said that they cannot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from runs.runners import installing, process, unprivileged
from runs.runners.base import Ended, Limits, RunnerSettings
from runs.runners.interpreters import Interpreter
from runs.runners.ownership import STEP_UID
from runs.runners.unprivileged import identity_for
from tests.runs.attempts.harness import Bench, RecordingObserver, Token

SYSTEM_PYTHON = "/usr/bin/python3"
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    folder.chmod(0o755)
    monkeypatch.setattr(unprivileged, "OUTSIDE", folder)
    monkeypatch.setattr(process, "identity_for", lambda settings: identity_for(settings, outside=folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def settings(tmp_path: Path) -> RunnerSettings:
    """With an interpreter that everybody may use."""
    command = [SYSTEM_PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    if not Path(SYSTEM_PYTHON).exists() or subprocess.run(command).returncode:
        pytest.skip("the system has no Python from 3.11 on")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "secret.key").write_text("the secret of this installation")
    return RunnerSettings(home=home, work=home / "work", environments=home / "environments", python=SYSTEM_PYTHON)


SCRIPT = """
import json, os, subprocess, sys, tempfile
found = {"uid": os.getresuid(), "gid": os.getresgid(), "groups": os.getgroups()}
for path in sys.argv[2:]:
    try:
        found[path] = open(path).read()
    except OSError as problem:
        found[path] = type(problem).__name__
try:
    os.setuid(0)
    found["root again"] = True
except PermissionError:
    found["root again"] = False
found["child"] = subprocess.run(["id", "-u"], capture_output=True, text=True).stdout.strip()
found["temporary"] = tempfile.NamedTemporaryFile().name is not None
open(sys.argv[1] + "/x", "w").write("x")
print(json.dumps(found))
"""


def test_steps_are_nobody_in_particular_and_their_outputs_become_ours(
    settings: RunnerSettings, bench: Bench, outside: Path
) -> None:
    runner, found = process.make(settings)
    secret = str(settings.home / "secret.key")
    observer = RecordingObserver()
    try:
        assert str(STEP_UID) in found.reason
        assert not found.as_root
        spec = bench.spec(
            SCRIPT,
            inputs={"/opt/ml/processing/input/data/a": b"abc"},
            arguments=("/opt/ml/processing/output", "/opt/ml/processing/input/data/a", secret, "/etc/shadow"),
        )
        outcome = runner.run(spec, store=bench.store, observer=observer, stop=Token())
        assert outcome.ended is Ended.SUCCEEDED, observer.text
        said = json.loads(observer.text)
        assert said["uid"] == said["gid"] == [STEP_UID] * 3
        assert said["groups"] == []
        assert (said["root again"], said["child"], said["temporary"]) == (False, str(STEP_UID), True)
        assert "abc" in said.values()
        assert said[secret] == said["/etc/shadow"] == "PermissionError"
        (published,) = outcome.objects
        blob = bench.store.local_path(published.sha256)
        assert blob is not None
        assert blob.stat().st_uid == 0
    finally:
        runner.close()
    assert not list((outside).glob("*/work/*"))


INSTALLER = """
import json, os, sys
from pathlib import Path
packages, secret = Path(sys.argv[1]), sys.argv[2]
try:
    seen = open(secret).read()
except OSError as problem:
    seen = type(problem).__name__
(packages / "installed.py").write_text("by = " + repr([os.getuid(), os.getgroups(), seen]))
at_start = "import os, sys; sys.started_by = os.getuid()"
(packages / "installed.pth").write_text(at_start + "\\n")
"""


def test_requirements_are_installed_and_loaded_by_the_user_of_steps(
    settings: RunnerSettings, bench: Bench, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = str(settings.home / "secret.key")

    def command(environment: Path, base: Interpreter, environ: Mapping[str, str]) -> list[str]:
        packages = next(environment.glob("lib/python*/site-packages"))
        return [SYSTEM_PYTHON, "-c", INSTALLER, str(packages), secret]

    monkeypatch.setattr(installing, "_command", command)
    runner, _ = process.make(settings)
    observer = RecordingObserver()
    script = "import sys, installed; print(installed.by, sys.started_by, installed.__file__)"
    try:
        spec = bench.spec(script, requirements="anything")
        outcome = runner.run(spec, store=bench.store, observer=observer, stop=Token())
    finally:
        runner.close()
    assert outcome.ended is Ended.SUCCEEDED, (outcome.reason, observer.text)
    assert f"[{STEP_UID}, [], 'PermissionError'] {STEP_UID} " in observer.text
    assert Path(observer.text.split()[-1]).stat().st_uid == 0


def test_a_step_of_another_user_is_still_measured_limited_and_stopped(
    settings: RunnerSettings, bench: Bench, outside: Path
) -> None:
    runner, _ = process.make(settings)
    try:
        greedy = bench.spec("import time; x = b'x' * (300 << 20); time.sleep(5)", limits=Limits(memory_bytes=100 << 20))
        assert runner.run(greedy, store=bench.store, observer=RecordingObserver(), stop=Token()).out_of_memory
        slow = bench.spec("import time; time.sleep(60)", timeout_seconds=1)
        assert runner.run(slow, store=bench.store, observer=RecordingObserver(), stop=Token()).category == "timeout"
    finally:
        runner.close()


def test_where_it_cannot_be_the_reason_says_that_steps_are_root(settings: RunnerSettings, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copy(SYSTEM_PYTHON, closed / "python3")
    hidden = RunnerSettings(
        home=settings.home, work=settings.work, environments=settings.environments, python=str(closed / "python3")
    )
    identity = identity_for(hidden, outside=tmp_path)
    assert identity.is_root
    assert identity.settings is hidden
    assert identity.reason.startswith("Steps run as root")
    assert "Start Clary as an ordinary user" in identity.reason


def test_a_folder_somebody_else_made_is_not_used(settings: RunnerSettings, outside: Path) -> None:
    first = identity_for(settings, outside=outside)
    assert first.uid == STEP_UID
    os.chown(first.settings.work, STEP_UID, STEP_UID)
    again = identity_for(settings, outside=outside)
    assert again.is_root
    assert "belongs to somebody else" in again.reason
