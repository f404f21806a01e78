from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from engine.definition.dump import dump_definition
from engine.definition.edit import rename_step, run_command
from engine.definition.model import Definition
from engine.definition.parse import parse_definition, parse_json
from engine.definition.patch import apply_patch
from engine.definition.tree import pointer_of, same, walk
from engine.graph import build_graph
from tests.engine.definition.material import CORPUS, JSON


@pytest.fixture(params=CORPUS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def text(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    return path.read_text(encoding="utf-8")


def parsed(text: str) -> dict[str, Any]:
    result = parse_definition(text)
    assert result.problems == ()
    assert result.document is not None
    return result.document


def test_a_real_definition_comes_out_as_it_went_in(text: str) -> None:
    document = parsed(text)
    assert same(document, json.loads(text))
    assert Definition.from_document(document).document is document
    assert dump_definition(document, indent=1) == text.rstrip("\n")
    assert same(parsed(dump_definition(document)), document)


def test_a_step_renamed_and_renamed_back_leaves_no_trace(text: str) -> None:
    document = parsed(text)
    for step in Definition.from_document(document).steps:
        there, _ = apply_patch(document, rename_step(document, {}, step=step.name, name="Renamed").definition)
        assert not same(there, document)
        # Only as a text: `@step` looks up its pickled arguments by the names of the day it was built.
        assert f'{{"Get":"Steps.{step.name}.' not in dump_definition(there)
        back, _ = apply_patch(there, rename_step(there, {}, step="Renamed", name=step.name).definition)
        assert dump_definition(back) == dump_definition(document)


def test_a_wire_cut_and_taken_back_leaves_no_trace(text: str) -> None:
    document = parsed(text)
    definition = Definition.from_document(document)
    for edge in build_graph(definition).edges:
        if edge.kind == "branch":
            continue
        at = definition.step(edge.target).pointer
        args = {"target": edge.target, "pointers": [edge.pointer.removeprefix(at)]}
        cut, inverse = apply_patch(document, run_command("disconnect", document, {}, args).definition)
        assert not same(cut, document)
        assert dump_definition(apply_patch(cut, inverse)[0]) == dump_definition(document)


def test_changing_one_literal_is_the_only_difference(text: str) -> None:
    document = parsed(text)
    pointers = [place for place, _, value in walk(document) if isinstance(value, str)]
    pointer = pointer_of(pointers[len(pointers) // 2])
    changed, inverse = apply_patch(document, [{"op": "replace", "path": pointer, "value": "∅ changed"}])
    before, after = dump_definition(document, indent=1).split("\n"), dump_definition(changed, indent=1).split("\n")
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    assert dump_definition(apply_patch(changed, inverse)[0]) == dump_definition(document)


@pytest.mark.parametrize(
    "spelling", ["1e5", "1.50", "-0", "1E+2", "-0.0", "0.1000000000000000055", "10000000000000000000000"]
)
def test_numbers_keep_their_spelling(spelling: str) -> None:
    text = '{"Steps":[],"Odd":[' + spelling + ',{"deep":' + spelling + "}]}"
    document = parsed(text)
    assert dump_definition(document) == text
    assert document["Odd"][0] == float(spelling)


def test_texts_keep_their_characters_and_objects_their_order() -> None:
    text = '{"Steps":[],"z":"Größe ✓ \\u2028 😀","a":"\\"\\\\/\\b\\n","m":{"y":null,"b":[],"c":{}}}'
    document = parsed(text)
    assert list(document) == ["Steps", "z", "a", "m"]
    assert same(parsed(dump_definition(document)), document)


@given(value=JSON)
def test_any_json_value_survives(value: Any) -> None:
    for indent in (None, 1):
        again, problems = parse_json(dump_definition(value, indent=indent))
        assert problems == ()
        assert same(again, value)


@given(value=JSON)
@settings(max_examples=30)
def test_the_writer_agrees_with_the_standard_one(value: Any) -> None:
    assert dump_definition(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert json.loads(dump_definition({"n": 1, "v": value}, indent=2)) == {"n": 1, "v": value}


def test_a_number_json_has_no_word_for_is_not_written() -> None:
    with pytest.raises(ValueError, match="no number"):
        dump_definition({"x": float("nan")}, indent=1)
