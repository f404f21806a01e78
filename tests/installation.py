"""A real `manage.py up` in a folder of its own on a free port, and a REST client for it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")


class Installation:
    """Ends what it started, by process id, whatever happened to it."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.home = home
        self.port = free_port()
        self.output = home.parent / f"{home.name}.log"
        self._environ = {name: value for name, value in os.environ.items() if not name.startswith("CLARY_")}
        self._environ |= {"CLARY_HOME": str(home), **environ}
        self._environ.pop("DJANGO_SETTINGS_MODULE", None)
        self.supervisor: subprocess.Popen[bytes] | None = None

    # --- processes ---

    def start(self, seconds: float = 60.0) -> Installation:
        words = [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(self.port), "--workers", "2"]
        offset = self.output.stat().st_size if self.output.exists() else 0
        with self.output.open("ab") as log:
            self.supervisor = subprocess.Popen(
                words, env=self._environ, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

        def opened() -> bool:
            assert self.supervisor is not None
            said = self.output.read_bytes()[offset:].decode(errors="replace")
            assert self.supervisor.poll() is None, said
            return "Open http" in said

        wait_for(opened, seconds, lambda: self.said)
        return self

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 45.0) -> int:
        assert self.supervisor is not None
        self.supervisor.send_signal(number)
        return self.supervisor.wait(timeout=seconds)

    def close(self) -> None:
        if self.supervisor is None:
            return
        pids = list(descendants(self.supervisor.pid))
        if self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.supervisor.wait(timeout=20)
        for pid in [self.supervisor.pid, *pids]:
            kill(pid)

    def part(self, name: str) -> int:
        """The process id of web, worker, scheduler, broker or the fork server."""
        assert self.supervisor is not None
        for pid in descendants(self.supervisor.pid):
            if name in process_name(pid):
                return pid
        raise AssertionError(f"no process named {name}")

    # --- REST ---

    @property
    def token(self) -> str:
        return str(json.loads((self.home / "credentials.json").read_text(encoding="utf-8"))["api_token"])

    def call(self, path: str, body: Any = None) -> Any:
        """The JSON answer of GET, or of POST when there is a body."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{path}: {refused.code} {refused.read().decode()}") from None

    def ready(self) -> tuple[int, str]:
        """(status, what it says about the broker) of the readiness probe."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=10) as response:
                return response.status, str(json.loads(response.read())["checks"]["broker"])
        except urllib.error.HTTPError as unready:
            return unready.code, str(json.loads(unready.read())["checks"]["broker"])

    def status(self, execution_id: str) -> str:
        try:
            return str(self.call(f"executions/{execution_id}/")["status"])
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return "unreachable"

    def wait_for_status(self, execution_id: str, status: str, seconds: float) -> None:
        wait_for(lambda: self.status(execution_id) == status, seconds, lambda: self.describe(execution_id))

    def describe(self, execution_id: str) -> str:
        rows = self.query(
            "SELECT sequence, event, step, data FROM runs_executionevent WHERE execution_id=?", execution_id
        )
        return "\n".join([*map(str, rows), self.said[-3000:]])

    def query(self, statement: str, *values: Any) -> list[Any]:
        with contextlib.closing(sqlite3.connect(self.home / "clary.sqlite3", timeout=10)) as connection:
            return connection.execute(statement, values).fetchall()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], seconds: float, explain: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s\n{explain()}")
        time.sleep(0.05)


def descendants(pid: int) -> Iterator[int]:
    for child in children(pid):
        yield child
        yield from descendants(child)


def children(pid: int) -> list[int]:
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += [int(word) for word in thread.read_text().split()]
    return found


def process_name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
