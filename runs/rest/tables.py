"""What is in stored tables, over REST."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.http import StreamingHttpResponse
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from runs import artifacts
from runs import dataset_serializers as serializers
from runs.models import StoredObject
from runs.services.table_columns import columns_at
from runs.services.table_exports import csv_of
from runs.services.tables import stored_table, table_at
from runs.tables.options import DRAWN_COLUMNS, ReadOptions
from runs.web import DRAINED


class ObjectTableView(Endpoint):
    @operation(
        "objects_table",
        "Columns, facts about each, and the first rows of a stored CSV, TSV, JSON-lines or Parquet file",
        query=serializers.TableQuery,
        responses={200: serializers.TableSerializer},
    )
    def get(self, actor: Actor, *, query: dict[str, Any]) -> Response:
        return Response(shown(table_at(actor=actor, uri=query["uri"], full=query["full"])))


class ObjectTableColumnsView(Endpoint):
    @operation(
        "objects_table_columns",
        "A page of the columns of a stored table, found by name, with facts about each and their first values",
        query=serializers.ColumnPageQuery,
        responses={200: serializers.ColumnPageSerializer},
    )
    def get(self, actor: Actor, *, query: dict[str, Any]) -> Response:
        return Response(columns_at(actor=actor, **query))


class ObjectTableCsvView(Endpoint):
    @operation(
        "objects_table_csv",
        "A stored table of any format as CSV, whole; texts a spreadsheet would take for formulas begin with '",
        query=serializers.UriOfTableQuery,
        responses={200: bytes},
    )
    def get(self, actor: Actor, *, query: dict[str, Any]) -> StreamingHttpResponse:
        stored, options = stored_table(actor, query["uri"])
        return csv_answer(stored, options, self.request)


def csv_answer(stored: StoredObject, options: ReadOptions, request: Any) -> StreamingHttpResponse:
    """The table as a download that is written while it is taken.

    Raises:
        TableUnreadable
    """
    drained = getattr(request, "scope", {}).get(DRAINED)
    name = f"{PurePosixPath(stored.key).stem}.csv"
    export = csv_of(stored, options, drained=drained)
    policy = artifacts.headers(name, show=False)
    return StreamingHttpResponse(export, content_type="text/csv; charset=utf-8", headers=policy)


def shown(summary: dict[str, Any]) -> dict[str, Any]:
    """A summary as it is answered: of a wide table the first columns only, and how many there are."""
    columns = summary["columns"]
    return {**summary, "column_count": len(columns), "columns": columns[:DRAWN_COLUMNS]}
