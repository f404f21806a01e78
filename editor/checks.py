"""System checks of the studio's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.core.checks import register as register_check

from editor.assets import assets


def studio_is_built(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Only on `check --deploy`: without the front end every page says how to build it."""
    if assets() is not None:
        return []
    return [Warning("The studio's front end is not built.", hint="Run `make build`.", id="editor.W001")]


def register() -> None:
    register_check(studio_is_built, "static", deploy=True)
