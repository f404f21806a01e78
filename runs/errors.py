"""Requests about executions that cannot be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.errors import Refused
from engine.problems import Problem


class ExecutionNotFound(Refused):
    """There is no execution {execution} in this workspace."""


class StepNotFound(Refused):
    """Execution {execution} has no step {step}."""


class RepairGone(Refused):
    """This repair of {step} is not possible any more: the pipeline has changed since. Look at the step again."""


class AttemptNotFound(Refused):
    """Step {step} has no attempt {attempt}."""


class CallbackNotFound(Refused):
    """No step of this workspace asked with the callback token {token}."""


class CallbackAnswered(Refused):
    """The callback of step {step} was answered before, or the step does not wait any more."""


class AnswerInvalid(Refused):
    """{reason}"""


class QueueNotFound(Refused):
    """The specified queue does not exist: {queue}."""


class QueueExists(Refused):
    """There is a queue named {queue} with other attributes."""


class ReceiptInvalid(Refused):
    """The receipt handle is not valid. It comes with each received message."""


class MessageNotHeld(Refused):
    """The message is not in flight: it was deleted, or its visibility time-out is over."""


class ExecutionNotRunning(Refused):
    """Execution {execution} is not running any more: it ended {status}."""


class ExecutionNotRetryable(Refused):
    """{reason}"""


class CannotStart(Refused):
    """{message}"""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        where = f'Step "{first.step}": ' if first.step else ""
        super().__init__(message=f"{where}{first.message}", pointer=first.pointer)
        self.problems = tuple(problems)

    def members(self) -> dict[str, Any]:
        problems = [
            {"code": one.code, "message": one.message, "pointer": one.pointer, "step": one.step}
            for one in self.problems
        ]
        return {"problems": problems}


class JobNotFound(Refused):
    """There is no {kind} job named {name} in this workspace."""


class JobNotRunning(Refused):
    """The request was rejected because the {kind} job is in status {status}."""


class JobNameInUse(Refused):
    """Job name must be unique within an AWS account and region, and a job with this name already exists ({arn})."""


class TokenReused(Refused):
    """The client request token {token} was used before with other values. Use a new token for a new execution."""


class ObjectNotFound(Refused):
    """Nothing is stored at {uri}."""


class ObjectNotText(Refused):
    """{uri} is not text that can be shown: {reason}"""


class UriInvalid(Refused):
    """{reason}"""


class UploadTooLarge(Refused):
    """The file has more than {limit} bytes."""


class ImageNotFound(Refused):
    """The image table of this workspace has no line {image}. Built-in lines cannot be changed; a line of your own
    with the same pattern counts before them."""


class ImageInvalid(Refused):
    """This line cannot be in the image table: {reason}."""


class PatternInUse(Refused):
    """A line of the image table has the pattern {pattern} already."""


class TableUnreadable(Refused):
    """{message}"""

    def members(self) -> dict[str, Any]:
        return {"reason": self.facts["reason"]}


class DatasetNotFound(Refused):
    """This workspace has no dataset {dataset}."""


class DatasetVersionNotFound(Refused):
    """The dataset {dataset} has no version {number}."""


class DatasetNameInUse(Refused):
    """There is a dataset {name} already. Upload the file as its next version, or choose another name."""


class DatasetNameInvalid(Refused):
    """{name!r} cannot be the name of a dataset: 1 to 128 characters are needed, and no slash or control character."""


class UploadIncomplete(Refused):
    """{received} of {expected} bytes arrived. Nothing was stored; upload the file again."""


class SampleNotFound(Refused):
    """There is no sample dataset {sample}. `GET /api/datasets/samples/` lists them."""


class SampleNotInstalled(Refused):
    """The sample {sample} comes with the Python package {package}, which is not installed here."""


class TemplateNotFound(Refused):
    """There is no template {template}. The gallery lists those there are."""


class PipelineNotEmpty(Refused):
    """{name} has {count} steps already. A template is drawn only into an empty pipeline; make a new one for it."""


class BucketNotFound(Refused):
    """There is no bucket {bucket} in this workspace."""


class BucketTaken(Refused):
    """The bucket name {bucket} belongs to another workspace."""


class BucketExists(Refused):
    """The bucket {bucket} is this workspace's already."""


class BucketNotEmpty(Refused):
    """The bucket {bucket} still holds objects. Delete them first."""


class BucketKept(Refused):
    """{bucket} is the default bucket of the workspace and stays."""


class KeyInvalid(Refused):
    """Not a key that can be stored: {reason}."""


class ConditionFailed(Refused):
    """The object is not as the request wants it: {condition}."""


class UploadNotFound(Refused):
    """There is no upload {upload} of this object; it may have been completed or aborted."""


class PartInvalid(Refused):
    """Part {number} was not uploaded, or its ETag or checksum is another one."""


class PartsUnordered(Refused):
    """The list of parts is not in ascending order."""


class PartTooSmall(Refused):
    """Part {number} has {size} bytes; every part but the last needs at least {least}."""


class ScheduleNotFound(Refused):
    """There is no schedule {schedule} in this workspace."""


class ScheduleNameInUse(Refused):
    """There is a schedule named {name} already. Choose another name, or change that one."""


class ScheduleInvalid(Refused):
    """{reason}"""


class UriMappingNotFound(Refused):
    """The table of addresses of this workspace has no line {mapping}."""


class UriMappingInvalid(Refused):
    """{reason}"""
