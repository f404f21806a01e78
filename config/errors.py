"""Every way a request can fail, mapped once to problem+json (RFC 9457): code, detail, pointer, request_id.

Rooms raise their own exceptions; this table alone knows HTTP. A database that is away is 503 with Retry-After.
"""

from __future__ import annotations

import sys
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework import exceptions

from accounts import errors as accounts
from config.bodies import BodyCut
from config.middleware import request_id
from editor import errors as editor
from registry import errors as registry
from runs import errors as runs
from runs.storage.base import StoreFull

#: Exception → (status, code). The nearest class in the method resolution order counts.
MAPPING: dict[type[BaseException], tuple[int, str]] = {
    accounts.NotPermitted: (403, "not-permitted"),
    accounts.CsrfFailed: (403, "csrf-failed"),
    accounts.NotAMember: (403, "not-a-member"),
    accounts.NotAPerson: (403, "not-a-person"),
    accounts.SessionNeeded: (403, "session-needed"),
    accounts.CurrentPasswordNeeded: (403, "current-password-needed"),
    accounts.CurrentPasswordWrong: (403, "current-password-wrong"),
    accounts.OutlivesCredential: (403, "outlives-credential"),
    accounts.KeyTooStrong: (403, "key-too-strong"),
    accounts.TokenNotFound: (404, "token-not-found"),
    accounts.CredentialsWrong: (401, "credentials-wrong"),
    accounts.TooManyAttempts: (429, "too-many-attempts"),
    accounts.LinkUnusable: (410, "link-unusable"),
    accounts.PasswordTooWeak: (400, "password-too-weak"),
    accounts.BodyTooLarge: (413, "body-too-large"),
    accounts.CursorInvalid: (400, "cursor-invalid"),
    accounts.Refused: (400, "refused"),
    editor.PipelineRunning: (409, "pipeline-running"),
    editor.PipelineNotFound: (404, "pipeline-not-found"),
    editor.VersionNotFound: (404, "version-not-found"),
    editor.AliasNotFound: (404, "alias-not-found"),
    editor.NameInUse: (409, "name-in-use"),
    editor.NameInvalid: (400, "name-invalid"),
    editor.DefinitionInvalid: (400, "definition-invalid"),
    editor.LayoutInvalid: (400, "layout-invalid"),
    editor.PatchInvalid: (400, "patch-invalid"),
    editor.StaleRevision: (409, "stale-revision"),
    editor.AllStepsRemoved: (409, "all-steps-removed"),
    editor.NothingToUndo: (409, "nothing-to-undo"),
    editor.NothingToRedo: (409, "nothing-to-redo"),
    editor.NotReadyMade: (404, "not-ready-made"),
    registry.GroupNotFound: (404, "model-package-group-not-found"),
    registry.ModelPackageNotFound: (404, "model-package-not-found"),
    registry.RequestInvalid: (400, "model-package-invalid"),
    registry.GroupExists: (409, "model-package-group-exists"),
    registry.GroupNotEmpty: (409, "model-package-group-not-empty"),
    registry.ModelNotFound: (404, "model-not-found"),
    registry.ModelExists: (409, "model-exists"),
    registry.TooManyTags: (400, "too-many-tags"),
    runs.ExecutionNotFound: (404, "execution-not-found"),
    runs.StepNotFound: (404, "step-not-found"),
    runs.RepairGone: (409, "repair-gone"),
    runs.AttemptNotFound: (404, "attempt-not-found"),
    runs.CallbackNotFound: (404, "callback-not-found"),
    runs.CallbackAnswered: (409, "callback-answered"),
    runs.AnswerInvalid: (400, "answer-invalid"),
    runs.QueueNotFound: (404, "queue-not-found"),
    runs.QueueExists: (409, "queue-exists"),
    runs.ReceiptInvalid: (400, "receipt-invalid"),
    runs.MessageNotHeld: (409, "message-not-held"),
    runs.ExecutionNotRunning: (409, "execution-not-running"),
    runs.ExecutionNotRetryable: (409, "execution-not-retryable"),
    runs.CannotStart: (400, "cannot-start"),
    runs.JobNotFound: (404, "job-not-found"),
    runs.JobNotRunning: (409, "job-not-running"),
    runs.JobNameInUse: (409, "job-name-in-use"),
    runs.TokenReused: (409, "token-reused"),
    runs.ObjectNotFound: (404, "object-not-found"),
    runs.ObjectNotText: (415, "object-not-text"),
    runs.UriInvalid: (400, "uri-invalid"),
    runs.ImageNotFound: (404, "image-not-found"),
    runs.ImageInvalid: (400, "image-invalid"),
    runs.PatternInUse: (409, "pattern-in-use"),
    runs.UploadTooLarge: (413, "upload-too-large"),
    runs.TableUnreadable: (422, "table-unreadable"),
    runs.DatasetNotFound: (404, "dataset-not-found"),
    runs.DatasetVersionNotFound: (404, "dataset-version-not-found"),
    runs.DatasetNameInUse: (409, "dataset-name-in-use"),
    runs.DatasetNameInvalid: (400, "dataset-name-invalid"),
    runs.UploadIncomplete: (400, "upload-incomplete"),
    runs.ScheduleNotFound: (404, "schedule-not-found"),
    runs.ScheduleNameInUse: (409, "schedule-name-in-use"),
    runs.ScheduleInvalid: (400, "schedule-invalid"),
    runs.UriMappingNotFound: (404, "uri-mapping-not-found"),
    runs.UriMappingInvalid: (400, "uri-mapping-invalid"),
    runs.SampleNotFound: (404, "sample-not-found"),
    runs.TemplateNotFound: (404, "template-not-found"),
    runs.PipelineNotEmpty: (409, "pipeline-not-empty"),
    runs.SampleNotInstalled: (409, "sample-not-installed"),
    BodyCut: (400, "body-cut"),
    runs.BucketNotFound: (404, "bucket-not-found"),
    runs.BucketTaken: (409, "bucket-taken"),
    runs.BucketExists: (409, "bucket-exists"),
    runs.BucketNotEmpty: (409, "bucket-not-empty"),
    runs.BucketKept: (409, "bucket-kept"),
    runs.KeyInvalid: (400, "key-invalid"),
    runs.ConditionFailed: (412, "condition-failed"),
    runs.UploadNotFound: (404, "upload-not-found"),
    runs.PartInvalid: (400, "part-invalid"),
    runs.PartsUnordered: (400, "parts-unordered"),
    runs.PartTooSmall: (400, "part-too-small"),
    StoreFull: (507, "store-full"),
    exceptions.ParseError: (400, "malformed-json"),
    exceptions.ValidationError: (400, "invalid"),
    exceptions.NotAuthenticated: (401, "not-authenticated"),
    exceptions.AuthenticationFailed: (401, "credentials-unknown"),
    exceptions.PermissionDenied: (403, "not-permitted"),
    exceptions.NotFound: (404, "not-found"),
    exceptions.MethodNotAllowed: (405, "method-not-allowed"),
    exceptions.NotAcceptable: (406, "not-acceptable"),
    exceptions.UnsupportedMediaType: (415, "unsupported-media-type"),
    PermissionDenied: (403, "not-permitted"),
    Http404: (404, "not-found"),
    RequestDataTooBig: (413, "body-too-large"),
    OperationalError: (503, "database-unavailable"),
    InterfaceError: (503, "database-unavailable"),
}
DETAILS = {
    "store-full": "The disk that keeps files is full. Nothing was changed; free some space and try again.",
    "database-unavailable": "The database cannot be reached right now. Nothing was changed; try again in a moment.",
    "not-found": "There is nothing at this address.",
}


