"""What a call was refused with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::123456789012:role/clary"


def refusal(call: Callable[..., Any], **members: Any) -> tuple[str, str]:
    """(code, message) of a call that must be refused with status 400."""
    with pytest.raises(ClientError) as refused:
        call(**members)
    response = refused.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400, response
    return response["Error"]["Code"], response["Error"]["Message"]
