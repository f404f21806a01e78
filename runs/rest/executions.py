"""Executions over REST."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation, page_of
from accounts.pagination import page
from engine.failures.repairs import Repair
from runs import rows, selectors, serializers
from runs.logs import read_log
from runs.models import Execution
from runs.services.repairs import offered, repair_step
from runs.services.retry import retry_execution
from runs.services.start import Selective, start_execution
from runs.services.stop import stop_execution
from runs.step_details import step_details

MOST_EVENTS = 5_000


class PipelineExecutionsView(Endpoint):
    @operation(
        "executions_start",
        "Start an execution",
        request=serializers.StartSerializer,
        responses={201: serializers.ExecutionRowSerializer},
    )
    def post(self, actor: Actor, *, pipeline_id: str, body: dict[str, Any]) -> Response:
        selective = body.pop("selective")
        chosen = Selective(**selective) if selective else None
        execution = start_execution(actor=actor, pipeline_id=pipeline_id, selective=chosen, **body)
        return Response(_row(execution), status=201)


class ExecutionsView(Endpoint):
    @operation(
        "executions_list",
        "Executions, newest first",
        query=serializers.ExecutionQuery,
        responses={200: page_of(serializers.ExecutionRowSerializer)},
    )
    def get(self, actor: Actor, *, query: dict[str, Any]) -> Response:
        found = selectors.executions(actor, pipeline=query.get("pipeline"), status=query.get("status"))
        found = found.select_related("pipeline")
        one = page(found, key="created_at", cursor=query.get("cursor"), limit=query["limit"])
        return Response({"results": rows.execution_rows(one.results), "next": one.next})


class ExecutionView(Endpoint):
    @operation(
        "executions_read",
        "One execution with its steps, as of one moment",
        responses={200: serializers.ExecutionSerializer},
    )
    def get(self, actor: Actor, *, execution_id: str) -> Response:
        selectors.execution_of(actor, execution_id)
        found = rows.snapshot(execution_id)
        fixed = Execution.objects.select_related("version").defer("layout").get(pk=execution_id)
        more = {
            "definition": fixed.definition,
            "parallelism": fixed.parallelism,
            "selective": fixed.selection,
            "version": fixed.version.number if fixed.version else None,
        }
        return Response({**found.pop("execution"), **found, **more})


class ExecutionEventsView(Endpoint):
    @operation(
        "executions_events",
        "The history after a sequence, in order",
        query=serializers.SinceQuery,
        responses={200: serializers.EventsSerializer},
    )
    def get(self, actor: Actor, *, execution_id: str, query: dict[str, int]) -> Response:
        execution = selectors.execution_of(actor, execution_id)
        found = selectors.events_since(execution_id, query["since"], limit=MOST_EVENTS)
        return Response({"events": [rows.event_row(one) for one in found], "sequence": execution.last_sequence})


class StopView(Endpoint):
    @operation(
        "executions_stop",
        "Stop an execution; nothing new starts, running steps get SIGTERM",
        request=serializers.StopSerializer,
        responses={200: serializers.ExecutionRowSerializer},
    )
    def post(self, actor: Actor, *, execution_id: str, body: dict[str, str]) -> Response:
        return Response(_row(stop_execution(actor=actor, execution_id=execution_id, reason=body.get("reason"))))


class RetryView(Endpoint):
    @operation(
        "executions_retry",
        "Run the failed, stopped and unrun steps again; what succeeded stays",
        responses={200: serializers.ExecutionRowSerializer},
    )
    def post(self, actor: Actor, *, execution_id: str) -> Response:
        return Response(_row(retry_execution(actor=actor, execution_id=execution_id)))


class StepView(Endpoint):
    @operation(
        "executions_step",
        "One step: arguments, inputs, outputs, attempts",
        query=serializers.IterationQuery,
        responses={200: serializers.StepSerializer},
    )
    def get(self, actor: Actor, *, execution_id: str, name: str, query: dict[str, int]) -> Response:
        step = selectors.step_of(actor, execution_id, name, query["iteration"])
        found = step_details(step)
        cause = found["failure"]
        if cause is not None:
            offers = offered(actor=actor, step=step, cause=cause)
            found["failure"] = {**cause.to_json(), "repairs": [_repair(one) for one in offers]}
        return Response(found)


class StepRepairView(Endpoint):
    @operation(
        "executions_step_repair",
        "Make an offered repair of a failed step in the pipeline's draft",
        query=serializers.IterationQuery,
        request=serializers.RepairRequestSerializer,
        responses={200: serializers.RepairedSerializer},
    )
    def post(
        self, actor: Actor, *, execution_id: str, name: str, query: dict[str, int], body: dict[str, str]
    ) -> Response:
        done = repair_step(
            actor=actor, execution_id=execution_id, name=name, iteration=query["iteration"], repair=body["repair"]
        )
        return Response({"pipeline": done.pipeline_id, "revision": done.revision, "label": done.label})


class StepLogsView(Endpoint):
    @operation(
        "executions_logs",
        "A piece of an attempt's log",
        query=serializers.LogQuery,
        responses={200: serializers.LogSerializer},
    )
    def get(self, actor: Actor, *, execution_id: str, name: str, query: dict[str, int]) -> Response:
        step = selectors.step_of(actor, execution_id, name, query["iteration"])
        attempt = selectors.attempt_of(step, query.get("attempt"))
        piece = read_log(attempt.pk, query["offset"], query["limit"])
        return Response(
            {
                "attempt": piece.attempt,
                "offset": piece.offset,
                "next_offset": piece.next_offset,
                "text": piece.text,
                "complete": piece.complete,
                "truncated": piece.truncated,
                "raw_bytes": piece.raw_bytes,
            }
        )


def _repair(one: Repair) -> dict[str, str]:
    return {"id": one.id, "action": one.action.value, "label": one.label}


def _row(execution: Execution) -> dict[str, Any]:
    return rows.execution_rows([execution])[0]
