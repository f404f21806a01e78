"""What the process of the user code is to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .isolation import Isolation


@dataclass(frozen=True)
class Job:
    """`input` None: nothing to read. `output` takes stdout and stderr."""

    request: dict[str, Any]
    output: int
    input: int | None
    isolation: Isolation | None
