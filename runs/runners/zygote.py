"""Fork servers seen from the worker: start one, ask it for a step, notice when it is gone.

A server is kept per interpreter and preload tier. The lean tier holds standard library modules and stays; the others
hold large libraries and end when they have been idle for a while. A step that would like a tier which is not warm yet
runs in a larger one that is, or in the lean server at once, and its tier warms up behind it: importing by itself is
never slower than waiting for somebody else's import.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from runs.runners.forkserver.protocol import Disconnected, receive_message, send_descriptors, send_message
from runs.runners.library import LIBRARY
from runs.runners.preloading import MODULES, ONE_THREAD, Tier, tiers_for

PACKAGE = Path(__file__).parent / "forkserver"
START_SECONDS = 60.0
IDLE_SECONDS = 60.0
_BOOT = (
    "import sys, json; sys.path[0] = sys.argv[1]; from forkserver import child, server; del sys.path[0]; "
    "child.become_step(server.main(json.loads(sys.argv[2])))"
)


class ServerGone(Exception):
    """The fork server ended, or could not be started; the message holds what it said last."""


@dataclass(frozen=True, kw_only=True)
class StepRequest:
    """`argv[0]` equal to the server's interpreter runs inside the fork, anything else by exec. `env` is complete.

    `attempt` and `network` matter in the sandbox only: which attempt folder becomes /opt/ml. `uid` matters outside of
    it, where the server is root: whom the step becomes.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str
    memory_bytes: int | None = None
    attempt: str | None = None
    network: bool = True
    uid: int | None = None


@dataclass(frozen=True, kw_only=True)
class StepEnd:
    """How the main process ended. `error`: it could not be started, or its supervisor vanished (then `lost`)."""

    exit_code: int | None = None
    signal: int | None = None
    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    out_of_memory: bool = False
    error: str | None = None
    lost: bool = False


class ForkedStep:
    """One step of a fork server: a socket to its supervisor. Readable when there is something to `receive`."""

    def __init__(self, session: socket.socket, released: Callable[[], None]) -> None:
        self._session = session
        self._released = released
        self.started = False

    def fileno(self) -> int:
        return self._session.fileno()

    def receive(self) -> StepEnd | None:
        """None when it has just started; how it ended otherwise."""
        try:
            message = receive_message(self._session)
        except Disconnected:
            return StepEnd(lost=True, error="the fork server ended unexpectedly")
        if message["event"] == "started":
            self.started = True
            return None
        facts = {name: message[name] for name in StepEnd.__dataclass_fields__ if name in message}
        return StepEnd(**facts)

    def terminate(self) -> None:
        self._command("term")

    def kill(self) -> None:
        self._command("kill")

    def close(self) -> None:
        """Frees the session; a step that still runs is killed by its supervisor."""
        if self._session.fileno() >= 0:
            self._session.close()
            self._released()

    def _command(self, name: str) -> None:
        with suppress(Disconnected):
            send_message(self._session, {"signal": name})


class ForkServer:
    """One running server. Use `ForkServers` to get one; safe to call from many threads."""

    def __init__(
        self, command: Sequence[str], options: Mapping[str, Any], *, folder: str, env: Mapping[str, str]
    ) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server
        self._lock = threading.Lock()
        self.running = 0
        self.last_used = time.monotonic()
        arguments = json.dumps({**options, "control": theirs.fileno()})
        try:
            with theirs:
                self.process = subprocess.Popen(
                    [*command, "-c", _BOOT, folder, arguments],
                    pass_fds=(theirs.fileno(),),
                    env=dict(env),
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=self._said,
                    stderr=self._said,
                    start_new_session=True,
                )
            self.ready = self._wait_until_ready()
        except BaseException:
            self._control.close()
            self._said.close()
            raise

    @property
    def alive(self) -> bool:
        return self._control.fileno() >= 0 and self.process.poll() is None

    def start(self, request: StepRequest, output: int, source: int | None = None) -> ForkedStep:
        """A step whose stdout and stderr go to the descriptor `output`; the caller closes its own copies.

        Raises:
            ServerGone: nothing was started; ask another server.
        """
        ours, theirs = socket.socketpair()
        with self._lock:
            self.running += 1
        step = ForkedStep(ours, self._release)
        with theirs:
            try:
                descriptors = [theirs.fileno(), output] + ([] if source is None else [source])
                send_descriptors(self._control, b"s", descriptors)
            except (Disconnected, OSError):
                step.close()
                raise ServerGone(self._last_words()) from None
        message = {
            "argv": request.argv,
            "env": dict(request.env),
            "cwd": request.cwd,
            "memory_bytes": request.memory_bytes,
            "attempt": request.attempt,
            "network": request.network,
            "uid": request.uid,
        }
        try:
            send_message(ours, message)
        except Disconnected:
            step.close()
            raise ServerGone(self._last_words()) from None
        return step

    def close(self) -> None:
        """Ends the server and every step it still runs."""
        self._control.close()
        try:
            self.process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._said.close()

    def _release(self) -> None:
        with self._lock:
            self.running -= 1
            self.last_used = time.monotonic()

    def _wait_until_ready(self) -> dict[str, Any]:
        self._control.settimeout(START_SECONDS)
        try:
            data = self._control.recv(1 << 20)
        except (TimeoutError, OSError):
            data = b""
        if not data:
            self.process.kill()
            self.process.wait()
            raise ServerGone(f"the fork server did not start: {self._last_words()}")
        self._control.settimeout(None)
        ready: dict[str, Any] = json.loads(data)
        return ready

    def _last_words(self) -> str:
        try:
            size = self._said.seek(0, os.SEEK_END)
            self._said.seek(max(0, size - 2000))
            return self._said.read().decode(errors="replace").strip() or "it said nothing"
        except ValueError:
            return "it was closed"


