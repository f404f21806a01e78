"""The socket endpoints against the real consumers and hub, without a broker: everything is found by polling."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.db import connections

from accounts.services.tokens import create_token
from config.asgi import application
from editor.services.pipelines import create_pipeline, delete_pipeline
from editor.services.versions import put_version
from engine.execution.events import StepProgress
from runs import dispatch, hints
from runs.models import Execution
from runs.services.transition import transition
from runs.sockets import hub as hubs
from runs.stores import blob_store
from tests.people import found
from tests.runs.definitions import chain
from tests.runs.obedient import ObedientRunner
from tests.runs.workers import Bench

pytestmark = pytest.mark.django_db(transaction=True)


class Setting:
    def __init__(self) -> None:
        self.owner = found("lab", "olive")
        self.bench = Bench(self.owner, ObedientRunner(), blob_store())
        self.token = create_token(actor=self.owner, name="test")[1]
        self.stranger_token = create_token(actor=found("elsewhere", "sven"), name="test")[1]


@pytest.fixture
def setting(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Setting:
    made = Setting()
    monkeypatch.setattr(dispatch, "_ringer", made.bench.rung.extend)
    return made


def in_loop(test: Callable[[], Awaitable[None]]) -> None:
    """Runs a test in a loop of its own and ends what its hub left running."""

    async def run() -> None:
        try:
            await asyncio.wait_for(test(), 20)
        finally:
            hub = hubs.hub()
            await hub.close()
            await close_connections()

    asyncio.run(run())


async def close_connections() -> None:
    """In every thread that reads for sockets: each waits until all of them are there."""
    threads = hubs.reading._threads
    together = threading.Barrier(threads._max_workers)

    def close() -> None:
        together.wait(5)
        connections.close_all()

    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(threads, close) for _ in range(threads._max_workers)))


@asynccontextmanager
async def opened(path: str, token: str, *, subprotocol: bool = False) -> AsyncIterator[WebsocketCommunicator]:
    headers = [(b"host", b"127.0.0.1:8000")]
    protocols = ["clary.v1", f"bearer.{token}"] if subprotocol else None
    if not subprotocol:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    socket = WebsocketCommunicator(application, path, headers=headers, subprotocols=protocols)
    connected, chosen = await socket.connect()
    assert connected
    assert chosen == ("clary.v1" if subprotocol else None)
    try:
        yield socket
    finally:
        await socket.disconnect()


async def frame(socket: WebsocketCommunicator, kind: str) -> Any:
    """The next frame of this kind."""
    while True:
        message = json.loads(await socket.receive_from(timeout=5))
        if message["type"] == kind:
            return message


async def collect(socket: WebsocketCommunicator, until: int) -> list[int]:
    sequences: list[int] = []
    while not sequences or sequences[-1] < until:
        sequences += [event["sequence"] for event in (await frame(socket, "events"))["events"]]
    return sequences


def in_thread(work: Callable[..., Any], *arguments: Any) -> Any:
    def run() -> Any:
        try:
            return work(*arguments)
        finally:
            connections.close_all()

    return asyncio.get_running_loop().run_in_executor(None, run)


def test_a_watcher_gets_a_snapshot_and_then_every_event_once_in_order(setting: Setting) -> None:
    execution = setting.bench.start(chain(3))

    async def watch() -> None:
        async with opened(f"/ws/executions/{execution.pk}/", setting.token) as socket:
            snapshot = await frame(socket, "snapshot")
            assert [step["name"] for step in snapshot["steps"]] == ["S0", "S1", "S2"]
            await in_thread(setting.bench.answer)
            last = await in_thread(lambda: Execution.objects.get().last_sequence)
            sequences = await collect(socket, last)
            assert sequences == list(range(snapshot["sequence"] + 1, last + 1))

    in_loop(watch)


def test_since_gives_what_was_missed_and_nothing_twice(setting: Setting) -> None:
    execution = setting.bench.run(chain(2))

    async def watch() -> None:
        path = f"/ws/executions/{execution.pk}/?since=4"
        async with opened(path, setting.token, subprotocol=True) as socket:
            sequences = await collect(socket, execution.last_sequence)
            assert sequences == list(range(5, execution.last_sequence + 1))

    in_loop(watch)


def test_a_since_from_the_future_gets_a_snapshot(setting: Setting) -> None:
    execution = setting.bench.run(chain(1))

    async def watch() -> None:
        async with opened(f"/ws/executions/{execution.pk}/?since=999999", setting.token) as socket:
            assert (await frame(socket, "snapshot"))["sequence"] == execution.last_sequence

    in_loop(watch)


def test_a_watched_log_comes_whole(setting: Setting) -> None:
    execution = setting.bench.run(chain(1))

    async def watch() -> None:
        async with opened(f"/ws/executions/{execution.pk}/", setting.token) as socket:
            await socket.send_to(json.dumps({"type": "watch_log", "step": "S0", "attempt": 1, "offset": 3}))
            found = await frame(socket, "log")
            assert (found["step"], found["attempt"], found["offset"], found["text"]) == ("S0", 1, 3, "runs\n")

    in_loop(watch)


def test_nonsense_from_a_client_is_ignored(setting: Setting) -> None:
    execution = setting.bench.run(chain(1))

    async def watch() -> None:
        async with opened(f"/ws/executions/{execution.pk}/", setting.token) as socket:
            await frame(socket, "snapshot")
            for text in ("[", "[1]", '{"type":"watch_log"}', '{"type":"watch_log","step":"S9","offset":"x"}'):
                await socket.send_to(text)
            for odd in (
                {"step": "\ud800"},
                {"step": "S\0"},
                {"attempt": 10**30},
                {"offset": 10**30},
                {"iteration": -(2**70)},
            ):
                await socket.send_to(json.dumps({"type": "watch_log", "step": "S0", "offset": 0, **odd}))
            await socket.send_to(json.dumps({"type": "watch_log", "step": "S0", "offset": 0}))
            assert (await frame(socket, "log"))["text"] == "S0 runs\n"

    in_loop(watch)


@pytest.mark.parametrize("browser", [True, False])
@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_nobody_and_strangers_see_nothing(setting: Setting, who: str, browser: bool) -> None:
    """A browser hears the code only from a socket that was accepted by the protocol it offered."""
    execution = setting.bench.run(chain(1))
    token = "wrong" if who == "nobody" else setting.stranger_token

    async def watch() -> None:
        async with opened(f"/ws/executions/{execution.pk}/", token, subprotocol=browser) as socket:
            closed = await socket.receive_output(timeout=5)
            assert closed == {"type": "websocket.close", "code": 4401 if who == "nobody" else 4404}

    in_loop(watch)


def test_a_slow_client_gets_a_new_snapshot_instead_of_a_backlog(setting: Setting) -> None:
    execution = setting.bench.start(chain(2))
    waiting = {"bytes": 0}

    async def watch() -> None:
        async def measured(scope: Any, receive: Any, send: Any) -> None:
            await application({**scope, "clary.buffered_bytes": lambda: waiting["bytes"]}, receive, send)

        headers = [(b"host", b"127.0.0.1:8000"), (b"authorization", f"Bearer {setting.token}".encode())]
        socket = WebsocketCommunicator(measured, f"/ws/executions/{execution.pk}/", headers=headers)
        await socket.connect()
        first = await frame(socket, "snapshot")
        waiting["bytes"] = 2 * 1024 * 1024
        await in_thread(setting.bench.answer)
        await asyncio.sleep(1.5)  # polled meanwhile
        waiting["bytes"] = 0
        second = await frame(socket, "snapshot")
        assert second["sequence"] > first["sequence"]
        assert second["execution"]["status"] == "Succeeded"
        await socket.disconnect()

    in_loop(watch)


def test_hints_bring_events_at_once_and_the_next_in_batches(setting: Setting) -> None:
    execution = setting.bench.start(chain(1))

    def progress(value: int) -> None:
        with transition(execution.pk) as unit:
            unit.note(StepProgress(step="S0", attempt=1, metric="auc", value=value))

    async def watch() -> None:
        async with opened(f"/ws/executions/{execution.pk}/", setting.token) as socket:
            await frame(socket, "snapshot")
            for value in range(20):
                await in_thread(progress, value)
                hub_hint = hints.ExecutionHint(
                    execution=execution.pk, workspace=setting.owner.workspace.pk, sequence=3 + value
                )
                hubs.hub().told(hub_hint)
            frames = 0
            seen = 0
            while seen < 20:
                seen += len((await frame(socket, "events"))["events"])
                frames += 1
            assert frames < 20

    in_loop(watch)


def test_the_feed_sends_rows_that_changed(setting: Setting) -> None:
    async def watch() -> None:
        async with opened("/ws/feed/", setting.token) as socket:
            assert (await frame(socket, "rows"))["executions"] == []
            execution = await in_thread(setting.bench.run, chain(1))
            rows: dict[str, Any] = {}
            while rows.get("status") != "Succeeded":
                found_rows = (await frame(socket, "rows"))["executions"]
                rows = next((row for row in found_rows if row["id"] == execution.pk), rows)

    in_loop(watch)


def test_the_feed_tells_at_once_of_a_version_the_api_brought(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[hints.Hint] = []
    monkeypatch.setattr(hints, "_mouth", hints.Mouth(said.extend))
    monkeypatch.setattr(hubs, "POLL_SECONDS", 60)
    owner = setting.owner
    pipeline = create_pipeline(actor=owner, name="told")

    async def watch() -> None:
        async with opened("/ws/feed/", setting.token) as socket:
            await frame(socket, "rows")
            put = partial(put_version, actor=owner, pipeline_id=pipeline.pk, definition='{"Steps": []}')
            await in_thread(put)
            assert said == [hints.PipelineHint(workspace=owner.workspace.pk)]
            hint = hints.decode(hints.encode(said[0]))
            assert hint == said[0]
            hubs.hub().told(hint)
            [row] = (await frame(socket, "rows"))["pipelines"]
            assert (row["id"], row["latest_version"], row["arrived_version"]) == (pipeline.pk, 1, None)
            assert row["deleted"] is False

    in_loop(watch)


def test_the_feed_tells_at_once_of_a_pipeline_that_is_gone(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[hints.Hint] = []
    monkeypatch.setattr(hints, "_mouth", hints.Mouth(said.extend))
    monkeypatch.setattr(hubs, "POLL_SECONDS", 60)
    owner = setting.owner
    pipeline = create_pipeline(actor=owner, name="gone")

    async def watch() -> None:
        async with opened("/ws/feed/", setting.token) as socket:
            cursor = (await frame(socket, "rows"))["cursor"]
            await in_thread(partial(delete_pipeline, actor=owner, pipeline_id=pipeline.pk))
            assert said == [hints.PipelineHint(workspace=owner.workspace.pk)]
            hubs.hub().told(said[0])
            [row] = (await frame(socket, "rows"))["pipelines"]
            assert (row["id"], row["deleted"]) == (pipeline.pk, True)
        async with opened(f"/ws/feed/?cursor={cursor}", setting.token) as socket:
            [row] = (await frame(socket, "rows"))["pipelines"]
            assert (row["id"], row["deleted"]) == (pipeline.pk, True)

    in_loop(watch)


def test_a_feed_cursor_brings_ten_seconds_of_overlap(setting: Setting) -> None:
    execution = setting.bench.run(chain(1))

    async def watch() -> None:
        async with opened("/ws/feed/", setting.token) as socket:
            cursor = (await frame(socket, "rows"))["cursor"]
        async with opened(f"/ws/feed/?cursor={cursor}", setting.token) as socket:
            again = await frame(socket, "rows")
            assert [row["id"] for row in again["executions"]] == [execution.pk]
            assert [row["name"] for row in again["pipelines"]] == [execution.pipeline_name]

    in_loop(watch)


def test_a_foreign_page_is_refused_before_anything_is_read(setting: Setting) -> None:
    async def watch() -> None:
        headers = [(b"host", b"127.0.0.1:8000"), (b"origin", b"http://evil.test")]
        socket = WebsocketCommunicator(application, "/ws/feed/", headers=headers)
        connected, _ = await socket.connect()
        assert not connected

    in_loop(watch)


@pytest.mark.parametrize("path", ["/ws/", "/ws/executions/../", "/ws/executions/%2e%2e/", "/ws/feed", "/elsewhere"])
def test_an_address_without_a_socket_says_so(setting: Setting, path: str) -> None:
    async def watch() -> None:
        async with opened(path, setting.token) as socket:
            assert await socket.receive_output(timeout=5) == {"type": "websocket.close", "code": 4404}

    in_loop(watch)


class Listener:
    """A socket that only hears heartbeats."""

    sequence = 0

    def __init__(self, *, broken: bool) -> None:
        self.broken = broken
        self.beats = 0

    async def deliver(self, frame: str, sequence: int) -> None: ...

    async def pump_logs(self, attempt_id: str | None) -> None: ...

    async def recheck(self) -> None: ...

    async def beat(self, frame: str) -> None:
        self.beats += 1
        if self.broken:
            raise RuntimeError("its connection is in an odd state")


def test_one_odd_socket_does_not_end_the_heartbeats_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "HEARTBEAT_SECONDS", 0.01)
    listeners = [Listener(broken=True), Listener(broken=False), Listener(broken=True)]

    async def watch() -> None:
        for one in listeners:
            hubs.hub().join_feed(one, "workspace", datetime.now(UTC))
        while not all(one.beats > 3 for one in listeners):
            await asyncio.sleep(0.01)

    in_loop(watch)
