"""Why a step failed, in words a person can act on, and whose fault it was."""

from __future__ import annotations

import os
import re
import signal
from dataclasses import dataclass
from pathlib import Path

from engine.execution.states import FailureCategory

MAXIMUM_CHARACTERS = 1024  # FailureReason of the AWS API
_MISSING_MODULE = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'")
_NO_SPACE = re.compile(r"No space left on device|\[Errno 28\]|Disk quota exceeded|\[Errno 122\]")
#: What script mode leaves where a script only said sys.exit(3): its last lines tell more.
_BARE_EXIT = re.compile(r"The (?:script|program .+) ended with exit code \d+\.")
_MEMORY_WORDS = re.compile(r"^(?:[\w.]*MemoryError\b|.*std::bad_alloc)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known about a step that failed. `volume`: a folder on the volume the step writes to."""

    exit_code: int | None
    signal: int | None
    last_lines: list[str]
    volume: Path
    failure_text: str | None = None
    timed_out_after: float | None = None
    out_of_memory: bool = False
    memory_bytes: int | None = None


def explain(facts: Facts) -> tuple[str, FailureCategory]:
    """(reason of at most 1024 characters, category). The step's own failure file wins over anything we could say."""
    said = "\n".join(facts.last_lines)
    sentence, category = _sentence(facts, said)
    if facts.failure_text and category is not FailureCategory.TIMEOUT:
        if _BARE_EXIT.fullmatch(facts.failure_text):
            said_before = [line for line in facts.last_lines if line != facts.failure_text]
            return with_last_lines(facts.failure_text, said_before), category
        return facts.failure_text[:MAXIMUM_CHARACTERS], category
    return with_last_lines(sentence, facts.last_lines), category


def with_last_lines(sentence: str, lines: list[str]) -> str:
    """The sentence, and under it as many of the last log lines as fit."""
    room = MAXIMUM_CHARACTERS - len(sentence) - len("\nLast lines of the log:\n")
    kept: list[str] = []
    for line in reversed(lines):
        shown = line if len(line) <= 400 else line[:399] + "…"
        room -= len(shown) + 1
        if room < 0:
            break
        kept.insert(0, shown)
    if not kept:
        return sentence[:MAXIMUM_CHARACTERS]
    return f"{sentence}\nLast lines of the log:\n" + "\n".join(kept)


def no_room(folder: Path) -> str:
    """One sentence that names the full volume and how much it holds."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return f"No space is left on the volume of {folder}. Free some, then retry."
    size, free = found.f_frsize * found.f_blocks, found.f_frsize * found.f_bavail
    return (
        f"No space is left on the volume {mount_point(folder)} "
        f"({_amount(free)} of {_amount(size)} free). Free some, then retry."
    )


def mount_point(folder: Path) -> Path:
    current = folder.resolve()
    while not current.is_mount() and current != current.parent:
        current = current.parent
    return current


def _sentence(facts: Facts, said: str) -> tuple[str, FailureCategory]:
    if facts.timed_out_after is not None:
        return (
            f"The job ran longer than its limit of {facts.timed_out_after:g} seconds and was ended. "
            "Raise MaxRuntimeInSeconds if it needs more time.",
            FailureCategory.TIMEOUT,
        )
    if facts.out_of_memory:
        limit = f"its limit of {_amount(facts.memory_bytes)}" if facts.memory_bytes else "this machine has left"
        return (
            f"The step needed more memory than {limit} and was ended. "
            "Choose a larger instance type or read less at once.",
            FailureCategory.OUT_OF_MEMORY,
        )
    if _NO_SPACE.search(said):
        return no_room(facts.volume), FailureCategory.DISK_FULL
    if _MEMORY_WORDS.search(said):
        return "The step ran out of memory.", FailureCategory.OUT_OF_MEMORY
    missing = _MISSING_MODULE.search(said)
    if missing:
        package = missing.group(1).partition(".")[0]
        return (
            f"The script imports the module '{missing.group(1)}', which the step's environment does not hold. "
            f"Add its package (often called '{package}') to a requirements.txt beside the script.",
            FailureCategory.USER_CODE,
        )
    if facts.signal is not None:
        return _killed(facts.signal), FailureCategory.USER_CODE
    return f"The step ended with exit code {facts.exit_code}.", FailureCategory.USER_CODE


def _killed(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = "unknown"
    hint = {
        signal.SIGKILL: " Often that is the kernel's answer to want of memory.",
        signal.SIGSEGV: " That is a crash inside a native library.",
    }.get(number, "")  # type: ignore[call-overload]  # a plain number is equal to its signal
    return f"The step was killed by signal {number} ({name}).{hint}"


def _amount(size: int) -> str:
    if size < 1024**2:
        return f"{size / 1024:.0f} KiB"
    if size >= 1024**3 and size % 1024**3 == 0:
        return f"{size // 1024**3} GiB"
    return f"{size / 1024**2:.0f} MiB" if size < 10 * 1024**3 else f"{size / 1024**3:.0f} GiB"
