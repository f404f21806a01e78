"""`manage.py aws_env`: what a shell needs to use the SDKs, and the file they read."""

from __future__ import annotations

import json
import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.actors import Actor
from accounts.models import AccessKey
from accounts.selectors import signing_identity
from accounts.services.bootstrap import ensure_owner


@pytest.fixture
def home(tmp_path: Path, settings: pytest.FixtureRequest, db: None) -> Path:
    settings.CLARY_HOME = tmp_path  # type: ignore[attr-defined]  # pytest-django's settings
    return tmp_path


def printed(*arguments: str) -> dict[str, str]:
    out = StringIO()
    call_command("aws_env", *arguments, stdout=out, stderr=StringIO())
    lines = [shlex.split(line) for line in out.getvalue().splitlines() if line.startswith("export ")]
    return dict(line[1].split("=", 1) for line in lines)


def test_the_owner_gets_the_key_that_the_first_start_made(home: Path) -> None:
    ensure_owner(url="http://127.0.0.1:8123")
    known = json.loads((home / "credentials.json").read_text())

    variables = printed()

    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:8123/aws"
    assert variables["AWS_ACCESS_KEY_ID"] == known["aws_access_key_id"]
    assert variables["AWS_SECRET_ACCESS_KEY"] == known["aws_secret_access_key"]
    assert variables["SAGEMAKER_VALIDATE_ROLE"] == "false"
    assert AccessKey.objects.count() == 1


def test_the_file_the_sdk_reads_names_our_bucket_and_no_telemetry(home: Path) -> None:
    start = ensure_owner(url="http://127.0.0.1:8123")

    path = Path(printed()["SAGEMAKER_USER_CONFIG_OVERRIDE"])

    modules = json.loads(path.read_text())["SageMaker"]["PythonSDK"]["Modules"]
    assert modules["TelemetryOptOut"] is True
    assert modules["Session"]["DefaultS3Bucket"] == start.workspace.default_bucket
    assert path.stat().st_mode & 0o777 == 0o600


def test_another_user_gets_a_key_of_their_own(home: Path, member: Actor) -> None:
    variables = printed("miles")

    identity = signing_identity(variables["AWS_ACCESS_KEY_ID"])
    assert identity is not None
    assert identity.actor.username == "miles"
    assert identity.secret == variables["AWS_SECRET_ACCESS_KEY"]


def test_a_removed_key_is_replaced(home: Path) -> None:
    ensure_owner(url="http://127.0.0.1:8123")
    old = printed()["AWS_ACCESS_KEY_ID"]
    AccessKey.objects.all().delete()

    new = printed()["AWS_ACCESS_KEY_ID"]

    assert new != old
    assert signing_identity(new) is not None


def test_an_unknown_user_is_told_so(home: Path) -> None:
    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        printed("nobody")
    with pytest.raises(CommandError, match="makes the owner"):
        printed()
