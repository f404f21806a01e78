"""Search over pipelines, executions, versions, training jobs and registered models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from aws import search_pipelines, search_registry
from aws.call import Call, Document
from aws.errors import invalid
from aws.pagination import page_of_rows
from aws.search_conditions import Resource, condition, known_property
from registry.models import Tag

_RESOURCES: Mapping[str, Resource] = {**search_pipelines.RESOURCES, **search_registry.RESOURCES}
#: Kinds an installation holds none of, which the SDKs look for before they go on without.
_NEVER_THERE = frozenset({"ModelCard"})


def search(call: Call) -> Document:
    if call["Resource"] in _NEVER_THERE:
        return {"Results": [], "TotalHits": {"Value": 0, "Relation": "EqualTo"}}
    resource = _RESOURCES.get(call["Resource"])
    if resource is None:
        raise invalid(
            f"Search for {call['Resource']} is not implemented by Clary. It searches {', '.join(_RESOURCES)}."
        )
    rows = resource.rows(call)
    if call.get("CrossAccountFilterOption") == "CrossAccount":
        rows = rows.none()

    def tagged(key: str, lookups: Mapping[str, Any]) -> Q:
        own = Tag.objects.filter(workspace=call.actor.workspace, arn=OuterRef(resource.arn_column), key=key)
        return Q(Exists(own.filter(**lookups)))

    rows = rows.filter(condition(call.get("SearchExpression", {}), resource.properties, tagged))
    by = call.get("SortBy", "LastModifiedTime")
    column = known_property(by, resource.properties)
    if not column.sortable:
        known = ", ".join(name for name, one in resource.properties.items() if one.sortable)
        raise invalid(f"Results cannot be sorted by {by}. Sort by one of {known}.")
    page = page_of_rows(call, rows, key=column.column, descending=call.get("SortOrder", "Descending") == "Descending")
    return {
        "Results": resource.show(call, page.results),
        "NextToken": page.token,
        "TotalHits": {"Value": rows.count(), "Relation": "EqualTo"},
    }
