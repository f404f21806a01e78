"""A body the application takes while it arrives: in order, with the client waiting, ended by whoever goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from daphne.http_protocol import HTTPFactory
from twisted.internet.testing import StringTransport

from config.bodies import BodyCut, BodyFile, streamed
from runs import streaming
from runs.bodies import use_requests
from runs.streaming import Body, StreamedRequest
from runs.web import BODY

UPLOAD = b"POST /upload HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n"


class Server:
    """What daphne's server is to a request: it begins applications and forgets connections."""

    proxy_forwarded_address_header = None
    proxy_forwarded_port_header = None
    proxy_forwarded_proto_header = None
    root_path = ""
    server_name = "test"
    request_buffer_size = 8192

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []
        self.protocols: list[Any] = []

    def streamed(self, method: str, path: str, headers: Mapping[str, str]) -> int | None:
        return 1000 if path == "/upload" else None

    def protocol_connected(self, protocol: Any) -> None:
        self.protocols.append(protocol)

    def protocol_disconnected(self, protocol: Any) -> None: ...

    def log_action(self, *what: Any) -> None: ...

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        self.scopes.append(scope)
        return None if protocol.body is not None else asyncio.Queue()


class Connection:
    def __init__(self) -> None:
        self.server = Server()
        factory = HTTPFactory(self.server)
        use_requests(factory, StreamedRequest)
        self.transport = StringTransport()
        self.protocol = factory.buildProtocol(None)
        self.protocol.makeConnection(self.transport)

    def send(self, data: bytes) -> None:
        self.protocol.dataReceived(data)

    def answer(self, status: int = 200) -> None:
        request = self.server.protocols[-1]
        request.handle_reply({"type": "http.response.start", "status": status, "headers": [(b"Content-Length", b"2")]})
        request.handle_reply({"type": "http.response.body", "body": b"ok"})

    @property
    def body(self) -> Body:
        body: Body = self.server.protocols[-1].body
        return body


@pytest.fixture
def connection() -> Iterator[Connection]:
    made = Connection()
    yield made
    made.protocol.connectionLost(None)


def test_the_application_begins_before_the_body_has_come(connection: Connection) -> None:
    connection.send(UPLOAD % 6 + b"abc")
    assert connection.server.scopes[0]["path"] == "/upload"
    assert asyncio.run(connection.body.receive()) == {"type": "http.request", "body": b"abc", "more_body": True}
    connection.send(b"d")
    connection.send(b"ef")
    assert asyncio.run(connection.body.receive()) == {"type": "http.request", "body": b"def", "more_body": False}


def test_other_requests_are_read_first(connection: Connection) -> None:
    connection.send(b"POST /other HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\na")
    assert connection.server.scopes == []
    connection.send(b"b")
    assert connection.server.scopes[0]["path"] == "/other"


def test_an_empty_body_ends_at_once(connection: Connection) -> None:
    connection.send(UPLOAD % 0)
    assert asyncio.run(connection.body.receive()) == {"type": "http.request", "body": b"", "more_body": False}


def test_two_uploads_follow_each_other_on_one_connection(connection: Connection) -> None:
    connection.send(UPLOAD % 1 + b"a")
    connection.answer()
    connection.send(UPLOAD % 1 + b"b")
    assert asyncio.run(connection.body.receive())["body"] == b"b"
    connection.answer()
    assert connection.transport.value().count(b"HTTP/1.1 200") == 2
    assert not connection.transport.disconnecting


def test_the_client_waits_for_an_application_that_is_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "BEHIND", 10)
    transport = StringTransport()
    body = Body(transport)
    body.feed(b"x" * 9)
    assert transport.producerState == "producing"
    body.feed(b"x")
    assert transport.producerState == "paused"
    assert asyncio.run(body.receive())["body"] == b"x" * 10
    assert transport.producerState == "producing"


def test_a_client_that_goes_away_ends_the_body(connection: Connection) -> None:
    connection.send(UPLOAD % 10 + b"abc")
    connection.protocol.connectionLost(None)
    assert asyncio.run(connection.body.receive()) == {"type": "http.disconnect"}


def test_more_than_the_limit_is_refused_by_its_length(connection: Connection) -> None:
    connection.send(UPLOAD % 1001)
    assert connection.transport.value().startswith(b"HTTP/1.1 413")
    assert connection.server.scopes == []


def test_an_answer_before_the_end_is_seen_and_the_rest_is_read_away(connection: Connection) -> None:
    connection.send(UPLOAD % 10 + b"abc")
    connection.answer(403)
    assert connection.transport.value().endswith(b"ok")
    assert not connection.transport.disconnecting
    connection.send(b"defghij")
    assert connection.transport.disconnecting
    assert asyncio.run(connection.body.receive())["body"] == b""


