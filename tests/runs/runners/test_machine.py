"""An instance type becomes limits this machine can keep."""

from __future__ import annotations

import pytest

from engine.instances import GIB
from runs.runners.base import Limits
from runs.runners.machine import RESERVE_BYTES, Machine, limits_for, shortage, this_machine

LAPTOP = Machine(cpus=8, memory_bytes=16 * GIB)


@pytest.mark.parametrize(
    ("instance_type", "cpus", "memory"),
    [
        ("ml.m5.large", 2, 8 * GIB),
        ("ml.t3.medium", 2, 4 * GIB),
        ("ml.m5.24xlarge", 8, 16 * GIB - RESERVE_BYTES),
        ("ml.p3.2xlarge", 8, 16 * GIB - RESERVE_BYTES),
    ],
)
def test_a_step_gets_what_its_instance_has_at_most_what_the_machine_can_spare(
    instance_type: str, cpus: int, memory: int
) -> None:
    assert limits_for(instance_type, LAPTOP) == Limits(cpus=cpus, memory_bytes=memory)


def test_a_type_nobody_knows_gets_what_the_machine_can_spare() -> None:
    assert limits_for("local", LAPTOP) == Limits(memory_bytes=16 * GIB - RESERVE_BYTES)
    assert shortage("local", LAPTOP) is None


def test_a_tiny_machine_keeps_half_of_its_memory_for_the_step() -> None:
    tiny = Machine(cpus=1, memory_bytes=GIB // 2)
    assert limits_for("ml.m5.large", tiny) == Limits(cpus=1, memory_bytes=GIB // 4)


def test_unknown_memory_means_no_limit_and_no_complaint() -> None:
    unknown = Machine(cpus=2, memory_bytes=None)
    assert limits_for("ml.m5.large", unknown) == Limits(cpus=2, memory_bytes=None)
    assert shortage("ml.m5.large", unknown) is None


def test_a_request_larger_than_the_machine_is_explained() -> None:
    told = shortage("ml.p3.2xlarge", LAPTOP)
    assert told is not None
    assert "8 CPU · 61 GiB · 1 GPU (ml.p3.2xlarge)" in told
    assert "no GPU" in told
    assert shortage("ml.m5.large", LAPTOP) is None


def test_this_machine_has_cpus_and_memory() -> None:
    machine = this_machine()
    assert machine.cpus >= 1
    assert machine.memory_bytes is None or machine.memory_bytes > 64 * 1024 * 1024
