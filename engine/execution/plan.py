"""A definition compiled for deciding: who waits for whom, in which order, under which rules.

Compiled once per definition hash and shared by every execution of it, so it is immutable and small: names,
types, edges and policies, no arguments.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from engine.definition.model import Definition, Step
from engine.execution.cache import parse_expire_after
from engine.execution.retry import RetryPolicy, parse_retry_policies
from engine.execution.states import StepKey
from engine.graph import build_graph
from engine.steps.base import Json, Nature
from engine.steps.catalog import step_type


class CannotPlan(Exception):
    """This definition has no order to run in; validation says why, with pointers."""

    def __init__(self, reason: str, steps: Iterable[str]) -> None:
        self.steps = tuple(steps)
        super().__init__(f"{reason}: {', '.join(self.steps)}")


class Trigger(StrEnum):
    """How a producer must end for an edge to be met."""

    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    STOPPED = "Stopped"
    ANY = "Any"
    IF = "if"
    ELSE = "else"


@dataclass(frozen=True, kw_only=True, slots=True)
class Producer:
    """`needs_output`: the consumer reads a property of this step, so order alone would not do."""

    step: str
    trigger: Trigger
    needs_output: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Successor:
    step: str
    trigger: Trigger


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheConfig:
    """`expire_after` None: results never grow too old."""

    enabled: bool = False
    expire_after: timedelta | None = None


NO_CACHE = CacheConfig()


@dataclass(frozen=True, kw_only=True)
class PlanStep:
    """One step. `position` is its place in the plan's order; `producers` and `successors` are in plan order too."""

    name: str
    type: str
    nature: Nature
    position: int
    producers: tuple[Producer, ...] = ()
    successors: tuple[Successor, ...] = ()
    cache: CacheConfig = NO_CACHE
    retry_policies: tuple[RetryPolicy, ...] = ()

    @cached_property
    def key(self) -> StepKey:
        return StepKey(self.name)

    @cached_property
    def answers(self) -> tuple[Producer, ...]:
        """Producers whose failure this step answers by running to success."""
        return tuple(p for p in self.producers if p.trigger in ANSWERING)

    @cached_property
    def answered_by(self) -> tuple[Successor, ...]:
        """Successors that answer a failure of this step."""
        return tuple(s for s in self.successors if s.trigger in ANSWERING)

    @cached_property
    def any_only(self) -> bool:
        """True when nothing but the end of its producers, however they end, is awaited."""
        return all(p.trigger is Trigger.ANY for p in self.producers)


