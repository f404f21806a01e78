"""CPU seconds and peak memory of a container, read from the kernel while it runs."""

from __future__ import annotations

import threading
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")
_SAMPLE_SECONDS = 0.05


class UsageSampler:
    """Looks every 50 ms, because a container's counters vanish with it; what is used after the last look is not seen.

    Values stay None where the engine runs elsewhere or the counters cannot be read.
    """

    def __init__(self, pid: int) -> None:
        self.cpu_seconds: float | None = None
        self.peak_memory_bytes: int | None = None
        self._files = _counter_files(pid)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="container-usage", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while self._sample() and not self._ended.wait(_SAMPLE_SECONDS):
            continue

    def _sample(self) -> bool:
        """False once the counters are gone."""
        cpu, memory = self._files
        try:
            if cpu is not None:
                self.cpu_seconds = _cpu_seconds(cpu.read_text())
            if memory is not None:
                self.peak_memory_bytes = max(self.peak_memory_bytes or 0, int(memory.read_text()))
        except (OSError, ValueError):
            return False
        return cpu is not None or memory is not None


def _counter_files(pid: int) -> tuple[Path | None, Path | None]:
    """(CPU, memory) counters of the process's control group, version 2 or 1."""
    try:
        lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    except OSError:
        return None, None
    cpu: Path | None = None
    memory: Path | None = None
    for line in lines:
        _, controllers, path = line.split(":", 2)
        names = controllers.split(",")
        if not controllers and (_ROOT / path[1:] / "cpu.stat").exists():
            cpu, memory = _ROOT / path[1:] / "cpu.stat", _existing(_ROOT / path[1:] / "memory.peak")
        if "cpuacct" in names:
            cpu = _existing(_ROOT / "cpuacct" / path[1:] / "cpuacct.usage")
        if "memory" in names:
            memory = _existing(_ROOT / "memory" / path[1:] / "memory.max_usage_in_bytes")
    return cpu, memory


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None


def _cpu_seconds(text: str) -> float:
    for line in text.splitlines():
        if line.startswith("usage_usec "):
            return int(line.split()[1]) / 1e6
    return int(text) / 1e9
