from __future__ import annotations

import dataclasses
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from engine.execution.states import FailureCategory
from runs.runners.base import Ended, RunnerSettings
from runs.runners.docker import ATTEMPT_LABEL, HOME_LABEL, WORKER_LABEL, DockerRunner, probe
from tests.runs.attempts.engine import IMAGE, docker_engine
from tests.runs.attempts.harness import Bench, RecordingObserver, Token, wait_until
from tests.runs.attempts.runner_contract import RunnerContract

pytestmark = [
    pytest.mark.timeout(240),
    # The SDK leaves the sockets of its connection pools to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:.*socket.socket:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    with docker_engine() as address:
        yield address


@pytest.fixture(scope="module")
def runner(runner_settings: RunnerSettings, engine: str) -> Iterator[DockerRunner]:
    settings = dataclasses.replace(runner_settings, docker_images={"test:*": IMAGE})
    runner = DockerRunner(settings, base_url=engine)
    yield runner
    runner.close()


class TestDockerRunner(RunnerContract):
    pass


def run(runner: DockerRunner, bench: Bench, script: str, **facts):  # type: ignore[no-untyped-def]
    observer = RecordingObserver()
    outcome = runner.run(bench.spec(script, **facts), store=bench.store, observer=observer, stop=Token())
    return outcome, observer.text


def containers(engine: str) -> list[str]:
    client = docker.DockerClient(base_url=engine)
    try:
        # The plain list: the other one asks again for each, and fails for one that goes meanwhile.
        return [found["Id"] for found in client.api.containers(all=True, filters={"label": HOME_LABEL})]
    finally:
        client.close()


def test_an_engine_that_answers_is_available(runner: DockerRunner) -> None:
    assert probe(runner).available


def test_no_engine_is_told_in_one_sentence(runner_settings: RunnerSettings, tmp_path: Path) -> None:
    runner = DockerRunner(runner_settings, base_url=f"unix://{tmp_path}/nobody.sock")
    availability = probe(runner)
    assert not availability.available
    assert availability.reason.startswith("No Docker Engine answers")
    runner.close()


def test_an_image_the_engine_lacks_is_refused_with_what_to_do(runner: DockerRunner, bench: Bench) -> None:
    outcome, _ = run(runner, bench, "", image="somewhere/else:9")
    assert (outcome.ended, outcome.category) == (Ended.FAILED, FailureCategory.NOT_RUNNABLE)
    assert outcome.reason is not None
    assert "somewhere/else:9 is not on this Docker Engine" in outcome.reason


def test_a_container_is_not_root_and_holds_no_capability(runner: DockerRunner, bench: Bench) -> None:
    _, text = run(runner, bench, "import os; print(os.getuid()); print(open('/proc/self/status').read())")
    lines = text.splitlines()
    assert lines[0] != "0"
    assert "CapEff:\t0000000000000000" in lines
    assert "NoNewPrivs:\t1" in lines


def test_network_isolation_leaves_only_loopback(runner: DockerRunner, bench: Bench) -> None:
    _, text = run(runner, bench, "import socket; print([n for _, n in socket.if_nameindex()])", network=False)
    assert text.strip() == "['lo']"


def test_no_container_is_left_behind(runner: DockerRunner, bench: Bench, engine: str) -> None:
    run(runner, bench, "print('x')")
    assert containers(engine) == []


def test_a_killed_worker_takes_its_containers_with_it(
    runner_settings: RunnerSettings, bench: Bench, engine: str, tmp_path: Path
) -> None:
    script = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from runs.runners.base import RunnerSettings
from runs.runners.docker import DockerRunner
from runs.storage.local import LocalBlobStore
from tests.runs.attempts.harness import Bench, RecordingObserver, Token
home = Path({str(tmp_path)!r})
settings = RunnerSettings(home=home, work=home / "work", environments=home / "e", python=sys.executable,
                          docker_images={{"test:*": {IMAGE!r}}})
bench = Bench(LocalBlobStore(home / "blobs"))
DockerRunner(settings, base_url={engine!r}).run(
    bench.spec("import time; time.sleep(300)"), store=bench.store, observer=RecordingObserver(), stop=Token())
"""
    worker = subprocess.Popen([sys.executable, "-c", script])
    try:
        assert wait_until(lambda: len(containers(engine)) == 1, 30)
        time.sleep(0.5)
        worker.kill()
        worker.wait()
        assert wait_until(lambda: containers(engine) == [], 10)
    finally:
        worker.kill()
        worker.wait()


def test_containers_of_workers_that_are_gone_are_removed(runner: DockerRunner, engine: str) -> None:
    client = docker.DockerClient(base_url=engine)
    try:
        labels = {
            HOME_LABEL: runner._home_id,
            ATTEMPT_LABEL: "x",
            WORKER_LABEL: '["' + os.uname().nodename + '", 1, "0"]',
        }
        client.containers.create(IMAGE, command=["sleep", "100"], labels=labels)
        other = client.containers.create(IMAGE, command=["sleep", "100"], labels={**labels, HOME_LABEL: "another"})
        assert runner.remove_orphans() == 1
        other.remove(force=True)
    finally:
        client.close()


def test_an_engine_that_dies_loses_the_attempt(runner_settings: RunnerSettings, bench: Bench) -> None:
    with docker_engine() as address:
        settings = dataclasses.replace(runner_settings, docker_images={"test:*": IMAGE})
        runner = DockerRunner(settings, base_url=address)
        observer = RecordingObserver()
        outcomes = []
        spec = bench.spec("import time; print('up', flush=True); time.sleep(300)")
        thread = threading.Thread(
            target=lambda: outcomes.append(runner.run(spec, store=bench.store, observer=observer, stop=Token()))
        )
        thread.start()
        observer.wait_for("up", 60)
        pid = int(Path(address.removeprefix("unix://")).with_name("pid").read_text())
        os.kill(pid, signal.SIGKILL)
        thread.join(60)
        runner.close()
    assert [outcome.ended for outcome in outcomes] == [Ended.LOST]
