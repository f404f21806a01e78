"""A `manage.py up` in a folder of its own, ended by its process id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from scripts.throw_away_postgres import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 90
STOP_SECONDS = 45


class Server:
    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self.log = home.parent / "server.log"
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("CLARY_", "AWS_"))}
        self._environ = {**outside, "CLARY_HOME": str(home)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once it serves.

        Raises:
            SystemExit: it did not start; says what it printed.
        """
        words = [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(self.port), "--workers", "2"]
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                words, cwd=ROOT, env=self._environ, stdout=output, stderr=output, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while "Open http" not in self.log.read_text(errors="replace"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.close()
                raise SystemExit(self.log.read_text(errors="replace")[-3000:])
            time.sleep(0.1)

    def manage(self, *words: str) -> str:
        """What a management command prints."""
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        done = subprocess.run(command, cwd=ROOT, env=self._environ, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def close(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
