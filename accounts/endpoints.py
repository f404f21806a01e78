"""What every REST endpoint shares: who asks, what it takes, what it answers.

A view method carries `@operation(...)`. It is called with the actor, the validated query and body, and the path's
values; the same declaration feeds the OpenAPI document (config/openapi.py), so the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, cast

from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.authentication import actor_of

#: A serializer, `dict` for any JSON object, `bytes` for a file, None for no content.
Shape = type[serializers.BaseSerializer[Any]] | type[dict[str, Any]] | type[bytes] | None
Input = type[serializers.BaseSerializer[Any]] | None


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`id` is `<tag>_<verb>`. `responses`: status → shape."""

    id: str
    summary: str
    request: Input
    query: Input
    responses: Mapping[int, Shape]

    @property
    def tag(self) -> str:
        return self.id.partition("_")[0]


def operation(
    operation_id: str,
    summary: str,
    *,
    request: Input = None,
    query: Input = None,
    responses: Mapping[int, Shape],
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Declares and feeds one view method; adds `query=` and `body=` only where declared."""
    declared = Operation(id=operation_id, summary=summary, request=request, query=query, responses=responses)

    def decorate(method: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(method)
        def handler(self: Endpoint, http: Request, **path: Any) -> HttpResponseBase:
            given: dict[str, Any] = dict(path)
            if query is not None:
                given["query"] = _valid(query(data=http.query_params))
            if request is not None:
                given["body"] = _valid(request(data=http.data))
            return method(self, self.caller(http), **given)

        handler.operation = declared  # type: ignore[attr-defined]  # read by config/openapi.py
        return handler

    return decorate


def _valid(serializer: serializers.BaseSerializer[Any]) -> Any:
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


class Endpoint(APIView):
    """Base of every endpoint that needs a login."""

    def caller(self, request: Request) -> Actor | None:
        """First argument of the view methods: the actor. None only where a view is open."""
        actor = actor_of(request)
        if actor is None:
            raise NotAuthenticated()
        return actor


@cache
def page_of(row: type[serializers.BaseSerializer[Any]]) -> type[serializers.Serializer[Any]]:
    """The shape `{results: [row…], next: cursor or null}`."""
    fields = {
        "results": row(many=True),
        "next": serializers.CharField(allow_null=True, help_text="Value of `cursor` for the next page."),
    }
    name = row.__name__.removesuffix("Serializer") + "PageSerializer"
    return cast(type[serializers.Serializer[Any]], type(name, (serializers.Serializer,), fields))
