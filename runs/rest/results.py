"""What steps left behind, over REST."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect, StreamingHttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from runs import results, selectors
from runs.dataset_serializers import ColumnPageSerializer, PlaceQuery, TableSerializer
from runs.rest.tables import csv_answer, shown
from runs.serializers import IterationQuery
from runs.services.table_columns import columns_of
from runs.services.tables import figures_of, summary_of
from runs.tables.options import ReadOptions


class FileQuery(IterationQuery):
    key = serializers.CharField(
        max_length=1024, trim_whitespace=False, required=False, default="", help_text="The object's key."
    )


class FileColumnsQuery(FileQuery, PlaceQuery):
    pass


class OutputQuery(IterationQuery):
    output = serializers.CharField(max_length=256, required=False, default="", help_text="The output's name.")


class OutputFiguresSerializer(serializers.Serializer[Any]):
    rows = serializers.IntegerField(allow_null=True)
    exact = serializers.BooleanField(help_text="Whether the rows were counted, not estimated.")
    columns = serializers.IntegerField(allow_null=True)


class ResultFileSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    path = serializers.CharField(help_text="Below the output's folder.")
    uri = serializers.CharField()
    size = serializers.IntegerField()
    media_type = serializers.CharField()
    viewer = serializers.ChoiceField(choices=["table", "image", "html", "json", "text", "none"])


class ResultOutputSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    uri = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes of its files.")
    summary = serializers.JSONField(help_text="What the step's `_summary.json` says, cleaned; null without one.")
    problem = serializers.CharField(allow_null=True, help_text="Why a summary that is there is not shown.")
    files = ResultFileSerializer(many=True)


class StepResultsSerializer(serializers.Serializer[Any]):
    outputs = ResultOutputSerializer(many=True)


class TextPieceSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField()
    truncated = serializers.BooleanField(help_text="Only the beginning is given.")


class StepResultsView(Endpoint):
    @operation(
        "executions_step_results",
        "What a step left: summaries, files, and how each can be shown",
        query=IterationQuery,
        responses={200: StepResultsSerializer},
    )
    def get(self, actor: Actor, *, execution_id: str, name: str, query: dict[str, int]) -> Response:
        return Response(results.step_results(selectors.step_of(actor, execution_id, name, query["iteration"])))


class StepFileView(Endpoint):
    @operation(
        "executions_step_file",
        "Leads to the bytes of a file the step wrote; the link it leads to works for a minute",
        query=FileQuery,
        responses={302: None},
    )
    def get(self, actor: Actor, *, execution_id: str, name: str, query: dict[str, Any]) -> HttpResponseRedirect:
        step = selectors.step_of(actor, execution_id, name, query["iteration"])
        answer = HttpResponseRedirect(results.link_to(step, query["key"]))
        answer["Cache-Control"] = "private, no-store"
        return answer


class StepFileTextView(Endpoint):
    @operation(
        "executions_step_file_text",
        "The beginning of a file the step wrote, as text",
        query=FileQuery,
        responses={200: TextPieceSerializer},
    )
    def get(self, actor: Actor, *, execution_id: str, name: str, query: dict[str, Any]) -> Response:
        step = selectors.step_of(actor, execution_id, name, query["iteration"])
        piece = results.text_of(step, query["key"])
        return Response({"text": piece.text, "size": piece.size, "truncated": piece.truncated})


class StepFileTableView(Endpoint):
    @operation(
        "executions_step_file_table",
        "Columns, facts about each, and the first rows of a table file the step wrote",
        query=FileQuery,
        responses={200: TableSerializer},
    )
    def get(self, actor: Actor, *, execution_id: str, name: str, query: dict[str, Any]) -> Response:
        step = selectors.step_of(actor, execution_id, name, query["iteration"])
        stored = results.object_of(step, query["key"])
        return Response(shown(summary_of(stored, ReadOptions.of({}), full=False)))


class StepFileColumnsView(Endpoint):
    @operation(
        "executions_step_file_columns",
        "A page of the columns of a table file the step wrote, found by name",
        query=FileColumnsQuery,
        responses={200: ColumnPageSerializer},
    )
    def get(self, actor: Actor, *, execution_id: str, name: str, query: dict[str, Any]) -> Response:
        step = selectors.step_of(actor, execution_id, name, query["iteration"])
        stored = results.object_of(step, query["key"])
        page = {which: query[which] for which in ("search", "offset", "full")}
        return Response(columns_of(stored, ReadOptions.of({}), **page))


class StepFiguresView(Endpoint):
    @operation(
        "executions_step_figures",
        "Rows and columns of the one table file in an output; null where there is none that can be read",
        query=OutputQuery,
        responses={200: OutputFiguresSerializer},
    )
    def get(self, actor: Actor, *, execution_id: str, name: str, query: dict[str, Any]) -> Response:
        step = selectors.step_of(actor, execution_id, name, query["iteration"])
        return Response(figures_of(results.table_in(step, query["output"])))


class StepFileCsvView(Endpoint):
    @operation(
        "executions_step_file_csv",
        "A table file the step wrote as CSV, whole",
        query=FileQuery,
        responses={200: bytes},
    )
    def get(self, actor: Actor, *, execution_id: str, name: str, query: dict[str, Any]) -> StreamingHttpResponse:
        step = selectors.step_of(actor, execution_id, name, query["iteration"])
        return csv_answer(results.object_of(step, query["key"]), ReadOptions.of({}), self.request)
