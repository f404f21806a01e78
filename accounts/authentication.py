"""How a request proves who it is."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.models import User


class PasswordBackend(BaseBackend):
    """Keeps a session's user; passwords are checked by accounts.services.logins, behind the throttle."""

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> None:
        return None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


class BearerAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> None:
        return None
