"""What a call names by name or ARN, found in the caller's workspace, refused in AWS's words."""

from __future__ import annotations

import re
from collections.abc import Callable

from accounts.actors import Actor
from aws import arns
from aws.call import Call
from aws.errors import AwsError, invalid, not_found
from editor.errors import PipelineNotFound
from editor.models import Pipeline
from editor.selectors import published_pipeline
from registry import selectors as registry
from registry.errors import GroupNotFound, ModelPackageNotFound
from registry.models import ModelPackage, ModelPackageGroup
from runs import selectors as runs
from runs.models import Execution

_VERSIONED = re.compile(r"([^/]+)/([0-9]{1,9})")


def pipeline_of(
    call: Call, select: Callable[[Actor, str], Pipeline] = published_pipeline, member: str = "PipelineName"
) -> Pipeline:
    """The pipeline `member` names; a published one, unless another selector is given.

    Raises:
        AwsError: ResourceNotFound.
    """
    name = arns.pipeline_name(call.actor, call[member])
    try:
        return select(call.actor, name)
    except PipelineNotFound:
        raise unknown_pipeline(call, name) from None


def unknown_pipeline(call: Call, name: str) -> AwsError:
    return not_found(f"Pipeline '{arns.pipeline_arn(call.actor, name)}' does not exist.")


def execution_of(call: Call, *, with_version: bool = False) -> Execution:
    """The execution `PipelineExecutionArn` names, without its texts.

    Raises:
        AwsError: ResourceNotFound.
    """
    arn = call["PipelineExecutionArn"]
    pipeline_name, execution_id = arns.execution_id(call.actor, arn)
    rows = runs.executions(call.actor).filter(pk=execution_id)
    if with_version:
        rows = rows.select_related("version").defer("definition", "layout", "version__definition", "version__layout")
    execution = rows.first()
    if execution is None or execution.pipeline_name.lower() != pipeline_name.lower():
        raise not_found(f"Pipeline execution with ARN {arn} does not exist.")
    return execution


def group_of(call: Call, given: str) -> ModelPackageGroup:
    """The model package group of that name or ARN.

    Raises:
        AwsError: ValidationException with "does not exist", which is what the SDKs look for.
    """
    name = arns.name_of(call.actor, given, "model-package-group")
    try:
        return registry.group(call.actor, name or given)
    except GroupNotFound:
        raise invalid(f"ModelPackageGroup {given} does not exist.") from None


def package_of(call: Call, given: str) -> ModelPackage:
    """The model package of that ARN or `group/number`, with its documents.

    Raises:
        AwsError: ValidationException, as AWS has no other code for it.
    """
    name = arns.name_of(call.actor, given, "model-package")
    versioned = _VERSIONED.fullmatch(name or "")
    if versioned is None:
        raise invalid(f"ModelPackage {given} does not exist.")
    try:
        return registry.package(call.actor, versioned[1], int(versioned[2]))
    except (GroupNotFound, ModelPackageNotFound):
        raise invalid(f"ModelPackage {given} does not exist.") from None


def tags_given(call: Call) -> dict[str, str]:
    """The call's tags, key → value.

    Raises:
        AwsError: a key twice.
    """
    found: dict[str, str] = {}
    for tag in call.get("Tags", ()):
        if tag["Key"] in found:
            raise invalid(f"Duplicate tag key: {tag['Key']}.")
        found[tag["Key"]] = tag["Value"]
    return found
