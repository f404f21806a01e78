from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.dump import dump_definition
from engine.definition.model import Definition
from engine.definition.parse import parse_definition
from engine.graph import build_graph
from engine.layout import NODE_HEIGHT, NODE_WIDTH, arrange, empty_layout, keep_places, prune, rename_in_layout
from engine.layout_metadata import take_layout, with_layout
from tests.engine.definition.material import CORPUS, DEFINITIONS
from tests.engine.definition.test_graph import step


def arranged(*steps: Any) -> dict[str, dict[str, int]]:
    nodes: dict[str, dict[str, int]] = arrange(Definition.from_document({"Steps": list(steps)}))["nodes"]
    return nodes


def overlaps(a: dict[str, int], b: dict[str, int]) -> bool:
    return abs(a["x"] - b["x"]) < NODE_WIDTH and abs(a["y"] - b["y"]) < NODE_HEIGHT


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_step_gets_a_place_right_of_what_it_waits_for(path: Any) -> None:
    definition = Definition.from_document(parse_definition(path.read_text()).document)
    nodes = arrange(definition)["nodes"]
    assert list(nodes) == [step.name for step in definition.steps]
    for edge in build_graph(definition).edges:
        assert nodes[edge.source]["x"] + NODE_WIDTH < nodes[edge.target]["x"]


@given(wires=st.sets(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=40))
def test_no_two_nodes_overlap_even_on_cycles(wires: set[tuple[int, int]]) -> None:
    after: dict[int, list[str]] = {n: [] for n in range(15)}
    for source, target in sorted(wires):
        after[target].append(f"S{source}")
    nodes = list(arranged(*(step(f"S{n}", *names) for n, names in after.items())).values())
    assert len(nodes) == 15
    for index, node in enumerate(nodes):
        assert not any(overlaps(node, other) for other in nodes[:index])


def test_wires_that_need_not_cross_do_not() -> None:
    nodes = arranged(step("A"), step("B"), step("C"), step("Z", "C"), step("Y", "B"), step("X", "A"))
    rows = [nodes[name]["y"] for name in ("X", "Y", "Z")]
    assert all(upper < lower for upper, lower in pairwise(rows))


def test_equal_definitions_get_equal_layouts_and_none_gets_none() -> None:
    steps = [step(f"S{n}", *(f"S{m}" for m in range(n) if (n * m) % 5 == 1)) for n in range(40)]
    assert arranged(*steps) == arranged(*steps)
    assert arranged() == {}


def test_a_thousand_steps_are_arranged_quickly() -> None:
    steps = [step(f"S{n}", *(f"S{n - k}" for k in (1, 7, 30) if n >= k and n % k)) for n in range(1500)]
    started = time.process_time()
    arranged(*steps)
    assert time.process_time() - started < 1.5


LAYOUT = {
    "nodes": {"A": {"x": 1, "y": 2}, "B": {"x": 3, "y": 4}},
    "groups": [{"id": "g", "title": "Data", "kind": "group", "members": ["A", "B"], "collapsed": False}],
    "notes": [{"id": "n", "text": "ä" * 3000}],
    "hints": {"A": {"output": "dataset"}},
}


def test_held_places_stay_and_new_steps_stand_clear_of_them() -> None:
    held = {"A": {"x": 0, "y": 0}, "Moved": {"x": 300, "y": 40}, "Gone": {"x": 600, "y": 0}, "Odd": "nowhere"}
    fresh = {name: {"x": 288, "y": 0} for name in ("A", "Moved", "Odd", "New", "Newer")}
    nodes = keep_places(held, fresh)
    assert list(nodes) == list(fresh)
    assert {name: nodes[name] for name in ("A", "Moved", "Odd")} == {n: held[n] for n in ("A", "Moved", "Odd")}
    assert (nodes["New"]["x"], nodes["Newer"]["x"]) == (288, 288)
    for one, other in (("New", "Moved"), ("Newer", "Moved"), ("New", "Newer")):
        assert not overlaps(nodes[one], nodes[other])


def test_a_new_step_stands_where_it_is_arranged_when_nothing_is_there() -> None:
    nodes = keep_places({"A": {"x": 0, "y": 500}}, arranged(step("A"), step("B", "A")))
    assert nodes == {"A": {"x": 0, "y": 500}, "B": {"x": 288, "y": 0}}


def test_renaming_keeps_order_groups_and_hints() -> None:
    changed = rename_in_layout(LAYOUT, "A", "Z")
    assert list(changed["nodes"]) == ["Z", "B"]
    assert changed["groups"][0]["members"] == ["Z", "B"]
    assert changed["hints"] == {"Z": {"output": "dataset"}}
    assert rename_in_layout(changed, "Z", "A") == LAYOUT


def test_pruning_forgets_steps_that_are_gone() -> None:
    pruned = prune(LAYOUT, ["B"])
    assert (pruned["nodes"], pruned["hints"]) == ({"B": {"x": 3, "y": 4}}, {})
    assert pruned["groups"][0]["members"] == ["B"]
    assert prune({}, []) == empty_layout()


@pytest.mark.parametrize(
    "document",
    [{"Version": "2020-12-01", "Steps": []}, {"Metadata": {}, "Steps": []}, {"Metadata": {"a": "b"}, "Steps": []}],
)
def test_a_layout_travels_inside_a_definition_and_leaves_no_trace(document: dict[str, Any]) -> None:
    carried = with_layout(document, LAYOUT)
    assert all(isinstance(text, str) and len(text) <= 1024 for text in carried["Metadata"].values())
    again = parse_definition(dump_definition(carried)).document
    assert again is not None
    restored, layout = take_layout(again)
    assert layout == LAYOUT
    assert dump_definition(restored) == dump_definition(document)
    assert dump_definition(with_layout(carried, LAYOUT)["Steps"]) == "[]"


SPOILED = [{"ClaryLayout-1": "x"}, {"ClaryLayout-0": "{"}, {"ClaryLayout-0": 3}, {"ClaryLayout-0": "[]"}]


@pytest.mark.parametrize("spoiled", SPOILED)
def test_a_spoiled_layout_is_taken_out_and_counts_as_none(spoiled: dict[str, Any]) -> None:
    document = {"Metadata": {**spoiled, "mine": "x"}, "Steps": []}
    assert take_layout(document) == ({"Metadata": {"mine": "x"}, "Steps": []}, None)


@given(document=DEFINITIONS)
def test_any_json_can_be_arranged(document: Any) -> None:
    arrange(Definition.from_document(document))
    if isinstance(document, dict):
        take_layout(document)
