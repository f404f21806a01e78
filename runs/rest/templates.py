"""The gallery of templates over REST."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from accounts.permissions import Permission, require
from runs import template_serializers as serializers
from runs.services.templates import templates, use_template
from runs.tables.samples import sample_named
from runs.templates import Template


class TemplatesView(Endpoint):
    @operation(
        "templates_list",
        "Pipelines to start from, each with real data it runs on",
        responses={200: serializers.TemplateListSerializer},
    )
    def get(self, actor: Actor) -> Response:
        require(actor, Permission.VIEW)
        return Response({"results": [_document(actor, one) for one in templates()]})


class TemplateView(Endpoint):
    @operation(
        "templates_use",
        "Make a pipeline of a template; its data is put in place",
        request=serializers.TemplateUseSerializer,
        responses={201: serializers.MadePipelineSerializer},
    )
    def post(self, actor: Actor, *, template_id: str, body: dict[str, Any]) -> Response:
        made = use_template(actor=actor, template_id=template_id, pipeline_id=body["pipeline"])
        return Response({"id": made.pk, "name": made.name, "display_name": made.display_name}, status=201)


def _document(actor: Actor, template: Template) -> dict[str, Any]:
    bucket = actor.workspace.default_bucket
    names = ("id", "title", "summary", "teaches", "layout")
    return {
        **{name: getattr(template, name) for name in names},
        "definition": template.definition_for(bucket=bucket, data=f"s3://{bucket}/datasets/{template.dataset}/"),
        "data": _data(template),
    }


def _data(template: Template) -> dict[str, Any] | None:
    """What it runs on, in words; None when it needs nothing."""
    sample = sample_named(template.dataset) if template.dataset else None
    if sample is not None:
        shown = {name: getattr(sample, name) for name in ("title", "source", "licence", "rows", "columns")}
        return shown | {"installed": sample.is_installed()}
    if template.own_data is not None:
        return asdict(template.own_data) | {"rows": None, "columns": None, "installed": True}
    return None
