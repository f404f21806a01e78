"""/api/schema/ and /api/docs/: the OpenAPI document, and the same as a page to read. Both need a login."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from rest_framework.request import Request
from rest_framework.views import APIView


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The OpenAPI document. Generated at the first question: the generator costs 10 MB and half a second."""
    from drf_spectacular.generators import SchemaGenerator

    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return document


class SchemaView(APIView):
    """Not part of the document itself."""

    schema = None

    def get(self, request: Request) -> HttpResponse:
        from django.http import JsonResponse

        return JsonResponse(schema(), content_type="application/vnd.oai.openapi+json")


class DocsView(APIView):
    schema = None

    def get(self, request: Request) -> HttpResponse:
        paths = [
            {"path": path, "method": method.upper(), "id": one["operationId"], "summary": one.get("summary", "")}
            for path, operations in schema()["paths"].items()
            for method, one in operations.items()
        ]
        return render(request._request, "api_docs.html", {"operations": paths})


document = SchemaView.as_view()
docs = DocsView.as_view()
