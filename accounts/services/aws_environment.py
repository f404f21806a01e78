"""What a shell and a file have to say so that the AWS SDKs and tools talk to this installation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.actors import Actor
from accounts.files import write_private
from accounts.models import AccessKey, Workspace
from accounts.services.bootstrap import credentials, last_url
from accounts.services.tokens import create_access_key

#: Any role name will do: roles are kept and shown, and nothing here acts on them.
ROLE = "clary"
CONFIG_NAME = "sagemaker-config-{account}.yaml"


@dataclass(frozen=True, kw_only=True)
class AwsEnvironment:
    """`variables` go into the shell; `config` is the SDK file they name; `made_key` is set when a key was created."""

    variables: Mapping[str, str]
    config: Path
    role_arn: str
    made_key: str | None


def aws_environment(*, actor: Actor) -> AwsEnvironment:
    """Settings for one person. Writes the SDK's configuration file (0600) and may make an access key.

    The key of `credentials.json` is used while it is the actor's and still valid; anybody else, and an owner who
    removed that file, gets a new key at each call, because secrets cannot be read back.
    """
    workspace = actor.workspace
    role_arn = f"arn:aws:iam::{workspace.account_id}:role/{ROLE}"
    path = Path(settings.CLARY_HOME) / CONFIG_NAME.format(account=workspace.account_id)
    # JSON is YAML, and the SDK reads YAML.
    write_private(path, json.dumps(sdk_config(workspace=workspace, role_arn=role_arn), indent=2).encode() + b"\n")
    key_id, secret, made = _key(actor)
    variables = {
        "AWS_ENDPOINT_URL": f"{last_url()}/aws",
        "AWS_ACCESS_KEY_ID": key_id,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": settings.CLARY_REGION,
        "AWS_REGION": settings.CLARY_REGION,
        "SAGEMAKER_USER_CONFIG_OVERRIDE": str(path),
        "SAGEMAKER_VALIDATE_ROLE": "false",
    }
    return AwsEnvironment(variables=variables, config=path, role_arn=role_arn, made_key=key_id if made else None)


def sdk_config(*, workspace: Workspace, role_arn: str) -> dict[str, Any]:
    """The SageMaker SDK's own defaults: our bucket, a role where a script names none, and no reports to AWS."""
    return {
        "SchemaVersion": "1.0",
        "SageMaker": {
            "PythonSDK": {
                "Modules": {
                    "TelemetryOptOut": True,
                    "Session": {"DefaultS3Bucket": workspace.default_bucket},
                    "RemoteFunction": {"RoleArn": role_arn},
                }
            },
            "Pipeline": {"RoleArn": role_arn},
            "ProcessingJob": {"RoleArn": role_arn},
            "TrainingJob": {"RoleArn": role_arn},
            "Model": {"ExecutionRoleArn": role_arn},
        },
    }


def _key(actor: Actor) -> tuple[str, str, bool]:
    """(key id, secret, whether it was made now)."""
    facts = credentials()
    key_id, secret = facts.get("aws_access_key_id"), facts.get("aws_secret_access_key")
    if isinstance(key_id, str) and isinstance(secret, str):
        own = AccessKey.objects.filter(user_id=actor.person_id, workspace=actor.workspace, expires_at__isnull=True)
        if own.filter(access_key_id=key_id).exists():
            return key_id, secret, False
    row, secret = create_access_key(actor=actor)
    return row.access_key_id, secret, True
