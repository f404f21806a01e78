"""Facts other rooms add to the session document: each room registers its own in its AppConfig.ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.actors import Actor

_facts: dict[str, Callable[[Actor], Any]] = {}


def provide(name: str, read: Callable[[Actor], Any]) -> None:
    """`read(actor)` becomes the member `name` of GET /api/session/."""
    _facts[name] = read


def collect(actor: Actor) -> dict[str, Any]:
    """Every registered fact for `actor`."""
    return {name: read(actor) for name, read in _facts.items()}
