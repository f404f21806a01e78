"""The edit commands against the cases the browser replays too."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from engine.definition.dump import dump_definition
from engine.definition.edit import COMMANDS, EditRefused, run_command
from engine.definition.patch import apply_patch

FOLDER = Path(__file__).parents[2] / "golden" / "edits"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['title']}")
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_a_command_gives_the_recorded_patches_and_undoes_exactly(case: dict[str, Any]) -> None:
    before = case["before"]
    kept = copy.deepcopy(before)
    if "refused" in case:
        with pytest.raises(EditRefused) as refused:
            run_command(case["command"], before["definition"], before["layout"], case["args"])
        assert refused.value.code == case["refused"]
        return
    edit = run_command(case["command"], before["definition"], before["layout"], case["args"])
    assert edit.label == case["label"]
    for name, patch in (("definition", edit.definition), ("layout", edit.layout)):
        assert json.dumps(patch) == json.dumps(case[f"{name}_patch"])
        changed, inverse = apply_patch(before[name], patch)
        assert dump_definition(changed) == dump_definition(case["after"][name])
        restored, _ = apply_patch(changed, inverse)
        assert dump_definition(restored) == dump_definition(kept[name])
    assert before == kept


def test_every_command_has_cases() -> None:
    assert {param.values[0]["command"] for param in CASES} == set(COMMANDS)


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(EditRefused, match="no edit command"):
        run_command("explode", {"Steps": []}, {}, {})


@pytest.mark.parametrize("pointer", ["", "/DependsOn/3", "/Nothing", "DependsOn"])
def test_a_wire_that_is_not_there_cannot_be_taken_away(pointer: str) -> None:
    document = {"Steps": [{"Name": "A", "Type": "Training"}, {"Name": "B", "Type": "Training", "DependsOn": ["A"]}]}
    with pytest.raises(EditRefused) as refused:
        run_command("disconnect", document, {}, {"target": "B", "pointers": [pointer]})
    assert refused.value.code == "no-such-place"
