"""What a pipeline needs to run here, what it needs to run on AWS, and the table of addresses."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from editor import documents
from editor import selectors as editor
from engine.definition.model import Definition
from engine.validation import STRICT, validate
from runs import readiness, selectors
from runs import readiness_serializers as serializers
from runs.images import images_of
from runs.models import UriMapping
from runs.runner_facts import working_place
from runs.services.uri_maps import delete_uri_mapping, put_uri_mapping


class ReadinessView(Endpoint):
    @operation(
        "pipelines_readiness",
        "Step by step and address by address: what the draft needs to run here, and on AWS",
        responses={200: serializers.ReadinessSerializer},
    )
    def get(self, actor: Actor, *, pipeline_id: str) -> Response:
        document = documents.document_of(editor.draft(actor, pipeline_id).definition)
        definition = Definition.from_document(document)
        workspace = actor.workspace
        steps = readiness.step_readiness(definition, images_of(workspace.pk), working_place().runners)
        return Response(
            {
                "steps": [asdict(one) for one in steps],
                "uris": [asdict(one) for one in readiness.uri_readiness(workspace.pk, definition)],
                "roles": readiness.roles(document),
                "aws": _aws(workspace.default_bucket, document, definition),
            }
        )


class UriMappingsView(Endpoint):
    @operation(
        "uri_mappings_list",
        "Addresses that lie elsewhere here; the longest prefix that fits counts",
        responses={200: serializers.UriMappingListSerializer},
    )
    def get(self, actor: Actor) -> Response:
        return Response({"results": [_row(one) for one in selectors.uri_mappings(actor)]})

    @operation(
        "uri_mappings_put",
        "Read below one prefix what lies below another; replaces the line of that prefix",
        request=serializers.UriMappingPutSerializer,
        responses={200: serializers.UriMappingSerializer},
    )
    def post(self, actor: Actor, *, body: dict[str, str]) -> Response:
        return Response(_row(put_uri_mapping(actor=actor, **body)))


class UriMappingView(Endpoint):
    @operation("uri_mappings_delete", "Take a line out of the table", responses={204: None})
    def delete(self, actor: Actor, *, mapping_id: str) -> Response:
        delete_uri_mapping(actor=actor, mapping_id=mapping_id)
        return Response(status=204)


def _aws(bucket: str, document: dict[str, Any], definition: Definition) -> dict[str, Any]:
    problems = validate(document, profile=STRICT)
    return {
        "problems": [documents.problem_document(one) for one in problems],
        "images": [{"step": step, "image": image} for step, image in readiness.local_images(definition)],
        "uris": [{"pointer": pointer, "uri": uri} for pointer, uri in readiness.addresses_below(bucket, document)],
        "library_steps": readiness.library_steps_of(definition),
    }


def _row(line: UriMapping) -> dict[str, Any]:
    names = ("id", "prefix", "target", "created_by")
    return {**{name: getattr(line, name) for name in names}, "created_at": line.created_at.isoformat()}
