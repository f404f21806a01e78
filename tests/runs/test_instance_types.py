"""What a step's instance type means to the worker that runs it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from engine.instances import GIB
from runs.logs import read_log
from runs.models import StepAttempt
from runs.runners.base import RunnerSettings
from runs.runners.machine import Machine
from runs.runners.process import ProcessRunner
from tests.runs.definitions import pipeline, step
from tests.runs.workers import Bench

MACHINE = Machine(cpus=4, memory_bytes=8 * GIB)


def on(instance_type: str) -> dict[str, Any]:
    made = step("A")
    made["Arguments"]["ProcessingResources"]["ClusterConfig"]["InstanceType"] = instance_type
    return pipeline(made)


@pytest.fixture
def machine(bench: Bench) -> Machine:
    bench.worker.machine = MACHINE
    return MACHINE


def test_the_instance_type_becomes_the_limits_of_the_attempt(bench: Bench, machine: Machine) -> None:
    bench.run(on("ml.t3.medium"))
    limits = bench.runner.ran[0].limits
    assert (limits.cpus, limits.memory_bytes) == (2, 4 * GIB)


def test_a_larger_request_runs_with_what_there_is_and_the_log_says_so(bench: Bench, machine: Machine) -> None:
    execution = bench.run(on("ml.g5.12xlarge"))
    assert execution.status == "Succeeded"
    assert bench.runner.ran[0].limits.cpus == 4
    log = read_log(StepAttempt.objects.get(execution=execution).pk).text
    asked = "clary: 48 CPU · 192 GiB · 4 GPU (ml.g5.12xlarge) is asked for"
    assert log.startswith(f"{asked}; this machine has 4 CPUs and 8 GiB")
    assert log.endswith("A runs\n")


def test_a_request_that_fits_leaves_the_log_alone(bench: Bench, machine: Machine) -> None:
    execution = bench.run(on("ml.t3.medium"))
    assert read_log(StepAttempt.objects.get(execution=execution).pk).text == "A runs\n"


EATER = """
import os, time
held = []
while True:
    held.append(bytearray(os.urandom(1 << 20) * 16))
    time.sleep(0.02)
"""


def test_a_step_that_takes_more_memory_than_it_may_is_out_of_memory(bench: Bench, tmp_path: Path) -> None:
    settings = RunnerSettings(
        home=tmp_path, work=tmp_path / "work", environments=tmp_path / "environments", python=sys.executable
    )
    runner = ProcessRunner(settings)
    bench.worker.runner = runner
    bench.worker.machine = Machine(cpus=1, memory_bytes=GIB // 2)
    definition = on("ml.m5.large")
    definition["Steps"][0]["Arguments"]["AppSpecification"]["ContainerEntrypoint"] = ["python3", "-c", EATER]
    try:
        execution = bench.run(definition)
    finally:
        runner.close()
    row = execution.steps.get()
    assert (row.status, row.category) == ("Failed", "out-of-memory")
    assert "256 MiB" in (row.failure_reason or "")
    assert StepAttempt.objects.get(execution=execution).out_of_memory
