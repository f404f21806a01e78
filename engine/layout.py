"""The layout document: where nodes stand. It is its own document, keyed by step name; the definition holds no pixels.

{"nodes": {name: {"x", "y"}}, "groups": [{"id", "title", "kind", "members", "collapsed"}], "notes": [], "hints": {}}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.definition.model import Definition
from engine.graph import Graph, build_graph

NODE_WIDTH, NODE_HEIGHT = 208, 64
COLUMN_GAP, ROW_GAP = 80, 32

_SWEEPS = 4


def empty_layout() -> dict[str, Any]:
    return {"nodes": {}, "groups": [], "notes": [], "hints": {}}


def arrange(definition: Definition) -> dict[str, Any]:
    """A layout with a place for every step: columns by longest path, rows ordered so that few wires cross.

    Deterministic: equal definitions give equal layouts. Left to right, no two nodes overlap. O(V + E) per sweep.
    Steps on a cycle are placed as if the wires that close it were not there.
    """
    graph = build_graph(definition)
    columns = _columns(graph)
    _order_rows(columns, graph)
    tallest = max((len(column) for column in columns), default=0)
    pitch = NODE_HEIGHT + ROW_GAP
    nodes: dict[str, dict[str, int]] = {}
    for index, column in enumerate(columns):
        top = (tallest - len(column)) * pitch // 2
        for row, name in enumerate(column):
            nodes[name] = {"x": index * (NODE_WIDTH + COLUMN_GAP), "y": top + row * pitch}
    return {**empty_layout(), "nodes": {name: nodes[name] for name in graph.nodes}}


def keep_places(held: Mapping[str, Any], fresh: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Places for the steps of `fresh`: those that are held stay, new ones stand where `fresh` says or, where others
    stand already, in the next free row below.
    """
    kept = {name: held[name] for name in fresh if name in held}
    taken = [(place["x"], place["y"]) for place in kept.values() if _is_place(place)]
    nodes: dict[str, Any] = {}
    for name, place in fresh.items():
        if name in kept:
            nodes[name] = kept[name]
            continue
        x, y = place["x"], place["y"]
        for other in sorted(top for left, top in taken if abs(left - x) < NODE_WIDTH):
            if abs(other - y) < NODE_HEIGHT:
                y = other + NODE_HEIGHT + ROW_GAP
        taken.append((x, y))
        nodes[name] = {"x": x, "y": y}
    return nodes


def _is_place(place: Any) -> bool:
    return isinstance(place, dict) and all(isinstance(place.get(axis), int | float) for axis in ("x", "y"))


def rename_in_layout(layout: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """The layout with a step renamed: its node (in the same place of the order), its groups, its hints."""
    changed: dict[str, Any] = dict(layout)
    for key in ("nodes", "hints"):
        held = layout.get(key)
        if isinstance(held, dict) and old in held:
            changed[key] = {new if name == old else name: value for name, value in held.items()}
    changed["groups"] = [
        {**group, "members": [new if name == old else name for name in group.get("members", ())]}
        for group in layout.get("groups", ())
    ]
    return changed


def prune(layout: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The layout without nodes, hints and group members of steps that are not in `names`."""
    kept = set(names)
    changed: dict[str, Any] = {**empty_layout(), **layout}
    changed["nodes"] = {name: place for name, place in changed["nodes"].items() if name in kept}
    changed["hints"] = {name: hint for name, hint in changed["hints"].items() if name in kept}
    changed["groups"] = [
        {**group, "members": [name for name in group.get("members", ()) if name in kept]} for group in changed["groups"]
    ]
    return changed


def _columns(graph: Graph) -> list[list[str]]:
    """Names per column; a step stands one column right of its rightmost parent."""
    forward = _acyclic(graph)
    parents: dict[str, list[str]] = {name: [] for name in graph.nodes}
    missing = dict.fromkeys(graph.nodes, 0)
    for source, targets in forward.items():
        for target in targets:
            parents[target].append(source)
            missing[target] += 1
    column = dict.fromkeys(graph.nodes, 0)
    queue = [name for name in graph.nodes if missing[name] == 0]
    for name in queue:
        for target in forward[name]:
            column[target] = max(column[target], column[name] + 1)
            missing[target] -= 1
            if missing[target] == 0:
                queue.append(target)
    columns: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for name in graph.nodes:
        columns[column[name]].append(name)
    return columns


def _acyclic(graph: Graph) -> dict[str, list[str]]:
    """Distinct successors per step, without the wires that a depth-first walk finds to close a cycle."""
    successors = {name: list(dict.fromkeys(edge.target for edge in graph.outgoing(name))) for name in graph.nodes}
    if not graph.cycles:
        return successors
    state: dict[str, int] = {}
    kept: dict[str, list[str]] = {name: [] for name in graph.nodes}
    for root in graph.nodes:
        if root in state:
            continue
        state[root] = 1
        stack = [(root, iter(successors[root]))]
        while stack:
            name, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                state[name] = 2
                stack.pop()
            elif state.get(target) != 1:
                kept[name].append(target)
                if target not in state:
                    state[target] = 1
                    stack.append((target, iter(successors[target])))
    return kept


def _order_rows(columns: list[list[str]], graph: Graph) -> None:
    """Barycentre ordering, in place: each node moves to the mean row of its neighbours, to and fro."""
    row: dict[str, float] = {}

    def renumber(column: list[str]) -> None:
        for index, name in enumerate(column):
            row[name] = index - (len(column) - 1) / 2

    for column in columns:
        renumber(column)
    before = {name: tuple({edge.source for edge in graph.incoming(name)}) for name in graph.nodes}
    after = {name: tuple({edge.target for edge in graph.outgoing(name)}) for name in graph.nodes}
    for sweep in range(_SWEEPS):
        neighbours, ordered = (before, columns) if sweep % 2 == 0 else (after, list(reversed(columns)))
        for column in ordered:
            means = {}
            for name in column:
                near = neighbours[name]
                means[name] = sum(row[other] for other in near) / len(near) if near else row[name]
            column.sort(key=means.__getitem__)
            renumber(column)
