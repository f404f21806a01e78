"""A PostgreSQL cluster on loopback that lives as long as somebody needs it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

START_SECONDS = 30.0


class PostgresMissing(Exception):
    """PostgreSQL's server programs are not installed. On Debian: apt-get install postgresql"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, seconds: float = START_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"Nothing listens on port {port} after {seconds:.0f} s.")


class ThrowAwayPostgres:
    """Made empty; `start` and `stop` as often as wanted, `close` removes it. Nothing in it survives a power cut."""

    def __init__(self) -> None:
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        initdb = folders[-1] / "initdb" if folders else Path(shutil.which("initdb") or "")
        if not initdb.name:
            raise PostgresMissing(PostgresMissing.__doc__)
        self._folder = Path(tempfile.mkdtemp(prefix="clary-postgres-"))
        self._port = free_port()
        prefix = []
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self._folder, "postgres", "postgres")
            prefix = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"]
        data = f"{self._folder}/data"
        self._control = [*prefix, str(initdb.parent / "pg_ctl"), "-D", data, "-w"]
        words = [*prefix, str(initdb), "-D", data, "-A", "trust", "-U", "clary"]
        subprocess.run(words, check=True, cwd=self._folder, stdout=subprocess.DEVNULL)

    @property
    def url(self) -> str:
        """For DATABASE_URL."""
        return f"postgres://clary@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("-o", options, "-l", f"{self._folder}/log", "start")
        wait_for(self._port)

    def stop(self) -> None:
        """At once: open connections end."""
        self._run("-m", "fast", "stop")

    def close(self) -> None:
        subprocess.run([*self._control, "-m", "immediate", "stop"], check=False, cwd=self._folder, capture_output=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, *words: str) -> None:
        subprocess.run([*self._control, *words], check=True, cwd=self._folder, stdout=subprocess.DEVNULL)
