"""Answering a waiting step over REST. The services are imported when somebody answers: hardly any process ever does."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from runs.callback_serializers import CompleteSerializer, FailSerializer
from runs.rows import execution_rows
from runs.serializers import ExecutionRowSerializer, IterationQuery


class StepCompleteView(Endpoint):
    @operation(
        "executions_step_complete",
        "Complete a step that waits for a callback, with its declared outputs",
        query=IterationQuery,
        request=CompleteSerializer,
        responses={200: ExecutionRowSerializer},
    )
    def post(
        self, actor: Actor, *, execution_id: str, name: str, query: dict[str, int], body: dict[str, Any]
    ) -> Response:
        from runs.services.answering import answer_with_success, token_of_step

        token = token_of_step(actor, execution_id, name, query["iteration"])
        execution = answer_with_success(actor=actor, token=token, outputs=body["outputs"].items())
        return Response(execution_rows([execution])[0])


class StepFailView(Endpoint):
    @operation(
        "executions_step_fail",
        "Fail a step that waits for a callback, with a reason",
        query=IterationQuery,
        request=FailSerializer,
        responses={200: ExecutionRowSerializer},
    )
    def post(
        self, actor: Actor, *, execution_id: str, name: str, query: dict[str, int], body: dict[str, str]
    ) -> Response:
        from runs.services.answering import answer_with_failure, token_of_step

        token = token_of_step(actor, execution_id, name, query["iteration"])
        execution = answer_with_failure(actor=actor, token=token, reason=body["reason"])
        return Response(execution_rows([execution])[0])
