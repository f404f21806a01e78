"""A bench for single steps: folders as a job has them, real data, options as the form writes them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from clary_steps.cli import main

os.environ.setdefault("LOKY_MAX_CPU_COUNT", "1")  # as the runners say it; asking a machine without /sys warns

CANCER = Path(__file__).parents[2] / "examples" / "breast-cancer" / "data" / "breast_cancer.csv"


class Bench:
    """Runs steps in folders of their own; the outputs of one are the inputs of the next."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys
        self._count = 0
        self.said = ""
        #: Input → address, as a job's request tells them.
        self.addresses: dict[str, str] = {}

    def run(self, step: str, inputs: Mapping[str, Any], **options: Any) -> Path:
        """The folder of outputs of a step that has to succeed. An input is a file, a folder or a table."""
        code, outputs = self._start(step, inputs, options)
        assert code == 0, self.said
        return outputs

    def fail(self, step: str, inputs: Mapping[str, Any], **options: Any) -> dict[str, Any]:
        """The typed failure of a step that has to fail."""
        code, outputs = self._start(step, inputs, options)
        assert code == 1, self.said
        facts: dict[str, Any] = json.loads(self.said.strip().splitlines()[-1])
        failure = outputs.parents[1] / "output" / "failure"
        assert failure.read_text() == facts["message"]
        assert facts["step"] == step
        return facts

    def _start(self, step: str, inputs: Mapping[str, Any], options: Mapping[str, Any]) -> tuple[int, Path]:
        self._count += 1
        root = self._folder / str(self._count)
        for port, source in inputs.items():
            place = root / "processing" / "input" / port
            place.mkdir(parents=True)
            if isinstance(source, pd.DataFrame):
                source.to_parquet(place / "table.parquet")
            elif source.is_dir():
                shutil.copytree(source, place, dirs_exist_ok=True)
            else:
                shutil.copy(source, place)
        request = [{"InputName": port, "S3Input": {"S3Uri": uri}} for port, uri in self.addresses.items()]
        (root / "config").mkdir(parents=True)
        (root / "config" / "processingjobconfig.json").write_text(json.dumps({"ProcessingInputs": request}))
        words = [
            word
            for name, value in options.items()
            for word in (f"--{name.replace('_', '-')}", value if isinstance(value, str) else json.dumps(value))
        ]
        self._capsys.readouterr()
        code = main([step, "--root", str(root), *words])
        captured = self._capsys.readouterr()
        self.said = captured.out + captured.err
        return code, root / "processing" / "output"


@pytest.fixture
def bench(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Bench:
    return Bench(tmp_path, capsys)


@pytest.fixture(scope="session")
def cancer() -> pd.DataFrame:
    return pd.read_csv(CANCER)


def summary(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "_summary.json").read_text())
    return found


def table(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "table.parquet")
