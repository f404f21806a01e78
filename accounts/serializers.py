"""Shapes of the session and of API tokens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.actors import Actor
from accounts.models import ApiToken, User, Workspace
from accounts.permissions import Permission, permissions_of
from accounts.roles import Role
from accounts.session_facts import collect

ROLES = [(role.value, role.value) for role in Role]


class UserSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    display_name = serializers.CharField()
    has_password = serializers.BooleanField()


class WorkspaceSerializer(serializers.ModelSerializer[Workspace]):
    class Meta:
        model = Workspace
        fields = ["id", "name", "account_id", "default_bucket", "network"]
        read_only_fields = ["id", "name", "account_id", "default_bucket"]
        extra_kwargs = {"network": {"required": True, "help_text": "May its steps use the network."}}


class RunnerSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["process", "sandbox", "docker"])
    reason = serializers.CharField(help_text="Why this runner, in one sentence.")
    trusted_only = serializers.BooleanField(help_text="Steps are not isolated from Clary's own files.")


class SessionSerializer(serializers.Serializer[Any]):
    user = UserSerializer()
    workspace = WorkspaceSerializer()
    role = serializers.ChoiceField(choices=ROLES)
    permissions = serializers.ListField(
        child=serializers.ChoiceField(choices=[(one.value, one.value) for one in Permission])
    )
    runner = RunnerSerializer(allow_null=True)
    version = serializers.CharField()
    region = serializers.CharField()
    last_pipeline_id = serializers.CharField(allow_null=True)


class LoginSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=64)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)


class PasswordSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(max_length=1024, trim_whitespace=False)
    current_password = serializers.CharField(
        max_length=1024,
        trim_whitespace=False,
        required=False,
        allow_blank=True,
        help_text="Needed where a password is set, unless the session has just begun with a one-time link.",
    )


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    role = serializers.ChoiceField(choices=ROLES)

    class Meta:
        model = ApiToken
        fields = ["id", "name", "prefix", "role", "created_at", "last_used_at", "expires_at"]


class TokenCreateSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=64)
    role = serializers.ChoiceField(choices=ROLES, required=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class TokenCreatedSerializer(TokenSerializer):
    token = serializers.CharField(help_text="Shown this once.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]


class TokenListSerializer(serializers.Serializer[Any]):
    results = TokenSerializer(many=True)


def session_document(actor: Actor) -> dict[str, Any]:
    """What GET /api/session/ answers."""
    user = User.objects.get(pk=actor.person_id)
    facts = {
        "user": {
            "username": user.username,
            "display_name": user.shown_name,
            "has_password": user.has_usable_password(),
        },
        "workspace": actor.workspace,
        "role": actor.role.value,
        "permissions": [one.value for one in permissions_of(actor.role)],
        "runner": None,
        "version": settings.VERSION,
        "region": settings.CLARY_REGION,
        "last_pipeline_id": None,
    }
    return dict(SessionSerializer({**facts, **collect(actor)}).data)
