"""The failure file: why a job failed, in words, for the step's FailureReason."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType

#: SageMaker reads the first 1024 characters; the words come first, the traceback after them.
LENGTH = 1024


def write(root: Path, text: str) -> None:
    """Puts the text into output/failure and on standard error. A file the user's script wrote itself is kept."""
    print(text, file=sys.stderr, flush=True)
    path = root / "output" / "failure"
    if path.exists() and path.stat().st_size:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text[:LENGTH], encoding="utf-8")


def describe(error: BaseException, hidden: Path) -> str:
    """`ValueError: message`, an empty line, the traceback without the frames of files under `hidden`."""
    frames = [
        frame
        for frame in traceback.extract_tb(_outside(error.__traceback__, hidden))
        if not frame.filename.startswith("<frozen")
    ]
    head = "".join(traceback.format_exception_only(error)).strip()
    return f"{head}\n\nTraceback (most recent call last):\n{''.join(traceback.format_list(frames))}"


def _outside(trace: TracebackType | None, hidden: Path) -> TracebackType | None:
    """The traceback from the first frame on that is neither the toolkit's nor the interpreter's own starter."""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith("<frozen") and hidden not in Path(name).parents:
            return trace
        trace = trace.tb_next
    return None
