"""Requests that may be sent twice: the same client token gives the first answer again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from runs.clock import database_now
from runs.errors import TokenReused
from runs.models import ClientToken


def once(*, actor: Actor, action: str, token: str, asked: Mapping[str, Any], act: Callable[[], str]) -> str:
    """The answer of `act`, which is carried out in this transaction unless the token was used for the same before.

    `asked` is what the token stands for. Of two equal calls at once, one is carried out and both get its answer.

    Raises:
        TokenReused: the token was used for something else.
    """
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
    known = _known(actor, action, token, digest)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            row = ClientToken.objects.create(
                workspace=actor.workspace,
                action=action,
                token=token,
                request_sha256=digest,
                created_at=database_now(),
            )
            row.answer = act()
            row.save(update_fields=["answer"])
    except IntegrityError:
        known = _known(actor, action, token, digest)
        if known is None:
            raise
        return known
    return row.answer


def _known(actor: Actor, action: str, token: str, digest: str) -> str | None:
    found = ClientToken.objects.filter(workspace=actor.workspace, action=action, token=token).first()
    if found is None:
        return None
    if found.request_sha256 != digest:
        raise TokenReused(token=token)
    return found.answer
