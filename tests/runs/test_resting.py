"""Memory is given back after work, once, and only what is quickly made again is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runs import plans
from runs.resting import WORK_SECONDS, Rest, give_memory_back
from tests.factories.definitions import definition, processing_step


class Clock:
    def __init__(self) -> None:
        self.spent = 0.0

    def __call__(self) -> float:
        return self.spent


@pytest.fixture(autouse=True)
def _no_plans() -> Iterator[None]:
    kept = dict(plans._compiled)
    plans._compiled.clear()
    yield
    plans._compiled.clear()
    plans._compiled.update(kept)


def test_memory_is_given_back_once_after_work() -> None:
    clock, given = Clock(), []
    rest = Rest(lambda: given.append(clock.spent), clock)
    rest.look()  # starting was work
    rest.look()
    assert len(given) == 1
    clock.spent += 2 * WORK_SECONDS
    rest.look()  # still at work
    assert len(given) == 1
    clock.spent += WORK_SECONDS / 2
    rest.look()
    rest.look()
    assert len(given) == 2


def test_only_large_compiled_definitions_are_forgotten() -> None:
    for name, count in (("small", 2), ("large", 150)):
        text = definition(*(processing_step(f"s{number}") for number in range(count)))
        plans.remember(name, lambda text=text: text)  # type: ignore[misc]
    give_memory_back()
    assert list(plans._compiled) == ["small"]
    assert plans.remember("small", _must_not_be_asked).definition.steps


def _must_not_be_asked() -> str:
    raise AssertionError("a small definition was compiled again")
