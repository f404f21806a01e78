"""Logs as they were printed, to be saved."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework import serializers

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from runs import artifacts, selectors
from runs.logs import raw_log
from runs.serializers import IterationQuery


class AttemptQuery(IterationQuery):
    attempt = serializers.IntegerField(required=False, min_value=1, max_value=1_000_000)


class StepRawLogView(Endpoint):
    @operation(
        "executions_raw_log",
        "An attempt's log, byte for byte, as a file to save",
        query=AttemptQuery,
        responses={200: bytes},
    )
    def get(self, actor: Actor, *, execution_id: str, name: str, query: dict[str, int]) -> HttpResponse:
        step = selectors.step_of(actor, execution_id, name, query["iteration"])
        attempt = selectors.attempt_of(step, query.get("attempt"))
        policy = artifacts.headers(f"{name}-attempt-{attempt.number}.log", show=False)
        return HttpResponse(raw_log(attempt.pk), content_type="application/octet-stream", headers=policy)
