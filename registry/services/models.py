"""Models: a name for containers and their files. A record only; nothing is started."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.actors import Actor
from accounts.permissions import Permission, require
from engine.execution.names import model_arn
from registry import selectors
from registry.errors import ModelExists
from registry.models import Model


def create_model(
    *,
    actor: Actor,
    name: str,
    request: dict[str, Any],
    source_execution: str = "",
    source_step: str = "",
) -> Model:
    """The new model; for a step of an execution the one it made before. `request`: the members of CreateModel.

    The model's `description` is DescribeModel's answer, its time in epoch seconds.

    Raises:
        NotPermitted
        ModelExists: the workspace has a model of that name.
    """
    require(actor, Permission.REGISTER_MODEL)
    if source_execution:
        earlier = Model.objects.filter(source_execution=source_execution, source_step=source_step).first()
        if earlier is not None:
            return earlier
    arn = model_arn(settings.CLARY_REGION, actor.workspace.account_id, name)
    model = Model(
        workspace=actor.workspace,
        name=name,
        arn=arn,
        request=json.dumps(request),
        source_execution=source_execution,
        source_step=source_step,
        created_by=actor.username,
    )
    facts = {"ModelName": name, "ModelArn": arn, "CreationTime": model.created_at.timestamp()}
    model.description = json.dumps({**request, **facts})
    try:
        with transaction.atomic():
            model.save(force_insert=True)
            audit.record(actor, "create-model", arn, {"execution": source_execution, "step": source_step})
    except IntegrityError:
        raise ModelExists(model=arn) from None
    return model


def delete_model(*, actor: Actor, name: str) -> None:
    """Takes the model away; its files stay where they are.

    Raises:
        NotPermitted, ModelNotFound
    """
    require(actor, Permission.DELETE_MODEL)
    with transaction.atomic():
        model = selectors.model(actor, name)
        arn = model.arn
        model.delete()
        audit.record(actor, "delete-model", arn)
