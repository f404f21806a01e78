"""What a step may look up in the registry: models and model packages of its own workspace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from accounts.actors import Actor
from accounts.models import Workspace
from accounts.roles import Role
from registry import selectors
from registry.errors import GroupNotFound, ModelNotFound, ModelPackageNotFound


class RegisteredModels:
    """The registry of one workspace, read when a step asks."""

    def __init__(self, workspace: Workspace) -> None:
        self._actor = Actor(user_id=None, username="clary", workspace=workspace, role=Role.VIEWER)

    def model(self, name: str) -> Mapping[str, Any] | None:
        """DescribeModel's answer, None when there is no such model. An ARN counts as its name."""
        try:
            found = selectors.model(self._actor, name.rpartition("/")[2])
        except ModelNotFound:
            return None
        description: dict[str, Any] = json.loads(found.description)
        return description

    def package(self, name: str) -> Mapping[str, Any] | None:
        """DescribeModelPackage's answer for an ARN or `group/version`, None when there is none."""
        *_, group, version = ["", *name.rpartition(":")[2].removeprefix("model-package/").split("/")]
        if not version.isdecimal() or len(version) > 9:
            return None
        try:
            found = selectors.package(self._actor, group, int(version))
        except (GroupNotFound, ModelPackageNotFound):
            return None
        description: dict[str, Any] = json.loads(found.description)
        return description
