"""Puts the files of a transform's models where their containers will see them: the first half of a served transform."""

from __future__ import annotations

import json
from pathlib import Path

from . import failure
from .serving import CannotServe, model_folder, place_model
from .transform import CONFIG


def main(root: Path, *, package_path: str) -> int:
    """0 when every model is in its folder; else output/failure says which is not."""
    settings = json.loads((root / CONFIG).read_text(encoding="utf-8"))
    try:
        for index, container in enumerate(settings["Containers"]):
            place_model(root, container, model_folder(root, index))
    except CannotServe as error:
        failure.write(root, str(error))
        return 1
    return 0
