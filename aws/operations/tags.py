"""Tags on anything of this account that has an ARN."""

from __future__ import annotations

from aws import arns
from aws.call import Call, Document
from aws.errors import invalid, not_found
from aws.pagination import page_of_rows
from editor.models import Pipeline
from registry import selectors
from registry.models import Model, ModelPackage, ModelPackageGroup
from registry.services import tags as services
from runs.models import Execution, Job


def add(call: Call) -> Document:
    arn = _tagged(call)
    given = {tag["Key"]: tag["Value"] for tag in call["Tags"]}
    services.add_tags(actor=call.actor, arn=arn, tags=given)
    return {"Tags": tags_of(call, arn)}


def delete(call: Call) -> Document:
    services.remove_tags(actor=call.actor, arn=_tagged(call), keys=call["TagKeys"])
    return {}


def list_tags(call: Call) -> Document:
    page = page_of_rows(call, selectors.tags(call.actor, _tagged(call)), key="key", descending=False)
    return {"Tags": [{"Key": tag.key, "Value": tag.value} for tag in page.results], "NextToken": page.token}


def tags_of(call: Call, arn: str) -> list[Document]:
    """Every tag of one resource, by key."""
    return [{"Key": tag.key, "Value": tag.value} for tag in selectors.tags(call.actor, arn).order_by("key")]


def _tagged(call: Call) -> str:
    """The ARN the call names, once something stands behind it.

    Raises:
        AwsError: another account or region, or nothing of that name.
    """
    arn: str = call["ResourceArn"]
    resource = arns.resource_of(call.actor, arn)
    if resource is None:
        raise invalid(f"The resource {arn} is not in this account and region.")
    if not _exists(call, arn, resource):
        raise not_found(f"The resource {arn} does not exist.")
    return arn


def _exists(call: Call, arn: str, resource: str) -> bool:
    workspace = call.actor.workspace
    kind, _, name = resource.partition("/")
    if kind == "pipeline" and "/execution/" in name:
        return Execution.objects.filter(workspace=workspace, pk=name.rpartition("/")[2]).exists()
    if kind == "pipeline":
        own = Pipeline.objects.filter(workspace=workspace, deleted_at__isnull=True, hidden=False)
        return own.filter(name=name).exists()
    if kind == "model":
        return Model.objects.filter(workspace=workspace, name=name).exists()
    if kind == "model-package-group":
        return ModelPackageGroup.objects.filter(workspace=workspace, name=name).exists()
    if kind == "model-package":
        return ModelPackage.objects.filter(group__workspace=workspace, arn=arn).exists()
    if kind.endswith("-job"):
        plain = Execution.objects.filter(workspace=workspace, job_name=name)
        return Job.objects.filter(workspace=workspace, name=name).exists() or plain.exists()
    return False
