"""One call of one operation, validated: what every operation function takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from accounts.actors import Actor

Document: TypeAlias = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Call:
    """`given` holds the members of the input shape that came, timestamps as aware datetimes."""

    actor: Actor
    region: str
    operation: str
    given: Mapping[str, Any]

    def get(self, member: str, default: Any = None) -> Any:
        return self.given.get(member, default)

    def __getitem__(self, member: str) -> Any:
        return self.given[member]


#: Answers with the members of the output shape; None and members the shape lacks are left out on the wire.
Operation: TypeAlias = Callable[[Call], Document]
