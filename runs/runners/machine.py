"""What this machine has, and how much of it a step of an instance type gets."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine.instances import GIB, explain, find_instance
from runs.runners.base import Limits

_CGROUP_MEMORY = Path("/sys/fs/cgroup/memory.max")
_CGROUP_CPU = Path("/sys/fs/cgroup/cpu.max")
#: Left to the system, the worker and the database, whatever a step asks for; never more than half.
RESERVE_BYTES = GIB // 2


@dataclass(frozen=True, kw_only=True)
class Machine:
    """`memory_bytes` None where it cannot be told; then no step gets a memory limit."""

    cpus: int
    memory_bytes: int | None


def this_machine() -> Machine:
    """CPUs and memory of this host, or of the container this process is confined to."""
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _cpu_quota()
    return Machine(cpus=min(cpus, quota) if quota else cpus, memory_bytes=_memory())


def limits_for(instance_type: str, machine: Machine) -> Limits:
    """The instance's CPUs and memory, at most what there is.

    A type nobody knows ("local") gets the default CPUs and the memory the machine can spare: no step may take it all.
    """
    instance = find_instance(instance_type)
    cpus = Limits().cpus if instance is None else float(min(instance.cpus, machine.cpus))
    if machine.memory_bytes is None:
        return Limits(cpus=cpus)
    usable = max(machine.memory_bytes - RESERVE_BYTES, machine.memory_bytes // 2)
    return Limits(cpus=cpus, memory_bytes=usable if instance is None else min(instance.memory_bytes, usable))


def shortage(instance_type: str, machine: Machine) -> str | None:
    """One sentence when the instance type asks for more than this machine has."""
    memory = machine.memory_bytes
    if memory is None:
        instance = find_instance(instance_type)
        memory = instance.memory_bytes if instance else 0
    return explain(instance_type, cpus=machine.cpus, memory_bytes=memory)


def _memory() -> int | None:
    try:
        physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None
    limit = _text(_CGROUP_MEMORY)
    return min(physical, int(limit)) if limit.isdigit() else physical


def _cpu_quota() -> int | None:
    """Whole CPUs of the control group; None without a quota."""
    quota, _, period = _text(_CGROUP_CPU).partition(" ")
    return max(1, round(int(quota) / int(period))) if quota.isdigit() and period.isdigit() else None


def _text(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return ""