ANSWERING = frozenset({Trigger.FAILED, Trigger.STOPPED, Trigger.ANY})


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`order`: every step, producers first, else as the document has them. `steps`: by name, in that order."""

    order: tuple[StepKey, ...]
    steps: Mapping[str, PlanStep]

    @cached_property
    def keys(self) -> frozenset[StepKey]:
        return frozenset(self.order)

    def position(self, key: StepKey) -> tuple[int, int]:
        """Sorts keys into planning order, iterations of one step by index."""
        return self.steps[key.name].position, key.iteration


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """What planning needs to know of one step, apart from its edges."""

    name: str
    type: str
    nature: Nature
    cache: CacheConfig = NO_CACHE
    retry_policies: tuple[RetryPolicy, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """`consumer` waits for `producer`."""

    producer: str
    consumer: str
    trigger: Trigger = Trigger.SUCCEEDED
    needs_output: bool = False


def compile_plan(definition: Definition) -> Plan:
    """The plan of a definition. Steps inside a ForEach are part of it and no steps of the plan; an edge to or from
    one of them is an edge of the ForEach.

    Raises:
        CannotPlan: a cycle or a name used twice. Validation refuses such a definition before it can be started.
    """
    stands_for = _bodies(definition)
    planned = [step for step in definition.steps if stands_for[step.name] == step.name]
    edges = build_graph(definition).edges
    links = (
        Link(
            producer=stands_for[edge.source],
            consumer=stands_for[edge.target],
            trigger=Trigger(edge.trigger),
            needs_output=edge.kind == "data",
        )
        for edge in edges
        if stands_for[edge.source] != stands_for[edge.target]
    )
    return assemble_plan((_facts(step) for step in planned), links)


def assemble_plan(steps: Iterable[StepFacts], links: Iterable[Link]) -> Plan:
    """The plan of these steps (document order) and links. Equal input gives an equal plan.

    Links that say the same are joined; two different triggers between the same steps both count.

    Raises:
        CannotPlan: a cycle, a name used twice, or a link to a step that is not there.
    """
    listed = list(steps)
    rank = {facts.name: n for n, facts in enumerate(listed)}
    if len(rank) != len(listed):
        raise CannotPlan("Step names must be unique", _repeated(facts.name for facts in listed))
    edges: dict[tuple[str, str, Trigger], bool] = {}
    for link in links:
        if link.producer not in rank or link.consumer not in rank:
            raise CannotPlan("A step waits for a step that does not exist", (link.consumer, link.producer))
        edge = (link.producer, link.consumer, link.trigger)
        edges[edge] = edges.get(edge, False) or link.needs_output
    order = _order(rank, edges)
    position = {name: n for n, name in enumerate(order)}
    producers: dict[str, list[Producer]] = {name: [] for name in order}
    successors: dict[str, list[Successor]] = {name: [] for name in order}
    for source, target, trigger in sorted(edges, key=lambda e: (position[e[0]], position[e[1]], e[2])):
        needs_output = edges[source, target, trigger]
        producers[target].append(Producer(step=source, trigger=trigger, needs_output=needs_output))
        successors[source].append(Successor(step=target, trigger=trigger))
    planned = {
        name: PlanStep(
            name=name,
            type=listed[rank[name]].type,
            nature=listed[rank[name]].nature,
            position=position[name],
            producers=tuple(producers[name]),
            successors=tuple(successors[name]),
            cache=listed[rank[name]].cache,
            retry_policies=listed[rank[name]].retry_policies,
        )
        for name in order
    }
    return Plan(order=tuple(StepKey(name) for name in order), steps=planned)


def parse_cache_config(value: Json) -> CacheConfig:
    """A step's CacheConfig. Off where it is absent, disabled or holds a duration nobody can read: running a step
    once too often is better than reusing a result for too long."""
    if not isinstance(value, dict) or value.get("Enabled") is not True:
        return NO_CACHE
    if value.get("ExpireAfter") is None:
        return CacheConfig(enabled=True)
    expire_after = parse_expire_after(value["ExpireAfter"])
    return NO_CACHE if expire_after is None else CacheConfig(enabled=True, expire_after=expire_after)


def _facts(step: Step) -> StepFacts:
    return StepFacts(
        name=step.name,
        type=step.type,
        nature=step_type(step.type).nature,
        cache=parse_cache_config(step.document.get("CacheConfig")),
        retry_policies=parse_retry_policies(step.document.get("RetryPolicies")),
    )


def _bodies(definition: Definition) -> Mapping[str, str]:
    """Step name → the outermost ForEach it is in, or itself. Parents come first in `definition.steps`."""
    stands_for: dict[str, str] = {}
    for step in definition.steps:
        inside = step.parent is not None and (step.branch == "body" or stands_for[step.parent] != step.parent)
        stands_for[step.name] = stands_for[step.parent] if step.parent is not None and inside else step.name
    return stands_for


def _order(rank: Mapping[str, int], edges: Iterable[tuple[str, str, Trigger]]) -> list[str]:
    """Names with producers first; among those that could come next, the first of the document."""
    pairs = {(source, target) for source, target, _ in edges}
    waiting = dict.fromkeys(rank, 0)
    following: dict[str, list[str]] = {}
    for source, target in pairs:
        waiting[target] += 1
        following.setdefault(source, []).append(target)
    names = list(rank)
    free = [rank[name] for name in names if not waiting[name]]
    heapq.heapify(free)
    order = []
    while free:
        name = names[heapq.heappop(free)]
        order.append(name)
        for target in following.get(name, ()):
            waiting[target] -= 1
            if not waiting[target]:
                heapq.heappush(free, rank[target])
    if len(order) != len(names):
        raise CannotPlan("These steps wait for each other", (name for name in names if waiting[name]))
    return order


def _repeated(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    again: list[str] = []
    for name in names:
        if name in seen and name not in again:
            again.append(name)
        seen.add(name)
    return again
