"""A REST client that speaks as one person."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.actors import Actor
from accounts.models import ApiToken
from accounts.secrets import digest, new_token


class Api:
    """`api.get("pipelines/")` and so on, as `actor` with an API token; nobody when actor is None."""

    def __init__(self, actor: Actor | None = None) -> None:
        self.actor = actor
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if actor is not None:
            token = new_token("clary_")
            ApiToken.objects.create(
                user_id=actor.user_id,
                workspace=actor.workspace,
                name="test",
                role=actor.role.value,
                prefix=token[:12],
                digest=digest(token),
            )
            self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"/api/{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None) -> HttpResponse:
        return self.send("post", path, body)

    def patch(self, path: str, body: Any) -> HttpResponse:
        return self.send("patch", path, body)

    def delete(self, path: str) -> HttpResponse:
        return self.client.delete(f"/api/{path}", headers=self.headers)

    def send(self, method: str, path: str, body: Any = None, *, content_type: str = "application/json") -> HttpResponse:
        data = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        return self.client.generic(
            method.upper(),
            f"/api/{path}",
            data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data,
            content_type,
            headers=self.headers,
        )
