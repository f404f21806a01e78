"""What the supervisor does when something it keeps running dies, or cannot even be started."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from runs.listening import Door, url_of
from runs.supervisor import main as supervising
from runs.supervisor.broker import NoBroker
from runs.supervisor.main import Settings, Supervisor, main
from runs.supervisor.parts import NurseryDied
from runs.supervisor.pauses import LONGEST_PAUSE, Pauses


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("time.monotonic", lambda: self.now)
        monkeypatch.setattr("time.sleep", self.pass_by)

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


class BrokenBroker:
    """Cannot be started `failures` times."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.starts: list[float] = []
        self.dead = True

    def has_died(self) -> bool:
        return self.dead

    def start(self) -> None:
        self.starts.append(supervising.time.monotonic())
        if len(self.starts) <= self.failures:
            raise NoBroker("The embedded broker does not start.")
        self.dead = False

    def stop(self) -> None: ...


class FakeNursery:
    dying = True

    def __init__(self, *_: Any) -> None:
        self.told: list[Any] = []

    def tell(self, **message: Any) -> None:
        self.told.append(message)
        if self.dying:
            raise NurseryDied

    def listen(self, seconds: float) -> list[Any]:
        supervising.time.sleep(seconds)
        return []

    def close(self, seconds: float = 0) -> None: ...


class FakeDoor:
    number = 0

    def open(self) -> None: ...


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def settings(home: Path, port: int = 1) -> Settings:
    return Settings(
        home=home, host="127.0.0.1", port=port, workers=None, broker_url="redis://x", manage=Path("manage.py")
    )


def supervisor(home: Path) -> Supervisor:
    made = Supervisor(settings(home), {})
    FakeNursery.dying = False
    made._nursery = FakeNursery()  # type: ignore[assignment]
    made._door = FakeDoor()  # type: ignore[assignment]
    return made


def watch(made: Supervisor, times: int) -> None:
    for _ in range(times):
        try:
            made._watch_parts()
        except NurseryDied as gone:
            made._lost_nursery(gone)
        made._watch_broker()


def test_a_broker_that_cannot_be_started_is_tried_again_ever_further_apart(
    tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    made, broker = supervisor(tmp_path), BrokenBroker(failures=8)
    made._broker = broker  # type: ignore[assignment]
    watch(made, 200)
    apart = [later - sooner for sooner, later in zip(broker.starts, broker.starts[1:], strict=False)]
    assert len(broker.starts) == 9
    assert apart == sorted(apart)
    assert LONGEST_PAUSE <= apart[-1] <= LONGEST_PAUSE + 1
    assert not broker.has_died()
    assert "the embedded broker runs again" in capsys.readouterr().err


def test_a_nursery_that_keeps_dying_is_not_started_in_a_tight_loop(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = supervisor(tmp_path)
    opened: list[float] = []

    class Dying(FakeNursery):
        dying = True

        def __init__(self, *_: Any) -> None:
            opened.append(clock.now)
            super().__init__()

    monkeypatch.setattr(supervising, "Nursery", Dying)
    made._lost_nursery(NurseryDied())
    began = clock.now
    while clock.now - began < 60:
        watch(made, 1)
    assert 12 <= len(opened) <= 20
    Dying.dying = False
    watch(made, 60)
    assert made._nursery is not None
    assert [message for message in made._nursery.told if "start" in message]  # type: ignore[attr-defined]


def test_calm_makes_the_next_pause_short_again(clock: Clock) -> None:
    pauses = Pauses()
    for _ in range(10):
        pauses.started()
        assert pauses.ended() <= LONGEST_PAUSE
    assert pauses.pause == LONGEST_PAUSE
    pauses.started()
    clock.pass_by(11)
    assert pauses.ended() < 1


def test_a_port_in_use_is_one_sentence_that_names_who_has_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code = main(["--port", str(port)], settings(tmp_path / "home"))
    said = capsys.readouterr().err
    assert code == 1
    assert len(said.splitlines()) == 1
    assert f"Port {port} on 127.0.0.1 is in use by" in said
    assert f"(process {os.getpid()})" in said
    assert "--port" in said


def test_an_address_with_colons_is_opened_in_brackets() -> None:
    assert (url_of("::1", 8000), url_of("127.0.0.1", 80)) == ("http://[::1]:8000", "http://127.0.0.1:80")


def test_a_name_is_an_address_of_the_old_kind() -> None:
    door = Door("localhost", 0)
    with socket.socket(fileno=os.dup(door.number)) as shared:
        assert shared.getsockname()[0] == "127.0.0.1"
    door.close()


def test_who_comes_while_nobody_serves_waits_until_the_door_is_shut() -> None:
    door = Door("127.0.0.1", 0)
    with socket.socket(fileno=os.dup(door.number)) as shared:
        place = shared.getsockname()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(place, timeout=5)
        door.open()
        with socket.create_connection(place, timeout=5) as waiting:
            waiting.sendall(b"hello")
            taken, _ = shared.accept()
            with taken:
                taken.settimeout(5)
                assert taken.recv(5) == b"hello"
        door.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(place, timeout=5)
