from __future__ import annotations

import sys
from pathlib import Path

import pytest

from runs.runners.base import RunnerSettings
from runs.storage.local import LocalBlobStore
from tests.runs.attempts.harness import Bench


@pytest.fixture(scope="module")
def runner_settings(tmp_path_factory: pytest.TempPathFactory) -> RunnerSettings:
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    (home / "secret.key").write_text("the secret of this installation")
    return RunnerSettings(home=home, work=home / "work", environments=home / "environments", python=sys.executable)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(LocalBlobStore(tmp_path / "blobs"))
