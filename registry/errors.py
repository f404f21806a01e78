"""Requests about registered models that cannot be done."""

from __future__ import annotations

from accounts.errors import Refused


class GroupNotFound(Refused):
    """The model package group {group} does not exist in this workspace."""


class ModelPackageNotFound(Refused):
    """The model package {package} does not exist in this workspace."""


class RequestInvalid(Refused):
    """The model cannot be registered: {reason}."""


class GroupExists(Refused):
    """Model Package Group already exists: {group}. Choose another name."""


class GroupNotEmpty(Refused):
    """The model package group {group} still holds {count} versions. Delete those first."""


class ModelNotFound(Refused):
    """Could not find model "{model}"."""


class ModelExists(Refused):
    """Cannot create already existing model "{model}"."""


class TooManyTags(Refused):
    """{arn} would have {count} tags; {limit} are allowed."""
