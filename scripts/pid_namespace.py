"""Programs in a PID namespace of their own, of which nothing is left when their owner is done with them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

_GONE_SECONDS = 20.0
#: The program's parent is the namespace's first process and stays: its death ends the namespace. A change of user
#: would make a process forget whose death it dies with, so the first process never changes its user.
_FIRST = 'code=0; bash -c "$1" || code=$?; exit $code'
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


class StillRunning(Exception):
    """Processes of the namespace outlived its end."""


@contextmanager
def own_namespaces(script: str, environ: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Bash runs `script` in fresh mount and PID namespaces, its output in `log`. Needs root.

    When the block is left, however that comes about, every process in them is killed and waited for: on Ctrl-C,
    SIGTERM and SIGHUP too. Should the owner itself be killed, the kernel does it.

    Raises:
        StillRunning: something is left; names the process ids.
    """
    words = [
        "setpriv",
        "--pdeathsig",
        "KILL",
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--uts",
        "--ipc",
    ]
    with _signals_unwind():
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*words, "--uts", "--ipc", "bash", "-c", _FIRST, "first", script],
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        namespace: Path | None = None
        try:
            namespace = _namespace(process)
            yield process
        finally:
            _end(process, namespace)


@contextmanager
def _signals_unwind() -> Iterator[None]:
    """A signal that asks us to end raises, so that what is open gets closed."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _namespace(process: subprocess.Popen[bytes]) -> Path | None:
    """The new namespace's name, once it is there; None where the program ended before."""
    own = Path("/proc/self/ns/pid").readlink()
    while process.poll() is None:
        with suppress(OSError):
            found = Path(f"/proc/{process.pid}/ns/pid_for_children").readlink()
            if found != own:
                return found
        time.sleep(0.005)
    return None


def _members(namespace: Path | None) -> list[int]:
    """Processes of the namespace itself; those of further ones inside it end with it."""
    if namespace is None:
        return []
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "ns" / "pid").readlink() == namespace:
                found.append(int(folder.name))
    return found


def _end(process: subprocess.Popen[bytes], namespace: Path | None) -> None:
    members = _members(namespace)
    for pid in members:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if namespace is None:
        process.kill()
    process.wait(_GONE_SECONDS)  # it ends with the first of them
    deadline = time.monotonic() + _GONE_SECONDS
    while members := _members(namespace):
        if time.monotonic() > deadline:
            raise StillRunning(f"Processes outlived their namespace: {', '.join(map(str, members))}")
        time.sleep(0.05)
