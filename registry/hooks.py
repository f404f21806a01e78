"""What happened to models, for rooms above to react to. Called after commit only."""

from __future__ import annotations

from collections.abc import Callable

from registry.models import ModelPackage

_on_registered: list[Callable[[ModelPackage], None]] = []


def on_registered(react: Callable[[ModelPackage], None]) -> None:
    """`react` runs after every registration that was committed."""
    if react not in _on_registered:
        _on_registered.append(react)


def registered(package: ModelPackage) -> None:
    for react in _on_registered:
        react(package)
