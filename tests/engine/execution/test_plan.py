"""Compiling a definition: order, edges, branches, settings of a step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.definition.model import Definition
from engine.execution.plan import (
    CacheConfig,
    CannotPlan,
    Link,
    Plan,
    Producer,
    StepFacts,
    Successor,
    Trigger,
    assemble_plan,
    compile_plan,
    parse_cache_config,
)
from engine.steps.base import Nature
from tests.engine.execution import definitions as d


def plan_of(document: object) -> Plan:
    return compile_plan(Definition.from_document(document))


def order(plan: Plan) -> list[str]:
    return [key.name for key in plan.order]


def test_producers_come_first_and_else_the_order_is_that_of_the_document() -> None:
    plan = plan_of(d.pipeline(d.processing("C", d.output_of("B")), d.processing("A"), d.processing("B")))
    assert order(plan) == ["A", "B", "C"]
    assert [plan.steps[name].position for name in ("A", "B", "C")] == [0, 1, 2]


def test_equal_definitions_give_equal_plans() -> None:
    assert plan_of(d.headline()) == plan_of(d.headline())


def test_edges_come_from_references_depends_on_and_branches() -> None:
    plan = plan_of(
        d.pipeline(
            d.processing("A"),
            d.processing("B", d.output_of("A"), d.output_of("A"), DependsOn=["A"]),
            d.condition("Gate", d.get("A", "X"), [d.processing("Yes")], [d.processing("No")]),
        )
    )
    assert plan.steps["B"].producers == (Producer(step="A", trigger=Trigger.SUCCEEDED, needs_output=True),)
    assert plan.steps["Yes"].producers == (Producer(step="Gate", trigger=Trigger.IF),)
    assert plan.steps["No"].producers == (Producer(step="Gate", trigger=Trigger.ELSE),)
    assert plan.steps["A"].successors == (
        Successor(step="B", trigger=Trigger.SUCCEEDED),
        Successor(step="Gate", trigger=Trigger.SUCCEEDED),
    )


def test_a_reference_and_a_trigger_to_the_same_step_both_count() -> None:
    b = d.processing("B", d.output_of("A"), DependsOn=d.after("A", trigger="Any"))
    plan = plan_of(d.pipeline(d.processing("A"), b))
    assert {edge.trigger for edge in plan.steps["B"].producers} == {Trigger.SUCCEEDED, Trigger.ANY}


def test_natures_come_from_the_catalogue_and_unknown_types_are_unsupported() -> None:
    plan = plan_of(d.headline())
    natures = {name: step.nature for name, step in plan.steps.items()}
    assert natures["Split"] is natures["TrainForest"] is Nature.JOB
    assert natures["GoodEnough"] is Nature.CONDITION
    assert natures["Register"] is Nature.EFFECT
    assert natures["TooWeak"] is Nature.FAIL
    assert plan_of(d.pipeline(d.step("X", "Nonsense", {}))).steps["X"].nature is Nature.UNSUPPORTED


def test_steps_of_a_for_each_are_planned_as_one() -> None:
    body = [d.processing("Inner", d.output_of("Before")), d.processing("Next", d.output_of("Inner"))]
    each = d.step("Each", "ForEach", {"IterableItems": ["a"], "MaxConcurrency": 1, "ForEachBody": body})
    plan = plan_of(d.pipeline(d.processing("Before"), each, d.processing("After", d.output_of("Next"))))
    assert order(plan) == ["Before", "Each", "After"]
    assert [edge.step for edge in plan.steps["Each"].producers] == ["Before"]
    assert [edge.step for edge in plan.steps["After"].producers] == ["Each"]


def test_cache_and_retry_settings_travel_with_the_step() -> None:
    policies = [{"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 2}]
    step = d.processing("A", CacheConfig={"Enabled": True, "ExpireAfter": "P30D"}, RetryPolicies=policies)
    planned = plan_of(d.pipeline(step)).steps["A"]
    assert planned.cache == CacheConfig(enabled=True, expire_after=timedelta(days=30))
    assert planned.retry_policies[0].max_attempts == 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, CacheConfig()),
        ({"Enabled": False, "ExpireAfter": "P1D"}, CacheConfig()),
        ({"Enabled": True}, CacheConfig(enabled=True)),
        ({"Enabled": True, "ExpireAfter": "PT1H"}, CacheConfig(enabled=True, expire_after=timedelta(hours=1))),
        ({"Enabled": True, "ExpireAfter": "next week"}, CacheConfig()),
        ({"Enabled": True, "ExpireAfter": 30}, CacheConfig()),
        ({"Enabled": "yes"}, CacheConfig()),
        ("on", CacheConfig()),
    ],
)
def test_a_cache_setting_nobody_can_read_switches_the_cache_off(value: object, expected: CacheConfig) -> None:
    assert parse_cache_config(value) == expected


def job(name: str) -> StepFacts:
    return StepFacts(name=name, type="Processing", nature=Nature.JOB)


def test_a_cycle_cannot_be_planned_and_names_its_steps() -> None:
    with pytest.raises(CannotPlan, match="wait for each other: A, B") as caught:
        plan_of(d.pipeline(d.processing("A", d.output_of("B")), d.processing("B", d.output_of("A")), d.processing("C")))
    assert caught.value.steps == ("A", "B")


def test_a_name_used_twice_cannot_be_planned() -> None:
    with pytest.raises(CannotPlan, match="unique: A"):
        assemble_plan([job("A"), job("A"), job("A")], [])


def test_a_link_to_a_step_that_is_not_there_cannot_be_planned() -> None:
    with pytest.raises(CannotPlan, match="does not exist: A, Ghost"):
        assemble_plan([job("A")], [Link(producer="Ghost", consumer="A")])


def test_an_empty_definition_has_an_empty_plan() -> None:
    assert order(plan_of({})) == []
