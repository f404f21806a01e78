"""Session, workspace and API tokens."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login, logout, update_session_auth_hash
from django.middleware.csrf import get_token
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors
from accounts.actors import Actor
from accounts.endpoints import Endpoint, operation
from accounts.errors import NotAMember, SessionNeeded
from accounts.link_sessions import link_used_at
from accounts.roles import Role
from accounts.serializers import (
    LoginSerializer,
    PasswordSerializer,
    SessionSerializer,
    TokenCreatedSerializer,
    TokenCreateSerializer,
    TokenListSerializer,
    WorkspaceSerializer,
    session_document,
)
from accounts.services import logins, tokens, workspaces

BACKEND = "accounts.authentication.SessionBackend"


def _address(request: Request) -> str:
    return str(request.META.get("REMOTE_ADDR") or "")


class SessionView(Endpoint):
    """POST is open: it proves nothing yet, and a JSON body cannot be sent from another site without asking first."""

    def get_permissions(self) -> Any:
        return [AllowAny()] if self.request.method == "POST" else super().get_permissions()

    def caller(self, request: Request) -> Actor | None:
        return None if request.method == "POST" else super().caller(request)

    @operation("session_get", "Who is logged in, and what they may do", responses={200: SessionSerializer})
    def get(self, actor: Actor) -> Response:
        get_token(self.request._request)  # sets the CSRF cookie the studio sends back
        return Response(session_document(actor))

    @operation("session_delete", "Log out", responses={204: None})
    def delete(self, actor: Actor) -> Response:
        logout(self.request._request)
        return Response(status=204)

    @operation(
        "session_create",
        "Log in with a password",
        request=LoginSerializer,
        responses={200: SessionSerializer},
    )
    def post(self, nobody: None, *, body: dict[str, str]) -> Response:
        user = logins.log_in_with_password(
            username=body["username"], password=body["password"], address=_address(self.request)
        )
        actor = selectors.actor_for_user(user.pk)
        if actor is None:
            raise NotAMember()
        login(self.request._request, user, backend=BACKEND)
        return Response(session_document(actor))


class PasswordView(Endpoint):
    @operation("session_set_password", "Set one's own password", request=PasswordSerializer, responses={204: None})
    def post(self, actor: Actor, *, body: dict[str, str]) -> Response:
        if actor is self.request.auth:
            raise SessionNeeded()
        user = logins.set_password(
            actor=actor,
            password=body["password"],
            current=body.get("current_password"),
            link_used_at=link_used_at(self.request._request),
            address=_address(self.request),
        )
        update_session_auth_hash(self.request._request, user)
        return Response(status=204)


class WorkspaceView(Endpoint):
    @operation(
        "workspace_change",
        "Whether steps of the workspace may use the network (admin); steps that start later obey",
        request=WorkspaceSerializer,
        responses={200: WorkspaceSerializer},
    )
    def patch(self, actor: Actor, *, body: dict[str, bool]) -> Response:
        return Response(WorkspaceSerializer(workspaces.set_network(actor=actor, allowed=body["network"])).data)


class TokensView(Endpoint):
    @operation("tokens_list", "One's own API tokens", responses={200: TokenListSerializer})
    def get(self, actor: Actor) -> Response:
        return Response(TokenListSerializer({"results": selectors.api_tokens(actor)}).data)

    @operation(
        "tokens_create", "Make an API token", request=TokenCreateSerializer, responses={201: TokenCreatedSerializer}
    )
    def post(self, actor: Actor, *, body: dict[str, Any]) -> Response:
        role = Role(body["role"]) if "role" in body else None
        row, token = tokens.create_token(actor=actor, name=body["name"], role=role, expires_at=body.get("expires_at"))
        row.token = token  # type: ignore[attr-defined]  # for this one answer
        return Response(TokenCreatedSerializer(row).data, status=201)


class TokenView(Endpoint):
    @operation("tokens_delete", "Revoke an API token", responses={204: None})
    def delete(self, actor: Actor, *, token_id: str) -> Response:
        tokens.revoke_token(actor=actor, token_id=token_id)
        return Response(status=204)
