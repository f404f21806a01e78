from __future__ import annotations

import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.definition.model import Definition
from engine.definition.parse import parse_definition
from engine.graph import Graph, build_graph
from tests.engine.definition.material import CORPUS, DEFINITIONS


def step(name: str, *after: Any, **more: Any) -> dict[str, Any]:
    return {
        "Name": name,
        "Type": "Processing",
        "Arguments": {},
        **({"DependsOn": list(after)} if after else {}),
        **more,
    }


def graph(*steps: Any) -> Graph:
    return build_graph(Definition.from_document({"Steps": list(steps)}))


def corpus(name: str) -> Graph:
    path = next(path for path in CORPUS if f"{path.parent.name}/{path.stem}" == name)
    return build_graph(Definition.from_document(parse_definition(path.read_text()).document))


def triples(found: Graph) -> list[tuple[str, str, str, str, str]]:
    return [(e.source, e.target, e.kind, e.trigger, e.label) for e in found.edges]


def test_data_order_and_branch_edges_of_real_definitions() -> None:
    assert triples(corpus("v2/expressions_everywhere")) == [
        ("Prep", "Train", "order", "Succeeded", ""),
        ("Prep", "Train", "data", "Succeeded", "train"),
        ("Train", "Train2", "data", "Succeeded", "S3ModelArtifacts"),
        ("Train", "Train2", "data", "Succeeded", "val:acc"),
        ("Train", "Train2", "data", "Succeeded", "TrainingJobArn"),
        ("Train", "Train2", "data", "Succeeded", "n"),
    ]
    assert triples(corpus("v2/condition_branch_join")) == [
        ("G", "A", "branch", "if", "if"),
        ("G", "B", "branch", "else", "else"),
        ("A", "J", "order", "Succeeded", ""),
        ("B", "J", "order", "Succeeded", ""),
    ]
    assert [e[3] for e in triples(corpus("v3/run_conditions"))] == ["Failed", "Stopped", "Any", "Succeeded"]
    assert ("Fan", "Proc", "branch", "body", "body") in triples(corpus("v3/for_each"))


def test_edges_point_at_what_makes_them() -> None:
    inner = step("B", SkipCheck={"Get": "Steps.A.X"})
    found = graph(step("A"), {"Name": "G", "Type": "Condition", "Arguments": {"IfSteps": [inner]}}, step("C", "A"))
    assert {(e.target, e.kind): e.pointer for e in found.edges} == {
        ("B", "branch"): "/Steps/1/Arguments/IfSteps/0",
        ("B", "data"): "/Steps/1/Arguments/IfSteps/0/SkipCheck",
        ("C", "order"): "/Steps/2/DependsOn/0",
    }


def test_a_condition_does_not_wait_for_what_its_members_read() -> None:
    member = step("B", Environment={"Get": "Steps.A.X"})
    found = graph(step("A"), {"Name": "G", "Type": "Condition", "Arguments": {"Conditions": [], "IfSteps": [member]}})
    assert found.incoming("G") == ()
    assert [e.source for e in found.incoming("B")] == ["G", "A"]


def test_generations_put_parents_first_and_sort_inside() -> None:
    found = graph(step("Z", "M"), step("B"), step("M", "B", "A"), step("A"))
    assert found.generations() == (("A", "B"), ("M",), ("Z",))
    assert graph().generations() == ()


def test_a_cycle_is_reported_once_starting_at_its_first_step() -> None:
    found = graph(step("A", "C"), step("B", "A"), step("C", "B"), step("D", "C"), step("X", "Y"), step("Y", "X"))
    assert found.cycles == (("A", "B", "C"), ("X", "Y"))
    assert found.generations() == ()


def test_a_step_that_names_itself_or_nobody_makes_no_edge() -> None:
    assert graph(step("A", "A", "Nobody", X={"Get": "Steps.A.Y"}, Y={"Get": "Steps.Gone.Y"})).edges == ()


def test_reaching() -> None:
    found = graph(step("A"), step("B", "A"), step("C", "B"))
    assert found.reaches("A", "C")
    assert found.reaches("B", "B")
    assert not found.reaches("C", "A")


@given(document=DEFINITIONS)
def test_any_json_has_a_graph(document: Any) -> None:
    first, second = (build_graph(Definition.from_document(document)) for _ in range(2))
    assert first.edges == second.edges
    assert set(first.nodes) >= {name for wave in first.generations() for name in wave}


@given(wires=st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30))
def test_generations_and_cycles_together_tell_the_whole_story(wires: set[tuple[int, int]]) -> None:
    after: dict[int, list[str]] = {n: [] for n in range(12)}
    for source, target in sorted(wires):
        after[target].append(f"S{source}")
    found = graph(*(step(f"S{n}", *names) for n, names in after.items()))
    order = {name: index for index, wave in enumerate(found.generations()) for name in wave}
    for edge in found.edges:
        if edge.target in order:
            assert order[edge.source] < order[edge.target]
    assert (len(order) == 12) == (found.cycles == ())
    for cycle in found.cycles:
        for source, target in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
            assert any(e.target == target for e in found.outgoing(source))


def test_a_thousand_steps_are_quick() -> None:
    steps = [step(f"S{n}", *(f"S{n - k}" for k in (1, 7) if n >= k)) for n in range(1000)]
    definition = Definition.from_document({"Steps": steps})
    assert min(timed(definition) for _ in range(5)) < 0.05


def timed(definition: Definition) -> float:
    """Processor seconds: other programs on the machine do not count."""
    started = time.process_time()
    build_graph(definition).generations()
    return time.process_time() - started
