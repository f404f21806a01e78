"""What is in stored tables, over REST."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from runs import dataset_serializers as serializers
from runs.services.tables import table_at


class ObjectTableView(Endpoint):
    @operation(
        "objects_table",
        "Columns, facts about each, and the first rows of a stored CSV, TSV, JSON-lines or Parquet file",
        query=serializers.TableQuery,
        responses={200: serializers.TableSerializer},
    )
    def get(self, actor: Actor, *, query: dict[str, Any]) -> Response:
        return Response(table_at(actor=actor, uri=query["uri"], full=query["full"]))
