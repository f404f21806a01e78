"""The first start makes an owner and a credentials file, once."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import AccessKey, ApiToken, User, Workspace
from accounts.roles import Role
from accounts.selectors import actor_for_token, first_admin, signing_identity
from accounts.services.bootstrap import ensure_owner
from accounts.signing import SigningIdentity

URL = "http://127.0.0.1:8000"


@pytest.fixture
def home(tmp_path: Path, settings: pytest.FixtureRequest, db: None) -> Path:
    settings.CLARY_HOME = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def test_the_credentials_open_everything_they_name(home: Path) -> None:
    first = ensure_owner(url=URL)
    facts = json.loads((home / "credentials.json").read_text())
    assert first.created
    assert list(facts) == [
        "url",
        "username",
        "api_token",
        "aws_access_key_id",
        "aws_secret_access_key",
        "region",
    ]
    assert (facts["url"], facts["username"], facts["region"]) == (URL, "owner", "us-east-1")
    actor = actor_for_token(facts["api_token"])
    assert actor is not None
    assert actor.role is Role.ADMIN
    identity = signing_identity(facts["aws_access_key_id"])
    assert identity is not None
    assert identity == SigningIdentity(secret=facts["aws_secret_access_key"], actor=actor)


def test_the_file_is_for_its_owner_only(home: Path) -> None:
    ensure_owner(url=URL)
    assert stat.S_IMODE((home / "credentials.json").stat().st_mode) == 0o600


def test_the_workspace_owns_an_account_and_a_bucket(home: Path) -> None:
    workspace = ensure_owner(url=URL).workspace
    assert len(workspace.account_id) == 12
    assert workspace.account_id.isdecimal()
    assert workspace.default_bucket == f"clary-{workspace.account_id}"


def test_a_second_start_changes_nothing_but_the_url(home: Path) -> None:
    ensure_owner(url=URL)
    before = json.loads((home / "credentials.json").read_text())
    again = ensure_owner(url="http://127.0.0.1:9000")
    after = json.loads((home / "credentials.json").read_text())
    assert not again.created
    assert after == {**before, "url": "http://127.0.0.1:9000"}
    counts = [model.objects.count() for model in (User, Workspace, ApiToken, AccessKey)]
    assert counts == [1, 1, 1, 1]


def test_a_credentials_file_that_was_taken_away_stays_away(home: Path) -> None:
    ensure_owner(url=URL)
    (home / "credentials.json").unlink()
    ensure_owner(url=URL)
    assert not (home / "credentials.json").exists()


def test_without_its_file_there_is_no_owner_either(home: Path, settings: pytest.FixtureRequest) -> None:
    settings.CLARY_HOME = home / "missing"  # type: ignore[attr-defined]
    with pytest.raises(FileNotFoundError):
        ensure_owner(url=URL)
    assert first_admin() is None


def test_the_owner_has_no_password(home: Path) -> None:
    assert not ensure_owner(url=URL).owner.has_usable_password()


def test_the_secret_of_an_access_key_is_encrypted_under_a_file_outside_the_database(home: Path) -> None:
    ensure_owner(url=URL)
    facts = json.loads((home / "credentials.json").read_text())
    row = AccessKey.objects.get()
    assert facts["aws_secret_access_key"].encode() not in bytes(row.secret)
    assert len(facts["aws_access_key_id"]) == 20
    assert len(facts["aws_secret_access_key"]) == 40


def test_a_link_printed_later_leads_to_where_the_server_was_started(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ensure_owner(url="http://127.0.0.1:8777")
    call_command("login_link")
    assert capsys.readouterr().out.startswith("http://127.0.0.1:8777/?token=")
