"""The environment is typed, and a mistyped name is an error."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.files import key_from_file, private_folder, write_private
from config.databases import databases
from config.env import EnvironmentInvalid, read_environment, variables
from config.home import open_home
from config.hosts import allowed_hosts

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_set_gives_the_defaults() -> None:
    environment = read_environment({})
    assert (environment.host, environment.port, environment.region) == ("127.0.0.1", 8000, "us-east-1")
    assert environment.home.name == ".clary"
    assert (environment.runner, environment.sync, environment.database_url) == ("auto", "normal", None)


def test_an_empty_variable_counts_as_unset() -> None:
    assert read_environment({"CLARY_PORT": "", "CLARY_RUNNER": " "}).port == 8000


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("CLARY_PROT", "CLARY_PORT"),
        ("CLARY_DATABASE_URL", "DATABASE_URL"),
        ("CLARY_RUNER", "CLARY_RUNNER"),
        ("CLARY_ALLOWED_HOST", "CLARY_ALLOWED_HOSTS"),
    ],
)
def test_a_mistyped_name_suggests_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(EnvironmentInvalid, match=f"{name} is not a setting.*Did you mean {nearest}"):
        read_environment({name: "1"})


def test_a_name_that_resembles_nothing_lists_the_known_ones() -> None:
    with pytest.raises(EnvironmentInvalid, match="Known names: CLARY_HOME"):
        read_environment({"CLARY_XXXXXXXX": "1"})


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("CLARY_PORT", "eighty", "a port between"),
        ("CLARY_PORT", "0", "a port between"),
        ("CLARY_PORT", "70000", "a port between"),
        ("CLARY_RUNNER", "podman", "auto, process, sandbox, docker"),
        ("CLARY_SYNC", "fast", "normal, full"),
        ("CLARY_WORKERS", "0", "whole number"),
        ("CLARY_PUBLIC_URL", "clary.example.org", "an origin"),
        ("CLARY_PUBLIC_URL", "https://clary.example.org/path", "an origin"),
        ("CLARY_STORAGE_URL", "ftp://x", "a file:// URL with an absolute path"),
        ("CLARY_STORAGE_URL", "file://relative/blobs", "a file:// URL with an absolute path"),
        ("CLARY_STORAGE_URL", "s3://bucket/blobs", "this release keeps blobs in folders only"),
        ("CLARY_BROKER_URL", "http://x", "redis://"),
        ("DATABASE_URL", "mysql://x", "postgres://"),
    ],
)
def test_a_value_of_the_wrong_kind_says_what_was_expected_and_what_came(name: str, value: str, expected: str) -> None:
    with pytest.raises(EnvironmentInvalid) as wrong:
        read_environment({name: value})
    assert expected in str(wrong.value)
    assert value in str(wrong.value)


def test_every_variable_is_documented() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text()
    for name, description in variables().items():
        assert f"| `{name}` |" in page
        assert description in page


def test_names_of_other_programs_are_not_ours_to_judge() -> None:
    assert read_environment({"CLARYNET": "1", "PATH": "/bin"}).port == 8000


def test_a_wrong_environment_ends_a_command_with_one_sentence(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "CLARY_HOME": str(tmp_path), "CLARY_PROT": "1"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "clary: CLARY_PROT is not a setting of Clary. Did you mean CLARY_PORT?"


# --- hosts ---
def test_loopback_and_the_public_host_are_answered_and_nothing_else() -> None:
    environment = read_environment(
        {
            "CLARY_HOST": "0.0.0.0",
            "CLARY_PUBLIC_URL": "https://clary.example.org",
            "CLARY_ALLOWED_HOSTS": "inside, 10.1.2.3",
        }
    )
    assert allowed_hosts(environment) == [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "clary.example.org",
        "inside",
        "10.1.2.3",
    ]


def test_the_address_we_bind_is_answered() -> None:
    assert "192.168.1.4" in allowed_hosts(read_environment({"CLARY_HOST": "192.168.1.4"}))


# --- databases ---
def test_sqlite_queues_writers_instead_of_failing_them() -> None:
    options = databases(read_environment({"CLARY_SYNC": "full"}))["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]


def test_postgresql_gets_a_pool() -> None:
    made = databases(read_environment({"DATABASE_URL": "postgres://u:p@db:5433/clary"}))["default"]
    assert made["ENGINE"] == "config.postgresql"
    assert (made["HOST"], made["PORT"], made["NAME"]) == ("db", 5433, "clary")
    assert made["OPTIONS"]["pool"]["max_size"] == 8


# --- key files ---
def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    first = key_from_file(path)
    assert len(first) == 43
    assert key_from_file(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_of_two_first_starts_one_writes_the_key(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    assert write_private(path, b"one", replace=False)
    assert not write_private(path, b"two", replace=False)
    assert path.read_bytes() == b"one"
    assert [one.name for one in tmp_path.iterdir()] == ["secret.key"]


def test_the_home_folder_is_closed_to_others(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    assert stat.S_IMODE(private_folder(home).stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [b"", b"short", bytes(range(128, 192)), b"x" * 20 + b"\0" * 20])
def test_a_damaged_key_is_said_to_be_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(EnvironmentInvalid, match=r"secret\.key holds no key.*backup"):
        open_home(read_environment({"CLARY_HOME": str(tmp_path)}))


def test_a_key_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir()
    with pytest.raises(EnvironmentInvalid, match=r"secret\.key cannot be used: Is a directory"):
        open_home(read_environment({"CLARY_HOME": str(tmp_path)}))


@pytest.mark.parametrize("command", ["check", "up"])
def test_a_home_that_is_no_folder_ends_a_command_with_one_sentence(tmp_path: Path, command: str) -> None:
    (tmp_path / "file").touch()
    environment = {"PATH": os.environ["PATH"], "CLARY_HOME": str(tmp_path / "file" / "home")}
    done = subprocess.run(
        [sys.executable, "manage.py", command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("clary: CLARY_HOME is ")
    assert done.stderr.strip().endswith("Not a directory.")
    assert done.stderr.count("\n") == 1