def test_silence_counts_towards_the_time_limit_and_length_does_not(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    connection.send(UPLOAD % 10)
    now[0] += 50
    connection.send(b"a")
    now[0] += 20
    assert connection.server.protocols[-1].duration() == 20


ASKS = b"POST /upload HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"


def test_a_client_that_asks_first_waits_for_the_application_to_read(connection: Connection) -> None:
    connection.send(ASKS)
    assert (b"expect", b"100-continue") in connection.server.scopes[0]["headers"]
    assert connection.transport.value() == b""

    async def read() -> Any:
        reading = asyncio.ensure_future(connection.body.receive())
        await asyncio.sleep(0)
        assert connection.transport.value() == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.send(b"abc")
        return await reading

    assert asyncio.run(read())["body"] == b"abc"
    connection.answer()
    assert connection.transport.value().count(b"100 Continue") == 1


def test_a_client_that_asked_first_and_sends_anyway_is_not_told_to(connection: Connection) -> None:
    connection.send(ASKS + b"abc")
    assert asyncio.run(connection.body.receive())["body"] == b"abc"
    assert connection.transport.value() == b""


def test_a_refusal_goes_out_before_the_body_was_asked_for(connection: Connection) -> None:
    connection.send(ASKS)
    connection.answer(403)
    assert connection.transport.value().startswith(b"HTTP/1.1 403")


def test_an_application_waits_for_a_client_that_reads_slowly(connection: Connection) -> None:
    connection.send(UPLOAD % 0)
    request = connection.server.protocols[-1]

    async def write() -> list[bool]:
        outcomes = [await request.drained()]
        connection.transport.producer.pauseProducing()  # what a transport does whose buffer is full
        waiting = asyncio.ensure_future(request.drained())
        await asyncio.sleep(0)
        assert not waiting.done()
        connection.transport.producer.resumeProducing()
        return [*outcomes, await waiting]

    assert asyncio.run(write()) == [True, True]


def test_an_application_does_not_wait_for_a_client_that_is_gone(connection: Connection) -> None:
    connection.send(UPLOAD % 0)
    request = connection.server.protocols[-1]

    async def write() -> bool:
        connection.transport.producer.pauseProducing()
        waiting = asyncio.ensure_future(request.drained())
        await asyncio.sleep(0)
        connection.protocol.connectionLost(None)
        gone: bool = await waiting
        return gone

    assert asyncio.run(write()) is False


def test_a_long_answer_is_not_cut_at_the_time_limit(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    connection.send(UPLOAD % 0)
    request = connection.server.protocols[-1]
    request.handle_reply({"type": "http.response.start", "status": 200, "headers": []})
    now[0] += 50
    request.handle_reply({"type": "http.response.body", "body": b"a", "more_body": True})
    now[0] += 20
    assert request.duration() == 20


def test_names_of_metadata_stay_in_lower_case(connection: Connection) -> None:
    connection.send(UPLOAD % 0)
    request = connection.server.protocols[-1]
    headers = [(b"x-amz-meta-two-words", b"1"), (b"content-length", b"0")]
    request.handle_reply({"type": "http.response.start", "status": 200, "headers": headers})
    request.handle_reply({"type": "http.response.body", "body": b""})
    assert b"\r\nx-amz-meta-two-words: 1\r\n" in connection.transport.value()
    assert b"\r\nContent-Length: 0\r\n" in connection.transport.value()


def test_a_view_reads_the_body_as_a_file() -> None:
    async def read() -> list[bytes]:
        body = Body(StringTransport())
        file = BodyFile(body.receive)
        reading = asyncio.get_running_loop().run_in_executor(None, lambda: [file.read(4), file.read(4), file.read()])
        for part in (b"ab", b"cdef", b"ghi"):
            body.feed(part)
            await asyncio.sleep(0)
        body.end()
        return await reading

    parts = asyncio.run(read())
    assert b"".join(parts) == b"abcdefghi"
    assert max(map(len, parts[:2])) <= 4


def test_a_view_learns_that_the_client_is_gone() -> None:
    async def read() -> bytes:
        body = Body(StringTransport())
        file = BodyFile(body.receive)
        reading = asyncio.get_running_loop().run_in_executor(None, file.read, 10)
        body.put_nowait({"type": "http.disconnect"})
        return await reading

    with pytest.raises(BodyCut):
        asyncio.run(read())


@pytest.mark.parametrize(
    ("method", "path", "is_streamed"),
    [
        ("POST", "/api/pipelines/abcdefghijkl/files/a.csv/", True),
        ("POST", "/api/datasets/files/a table.csv/", True),
        ("GET", "/api/datasets/files/a.csv/", False),
        ("POST", "/api/pipelines/abcdefghijkl/code/", False),
        ("POST", "/api/datasets/files/a/b.csv/", False),
        ("POST", "/aws", True),
        ("GET", "/aws/bucket/key", True),
        ("PUT", "/awsome", False),
    ],
)
def test_uploads_of_files_are_streamed(method: str, path: str, is_streamed: bool) -> None:
    assert (streamed(method, path, {}) is not None) is is_streamed


def test_the_scope_carries_the_body_to_the_application() -> None:
    body = Body(StringTransport())
    seen: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(receive)

    asyncio.run(streaming.hand_over(application)({BODY: body}, None, None))  # type: ignore[arg-type]
    assert seen == [body.receive]
