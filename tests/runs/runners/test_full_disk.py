"""A volume without room: the step, its inputs or its outputs do not fit, and the reason names the volume."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.execution.states import FailureCategory
from runs.runners.base import Ended, RunnerSettings
from runs.runners.process import ProcessRunner
from runs.storage.local import LocalBlobStore
from tests.runs.attempts.harness import Bench, RecordingObserver, Token

MIB = 1024 * 1024


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small volume"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    mounted = subprocess.run(words, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no tmpfs can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def run(settings: RunnerSettings, bench: Bench, script: str, **facts: object):  # type: ignore[no-untyped-def]
    runner = ProcessRunner(settings)
    try:
        spec = bench.spec(script, arguments=("/opt/ml/processing/output/big",), **facts)  # type: ignore[arg-type]
        return runner.run(spec, store=bench.store, observer=RecordingObserver(), stop=Token())
    finally:
        runner.close()


def test_a_step_that_fills_its_volume_is_told(runner_settings: RunnerSettings, bench: Bench, volume: Path) -> None:
    settings = dataclasses.replace(runner_settings, work=volume / "work")
    outcome = run(settings, bench, f"import sys; open(sys.argv[1], 'wb').write(bytes({8 * MIB}))")
    assert (outcome.ended, outcome.category) == (Ended.FAILED, FailureCategory.DISK_FULL)
    assert f"No space is left on the volume {volume}" in outcome.reason


def test_inputs_that_do_not_fit_are_told(runner_settings: RunnerSettings, bench: Bench, volume: Path) -> None:
    settings = dataclasses.replace(runner_settings, work=volume / "work")
    outcome = run(settings, bench, "", inputs={"/opt/ml/processing/input/data/big": bytes(8 * MIB)})
    assert (outcome.ended, outcome.category) == (Ended.FAILED, FailureCategory.DISK_FULL)
    assert str(volume) in outcome.reason


def test_outputs_the_store_has_no_room_for_are_told(runner_settings: RunnerSettings, volume: Path) -> None:
    bench = Bench(LocalBlobStore(volume / "blobs"))
    outcome = run(runner_settings, bench, f"import os, sys; open(sys.argv[1], 'wb').write(os.urandom({8 * MIB}))")
    assert (outcome.ended, outcome.category, outcome.objects) == (Ended.FAILED, FailureCategory.DISK_FULL, ())
    assert f"No space is left on the volume {volume}" in outcome.reason
