"""What a call was refused with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def refused(code: str, said: str, status: int | None = None) -> Iterator[None]:
    """What is called inside must be refused with `code` and a message that holds `said`."""
    with pytest.raises(ClientError) as raised:
        yield
    response = raised.value.response
    assert response["Error"]["Code"] == code, response
    assert said in response["Error"]["Message"], response
    assert status in (None, response["ResponseMetadata"]["HTTPStatusCode"])
