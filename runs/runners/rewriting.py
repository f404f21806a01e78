"""Pointing a job's texts at another folder than /opt/ml, for a runner that cannot make that folder real."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.steps.jobs.literals import LITERAL
from runs.runners.layout import OPT_ML


def rewritten(text: str, folder: Path) -> str:
    """The text with every path under /opt/ml moved under `folder`; also inside longer texts (`--x=/opt/ml/y`, `-c`).

    Addresses such as s3://bucket/opt/ml stay as they are: they do not start a path.
    """
    return LITERAL.sub(lambda _: str(folder), text) if OPT_ML in text else text


def rewritten_map(texts: Mapping[str, str], folder: Path) -> dict[str, str]:
    return {name: rewritten(text, folder) for name, text in texts.items()}


def inside(folder: Path, container_path: str) -> Path:
    """The host file behind a path under /opt/ml.

    Raises:
        ValueError: the path is not under /opt/ml, or leads out of it.
    """
    relative = container_path.removeprefix(OPT_ML + "/")
    if relative == container_path or any(part in {"", ".", ".."} for part in relative.split("/")) or "\0" in relative:
        raise ValueError(f"{container_path!r} is not a path under {OPT_ML}")
    return folder / relative
