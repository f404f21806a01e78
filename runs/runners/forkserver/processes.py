"""What /proc tells about a process and everything that came from it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


def descendants(pid: int) -> list[int]:
    """Process ids below `pid`, parents first. A snapshot: processes may come and go meanwhile."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208 - the hot path of a kill
        if entry.isdigit():
            parent = _parent(int(entry))
            if parent is not None:
                parents.setdefault(parent, []).append(int(entry))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found.extend(children)
        waiting.extend(children)
    return found


def children(pid: int) -> list[int]:
    """Direct children of the main thread of `pid`, zombies included."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return [found for found in descendants(pid) if _parent(found) == pid]


def family(pid: int) -> list[int]:
    """Process ids below `pid`, parents first; much cheaper than `descendants`, as it reads their own entries only."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        try:
            threads = os.listdir(f"/proc/{parent}/task")  # noqa: PTH208 - looked at often
        except OSError:
            continue
        for thread in threads:
            try:
                with open(f"/proc/{parent}/task/{thread}/children") as children:  # noqa: PTH123
                    below = [int(child) for child in children.read().split()]
            except FileNotFoundError:
                if parent == pid and thread == str(pid):
                    return descendants(pid)  # a kernel without these lists
                continue
            except OSError:
                continue
            found += below
            waiting += below
    return found


def kill_descendants(pid: int) -> int:
    """SIGKILL for everything below `pid` until nothing is left; how many were killed.

    Each round stops what it sees before killing, so that a process that forks for ever loses the race.
    """
    killed: set[int] = set()
    for _ in range(50):
        alive = [found for found in descendants(pid) if not is_zombie(found)]
        if not alive:
            break
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for found in alive:
                signal_quietly(found, number)
        killed.update(alive)
        time.sleep(0.002)
    return len(killed)


def signal_quietly(pid: int, number: int) -> None:
    """A process that is already gone is fine."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def is_zombie(pid: int) -> bool:
    fields = _stat_fields(pid)
    return not fields or fields[0] in ("Z", "X")


def resident_bytes(pids: list[int]) -> int:
    """Sum of resident memory; pages shared after a fork count once per process, so this is an upper bound."""
    total = 0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
        except (OSError, IndexError):
            continue
    return total


def proportional_bytes(pids: list[int]) -> tuple[int, int]:
    """(sum of proportional memory, how much of it is shared memory). Slower than `resident_bytes`.

    Proportional (PSS): shared pages are divided among their users.
    """
    total = shared = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
            elif line.startswith("Pss_Shmem:"):
                shared += int(line.split()[1]) * 1024
    return total, shared


def out_of_memory_kills() -> int:
    """How many processes the kernel has killed for want of memory since boot (any cgroup)."""
    try:
        for line in Path("/proc/vmstat").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    except OSError:
        return 0
    return 0


def thread_names() -> list[str]:
    """Names of the threads of this process, without the main thread."""
    own = os.readlink("/proc/self")  # noqa: PTH115 - its number in the namespace of /proc
    names = []
    for task in Path("/proc/self/task").iterdir():
        if task.name != own:
            try:
                names.append((task / "comm").read_text().strip())
            except OSError:
                continue
    return names


def _parent(pid: int) -> int | None:
    fields = _stat_fields(pid)
    return int(fields[1]) if len(fields) > 1 else None


def _stat_fields(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat from the state on; the name before it may hold spaces and brackets."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:  # noqa: PTH123 - the hot path of a kill
            return stat.read().rpartition(b")")[2].decode().split()
    except OSError:
        return []
