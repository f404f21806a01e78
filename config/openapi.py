"""The OpenAPI document, read off the `@operation` declarations. Imported only when a schema is asked for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse

from accounts.endpoints import Operation
from engine.execution.states import ExecutionStatus, StepStatus

#: Names of the status words in the generated types.
EXECUTION_STATUSES = [one.value for one in ExecutionStatus]
STEP_STATUSES = [one.value for one in StepStatus]

PROBLEM = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "status", "code", "detail", "pointer", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable word to act on."},
        "detail": {"type": "string", "description": "What was expected, what came, what to do."},
        "pointer": {"type": "string", "nullable": True, "description": "JSON pointer into the request or definition."},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
    "additionalProperties": True,
}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = "accounts.authentication.BearerAuthentication"
    name = "apiToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}


class StudioScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = "accounts.authentication.StudioAuthentication"
    name = "studioSession"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class ClarySchema(AutoSchema):
    @property
    def operation_declared(self) -> Operation:
        method = getattr(self.view, self.method.lower())
        declared: Operation = method.operation
        return declared

    def get_operation_id(self) -> str:
        return self.operation_declared.id

    def get_summary(self) -> str:
        return self.operation_declared.summary

    def get_description(self) -> str:  # type: ignore[override]  # the generator calls it so
        return ""

    def get_tags(self) -> list[str]:
        return [self.operation_declared.tag]

    def get_override_parameters(self) -> list[Any]:
        query = self.operation_declared.query
        return [query] if query else []

    def get_request_serializer(self) -> Any:
        return self.operation_declared.request

    def get_response_serializers(self) -> Any:
        empty = OpenApiResponse(description="Done; no content.")
        declared = self.operation_declared.responses
        answers: dict[Any, Any] = {}
        for status, shape in declared.items():
            if shape is bytes:
                answers[status, "application/octet-stream"] = OpenApiTypes.BINARY
            else:
                answers[status] = shape or empty
        return answers


def describe_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Adds the one problem answer to every operation."""
    components = result.setdefault("components", {}).setdefault("schemas", {})
    components["Problem"] = PROBLEM
    answer = {
        "description": "The request was refused.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].setdefault("default", answer)
    return result
