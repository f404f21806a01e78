"""Memory a sandboxed step takes without any process holding it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.execution.states import FailureCategory
from runs.runners.base import Limits, RunnerSettings
from runs.runners.sandbox import SandboxRunner
from tests.machine import need
from tests.runs.attempts.harness import Bench, RecordingObserver, Token

# Piece by piece: what is written must not lie in the step's own memory as well.
FILL = "import time\nwith open('/dev/shm/f', 'wb') as f:\n  for _ in range({mib}): f.write(b'x' * (1 << 20))\n{then}"


@pytest.fixture(scope="module")
def runner(runner_settings: RunnerSettings) -> Iterator[SandboxRunner]:
    need("bwrap")
    runner = SandboxRunner(runner_settings)
    yield runner
    runner.close()


def category(runner: SandboxRunner, bench: Bench, script: str) -> FailureCategory | None:
    spec = bench.spec(script, limits=Limits(memory_bytes=160 * 2**20))
    return runner.run(spec, store=bench.store, observer=RecordingObserver(), stop=Token()).category


def test_files_in_shared_memory_count(runner: SandboxRunner, bench: Bench) -> None:
    loop = "while True:\n  with open('/dev/shm/f', 'ab') as f: f.write(b'x' * (8 << 20))\n  time.sleep(0.02)"
    assert category(runner, bench, FILL.format(mib=1, then=loop)) is FailureCategory.OUT_OF_MEMORY


def test_shared_memory_that_is_mapped_counts_once(runner: SandboxRunner, bench: Bench) -> None:
    then = "import mmap\nf = open('/dev/shm/f', 'r+b'); m = mmap.mmap(f.fileno(), 0); sum(m[::4096]); time.sleep(0.4)"
    assert category(runner, bench, FILL.format(mib=90, then=then)) is None
