"""Models: named containers with their files."""

from __future__ import annotations

import json

from aws import arns
from aws.call import Call, Document
from aws.errors import invalid
from aws.lookups import tags_given
from aws.pagination import created_between, page_of_rows
from engine.execution.names import model_arn
from registry import selectors
from registry.errors import ModelNotFound
from registry.models import Model
from registry.services import models as services
from registry.services.tags import add_tags, forget_tags


def create(call: Call) -> Document:
    if "PrimaryContainer" in call.given and "Containers" in call.given:
        raise invalid("Only one of PrimaryContainer and Containers can be given.")
    request = {key: value for key, value in call.given.items() if key not in ("ModelName", "Tags")}
    model = services.create_model(actor=call.actor, name=call["ModelName"], request=request)
    add_tags(actor=call.actor, arn=model.arn, tags=tags_given(call))
    return {"ModelArn": model.arn}


def describe(call: Call) -> Document:
    document: Document = json.loads(_model(call).description)
    return document


def delete(call: Call) -> Document:
    arn = _model(call).arn
    services.delete_model(actor=call.actor, name=call["ModelName"])
    forget_tags(actor=call.actor, arn=arn)
    return {}


def list_models(call: Call) -> Document:
    rows = selectors.models(call.actor)
    if text := call.get("NameContains"):
        rows = rows.filter(name__icontains=text)
    rows = created_between(call, rows, after="CreationTimeAfter", before="CreationTimeBefore")
    key = {"Name": "name", "CreationTime": "created_at"}[call.get("SortBy", "CreationTime")]
    page = page_of_rows(call, rows, key=key, descending=call.get("SortOrder", "Descending") == "Descending")
    found = [{"ModelName": row.name, "ModelArn": row.arn, "CreationTime": row.created_at} for row in page.results]
    return {"Models": found, "NextToken": page.token}


def _model(call: Call) -> Model:
    """Raises: AwsError in the words of AWS, which has no code of its own for a missing model."""
    given = call["ModelName"]
    name = arns.name_of(call.actor, given, "model")
    try:
        return selectors.model(call.actor, name or given)
    except ModelNotFound:
        arn = model_arn(call.region, call.actor.workspace.account_id, name or given)
        raise invalid(f'Could not find model "{arn}".') from None
