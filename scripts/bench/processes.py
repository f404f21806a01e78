"""CPU and memory of a process tree, read from /proc (Linux)."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path


def descendants(root: int) -> list[int]:
    """`root` and every living process below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        queue += children.get(pid, [])
    return found


def cpu_seconds(root: int) -> float:
    """User and system time of the tree so far, reaped children included."""
    ticks = 0
    for pid in descendants(root):
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(value) for value in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def pss_megabytes(root: int) -> dict[str, float]:
    """Proportional set size by process, MB: what the tree really costs, shared pages counted once."""
    sizes: dict[str, float] = {}
    for pid in descendants(root):
        with suppress(OSError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            name = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[-60:].strip()
            kilobytes = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            sizes[f"{pid} {name}"] = kilobytes / 1024
    return sizes


def resident_megabytes(root: int, name: str) -> float:
    """Resident memory of the process of this name in the tree, MB. A child it has just made is the same once more."""
    pages = 0
    for pid in descendants(root):
        with suppress(OSError):
            if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                pages = max(pages, int(Path(f"/proc/{pid}/statm").read_text().split()[1]))
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def end(process: subprocess.Popen[bytes], *, seconds: float = 40) -> None:
    """SIGTERM, then SIGKILL, to a process we started."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    if process.poll() is None:
        process.kill()
        process.wait()
