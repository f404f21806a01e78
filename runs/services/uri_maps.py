"""Changing the workspace's table of addresses that lie elsewhere."""

from __future__ import annotations

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from runs.clock import database_now
from runs.errors import UriMappingInvalid, UriMappingNotFound
from runs.models import UriMapping
from runs.storage.uri import BadUri, parse_s3_uri

MOST_LINES = 500


def put_uri_mapping(*, actor: Actor, prefix: str, target: str) -> UriMapping:
    """Steps that read below `prefix` read below `target` from now on; a line with that prefix is replaced.

    Raises:
        NotPermitted
        UriMappingInvalid: no s3:// addresses, one inside the other, or too many lines.
    """
    require(actor, Permission.EDIT_DATA)
    prefix, target = _folder(prefix, "/prefix"), _folder(target, "/target")
    if f"{target}/".startswith(f"{prefix}/"):
        raise UriMappingInvalid(reason=f"{target} lies below {prefix} itself. Choose another place.", pointer="/target")
    with transaction.atomic():
        own = UriMapping.objects.filter(workspace=actor.workspace)
        if own.exclude(prefix=prefix).count() >= MOST_LINES:
            raise UriMappingInvalid(reason=f"The table has {MOST_LINES} lines already. Delete one first.")
        line, _ = own.update_or_create(
            workspace=actor.workspace,
            prefix=prefix,
            defaults={"target": target, "created_by": actor.username, "created_at": database_now()},
        )
        audit.record(actor, "uri-mapping.put", line.pk, {"prefix": prefix, "target": target})
    return line


def delete_uri_mapping(*, actor: Actor, mapping_id: str) -> None:
    """Raises: NotPermitted, UriMappingNotFound."""
    require(actor, Permission.EDIT_DATA)
    with transaction.atomic():
        line = UriMapping.objects.filter(workspace=actor.workspace, pk=mapping_id).first()
        if line is None:
            raise UriMappingNotFound(mapping=mapping_id)
        audit.record(actor, "uri-mapping.delete", line.pk, {"prefix": line.prefix, "target": line.target})
        line.delete()


def _folder(uri: str, pointer: str) -> str:
    try:
        return str(parse_s3_uri(uri, prefix=True)).rstrip("/")
    except BadUri as bad:
        raise UriMappingInvalid(reason=f"{bad}.", pointer=pointer) from None
