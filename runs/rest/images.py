"""The table of images over REST."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from engine.images import DEFAULT_IMAGES
from runs import selectors, serializers
from runs.images import runtime_of
from runs.models import ImageMapping
from runs.services.images import change_image, create_image, delete_image


class ImagesView(Endpoint):
    @operation(
        "images_list",
        "Which images run here, first match first; built-in lines come last and have no id",
        responses={200: serializers.ImageListSerializer},
    )
    def get(self, actor: Actor) -> Response:
        return Response({"results": [*map(_row, selectors.images(actor)), *_built_in()]})

    @operation(
        "images_create",
        "Map an image to a runtime",
        request=serializers.ImageCreateSerializer,
        responses={201: serializers.ImageSerializer},
    )
    def post(self, actor: Actor, *, body: dict[str, Any]) -> Response:
        return Response(_row(create_image(actor=actor, **body)), status=201)


class ImageView(Endpoint):
    @operation(
        "images_update",
        "Change a line of the table",
        request=serializers.ImageChangeSerializer,
        responses={200: serializers.ImageSerializer},
    )
    def patch(self, actor: Actor, *, image_id: str, body: dict[str, Any]) -> Response:
        return Response(_row(change_image(actor=actor, image_id=image_id, changes=body)))

    @operation("images_delete", "Take a line out of the table", responses={204: None})
    def delete(self, actor: Actor, *, image_id: str) -> Response:
        delete_image(actor=actor, image_id=image_id)
        return Response(status=204)


def _row(line: ImageMapping) -> dict[str, Any]:
    names = ("id", "pattern", "title", "runtime", "container", "requires", "position", "enabled")
    return {**{name: getattr(line, name) for name in names}, "built_in": False}


def _built_in() -> list[dict[str, Any]]:
    return [
        {
            "id": None,
            "pattern": line.pattern,
            "title": line.title,
            "runtime": runtime_of(line),
            "container": line.container or "",
            "requires": list(line.requires),
            "position": None,
            "enabled": True,
            "built_in": True,
        }
        for line in DEFAULT_IMAGES
    ]