def problem(status: int, code: str, detail: str, *, pointer: str | None = None, **members: Any) -> JsonResponse:
    """One problem document."""
    body = {
        "type": "about:blank",
        "status": status,
        "code": code,
        "detail": detail,
        "pointer": pointer,
        "request_id": request_id.get(),
        **members,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def problem_for(exception: BaseException) -> JsonResponse | None:
    """The document for an exception of the table; None for anything else, which is a bug of ours."""
    for kind in type(exception).__mro__:
        if kind in MAPPING:
            status, code = MAPPING[kind]
            break
    else:
        return None
    detail, pointer, members = _facts(exception, code)
    response = problem(status, code, detail, pointer=pointer, **members)
    if status == 503:
        response["Retry-After"] = "2"
    if isinstance(exception, accounts.TooManyAttempts):
        response["Retry-After"] = str(exception.facts["retry_after_seconds"])
    if isinstance(exception, exceptions.APIException) and (header := getattr(exception, "auth_header", None)):
        response["WWW-Authenticate"] = header
    return response


def exception_handler(exception: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """REST framework's hook. None re-raises, so that a bug is logged and answered by `server_error`."""
    return problem_for(exception)


def _facts(exception: BaseException, code: str) -> tuple[str, str | None, dict[str, Any]]:
    if isinstance(exception, accounts.Refused):
        return str(exception), exception.pointer, exception.members()
    if isinstance(exception, exceptions.ValidationError):
        found = list(_field_errors(exception.detail, ""))
        first = found[0] if found else {"pointer": "", "detail": "The request is not valid."}
        return first["detail"], first["pointer"], {"errors": found}
    if code in DETAILS:
        return DETAILS[code], None, {}
    if isinstance(exception, exceptions.APIException):
        return str(exception.detail), None, {}
    return str(exception) or "The request was refused.", None, {}


def _field_errors(detail: Any, pointer: str) -> Any:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from _field_errors(inner, pointer + step)
    elif isinstance(detail, list) and detail and all(isinstance(one, str) for one in detail):
        yield {"pointer": pointer, "detail": " ".join(str(one) for one in detail)}
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            yield from _field_errors(inner, f"{pointer}/{index}")
    else:
        yield {"pointer": pointer, "detail": str(detail)}


# --- Django's own error views ---
def _answer(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if request.path.startswith(("/api/", "/artifacts/", "/health/", "/metrics")):
        return problem(status, code, detail)
    return render(request, "message.html", {"title": detail, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, "bad-request", "The request cannot be read.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, "not-permitted", "This is not allowed.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, "not-found", DETAILS["not-found"])


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort. A database that went away outside a view ends here too."""
    known = problem_for(sys.exc_info()[1] or Exception())
    if known is not None:
        return known
    detail = f"Something went wrong on our side. The log names it by request {request_id.get()}."
    return _answer(request, 500, "internal-error", detail)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "csrf-failed", str(accounts.CsrfFailed(reason=reason)))
