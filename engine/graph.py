"""The graph of a definition: which step waits for which, and why.

Edges are derived, never stored, from three sources: references in a step's own values (data), DependsOn (order),
and membership in a branch or body (branch).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from engine.definition.model import Definition, Step, own_parts
from engine.expressions import Reference, references

#: Trigger of a branch edge, by the branch the step sits in.
BRANCH_TRIGGERS: Mapping[str, str] = {"if": "if", "else": "else", "body": "body"}


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One reason why `target` waits for `source`. There is one edge per reference, so two steps may share several.

    kind: data (a reference), order (DependsOn), branch (target is nested in source).
    trigger: Succeeded, Failed, Stopped or Any; for branch edges if, else or body.
    label: the output referred to ("train", "S3ModelArtifacts"), "" for order edges, the branch for branch edges.
    pointer: the place that makes the edge: the {"Get"} object, the DependsOn entry, the nested step.
    """

    source: str
    target: str
    kind: Literal["data", "order", "branch"]
    trigger: str
    label: str
    pointer: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Graph:
    """`nodes` in document order. `cycles`: each as names in order, the first one not repeated at the end."""

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]
    cycles: tuple[tuple[str, ...], ...] = ()
    _out: Mapping[str, tuple[Edge, ...]] = field(default_factory=dict, repr=False)
    _in: Mapping[str, tuple[Edge, ...]] = field(default_factory=dict, repr=False)

    def outgoing(self, name: str) -> tuple[Edge, ...]:
        return self._out.get(name, ())

    def incoming(self, name: str) -> tuple[Edge, ...]:
        return self._in.get(name, ())

    def generations(self) -> tuple[tuple[str, ...], ...]:
        """Step names in waves that can run side by side, parents first; names sorted inside a wave.

        Steps on a cycle, and those behind one, are in no wave.
        """
        return self._generations

    @cached_property
    def _generations(self) -> tuple[tuple[str, ...], ...]:
        missing = {name: len({edge.source for edge in self.incoming(name)}) for name in self.nodes}
        wave = sorted(name for name, count in missing.items() if count == 0)
        waves: list[tuple[str, ...]] = []
        while wave:
            waves.append(tuple(wave))
            ready: list[str] = []
            for name in wave:
                for target in {edge.target for edge in self.outgoing(name)}:
                    missing[target] -= 1
                    if missing[target] == 0:
                        ready.append(target)
            wave = sorted(ready)
        return tuple(waves)

    def reaches(self, source: str, target: str) -> bool:
        """Whether a path leads from source to target; a step reaches itself."""
        seen = {source}
        stack = [source]
        while stack:
            name = stack.pop()
            if name == target:
                return True
            for edge in self.outgoing(name):
                if edge.target not in seen:
                    seen.add(edge.target)
                    stack.append(edge.target)
        return False


def build_graph(definition: Definition) -> Graph:
    """The graph of every step, nested ones included. Never raises: what points nowhere makes no edge.

    Deterministic: edges stand in document order. A reference of a step to itself makes no edge (validation tells).
    """
    known = definition.steps_by_name
    edges = tuple(
        edge
        for step in known.values()
        for edge in _edges_into(step)
        if edge.source in known and edge.source != edge.target
    )
    nodes = tuple(known)
    outgoing: dict[str, list[Edge]] = {}
    incoming: dict[str, list[Edge]] = {}
    for edge in edges:
        outgoing.setdefault(edge.source, []).append(edge)
        incoming.setdefault(edge.target, []).append(edge)
    return Graph(
        nodes=nodes,
        edges=edges,
        cycles=tuple(_cycles(nodes, outgoing)),
        _out={name: tuple(found) for name, found in outgoing.items()},
        _in={name: tuple(found) for name, found in incoming.items()},
    )


def step_references(step: Step) -> tuple[Reference, ...]:
    """Every reference the step itself makes, top-level keys included, without those of steps nested in it."""
    return tuple(reference for pointer, value in own_parts(step) for reference in references(value, pointer))


def _edges_into(step: Step) -> Iterator[Edge]:
    if step.parent is not None and step.branch is not None:
        trigger = BRANCH_TRIGGERS[step.branch]
        yield Edge(
            source=step.parent, target=step.name, kind="branch", trigger=trigger, label=trigger, pointer=step.pointer
        )
    for dependency in step.depends_on:
        yield Edge(
            source=dependency.step,
            target=step.name,
            kind="order",
            trigger=dependency.trigger,
            label="",
            pointer=dependency.pointer,
        )
    for reference in step_references(step):
        if reference.root == "Steps":
            yield Edge(
                source=reference.name,
                target=step.name,
                kind="data",
                trigger="Succeeded",
                label=output_label(reference),
                pointer=reference.pointer,
            )


def output_label(reference: Reference) -> str:
    """What a wire is called: the last quoted key if the reference has one ("train"), else its last member."""
    quoted = last_quoted(reference.text)
    if quoted is not None:
        return quoted
    return next((segment for segment in reversed(reference.path) if isinstance(segment, str)), reference.name)


def last_quoted(text: str) -> str | None:
    for mark in ("'", '"'):
        _, bracket, rest = text.rpartition(f"[{mark}")
        if bracket:
            return rest.partition(f"{mark}]")[0]
    return None


def _cycles(nodes: Iterable[str], outgoing: Mapping[str, list[Edge]]) -> Iterator[tuple[str, ...]]:
    """One cycle per strongly connected component, starting at its first step in document order."""
    for component in sorted(_components(nodes, outgoing), key=min):
        members = set(component)
        names = [name for name in nodes if name in members]
        yield _shortest_way_back(names[0], members, outgoing)


def _components(nodes: Iterable[str], outgoing: Mapping[str, list[Edge]]) -> Iterator[list[str]]:
    """Strongly connected components of two steps or more (Tarjan, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    on_stack: set[str] = set()
    stack: list[str] = []
    for root in nodes:
        if root in index:
            continue
        work: list[tuple[str, Iterator[Edge]]] = [(root, iter(outgoing.get(root, ())))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            name, edges = work[-1]
            for edge in edges:
                target = edge.target
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(outgoing.get(target, ()))))
                    break
                if target in on_stack:
                    low[name] = min(low[name], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    component: list[str] = []
                    while not component or component[-1] != name:
                        component.append(stack.pop())
                        on_stack.discard(component[-1])
                    if len(component) > 1:
                        yield component


def _shortest_way_back(start: str, members: set[str], outgoing: Mapping[str, list[Edge]]) -> tuple[str, ...]:
    came_from: dict[str, str] = {}
    queue = [start]
    for name in queue:
        for edge in outgoing.get(name, ()):
            if edge.target == start:
                path = [name]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                return tuple(reversed(path))
            if edge.target in members and edge.target not in came_from:
                came_from[edge.target] = name
                queue.append(edge.target)
    return (start,)
