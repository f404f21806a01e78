"""What tests of executions share: a definition in a few words, a runner that obeys, and the invariants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from accounts.actors import Actor
from runs import dispatch
from runs.models import Execution
from runs.stores import blob_store
from tests.runs.history import assert_history_is_whole
from tests.runs.obedient import ObedientRunner
from tests.runs.workers import Bench


@pytest.fixture
def bench(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A worker without threads, with a runner that does what the test says. After the test every history is checked."""
    made = Bench(owner, ObedientRunner(), blob_store())
    monkeypatch.setattr(dispatch, "_ringer", made.rung.extend)
    monkeypatch.setattr(transaction, "on_commit", made.on_commit)
    yield made
    for execution in Execution.objects.all():
        assert_history_is_whole(execution)


@pytest.fixture
def start(bench: Bench) -> Callable[..., Execution]:
    """start(definition, **options): an execution of a new pipeline."""

    def run(definition: dict[str, Any], **options: Any) -> Execution:
        return bench.start(definition, **options)

    return run
