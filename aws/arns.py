"""ARNs of what callers name, and back: the names inside an ARN, for this account and region only."""

from __future__ import annotations

import re

from django.conf import settings

from accounts.actors import Actor
from aws.errors import not_found
from engine.execution import names

_ARN = re.compile(r"arn:aws[a-z-]*:sagemaker:([a-z0-9-]*):(\d{12}|aws):(.+)", re.DOTALL)
_EXECUTION = re.compile(r"pipeline/(.+)/execution/([^/]+)", re.DOTALL)


def pipeline_arn(actor: Actor, name: str) -> str:
    return names.pipeline_arn(settings.CLARY_REGION, actor.workspace.account_id, name)


def execution_arn(actor: Actor, pipeline_name: str, execution_id: str) -> str:
    return names.execution_arn(settings.CLARY_REGION, actor.workspace.account_id, pipeline_name, execution_id)


def resource_of(actor: Actor, arn: str) -> str | None:
    """What follows the account in an ARN of this account and region; None for any other text."""
    found = _ARN.fullmatch(arn)
    if found is None or found[1] != settings.CLARY_REGION or found[2] != actor.workspace.account_id:
        return None
    return found[3]


def pipeline_name(actor: Actor, name_or_arn: str) -> str:
    """The pipeline's name.

    Raises:
        AwsError: an ARN of another account, region or kind of resource.
    """
    if not name_or_arn.startswith("arn:"):
        return name_or_arn
    resource = resource_of(actor, name_or_arn)
    kind, _, name = (resource or "").partition("/")
    if kind != "pipeline" or not name:
        raise not_found(f"Pipeline '{name_or_arn}' does not exist.")
    return name


def execution_id(actor: Actor, arn: str) -> tuple[str, str]:
    """(pipeline name as written, execution id).

    Raises:
        AwsError: no execution of this account and region.
    """
    found = _EXECUTION.fullmatch(resource_of(actor, arn) or "")
    if found is None:
        raise not_found(f"Pipeline execution with ARN {arn} does not exist.")
    return found[1], found[2]


def name_of(actor: Actor, name_or_arn: str, kind: str) -> str | None:
    """The name in `arn:…:<kind>/<name>`, or the name itself; None for an ARN of anything else."""
    if not name_or_arn.startswith("arn:"):
        return name_or_arn
    found, _, name = (resource_of(actor, name_or_arn) or "").partition("/")
    return name if found == kind and name else None
