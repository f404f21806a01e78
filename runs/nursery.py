"""The parent of web, worker and scheduler: Django is loaded once here and shared by fork.

It speaks lines of JSON with the supervisor (runs/supervisor/parts.py), has no threads and no connections, and ends
its children when the supervisor is gone. Children end themselves when this process is gone.
"""

from __future__ import annotations

import gc
import json
import os
import select
import selectors
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from runs.resting import LOOK_SECONDS, Rest, give_memory_back
from runs.worker.service import GIVE_BACK

Say = Callable[..., None]
#: What each part does; called in its own process.
Role = Callable[[Say], None]


class Nursery:
    def __init__(self, roles: Mapping[str, Role], *, commands: int, answers: int) -> None:
        self._roles = roles
        self._commands = commands
        self._answers = answers
        self._children: dict[int, str] = {}
        self._alive_read, self._alive_write = os.pipe()
        self._woken_read, self._woken_write = os.pipe()
        for end in (self._woken_read, self._woken_write):
            os.set_blocking(end, False)

    def say(self, **message: Any) -> None:
        """One line to the supervisor; short enough to arrive whole whoever else writes."""
        os.write(self._answers, json.dumps(message).encode() + b"\n")

    def run(self) -> None:
        """Until the supervisor closes its end."""
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._woken_write)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        give_memory_back()  # holes in what is shared would be filled by each child with a page of its own
        gc.freeze()  # the heap so far is shared: never touched by a child's collector
        buffer = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._commands, selectors.EVENT_READ)
            selector.register(self._woken_read, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    data = os.read(key.fd, 65536)
                    if key.fd == self._commands:
                        if not data:
                            self._end_all()
                            return
                        *lines, buffer = (buffer + data).split(b"\n")
                        for line in lines:
                            self._obey(json.loads(line))
                self._reap()

    def _obey(self, command: Mapping[str, Any]) -> None:
        if "start" in command:
            self._fork(command["start"])
        elif "stop" in command:
            number = GIVE_BACK if command.get("how") == "give back" else signal.SIGTERM
            for pid, name in self._children.items():
                if name == command["stop"]:
                    os.kill(pid, number)

    def _fork(self, name: str) -> None:
        pid = os.fork()
        if pid == 0:
            self._become(name)
        self._children[pid] = name
        self.say(event="started", part=name, pid=pid)

    def _become(self, name: str) -> None:
        """The child. Never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            for end in (self._alive_write, self._woken_read, self._woken_write, self._commands):
                os.close(end)
            _name_process(name)
            threading.Thread(target=self._watch_parent, args=(name,), daemon=True).start()
            self._roles[name](self.say)
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
            if isinstance(ended.code, str):
                print(f"clary: {name}: {ended.code}", file=sys.stderr)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _watch_parent(self, name: str) -> None:
        """The pipe ends when the parent does, however it ended. Until then this thread sees to the memory."""
        rest = Rest()
        while not select.select([self._alive_read], [], [], LOOK_SECONDS)[0]:
            rest.look()
        os.kill(os.getpid(), GIVE_BACK if name == "worker" else signal.SIGTERM)
        threading.Event().wait(10)
        os._exit(1)

    def _reap(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            name = self._children.pop(pid, None)
            if name is not None:
                self.say(event="ended", part=name, how=_how(status))

    def _end_all(self) -> None:
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        for pid in self._children:
            os.waitpid(pid, 0)


def _name_process(name: str) -> None:
    """What `ps -e` and `top` show."""
    comm = Path("/proc/self/comm")
    if comm.exists():
        comm.write_text(f"clary-{name}", encoding="ascii")


def _how(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"killed by signal {os.WTERMSIG(status)}"
    return f"exit code {os.WEXITSTATUS(status)}"
