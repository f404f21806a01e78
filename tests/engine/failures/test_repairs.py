"""Repairs are worked out on the step as it is now; what cannot be done is not offered."""

from __future__ import annotations

from typing import Any

import pytest

from engine.failures.cause import Action, Cause
from engine.failures.repairs import repairs

ARGUMENTS = ["--target", "radios", "--columns", '["a", "radios"]', "--rename", '{"radios": "r"}', "--share", "0.2"]


def step(arguments: list[str] | None = None, instance: Any = "ml.m5.large", seconds: Any = 3600) -> dict[str, Any]:
    return {
        "Name": "Train",
        "Type": "Processing",
        "Arguments": {
            "ProcessingResources": {"ClusterConfig": {"InstanceType": instance}},
            "AppSpecification": {"ContainerArguments": list(ARGUMENTS if arguments is None else arguments)},
            "StoppingCondition": {"MaxRuntimeInSeconds": seconds},
        },
    }


def cause(*actions: Action, column: str | None = None, suggestions: tuple[str, ...] = ()) -> Cause:
    facts: dict[str, Any] = {"column": column, "suggestions": suggestions}
    return Cause(code="x", title="x", what="x.", advice="", actions=actions, **facts)


def test_a_column_is_replaced_wherever_the_step_names_it() -> None:
    missing = cause(Action.PICK_COLUMN, column="radios", suggestions=("radius", "ratio"))
    first, second = repairs(step(), missing)
    assert (first.label, second.id) == ("Use the column “radius”", "pick-column:ratio")
    place = "/Arguments/AppSpecification/ContainerArguments"
    assert first.changes == (
        (f"{place}/1", "radius"),
        (f"{place}/3", '["a", "radius"]'),
        (f"{place}/5", '{"radius": "r"}'),
    )


def test_a_column_the_step_does_not_name_cannot_be_picked() -> None:
    missing = cause(Action.PICK_COLUMN, column="radios", suggestions=("radius",))
    assert repairs(step(["--target", "x", "--note", '["not radios"', "[radios]"]), missing) == ()


@pytest.mark.parametrize(
    ("now", "larger"),
    [("ml.m5.large", "4 CPU · 16 GiB (ml.m5.xlarge)"), ("ml.t3.medium", "2 CPU · 8 GiB (ml.t3.large)")],
)
def test_the_next_larger_machine_is_offered_in_plain_words(now: str, larger: str) -> None:
    (found,) = repairs(step(instance=now), cause(Action.RAISE_MEMORY))
    assert found.label == f"Use {larger}"
    assert found.changes[0][0] == "/Arguments/ProcessingResources/ClusterConfig/InstanceType"


@pytest.mark.parametrize("now", ["local", {"Get": "Parameters.Type"}, "ml.m5.48xlarge", None, 3])
def test_no_larger_machine_no_offer(now: Any) -> None:
    assert repairs(step(instance=now), cause(Action.RAISE_MEMORY)) == ()


def test_twice_the_time_is_offered_up_to_the_longest() -> None:
    (found,) = repairs(step(seconds=3600), cause(Action.RAISE_TIME))
    assert (found.label, found.changes[0][1]) == ("Allow 2 hours", 7200)
    assert repairs(step(seconds=5 * 86_400), cause(Action.RAISE_TIME)) == ()


def test_one_value_that_was_good_before_is_named_by_its_option() -> None:
    good = step([*ARGUMENTS[:1], "radius", *ARGUMENTS[2:]])
    (found,) = repairs(step(), cause(Action.USE_LAST_GOOD), good)
    assert found.label == "Use the last good value of target: radius"
    assert found.changes == (("/Arguments/AppSpecification/ContainerArguments/1", "radius"),)


def test_several_good_values_come_together() -> None:
    (found,) = repairs(step(seconds=1), cause(Action.USE_LAST_GOOD), step(instance="ml.m5.xlarge"))
    assert found.label == "Use the last good values of InstanceType, MaxRuntimeInSeconds"
    assert len(found.changes) == 2


def test_a_step_that_is_as_it_was_or_quite_another_has_no_good_values() -> None:
    asked = cause(Action.USE_LAST_GOOD)
    assert repairs(step(), asked, step()) == ()
    assert repairs(step(), asked) == ()
    assert repairs(step(), asked, {**step(), "Type": "Training"}) == ()
    assert repairs(step(), asked, step([str(n) for n in range(8)])) == ()


def test_a_good_value_that_names_the_missing_column_is_not_offered() -> None:
    asked = cause(Action.USE_LAST_GOOD, column="species")
    assert repairs(step(["--stratify", "kind"]), asked, step(["--stratify", "species"])) == ()
    assert repairs(step(["--stratify", "kind"]), asked, step(["--stratify", "sort"])) != ()
