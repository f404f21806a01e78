"""The two IAM operations the SageMaker SDK asks before it runs a pipeline.

Clary has no IAM roles: a pipeline runs with the rights of its workspace, whatever role its definition names. So every
role name of the workspace's account is one that SageMaker may assume, and a simulation answers from the caller's role
in the workspace.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from accounts.permissions import Permission, permissions_of
from aws.query_results import Members, QueryRefused
from aws.wire import AwsRequest

_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_ROLE_ARN = re.compile(r"arn:[a-z-]+:(iam::(\d{12}):(role|user)/|sts::(\d{12}):assumed-role/).{1,512}")
_ACTION = re.compile(r"[a-z0-9-]{1,64}:[A-Za-z0-9*]{1,128}")
_READING = ("Get", "List", "Describe", "Head", "Search", "BatchGet")
_MOST_ACTIONS = 1000
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {
                "Service": ["sagemaker.amazonaws.com", "scheduler.amazonaws.com", "lambda.amazonaws.com"],
            },
            "Action": "sts:AssumeRole",
        }
    ],
}


def get_role(request: AwsRequest, form: Mapping[str, str]) -> Members:
    """The role of this name in the workspace's account.

    Raises:
        QueryRefused: ValidationError for what is no role name.
    """
    name = form.get("RoleName", "")
    if not _NAME.fullmatch(name):
        raise QueryRefused(
            "ValidationError",
            "The specified value for roleName is invalid. It must contain 1 to 64 of A-Za-z0-9+=,.@_-",
        )
    workspace = request.actor.workspace
    return {
        "Role": {
            "Path": "/",
            "RoleName": name,
            "RoleId": f"AROA{workspace.account_id}CLARY",
            "Arn": f"arn:aws:iam::{workspace.account_id}:role/{name}",
            "CreateDate": workspace.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "AssumeRolePolicyDocument": quote(json.dumps(_TRUST, separators=(",", ":")), safe=""),
            "Description": "Clary runs pipelines with the rights of their workspace; roles are accepted as they are.",
            "MaxSessionDuration": "3600",
        }
    }


def simulate_principal_policy(request: AwsRequest, form: Mapping[str, str]) -> Members:
    """For each action whether the caller's role in the workspace allows it.

    Raises:
        QueryRefused: InvalidInput for an action or principal that is none, NoSuchEntity for another account's.
    """
    source = _ROLE_ARN.fullmatch(form.get("PolicySourceArn", ""))
    if source is None:
        raise QueryRefused("InvalidInput", "PolicySourceArn must be the ARN of a user or role.")
    if request.actor.workspace.account_id not in (source[2], source[4]):
        raise QueryRefused("NoSuchEntity", f"{form['PolicySourceArn']} is not of this account.", status=404)
    actions = list(_numbered(form, "ActionNames"))
    if not actions or len(actions) > _MOST_ACTIONS:
        raise QueryRefused("InvalidInput", f"ActionNames must hold 1 to {_MOST_ACTIONS} actions.")
    wrong = next((action for action in actions if not _ACTION.fullmatch(action)), None)
    if wrong is not None:
        raise QueryRefused("InvalidInput", f"Expected an action such as s3:GetObject, got {wrong[:80]!r}.")
    resources = list(_numbered(form, "ResourceArns")) or ["*"]
    writes = Permission.EDIT_PIPELINE in permissions_of(request.actor.role)
    results: list[Members] = [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": "allowed" if writes or _is_reading(action) else "implicitDeny",
            "MatchedStatements": [],
            "MissingContextValues": [],
        }
        for action in actions
        for resource in resources
    ]
    return {"EvaluationResults": results, "IsTruncated": "false"}


def _numbered(form: Mapping[str, str], name: str) -> Iterator[str]:
    """The members of a list in a form: `name.member.1`, `name.member.2`, …"""
    position = 1
    while (value := form.get(f"{name}.member.{position}")) is not None:
        yield value
        position += 1


def _is_reading(action: str) -> bool:
    return action.partition(":")[2].startswith(_READING)


OPERATIONS = {"GetRole": get_role, "SimulatePrincipalPolicy": simulate_principal_policy}
