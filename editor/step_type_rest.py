"""The palette, and the code behind ready-made steps, over REST."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from editor import step_code
from editor import step_type_serializers as serializers
from editor.step_types import step_type_answer


class StepTypesView(Endpoint):
    @operation("step_types_get", "The palette", responses={200: serializers.StepTypesSerializer})
    def get(self, actor: Actor) -> HttpResponse:
        text, tag = step_type_answer()
        same = self.request.headers.get("If-None-Match") == tag
        response = HttpResponse(b"" if same else text, status=304 if same else 200, content_type="application/json")
        response["ETag"] = tag
        response["Cache-Control"] = "private, no-cache"
        return response


class StepCodeView(Endpoint):
    @operation(
        "pipelines_draft_code",
        "The Python a ready-made step of the draft runs",
        query=serializers.StepCodeQuery,
        responses={200: serializers.StepCodeSerializer},
    )
    def get(self, actor: Actor, *, pipeline_id: str, query: dict[str, Any]) -> Response:
        script = step_code.step_code(actor, pipeline_id, query["step"])
        return Response({"file_name": script.file_name, "text": script.text, "arguments": script.arguments})
