"""The definition a caller gives, as text or as an object in a bucket, and whether AWS would take it."""

from __future__ import annotations

from aws.call import Call
from aws.errors import AwsError, invalid
from editor import documents
from editor.errors import DefinitionInvalid
from engine.problems import Problem, Severity
from runs.models import StoredObject
from runs.namespace import current_object
from runs.storage.uri import BadUri, parse_s3_uri
from runs.stores import blob_store

#: AWS CreatePipeline, field PipelineDefinition.
LARGEST = 1024 * 1024
#: Errors with which AWS takes no definition at all. Everything else is told in the studio, and when it is started.
_REFUSED = frozenset(
    {
        "cycle",
        "depends-on-shape",
        "duplicate-parameter-name",
        "duplicate-step-name",
        "illegal-step-name",
        "not-a-definition",
        "parameter-shape",
        "parameters-shape",
        "self-reference",
        "step-shape",
        "steps-shape",
        "unknown-parameter",
        "unknown-parameter-type",
        "unknown-step",
        "unknown-version",
    }
)


def definition_given(call: Call) -> str | None:
    """The text of PipelineDefinition or of the object PipelineDefinitionS3Location names; None when neither came.

    Raises:
        AwsError: both came, the object is not there, too large or not text.
    """
    text: str | None = call.get("PipelineDefinition")
    place = call.get("PipelineDefinitionS3Location")
    if place is None:
        return text
    if text is not None:
        raise invalid("Only one of PipelineDefinition and PipelineDefinitionS3Location can be given.")
    return _stored_text(call, place["Bucket"], place["ObjectKey"], place.get("VersionId"))


def refuse_unsound(text: str) -> None:
    """Returns when AWS would take this definition.

    Raises:
        AwsError: names the first error.
    """
    try:
        problems = documents.check(text).problems
    except DefinitionInvalid as broken:
        raise _unparsable(broken.problems[0]) from None
    for problem in problems:
        if problem.severity is Severity.ERROR and problem.code in _REFUSED:
            raise _unparsable(problem)


def _unparsable(problem: Problem) -> AwsError:
    where = f" (at {problem.pointer})" if problem.pointer else ""
    return invalid(f"Unable to parse pipeline definition. {problem.message}{where}")


def _stored_text(call: Call, bucket: str, key: str, version: str | None) -> str:
    where = f"s3://{bucket}/{key}"
    workspace = call.actor.workspace
    try:
        if version is None:
            found = current_object(workspace.pk, where)
        else:
            place = parse_s3_uri(where)
            own = StoredObject.objects.filter(workspace=workspace, bucket=place.bucket, key=place.key)
            found = own.filter(version=version).first()
    except BadUri as bad:
        raise invalid(f"PipelineDefinitionS3Location is not usable: {bad}") from None
    if found is None:
        raise invalid(f"Unable to read the pipeline definition: nothing is stored at {where}.")
    if found.size > LARGEST:
        raise invalid(f"The pipeline definition at {where} has {found.size} bytes; {LARGEST} are allowed.")
    with blob_store().open(found.sha256) as blob:
        try:
            return blob.read().decode()
        except UnicodeDecodeError:
            raise invalid(f"The pipeline definition at {where} is not UTF-8 text.") from None
