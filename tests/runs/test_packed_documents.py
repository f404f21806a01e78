"""Definitions and layouts of executions are kept compressed, and come back letter for letter."""

from __future__ import annotations

import json

from django.db import connection

from runs.models import Execution
from tests.runs.definitions import pipeline, step
from tests.runs.workers import Bench


def test_a_large_definition_takes_little_room_and_comes_back_as_it_was(bench: Bench) -> None:
    steps = [step(f"S{number}") | {"Description": "Größe \u2028 \U0001f600"} for number in range(200)]
    execution = bench.run(pipeline(*steps))
    found = Execution.objects.get(pk=execution.pk)
    assert json.loads(found.definition)["Steps"][-1]["Description"] == "Größe \u2028 \U0001f600"
    assert found.definition == Execution.objects.values_list("definition", flat=True).get(pk=execution.pk)
    assert json.loads(found.layout) is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(definition) FROM runs_execution WHERE id = %s", [execution.pk])
        assert cursor.fetchone()[0] < len(found.definition.encode()) / 5
