"""The parts of `manage.py up` that need no Django."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from runs.listening import why_not
from runs.supervisor.broker import LONGEST_SOCKET_PATH, Broker, find_binary, socket_path
from runs.supervisor.lock import HomeInUse, HomeLock
from runs.supervisor.main import Settings, main
from runs.web import buffered_bytes, said_in_full

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_supervisor_loads_no_django() -> None:
    code = "import runs.supervisor.main, sys; print([name for name in sys.modules if name.startswith('django')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_second_lock_names_the_holder(tmp_path: Path) -> None:
    first, second = HomeLock(tmp_path), HomeLock(tmp_path)
    first.take(url="http://127.0.0.1:1/")
    with pytest.raises(HomeInUse, match=r"http://127\.0\.0\.1:1/"):
        second.take(url="http://127.0.0.1:2/")
    first.release()
    second.take(url="http://127.0.0.1:2/")
    second.release()


def test_a_long_home_still_gets_a_short_socket(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 60) / ("y" * 60)
    assert len(str(socket_path(long))) < LONGEST_SOCKET_PATH


def test_the_broker_starts_answers_and_replaces_a_forgotten_one(tmp_path: Path) -> None:
    path = socket_path(tmp_path / "run")
    first = Broker(find_binary(), path, tmp_path / "data", tmp_path / "log")
    second = Broker(find_binary(), path, tmp_path / "data", tmp_path / "log")
    try:
        first.start()
        second.start()  # as after a supervisor that was killed
        assert not second.has_died()
        assert first.pid != second.pid
    finally:
        first.stop()
        second.stop()


def test_bytes_a_slow_client_has_not_taken_are_counted() -> None:
    transport = SimpleNamespace(dataBuffer=b"12345", offset=2, _tempDataLen=10)
    assert buffered_bytes(SimpleNamespace(transport=transport)) == 13
    assert buffered_bytes(SimpleNamespace(transport=None)) == 0


def test_the_bound_on_messages_holds_for_those_that_arrive_only() -> None:
    from daphne.ws_protocol import WebSocketFactory
    from twisted.internet.testing import StringTransport

    factory = WebSocketFactory(None)
    factory.setProtocolOptions(maxMessagePayloadSize=10)
    factory.protocol = said_in_full(factory.protocol)
    protocol, transport = factory.buildProtocol(None), StringTransport()
    protocol.makeConnection(transport)
    protocol.state = protocol.STATE_OPEN
    protocol.sendMessage(b"a snapshot of many steps")
    assert transport.value().endswith(b"a snapshot of many steps")
    assert protocol.maxMessagePayloadSize == 10


@pytest.mark.parametrize(
    ("host", "says"),
    [("127.0.0.1", "is in use"), ("203.0.113.9", "no address of this machine"), ("no.such.host.invalid", "knows")],
)
def test_why_an_address_cannot_be_listened_on(host: str, says: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert says in (why_not(host, taken.getsockname()[1]) or "")


@pytest.mark.parametrize("words", [["--port", "0"], ["--port", "70000"], ["--workers", "-3"], ["--workers", "x"]])
def test_odd_options_are_refused_before_anything_starts(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    settings = Settings(home=home, host="127.0.0.1", port=1, workers=None, broker_url=None, manage=Path("manage.py"))
    with pytest.raises(SystemExit):
        main(words, settings)
    assert "is no whole number between 1 and" in capsys.readouterr().err
    assert not home.exists()
