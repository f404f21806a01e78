"""Every way an AWS call can fail, as AWS's own codes. Rooms raise their own exceptions; this table alone knows AWS."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import InterfaceError, OperationalError

from accounts import errors as accounts
from editor import errors as editor
from registry import errors as registry
from runs import errors as runs
from runs.storage.base import StoreFull


class AwsError(Exception):
    """An answer with an AWS error code. `code` is what clients switch on."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)


def not_found(message: str) -> AwsError:
    return AwsError("ResourceNotFound", message)


def conflict(message: str) -> AwsError:
    return AwsError("ConflictException", message)


def in_use(message: str) -> AwsError:
    return AwsError("ResourceInUse", message)


def not_implemented(operation: str) -> AwsError:
    return AwsError("UnknownOperationException", f"{operation} is not implemented by Clary.")


#: Exception → code. The nearest class in the method resolution order counts.
CODES: Mapping[type[BaseException], str] = {
    accounts.NotPermitted: "AccessDeniedException",
    accounts.NotAMember: "AccessDeniedException",
    accounts.NotAPerson: "AccessDeniedException",
    accounts.Refused: "ValidationException",
    editor.PipelineNotFound: "ResourceNotFound",
    editor.VersionNotFound: "ResourceNotFound",
    editor.AliasNotFound: "ResourceNotFound",
    editor.PipelineRunning: "ConflictException",
    editor.StaleRevision: "ConflictException",
    registry.GroupNotEmpty: "ConflictException",
    runs.ExecutionNotFound: "ResourceNotFound",
    runs.StepNotFound: "ResourceNotFound",
    runs.AttemptNotFound: "ResourceNotFound",
    runs.QueueNotFound: "QueueDoesNotExist",
    runs.QueueExists: "QueueNameExists",
    runs.ReceiptInvalid: "ReceiptHandleIsInvalid",
    runs.MessageNotHeld: "MessageNotInflight",
    runs.CallbackNotFound: "ResourceNotFound",
    runs.CallbackAnswered: "ConflictException",
    runs.ExecutionNotRunning: "ConflictException",
    runs.ExecutionNotRetryable: "ConflictException",
    runs.TokenReused: "ConflictException",
    runs.JobNameInUse: "ResourceInUse",
    runs.JobNotFound: "ResourceNotFound",
}
#: Exceptions that are the server's trouble: clients try these again.
UNAVAILABLE = (OperationalError, InterfaceError, StoreFull)


def as_aws_error(exception: BaseException) -> AwsError | None:
    """The AWS error of a known exception; None for anything else, which is a bug of ours."""
    if isinstance(exception, AwsError):
        return exception
    if isinstance(exception, UNAVAILABLE):
        return AwsError("ServiceUnavailable", "Nothing was changed; try again in a moment.", 503)
    for kind in type(exception).__mro__:
        if kind in CODES:
            return AwsError(CODES[kind], str(exception))
    return None
