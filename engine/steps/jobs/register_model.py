"""RegisterModel: the model package a step creates, as DescribeModelPackage shows it.

Source: CreateModelPackage and DescribeModelPackage. The version number is the registry's to give, so the part that
depends on it is added by `numbered`.
"""

from __future__ import annotations

from engine.definition.pointer import resolve
from engine.steps.base import JobContext, JobOutcome, Json, StepNotRunnable
from engine.steps.jobs.arguments import mapping, sequence, text

DEFAULT_APPROVAL = "PendingManualApproval"
_APPROVALS = ("Approved", "Rejected", "PendingManualApproval")


def group_name(context: JobContext, arguments: Json) -> str:
    """The model package group: as named, from its ARN, or the pipeline's name when the step names none."""
    named = mapping(arguments, "Arguments").get("ModelPackageGroupName")
    return text(named, "ModelPackageGroupName", context.pipeline_name).rsplit("/", 1)[-1]


def describe(context: JobContext, arguments: Json, outcome: JobOutcome | None) -> dict[str, Json]:
    """DescribeModelPackage without the keys that need a version number. Times in epoch seconds.

    Raises:
        StepNotRunnable: an approval status AWS does not know, or containers that are none.
    """
    request = dict(mapping(arguments, "Arguments"))
    _check_containers(request.get("InferenceSpecification"))
    request["ModelPackageGroupName"] = group_name(context, arguments)
    approval = text(request.get("ModelApprovalStatus"), "ModelApprovalStatus", DEFAULT_APPROVAL)
    if approval not in _APPROVALS:
        raise StepNotRunnable(f"ModelApprovalStatus must be one of {', '.join(_APPROVALS)}, but is {approval!r}.")
    request["ModelApprovalStatus"] = approval
    status = "InProgress" if outcome is None else outcome.status
    document: dict[str, Json] = {
        **request,
        "ModelPackageStatus": status,
        "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CreationTime": context.created_at.timestamp(),
    }
    if outcome is not None:
        document["LastModifiedTime"] = outcome.ended_at.timestamp()
        if outcome.failure_reason:
            document["ModelPackageStatusDetails"]["ValidationStatuses"] = [
                {"Name": "Registration", "Status": "Failed", "FailureReason": outcome.failure_reason[:1024]}
            ]
    return document


def _check_containers(specification: Json) -> None:
    """Nobody could deploy or describe a package whose containers have another shape than AWS's."""
    where = "InferenceSpecification.Containers"
    for index, container in enumerate(
        sequence(mapping(specification, "InferenceSpecification").get("Containers"), where)
    ):
        item = mapping(container, f"{where}[{index}]")
        for key in ("Image", "ModelDataUrl"):
            text(item.get(key), f"{where}[{index}].{key}", "")


def model_data(document: Json) -> str:
    """The address of the file a package keeps, that of its first container which has one; "" for none. Never raises."""
    containers = resolve(document, "/InferenceSpecification/Containers")
    for container in containers if isinstance(containers, list) else ():
        address = resolve(container, "/ModelDataUrl")
        if isinstance(address, str) and address:
            return address
    return ""


def numbered(document: dict[str, Json], *, arn_prefix: str, version: int) -> dict[str, Json]:
    """The same document as version `version` of its group."""
    group = document["ModelPackageGroupName"]
    return {
        **document,
        "ModelPackageName": f"{group}/{version}",
        "ModelPackageVersion": version,
        "ModelPackageArn": f"{arn_prefix}:model-package/{group}/{version}",
    }
