"""How an HTTP request proves who it is: a bearer token, or a session with CSRF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.errors import CsrfFailed, NotAMember
from accounts.models import User
from accounts.selectors import actor_for_token, actor_for_user

if TYPE_CHECKING:
    from rest_framework.views import APIView


class SessionBackend(BaseBackend):
    """Keeps a session's user. Passwords are checked in services/logins.py, behind the throttle."""

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> None:
        return None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


class StudioAuthentication(SessionAuthentication):
    """A session cookie, with CSRF proof for every change."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as failed:
            raise CsrfFailed(reason=str(failed.detail).removeprefix("CSRF Failed: ")) from None


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <api token>`. Sets request.auth to the Actor."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        actor = actor_for_token(token.strip())
        if actor is None:
            raise AuthenticationFailed("The API token is unknown, revoked or expired.")
        return User(pk=actor.user_id, username=actor.username), actor

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="clary"'


def actor_of(request: Request) -> Actor | None:
    """Who asks, or None for somebody without a login or without a workspace. One query, once per request."""
    if isinstance(request.auth, Actor):
        return request.auth
    if not request.user.is_authenticated:
        return None
    kept = getattr(request, "clary_actor", None)
    if not isinstance(kept, Actor):
        kept = actor_for_user(request.user.pk)
        request.clary_actor = kept  # type: ignore[attr-defined]  # lives as long as the request
    return kept


class IsMember(BasePermission):
    """A login with a membership somewhere; services check the rest."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if actor_of(request) is not None:
            return True
        if request.user.is_authenticated:
            raise NotAMember()
        raise NotAuthenticated()
