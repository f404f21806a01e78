"""STS: who the caller is."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.actors import Actor
from aws.query_results import Members
from aws.wire import AwsRequest

#: The role of every running step, as its session is named in an ARN.
STEP_ROLE = "ClaryStep"


def get_caller_identity(request: AwsRequest, form: Mapping[str, str]) -> Members:
    """User, account and ARN of the key's holder; a step is a session of the role of all steps."""
    actor = request.actor
    return {"Arn": caller_arn(actor), "UserId": _user_id(actor), "Account": actor.workspace.account_id}


def caller_arn(actor: Actor) -> str:
    """The ARN of whoever acts."""
    account = actor.workspace.account_id
    if actor.user_id is None:
        return f"arn:aws:sts::{account}:assumed-role/{STEP_ROLE}/{_session(actor.username)}"
    return f"arn:aws:iam::{account}:user/{actor.username}"


def _user_id(actor: Actor) -> str:
    if actor.user_id is None:
        return f"AROA{actor.workspace.account_id}CLARY:{_session(actor.username)}"
    return f"AIDA{actor.workspace.account_id}{actor.user_id:05d}"


def _session(name: str) -> str:
    """A role session name: what AWS does not allow in one becomes a hyphen."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "_=,.@-") else "-" for sign in name)


OPERATIONS = {"GetCallerIdentity": get_caller_identity}
