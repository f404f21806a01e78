"""Names and ARNs of what an execution makes. No randomness: the same attempt has the same name on every machine."""

from __future__ import annotations

import hashlib
import re

from engine.execution.states import NOT_ITERATED

#: SageMaker's limit for job, model and endpoint names; pattern [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}.
JOB_NAME_LENGTH = 63
_SUFFIX_LENGTH = 10
_SUFFIX_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def job_name(
    pipeline: str,
    execution_id: str,
    step: str,
    *,
    attempt: int = 1,
    prefix: str | None = None,
    iteration: int = NOT_ITERATED,
) -> str:
    """`pipelines-<execution id>-<step>-<suffix>`, or `<prefix>-<suffix>` for an explicit job name.

    Unique per (pipeline, execution, step, iteration, attempt) and legal for SageMaker: at most 63 characters, letters,
    digits and single hyphens inside. A long step name or prefix is cut, the suffix never.
    """
    wanted = prefix if prefix and _legal(prefix) else f"pipelines-{execution_id}-{step}"
    stem = _legal(wanted)[: JOB_NAME_LENGTH - _SUFFIX_LENGTH - 1].rstrip("-")
    return f"{stem}-{_suffix(f'{pipeline}/{execution_id}/{step}/{iteration}/{attempt}')}"


def pipeline_arn(region: str, account_id: str, pipeline: str) -> str:
    return _arn(region, account_id, f"pipeline/{pipeline}")


def execution_arn(region: str, account_id: str, pipeline: str, execution_id: str) -> str:
    return _arn(region, account_id, f"pipeline/{pipeline}/execution/{execution_id}")


def job_arn(region: str, account_id: str, kind: str, name: str) -> str:
    """The ARN of a job. `kind` as in `JobSpec.kind`: Processing, Training, Transform, HyperParameterTuning."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower()
    return _arn(region, account_id, f"{words}-job/{name}")


def model_arn(region: str, account_id: str, name: str) -> str:
    return _arn(region, account_id, f"model/{name}")


def model_package_group_arn(region: str, account_id: str, group: str) -> str:
    return _arn(region, account_id, f"model-package-group/{group}")


def model_package_arn(region: str, account_id: str, group: str, version: int) -> str:
    return _arn(region, account_id, f"model-package/{group}/{version}")


def _arn(region: str, account_id: str, resource: str) -> str:
    return f"arn:aws:sagemaker:{region}:{account_id}:{resource}"


def _legal(text: str) -> str:
    return re.sub(r"[^a-zA-Z0-9]+", "-", text).strip("-")


def _suffix(seed: str) -> str:
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    letters = []
    for _ in range(_SUFFIX_LENGTH):
        number, index = divmod(number, len(_SUFFIX_ALPHABET))
        letters.append(_SUFFIX_ALPHABET[index])
    return "".join(letters)
