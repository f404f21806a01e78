"""Environments for requirements.txt, built from a folder of wheels made here: no network."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from engine.execution.states import FailureCategory
from runs.runners.base import Ended, RunnerSettings
from runs.runners.environments import Environments, PythonMissing
from runs.runners.installing import DOWNLOADS, EnvironmentFailed, InstallStopped
from runs.runners.interpreters import find_interpreter, interpreter
from runs.runners.process import ProcessRunner
from runs.runners.sandbox import SandboxRunner
from runs.storage.local import LocalBlobStore
from tests.machine import missing
from tests.runs.attempts.harness import Bench, RecordingObserver, Token

RUNNERS = [ProcessRunner, *([SandboxRunner] if missing("bwrap") is None else [])]


def wheel(folder: Path, name: str, version: str, code: str) -> None:
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", code)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("wheels")
    folder.chmod(0o755)  # where the worker is root, the installer is not
    wheel(folder, "sage", "1.0", "leaf = 'green'")
    wheel(folder, "sage", "2.0", "leaf = 'grey'")
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "DATABASE_URL": "secret"}


@pytest.fixture
def environments(tmp_path: Path, environ: dict[str, str]) -> Environments:
    return Environments(tmp_path / "environments", sys.executable, environ=environ)


def run(python: str, code: str) -> str:
    return subprocess.check_output([python, "-c", code], text=True, env={}).strip()


def test_requirements_come_on_top_of_the_default_packages(environments: Environments) -> None:
    log: list[bytes] = []
    python = environments.python_for("sage==1.0\n", log=log.append, stop=Token())
    assert run(python, "import sage, numpy, sys; print(sage.leaf, numpy.__name__, sys.prefix != sys.base_prefix)") == (
        "green numpy True"
    )
    assert b"installing requirements.txt" in b"".join(log)
    assert b"sage" in b"".join(log)


def test_no_requirements_mean_the_default_environment(environments: Environments) -> None:
    for text in (None, "", "\n  # only a comment\n"):
        assert environments.python_for(text, log=lambda _: None, stop=Token()) == sys.executable


def test_the_same_requirements_are_built_once(environments: Environments) -> None:
    first = environments.python_for("sage==1.0", log=lambda _: None, stop=Token())
    log: list[bytes] = []
    assert environments.python_for("# a comment\nsage==1.0\n\n", log=log.append, stop=Token()) == first
    assert log == []
    other = environments.python_for("sage==2.0", log=log.append, stop=Token())
    assert other != first
    assert run(other, "import sage; print(sage.leaf)") == "grey"


def test_several_steps_that_need_the_same_set_wait_for_one_build(environments: Environments) -> None:
    logs: list[list[bytes]] = [[] for _ in range(4)]
    pythons: list[str] = []
    threads = [
        threading.Thread(
            target=lambda log=log: pythons.append(environments.python_for("sage", log=log.append, stop=Token()))
        )
        for log in logs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(pythons) == 4
    assert len(set(pythons)) == 1
    assert sum(b"installing" in b"".join(log) for log in logs) == 1


def test_a_failed_installation_ends_with_the_installers_last_lines(environments: Environments, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailed) as caught:
        environments.python_for("surely-not-a-package==9", log=lambda _: None, stop=Token())
    assert "cannot be installed" in str(caught.value)
    assert "surely-not-a-package" in str(caught.value)
    kept = [path.name for path in (tmp_path / "environments").iterdir() if path.is_dir()]
    assert set(kept) <= {DOWNLOADS}


def test_a_build_that_died_half_way_is_done_again(environments: Environments, tmp_path: Path) -> None:
    first = Path(environments.python_for("sage==1.0", log=lambda _: None, stop=Token()))
    (tmp_path / "environments" / f"{first.parent.parent.name}.ready").unlink()
    log: list[bytes] = []
    assert environments.python_for("sage==1.0", log=log.append, stop=Token()) == str(first)
    assert b"installing" in b"".join(log)


def test_a_stop_ends_the_wait_for_somebody_elses_build(environments: Environments, tmp_path: Path) -> None:
    import fcntl

    stop = Token()
    name = environments._name("sage==1.0", interpreter(sys.executable))
    folder = tmp_path / "environments"
    folder.mkdir()
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        timer = threading.Timer(0.2, stop.stop)
        timer.start()
        with pytest.raises(InstallStopped):
            environments.python_for("sage==1.0", log=lambda _: None, stop=stop)
        timer.join()


def test_the_installer_sees_nothing_of_ours(environments: Environments, monkeypatch: pytest.MonkeyPatch) -> None:
    from runs.runners import installing as module

    seen: list[dict[str, str]] = []
    monkeypatch.setattr(module, "_run", lambda command, env, *_, uid: (seen.append(dict(env)), ([], 0))[1])
    environments.python_for("sage==1.0", log=lambda _: None, stop=Token())
    assert "DATABASE_URL" not in seen[0]
    assert seen[0]["HOME"] != os.environ.get("HOME")


@pytest.mark.parametrize("kind", RUNNERS)
def test_a_step_runs_in_its_environment(
    kind: type[ProcessRunner | SandboxRunner],
    runner_settings: RunnerSettings,
    bench: Bench,
    environ: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    runner = kind(runner_settings)
    observer = RecordingObserver()
    requirements = f"sage==1.0\nsage!={kind.kind == 'sandbox':d}.5\n"  # one environment each
    spec = bench.spec("import sage, numpy; print('leaf', sage.leaf)", requirements=requirements)
    try:
        outcome = runner.run(spec, store=bench.store, observer=observer, stop=Token())
        assert outcome.ended is Ended.SUCCEEDED, (outcome.reason, observer.text)
        assert "leaf green" in observer.text
        assert "preparing" in observer.phases
        broken = bench.spec("", requirements="surely-not-a-package\n")
        failed = runner.run(broken, store=bench.store, observer=RecordingObserver(), stop=Token())
        assert (failed.ended, failed.category) == (Ended.FAILED, FailureCategory.USER_CODE)
        assert failed.reason is not None
        assert "surely-not-a-package" in failed.reason
    finally:
        runner.close()


def test_the_default_python_is_any_version_it_has(environments: Environments) -> None:
    minor = interpreter(sys.executable).minor
    assert environments.python_for(None, python=minor, log=lambda _: None, stop=Token()) == sys.executable


def test_a_python_this_machine_lacks_is_said_with_what_to_do(environments: Environments) -> None:
    with pytest.raises(PythonMissing, match=r"needs Python 3\.98.*uv python install 3\.98") as refused:
        environments.python_for("sage==1.0", python="3.98", log=lambda _: None, stop=Token())
    assert refused.value.category is FailureCategory.NOT_RUNNABLE


OTHER = next((minor for minor in ("3.12", "3.13", "3.10", "3.14") if find_interpreter(minor)), None)


@pytest.mark.skipif(OTHER in (None, interpreter(sys.executable).minor), reason="one version of Python only")
@pytest.mark.parametrize("kind", RUNNERS)
def test_a_step_runs_in_another_version_of_python_without_the_default_packages(
    kind: type, runner_settings: RunnerSettings, environ: dict[str, str], tmp_path: Path
) -> None:
    assert OTHER is not None
    environments = Environments(runner_settings.environments, sys.executable, environ=environ)
    python = environments.python_for("sage==2.0", python=OTHER, log=lambda _: None, stop=Token())
    says = "import sage, sys, importlib.util as u; print(sage.leaf, sys.version_info[:2], u.find_spec('django'))"
    expected = f"grey (3, {OTHER.partition('.')[2]}) None"
    assert run(python, says) == expected
    runner = kind(runner_settings)
    bench = Bench(LocalBlobStore(tmp_path / "blobs"))
    observer = RecordingObserver()
    spec = bench.spec(says)
    spec = replace(spec, job=replace(spec.job, packages=("sage==2.0",), python=OTHER))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        outcome = runner.run(spec, store=bench.store, observer=observer, stop=Token())
    runner.close()
    assert outcome.ended is Ended.SUCCEEDED, observer.text
    assert expected in observer.text
