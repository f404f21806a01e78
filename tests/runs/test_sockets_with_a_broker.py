"""The sockets with a real broker between the processes, and opened the way a browser does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.services.logins import create_login_link
from config.asgi import application
from runs import dispatch, hints
from runs.models import Execution
from runs.sockets import hub as hubs
from runs.supervisor.broker import Broker, find_binary, socket_path
from tests.runs.definitions import chain
from tests.runs.test_sockets import Setting, collect, frame, in_loop, in_thread, opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Setting:
    made = Setting()
    monkeypatch.setattr(dispatch, "_ringer", made.bench.rung.extend)
    return made


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A Valkey server that carries the hints. Polling is far apart, so what comes soon came by a hint."""
    server = Broker(find_binary(), socket_path(tmp_path / "run"), tmp_path / "data", tmp_path / "log")
    server.start()
    url = hints.redis_url(server.url)
    monkeypatch.setattr(hints, "hint_url", lambda: url)
    monkeypatch.setattr(hubs, "RESYNC_SECONDS", 3600.0)
    yield server
    server.stop()


async def subscribed(server: Broker) -> None:
    """Until the hub listens; what is told before that nobody hears."""
    url = hints.redis_url(server.url)
    assert url is not None
    for _ in range(200):
        if dict(hints._client(url).pubsub_numsub(hints.CHANNEL)).get(hints.CHANNEL.encode()):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the hub never subscribed")


def test_a_watcher_hears_of_events_through_the_broker(place: Setting, broker: Broker) -> None:
    execution = place.bench.start(chain(3))

    async def watch() -> None:
        async with opened(f"/ws/executions/{execution.pk}/", place.token) as socket:
            snapshot = await frame(socket, "snapshot")
            await subscribed(broker)
            await in_thread(place.bench.answer)
            last = await in_thread(lambda: Execution.objects.get().last_sequence)
            began = time.monotonic()
            sequences = await collect(socket, last)
            assert sequences == list(range(snapshot["sequence"] + 1, last + 1))
            assert time.monotonic() - began < 5

    in_loop(watch)


def test_the_feed_hears_of_rows_through_the_broker(place: Setting, broker: Broker) -> None:
    async def watch() -> None:
        async with opened("/ws/feed/", place.token) as socket:
            await frame(socket, "rows")
            await subscribed(broker)
            execution = await in_thread(place.bench.run, chain(1))
            row: dict[str, Any] = {}
            while row.get("status") != "Succeeded":
                rows = (await frame(socket, "rows"))["executions"]
                row = next((one for one in rows if one["id"] == execution.pk), row)

    in_loop(watch)


def test_a_broker_that_comes_back_is_heard_again(place: Setting, broker: Broker) -> None:
    execution = place.bench.start(chain(2))

    async def watch() -> None:
        async with opened(f"/ws/executions/{execution.pk}/", place.token) as socket:
            await frame(socket, "snapshot")
            await subscribed(broker)
            await in_thread(broker.stop)
            await in_thread(broker.start)
            await subscribed(broker)
            await in_thread(place.bench.answer)
            last = await in_thread(lambda: Execution.objects.get().last_sequence)
            sequences = await collect(socket, last)
            assert sequences[-1] == last

    in_loop(watch)


def test_the_feed_brings_nothing_of_another_workspace(place: Setting) -> None:
    async def watch() -> None:
        async with opened("/ws/feed/", place.stranger_token) as socket:
            assert (await frame(socket, "rows"))["executions"] == []
            await in_thread(place.bench.run, chain(1))
            assert await socket.receive_nothing(timeout=2.5)  # it is polled every second

    in_loop(watch)


# --- opened by a page ---


def logged_in(place: Setting) -> str:
    """The Cookie header of a browser in which the owner has followed a login link."""
    client = Client()
    client.get("/", {"token": create_login_link(user=User.objects.get(pk=place.owner.user_id))})
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@asynccontextmanager
async def page(path: str, cookie: str, origin: str | None) -> AsyncIterator[tuple[WebsocketCommunicator, bool]]:
    headers = [(b"host", b"127.0.0.1:8000"), (b"cookie", cookie.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    socket = WebsocketCommunicator(application, path, headers=headers)
    connected, _ = await socket.connect()
    yield socket, connected
    await socket.disconnect()


def test_our_own_page_opens_a_socket_with_its_session(place: Setting) -> None:
    execution = place.bench.run(chain(1))
    cookie = logged_in(place)

    async def watch() -> None:
        async with page(f"/ws/executions/{execution.pk}/", cookie, "http://127.0.0.1:8000") as (socket, connected):
            assert connected
            assert (await frame(socket, "snapshot"))["execution"]["id"] == execution.pk

    in_loop(watch)


def test_a_foreign_page_cannot_use_the_session(place: Setting) -> None:
    cookie = logged_in(place)

    async def watch() -> None:
        async with page("/ws/feed/", cookie, "http://evil.test") as (_, connected):
            assert not connected

    in_loop(watch)


@pytest.mark.parametrize("made_up", [True, False])
def test_a_session_nobody_has_and_a_cookie_without_a_page_open_nothing(place: Setting, made_up: bool) -> None:
    cookie = f"{settings.SESSION_COOKIE_NAME}=made-up" if made_up else logged_in(place)
    origin = "http://127.0.0.1:8000" if made_up else None

    async def watch() -> None:
        async with page("/ws/feed/", cookie, origin) as (socket, connected):
            assert connected  # so that the reason can be told
            assert await socket.receive_output(timeout=5) == {"type": "websocket.close", "code": 4401}

    in_loop(watch)
