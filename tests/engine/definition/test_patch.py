from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.dump import dump_definition
from engine.definition.parse import parse_json
from engine.definition.patch import PatchRefused, apply_patch
from engine.definition.pointer import join, resolve, split
from engine.definition.tree import pointer_of, same, walk
from tests.engine.definition.material import JSON

DOCUMENT = {"a": 1, "b": [1, 2, 3], "c": {"x": None, "y": {"z": 0}}, "d/e": 7}


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ([{"op": "add", "path": "/n", "value": 1}], '{"a":1,"b":[1,2,3],"c":{"x":null,"y":{"z":0}},"d/e":7,"n":1}'),
        ([{"op": "add", "path": "/n", "value": 1, "before": "b"}],
         '{"a":1,"n":1,"b":[1,2,3],"c":{"x":null,"y":{"z":0}},"d/e":7}'),
        ([{"op": "add", "path": "/b/0", "value": 0}], '{"a":1,"b":[0,1,2,3],"c":{"x":null,"y":{"z":0}},"d/e":7}'),
        ([{"op": "add", "path": "/b/-", "value": 4}], '{"a":1,"b":[1,2,3,4],"c":{"x":null,"y":{"z":0}},"d/e":7}'),
        ([{"op": "add", "path": "/a", "value": 9}], '{"a":9,"b":[1,2,3],"c":{"x":null,"y":{"z":0}},"d/e":7}'),
        ([{"op": "replace", "path": "/d~1e", "value": 0}], '{"a":1,"b":[1,2,3],"c":{"x":null,"y":{"z":0}},"d/e":0}'),
        ([{"op": "remove", "path": "/c/x"}], '{"a":1,"b":[1,2,3],"c":{"y":{"z":0}},"d/e":7}'),
        ([{"op": "move", "from": "/c/y", "path": "/b/1"}], '{"a":1,"b":[1,{"z":0},2,3],"c":{"x":null},"d/e":7}'),
        ([{"op": "move", "from": "/a", "path": "/k", "before": "c"}],
         '{"b":[1,2,3],"k":1,"c":{"x":null,"y":{"z":0}},"d/e":7}'),
        ([{"op": "move", "from": "/a", "path": "/c"}], '{"b":[1,2,3],"c":1,"d/e":7}'),
        ([{"op": "move", "from": "/b/0", "path": "/b/2"}], '{"a":1,"b":[2,3,1],"c":{"x":null,"y":{"z":0}},"d/e":7}'),
        ([{"op": "replace", "path": "", "value": []}], "[]"),
    ],
)  # fmt: skip
def test_each_operation_does_its_work_and_its_inverse_undoes_it(patch: list[dict[str, Any]], expected: str) -> None:
    kept = copy.deepcopy(DOCUMENT)
    changed, inverse = apply_patch(DOCUMENT, patch)
    assert dump_definition(changed) == expected
    assert dump_definition(DOCUMENT) == dump_definition(kept)
    assert dump_definition(apply_patch(changed, inverse)[0]) == dump_definition(kept)


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ({"op": "copy", "path": "/a"}, "one of add, replace, remove, move"),
        ({"op": "add", "path": "/a/b", "value": 1}, "no object and no list"),
        ({"op": "add", "path": "/b/7", "value": 1}, "no place in a list of 4"),
        ({"op": "add", "path": "/b/01", "value": 1}, "no place"),
        ({"op": "add", "path": "/a"}, '"value" is missing'),
        ({"op": "add", "path": "/n", "value": 1, "before": "zz"}, "there is no 'zz'"),
        ({"op": "replace", "path": "/zz", "value": 1}, "nothing at /zz"),
        ({"op": "remove", "path": "/c/q/r"}, "nothing at /c/q/r"),
        ({"op": "remove", "path": ""}, "whole document"),
        ({"op": "remove", "path": "a"}, "begins with '/'"),
        ({"op": "move", "path": "/a"}, '"from" is a JSON pointer'),
        ({"path": 3}, '"path" is a JSON pointer'),
        ("remove", "an operation is an object"),
    ],
)
def test_a_patch_that_does_not_fit_changes_nothing(operation: Any, words: str) -> None:
    kept = copy.deepcopy(DOCUMENT)
    with pytest.raises(PatchRefused, match=words) as refused:
        apply_patch(DOCUMENT, [{"op": "add", "path": "/b/0", "value": 0}, operation])
    assert refused.value.index == 1
    assert kept == DOCUMENT


@st.composite
def patches(draw: st.DrawFn) -> tuple[Any, list[dict[str, Any]]]:
    document = draw(st.dictionaries(st.text("ab~/", max_size=2), JSON, min_size=1, max_size=4))
    current, patch = document, []
    for _ in range(draw(st.integers(1, 5))):
        places = [pointer_of(place) for place, _, _ in walk(current) if place is not None]
        containers = [pointer_of(place) for place, _, value in walk(current) if isinstance(value, dict | list)]
        kind = draw(st.sampled_from(["add", "replace", "remove", "move"] if places else ["add"]))
        operation: dict[str, Any] = {"op": kind}
        if kind in ("replace", "remove"):
            operation["path"] = draw(st.sampled_from(places))
        if kind in ("add", "replace"):
            operation["value"] = draw(JSON)
        if kind == "move":
            operation["from"] = draw(st.sampled_from(places))
            current_without, _ = apply_patch(current, [{"op": "remove", "path": operation["from"]}])
            containers = [pointer_of(p) for p, _, value in walk(current_without) if isinstance(value, dict | list)]
        if kind in ("add", "move"):
            base = current if kind == "add" else current_without
            target = draw(st.sampled_from(containers))
            holder = resolve(base, target)
            if isinstance(holder, list):
                operation["path"] = join(target, draw(st.integers(0, len(holder))))
            else:
                operation["path"] = join(target, draw(st.text("ab~/", max_size=2)))
                if holder and draw(st.booleans()):
                    operation["before"] = draw(st.sampled_from(list(holder)))
        current, _ = apply_patch(current, [operation])
        patch.append(operation)
    return document, patch


@given(case=patches())
def test_the_inverse_restores_the_text(case: tuple[Any, list[dict[str, Any]]]) -> None:
    document, patch = case
    before = dump_definition(document)
    changed, inverse = apply_patch(document, patch)
    assert dump_definition(document) == before
    restored, again = apply_patch(changed, inverse)
    assert dump_definition(restored) == before
    assert dump_definition(apply_patch(restored, again)[0]) == dump_definition(changed)


@given(value=st.lists(st.text(max_size=4), max_size=4))
def test_pointers_survive_any_key(value: list[str]) -> None:
    assert split(join("", *value)) == value


def test_an_inverse_keeps_odd_numbers() -> None:
    document, _ = parse_json('{"n": 1.50, "m": 1e3}')
    changed, inverse = apply_patch(
        document, [{"op": "remove", "path": "/n"}, {"op": "replace", "path": "/m", "value": 2}]
    )
    assert same(apply_patch(changed, inverse)[0], document)


def test_a_small_change_to_a_large_document_is_cheap() -> None:
    steps = [{"Name": f"S{n}", "Arguments": {"text": "x" * 1600}} for n in range(10_000)]
    document = {"Steps": steps}
    started = time.perf_counter()
    for n in range(20):
        changed, _ = apply_patch(document, [{"op": "replace", "path": f"/Steps/{n}/Arguments/text", "value": "y"}])
    assert changed["Steps"][5000] is steps[5000]
    assert time.perf_counter() - started < 0.5
