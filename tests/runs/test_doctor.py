"""`manage.py doctor`: one line per check, one fix per failure, exit code 1 when something is wrong."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.core.management import call_command
from django.db import DatabaseError

from runs import doctor
from runs.doctor import CHECKS, Finding
from runs.runners.catalog import Choice, RunnerRefused
from runs.supervisor.broker import Broker, find_binary, socket_path

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def broker_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    broker = Broker(find_binary(), socket_path(tmp_path / "run"), tmp_path / "data", tmp_path / "log")
    broker.start()
    yield broker.url
    broker.stop()


def use(monkeypatch: pytest.MonkeyPatch, **facts: Any) -> None:
    environment = SimpleNamespace(**{**vars(doctor.settings.ENVIRONMENT), **facts})
    monkeypatch.setattr(doctor.settings, "ENVIRONMENT", environment)


def raises(error: Exception) -> Any:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


def test_every_promised_thing_is_checked() -> None:
    assert set(CHECKS) == {"migrations", "clock", "broker", "store", "disk", "sandbox"}


def test_all_well_is_exit_code_0(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runs.management.commands.doctor.CHECKS", {"disk": lambda: Finding(well=True, text="enough")})
    out = StringIO()
    call_command("doctor", stdout=out)
    assert out.getvalue() == "ok   disk        enough\n"


def test_a_failure_is_exit_code_1_with_its_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Finding(well=False, text="full", fix="Free some space.")
    monkeypatch.setattr("runs.management.commands.doctor.CHECKS", {"disk": lambda: broken})
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out)
    assert ended.value.code == 1
    assert out.getvalue() == "FAIL disk        full\n     fix: Free some space.\n"


def test_database_and_clock_are_well_here(db: None) -> None:
    assert doctor.database().well
    assert doctor.clock().well
    assert doctor.store().well


def test_missing_tables_and_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "needs_migration", lambda: True)
    assert doctor.database().fix == "python manage.py migrate"
    monkeypatch.setattr(doctor, "needs_migration", raises(DatabaseError("gone")))
    assert doctor.database() == Finding(
        well=False, text="The database cannot be reached: gone", fix="Check DATABASE_URL."
    )


def test_clocks_that_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "database_now", lambda: datetime.now(UTC) - timedelta(seconds=90))
    found = doctor.clock()
    assert not found.well
    assert "90 s apart" in found.text
    assert "NTP" in found.fix


def test_a_broker_that_answers_and_one_that_does_not(
    monkeypatch: pytest.MonkeyPatch, broker_url: str, tmp_path: Path
) -> None:
    use(monkeypatch, broker_url=broker_url)
    assert doctor.broker().well
    use(monkeypatch, broker_url=f"redis+socket://{tmp_path}/nobody.sock")
    found = doctor.broker()
    assert not found.well
    assert "CLARY_BROKER_URL" in found.fix
    use(monkeypatch, broker_url="amqp://rabbit")
    assert "poll" in doctor.broker().text


def test_a_store_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "blob_store", raises(OSError("read-only")))
    found = doctor.store()
    assert not found.well
    assert "read-only" in found.text


def test_a_disk_that_is_nearly_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: Usage(100 * 2**30, 99 * 2**30, 2**30))
    found = doctor.disk()
    assert not found.well
    assert found.text.startswith("1.0 GiB free (1%)")


@pytest.mark.parametrize(("wanted", "well"), [("auto", False), ("process", True)])
def test_no_isolation_is_a_failure_unless_it_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, wanted: str, well: bool
) -> None:
    use(monkeypatch, runner=wanted)
    choice = Choice(kind="process", reason="Trusted code only.", trusted_only=True)
    runner = SimpleNamespace(close=lambda: None)
    monkeypatch.setattr(doctor.catalog, "choose", lambda *_, **__: (runner, choice))
    found = doctor.sandbox()
    assert found.well is well
    assert "bubblewrap" in found.fix


def test_no_runner_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.catalog, "choose", raises(RunnerRefused("No runner can be used.")))
    assert doctor.sandbox().text == "No runner can be used."


def test_a_redis_error_of_any_kind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, broker_url="redis://127.0.0.1:1/0")
    monkeypatch.setattr(redis.Redis, "ping", raises(redis.TimeoutError("slow")))
    assert "slow" in doctor.broker().text