@dataclass(frozen=True)
class ServerKind:
    """What makes servers interchangeable: the interpreter, and which tier of modules it holds.

    `environment`: the interpreter of an environment that steps of this server may execute; it runs nothing of it.
    """

    python: str
    tier: Tier
    environment: str | None = None


#: Builds the command before "-c", the options for the server, and the folder that holds the package, as seen there.
Launch = Callable[[ServerKind], tuple[Sequence[str], Mapping[str, Any], str]]


def launch_plain(kind: ServerKind) -> tuple[Sequence[str], Mapping[str, Any], str]:
    """The server as an ordinary child process, without isolation."""
    return [kind.python], {"paths": [str(LIBRARY)]}, str(PACKAGE.parent)


@dataclass
class _Order:
    kind: ServerKind
    done: Future[ForkServer] = field(default_factory=Future)


class ForkServers:
    """The servers of one runner. One keeper thread starts them all, as some die with the thread that made them."""

    def __init__(self, launch: Launch = launch_plain, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._launch = launch
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._servers: dict[ServerKind, Future[ForkServer]] = {}
        self._orders: queue.Queue[_Order | None] = queue.Queue()
        self._keeper: threading.Thread | None = None
        self._closed = False

    def start(
        self,
        request: StepRequest,
        output: int,
        *,
        python: str,
        preload: frozenset[str] = frozenset(),
        source: int | None = None,
        wait: bool = False,
        environment: str | None = None,
    ) -> ForkedStep:
        """A step in the best server that is ready; `wait` insists on the tier that `preload` asks for.

        `environment`: see `ServerKind`; such a step is started from a lean server.

        Raises:
            ServerGone: no server can be started.
        """
        for last in (False, True):
            if environment is not None:
                server = self._order(ServerKind(python, Tier.LEAN, environment)).result()
            else:
                server = self._choose(python, tiers_for(preload), wait=wait)
            try:
                return server.start(request, output, source)
            except ServerGone:
                if last:
                    raise
        raise AssertionError("unreachable")

    def warm(self, python: str, tier: Tier = Tier.LEAN) -> ForkServer:
        """The running server of this kind, started if need be."""
        return self._order(ServerKind(python, tier)).result()

    def prepare(self, python: str) -> None:
        """Starts the lean server in the background. What keeps it from starting, the first step will say."""
        self._order(ServerKind(python, Tier.LEAN))

    def close(self) -> None:
        with self._lock:
            self._closed = True
            servers = list(self._servers.values())
            self._servers.clear()
        self._orders.put(None)
        if self._keeper is not None:
            self._keeper.join(timeout=START_SECONDS)
        for future in servers:
            if future.done() and future.exception() is None:
                future.result().close()

    def _choose(self, python: str, tiers: Sequence[Tier], *, wait: bool) -> ForkServer:
        """The smallest of these tiers, or a larger one while only that is warm, or the lean one while none is."""
        wanted = self._order(ServerKind(python, tiers[0]))
        if wait or tiers[0] is Tier.LEAN or (wanted.done() and not _broken(wanted)):
            return wanted.result()
        if tiers[0] is Tier.STEPS:
            # Ready-made steps follow each other: the first waits, as importing twice at once takes twice as long.
            with suppress(ServerGone, OSError):
                return wanted.result()
        for tier in tiers[1:]:
            with self._lock:
                larger = self._servers.get(ServerKind(python, tier))
            if larger is not None and larger.done() and not _broken(larger):
                return larger.result()
        return self._order(ServerKind(python, Tier.LEAN)).result()

    def _order(self, kind: ServerKind) -> Future[ForkServer]:
        with self._lock:
            if self._closed:
                raise ServerGone("the runner was closed")
            future = self._servers.get(kind)
            if future is not None and not _broken(future):
                return future
            order = _Order(kind)
            self._servers[kind] = order.done
            if future is not None and future.exception() is None:
                future.result().close()
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="fork-server-keeper", daemon=True)
                self._keeper.start()
        self._orders.put(order)
        return order.done

    def _keep(self) -> None:
        while True:
            try:
                order = self._orders.get(timeout=self._idle_seconds / 4 if self._any_large() else None)
            except queue.Empty:
                self._end_idle()
                continue
            if order is None:
                return
            try:
                order.done.set_result(self._start(order.kind))
            except (ServerGone, OSError) as problem:
                order.done.set_exception(problem if isinstance(problem, ServerGone) else ServerGone(str(problem)))

    def _start(self, kind: ServerKind) -> ForkServer:
        command, options, folder = self._launch(kind)
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", **ONE_THREAD}
        return ForkServer(command, {**options, "preload": MODULES[kind.tier]}, folder=folder, env=env)

    def _any_large(self) -> bool:
        with self._lock:
            return any(kind.tier is not Tier.LEAN for kind in self._servers)

    def _end_idle(self) -> None:
        now = time.monotonic()
        ended: list[ForkServer] = []
        with self._lock:
            for kind, future in list(self._servers.items()):
                if kind.tier is Tier.LEAN or not future.done():
                    continue
                server = None if future.exception() else future.result()
                if server is None or (not server.running and now - server.last_used >= self._idle_seconds):
                    del self._servers[kind]
                    ended += [] if server is None else [server]
        for server in ended:
            server.close()


def _broken(future: Future[ForkServer]) -> bool:
    return future.done() and (future.exception() is not None or not future.result().alive)
