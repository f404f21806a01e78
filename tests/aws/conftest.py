"""One live server for all AWS tests of a session; each test has its own people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.actors import Actor
from tests.aws.server import AwsServer


@pytest.fixture(scope="session")
def _aws_server(django_db_setup: None, django_db_blocker: Any) -> Iterator[AwsServer]:
    with django_db_blocker.unblock():
        server = AwsServer()
    yield server
    server.close()


@pytest.fixture
def aws(_aws_server: AwsServer, transactional_db: None) -> AwsServer:
    """The server, while what the test writes is committed for it to see."""
    return _aws_server


@pytest.fixture
def sagemaker(aws: AwsServer, member: Actor) -> Any:
    """boto3's client of an editor, with its own checks of parameters on."""
    return aws.client("sagemaker", member)
