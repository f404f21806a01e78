"""Reading the Python traceback at the end of a log: which error, with which words, at which line of whose code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.failures.cause import Place

_FRAME = re.compile(r'^\s*File "(?P<file>[^"\n]+)", line (?P<line>\d+)(?:, in (?P<function>.+))?$')
_ERROR = re.compile(r"^(?P<type>(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)(?::\s?(?P<message>.*))?$")
_HEADER = "Traceback (most recent call last):"
_ERROR_NAMES = re.compile(r"(?:Error|Exception|Interrupt|Exit|Warning|Iteration|NotFound|Refused|Invalid\w*)$")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
#: Frames of these belong to somebody else.
_LIBRARY = re.compile(
    r"/(?:site-packages|dist-packages|lib/python\d[\d.]*)/|^<|/clary_steps/|/runs/runners/|\.p(?:yx|xi|xd)$"
)
#: An exception's message may go on for some lines; more says nothing to a person.
_MESSAGE_LINES = 12


@dataclass(frozen=True, kw_only=True)
class Raised:
    """The last error of a log. `files`: those of its stack, outermost first; `place`: the user's innermost line."""

    type: str
    message: str
    files: tuple[str, ...]
    place: Place | None

    @property
    def name(self) -> str:
        """The class without its module."""
        return self.type.rpartition(".")[2]

    def came_through(self, library: str) -> bool:
        return any(f"/{library}/" in file for file in self.files)


def last_raised(log: str) -> Raised | None:
    """The last error a traceback (or a syntax error's report, which has none) tells of; None when there is none."""
    lines = _COLOURS.sub("", log).replace("\r", "\n").split("\n")
    end = next((index for index in range(len(lines) - 1, -1, -1) if _ends_a_stack(lines, index)), None)
    if end is None:
        return None
    start = _start_of_stack(lines, end)
    found = _ERROR.match(lines[end])
    assert found is not None
    frames = list(_frames(lines[start:end]))
    own = [frame for frame in frames if not _LIBRARY.search(frame.file)]
    more = [line for line in lines[end + 1 : end + _MESSAGE_LINES] if not _HEADER_LIKE.match(line)]
    message = "\n".join([found["message"] or "", *_until_unlike(more)]).strip()
    return Raised(
        type=found["type"],
        message=message,
        files=tuple(frame.file for frame in frames),
        place=own[-1] if own else None,
    )


_HEADER_LIKE = re.compile(r"^(?:Traceback |During handling |The above exception )")


def _ends_a_stack(lines: list[str], index: int) -> bool:
    """Whether this line is "Type: message" under frames of a stack."""
    line = lines[index]
    found = _ERROR.match(line)
    if found is None or not _ERROR_NAMES.search(found["type"]):
        return False
    return any(_FRAME.match(before) or before.startswith(_HEADER) for before in lines[max(0, index - 8) : index])


def _start_of_stack(lines: list[str], end: int) -> int:
    for index in range(end - 1, -1, -1):
        if lines[index].startswith(_HEADER):
            return index
        if _ERROR.match(lines[index]) and _ERROR_NAMES.search(lines[index].partition(":")[0]):
            return index + 1
    return 0


def _frames(lines: list[str]) -> list[Place]:
    places = []
    for index, line in enumerate(lines):
        found = _FRAME.match(line)
        if found is None:
            continue
        after = lines[index + 1].strip() if index + 1 < len(lines) else ""
        code = after if after and not _FRAME.match(lines[index + 1]) and not set(after) <= set("^~ ") else None
        places.append(Place(file=found["file"], line=int(found["line"]), function=found["function"], code=code))
    return places


def _until_unlike(lines: list[str]) -> list[str]:
    """The lines that still belong to the message: up to a blank one or one of the platform's own."""
    kept = []
    for line in lines:
        if not line.strip() or line.startswith(("[clary", "{")):
            break
        kept.append(line)
    return kept
