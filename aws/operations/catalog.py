"""Every SageMaker operation that is answered, by its AWS name."""

from __future__ import annotations

from collections.abc import Mapping

from aws.json_service import JsonService
from aws.operations.call import Operation

OPERATIONS: Mapping[str, Operation] = {}

answer = JsonService("sagemaker", OPERATIONS).answer
