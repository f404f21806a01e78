"""What the endpoint hands to a service, and what it gets back: one verified request, one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.actors import Actor


@dataclass(frozen=True, kw_only=True)
class AwsRequest:
    """A request whose signature was verified. Header names are lower case; `body` is what was signed."""

    actor: Actor
    service: str  # from the credential scope: sagemaker, sts, iam, scheduler, logs
    region: str
    method: str
    path: str  # below the endpoint's prefix, beginning with "/"
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    request_id: str = ""


@dataclass(frozen=True, kw_only=True)
class AwsAnswer:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
