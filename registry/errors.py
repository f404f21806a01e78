"""Requests about registered models that cannot be done."""

from __future__ import annotations

from accounts.errors import Refused


class GroupNotFound(Refused):
    """There is no model package group {group} in this workspace."""


class ModelPackageNotFound(Refused):
    """There is no model package {package} in this workspace."""


class RequestInvalid(Refused):
    """The model cannot be registered: {reason}."""
