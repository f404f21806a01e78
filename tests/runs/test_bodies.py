"""A body without bounds ends while it arrives."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from daphne.http_protocol import HTTPFactory
from twisted.internet.testing import StringTransport

from runs import bodies


class Channel:
    """What a request knows of its connection."""

    def __init__(self) -> None:
        self.factory = SimpleNamespace(server=SimpleNamespace(protocol_connected=lambda protocol: None))
        self.transport = StringTransport()
        self.closed = False

    def getPeer(self) -> None: ...

    def getHost(self) -> None: ...

    def loseConnection(self) -> None:
        self.closed = True

    @property
    def status(self) -> bytes:
        sent: bytes = self.transport.value()
        return sent.split(b"\r\n")[0]


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    monkeypatch.setattr(bodies, "LARGEST_BODY", 1000)
    return Channel()


def test_a_body_within_bounds_is_kept(channel: Channel) -> None:
    request = bodies.BoundedRequest(channel)
    request.gotLength(1000)
    request.handleContentChunk(b"x" * 1000)
    assert request.content.tell() == 1000
    assert not channel.closed
    request.content.close()


def test_a_length_out_of_bounds_is_answered_before_the_body_comes(channel: Channel) -> None:
    request = bodies.BoundedRequest(channel)
    request.gotLength(1001)
    assert channel.status == b"HTTP/1.1 413 Content Too Large"
    assert channel.closed
    request.handleContentChunk(b"x" * 1001)
    request.requestReceived(b"POST", b"/api/pipelines/", b"HTTP/1.1")
    assert request.content.tell() == 0
    assert channel.transport.value().count(b"HTTP/1.1") == 1


def test_chunks_are_counted(channel: Channel) -> None:
    request = bodies.BoundedRequest(channel)
    request.gotLength(None)
    for _ in range(3):
        request.handleContentChunk(b"x" * 300)
    assert not channel.closed
    for _ in range(3):
        request.handleContentChunk(b"x" * 300)
    assert channel.closed
    assert channel.transport.value().count(b"HTTP/1.1 413") == 1


def test_every_connection_of_a_bounded_server_reads_bounded_requests() -> None:
    factory = HTTPFactory(SimpleNamespace())
    bodies.use_requests(factory, bodies.BoundedRequest)
    assert factory.buildProtocol(None).requestFactory is bodies.BoundedRequest
