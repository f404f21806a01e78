"""The code that is shown is the code that runs: one file, nothing of ours imported, the same bytes as a result."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.library.catalogue import LIBRARY, library_steps
from engine.library.export import _parts, script_of
from tests.engine.library.test_catalogue import new_step

STEPS = list(library_steps())


@pytest.mark.parametrize("reference", STEPS)
def test_the_script_stands_alone(reference: str) -> None:
    library = library_steps()[reference]
    script = script_of(new_step(reference), library)
    tree = ast.parse(script.text)
    modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not any((module or "").startswith("clary_steps") for module in modules)
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert len(defined) == len(set(defined)), sorted(name for name in defined if defined.count(name) > 1)
    assigned = [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert len(assigned) == len(set(assigned)), assigned
    compile(script.text, script.file_name, "exec")


def run(root: Path, command: list[str], folder: Path | None = None) -> None:
    env = {**os.environ, "PYTHONPATH": str(folder) if folder else ""}
    done = subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, timeout=50, cwd=root)
    assert done.returncode == 0, done.stderr


def test_the_script_does_what_the_step_does(tmp_path: Path) -> None:
    rows = "a,b,label\n" + "".join(f"{n},{n % 7},{'x' if n % 3 else 'y'}\n" for n in range(60))
    options = {"target": "label", "algorithm": "logistic"}
    step = new_step("train-classifier@1", **options)
    found = []
    for way in ("step", "script"):
        root = tmp_path / way
        place = root / "processing" / "input" / "train"
        place.mkdir(parents=True)
        (place / "rows.csv").write_text(rows)
        if way == "step":
            words = [word for name, value in options.items() for word in (f"--{name}", value)]
            run(root, ["-m", "clary_steps", "train-classifier@1", "--root", str(root), *words], LIBRARY)
        else:
            script = script_of(step, library_steps()["train-classifier@1"])
            (root / script.file_name).write_text(script.text)
            run(root, [script.file_name, "--root", str(root / "processing")])
        model = root / "processing" / "output" / "model"
        found.append(json.loads((model / "_summary.json").read_text()))
    assert found[0] == found[1]


def test_an_expression_becomes_an_argument_of_the_script() -> None:
    share: Any = {"Get": "Parameters.Share"}
    script = script_of(new_step("split@1", share=share, stratify="label"), library_steps()["split@1"])
    assert script.arguments == ("--root", "/opt/ml/processing", "--share", share)
    assert '"--share", type=float' in script.text and "'stratify': 'label'" in script.text


def test_the_step_stands_before_what_it_calls() -> None:
    titles = [part.title for part in _parts("clary_steps.steps.split.run")]
    assert titles[0] == "Divides the rows of a table in two, or in three."
    assert len(titles) == len(set(titles))
