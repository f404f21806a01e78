"""The fork server: imports libraries once, then forks a ready supervisor for every step. No threads, no Django.

It reads nothing but the end of its control socket and who waits; a waiting supervisor takes the next request itself.
"""

from __future__ import annotations

import gc
import importlib
import itertools
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Collection, Iterable
from typing import Any, NoReturn

from . import memory, processes, syscalls
from .child import find_pools
from .isolation import Isolation, own_pid_namespace
from .job import Job
from .supervisor import NEWS_BYTES, WAITING, Post, supervise

#: Threads a fork may ignore: the allocator inside Arrow purges pages there and registers its own fork handlers.
FORK_AWARE_THREADS = frozenset({"jemalloc_bg_thd"})
_RETRY_SECONDS = 0.2


def preload(names: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """(imported, left out with the reason). Stops at the first module that starts a thread: see `start_again`."""
    imported: list[str] = []
    left_out: dict[str, str] = {}
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as problem:  # whatever a library raises at import, the step will meet it by itself
            left_out[name] = f"{type(problem).__name__}: {problem}"
            continue
        started = sorted(set(processes.thread_names()) - FORK_AWARE_THREADS)
        if started:
            left_out[name] = f"starts threads at import ({', '.join(started)})"
            return imported, left_out
        imported.append(name)
    return imported, left_out


def serve(control: socket.socket, isolation: Isolation | None) -> Job:
    """Forks supervisors until the worker is gone. Returns only in a process that is to run user code."""
    own = os.pidfd_open(os.getpid())
    namespace = os.open("/proc/self/ns/pid", os.O_RDONLY) if isolation else None
    news_read, news_write = os.pipe()
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    control.setblocking(False)  # several supervisors may wait; one of them is first
    if isolation is None:
        syscalls.adopt_orphans()
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    poll = select.poll()
    poll.register(control, 0)  # only its end is ours to see
    poll.register(news_read, select.POLLIN)
    poll.register(wake_read, select.POLLIN)

    supervisors: dict[int, int] = {}  # process → number
    waiting: set[int] = set()
    for number in itertools.count():
        pid = _fork_into(namespace)
        if pid == 0:
            _forget_server(news_read, wake_read, wake_write, namespace)
            return supervise(Post(control, news_write, own, number), isolation)
        supervisors[pid] = number
        waiting.add(number)
        while waiting:
            events = dict(poll.poll())
            if control.fileno() in events:
                _leave(supervisors)
            if news_read in events:
                _hear(news_read, waiting)
            if wake_read in events:
                os.read(wake_read, 512)
                dead = _reap(supervisors)
                if waiting & dead:
                    waiting -= dead
                    time.sleep(_RETRY_SECONDS)  # it died unused; do not fork in a tight loop
    raise AssertionError("unreachable")


def _hear(news: int, waiting: set[int]) -> None:
    """Brings `waiting` up to date with what supervisors tell."""
    told = os.read(news, NEWS_BYTES * 100)
    for start in range(0, len(told), NEWS_BYTES):
        number = int.from_bytes(told[start + 1 : start + NEWS_BYTES], "big")
        if told[start : start + 1] == WAITING:
            waiting.add(number)
        else:
            waiting.discard(number)


def _fork_into(namespace: int | None) -> int:
    """fork(); in the sandbox the child is PID 1 of a fresh PID namespace."""
    if namespace is None:
        return os.fork()
    syscalls.unshare(syscalls.CLONE_NEWPID)
    pid = os.fork()
    if pid:
        syscalls.enter_namespace(namespace, syscalls.CLONE_NEWPID)
    return pid


def _forget_server(*descriptors: int | None) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for descriptor in descriptors:
        if descriptor is not None:
            os.close(descriptor)


def _reap(supervisors: dict[int, int]) -> set[int]:
    """Collects the dead: the numbers of supervisors among them. What one that was killed left to us is killed too."""
    dead: set[int] = set()
    violent = False
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == 0:
            break
        if pid in supervisors:
            dead.add(supervisors.pop(pid))
            violent = violent or os.WIFSIGNALED(status)
    if violent:
        _kill_orphans(supervisors)
    return dead


def _kill_orphans(supervisors: Collection[int]) -> None:
    own = os.getpid()
    for _ in range(20):
        orphans = [pid for pid in processes.children(own) if pid not in supervisors and not processes.is_zombie(pid)]
        if not orphans:
            return
        for pid in orphans:
            processes.kill_descendants(pid)
            processes.signal_quietly(pid, signal.SIGKILL)


def _leave(supervisors: dict[int, int]) -> NoReturn:
    """The worker is gone. Supervisors see the end of their session and kill their steps; give them a moment."""
    deadline = time.monotonic() + 1.0
    while supervisors and time.monotonic() < deadline:
        _reap(supervisors)
        time.sleep(0.01)
    processes.kill_descendants(os.getpid())
    os._exit(0)


def start_again(options: dict[str, Any], without: str) -> NoReturn:
    """A fresh interpreter that leaves out a module which starts threads: an import cannot be undone."""
    options = {**options, "preload": [name for name in options["preload"] if name != without]}
    options["left_out"] = [*options.get("left_out", []), without]
    command = [*sys.orig_argv[:-1], json.dumps(options)]
    os.execv(sys.executable, command)


def main(options: dict[str, Any]) -> Job:
    """`options`: control (descriptor), preload (module names), paths (where some of them lie); in the sandbox also
    attempts and uid."""
    syscalls.name_process("clary-forksrv")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if "attempts" in options:
        own_pid_namespace()
    paths = list(options.get("paths", ()))
    sys.path[:0] = paths
    imported, left_out = preload(options["preload"])
    del sys.path[: len(paths)]  # a step names them itself where it needs them
    threads = [name for name, reason in left_out.items() if reason.startswith("starts threads")]
    if threads:
        start_again(options, threads[0])
    for name in options.get("left_out", []):
        left_out[name] = "starts threads at import"
    control = socket.socket(fileno=options["control"])
    os.set_inheritable(control.fileno(), False)
    control.send(json.dumps({"preloaded": imported, "left_out": left_out, "pid": os.getpid()}).encode())
    isolation = None
    if "attempts" in options:
        isolation = Isolation(options["attempts"], options.get("uid"), tuple(options["kept"]))
    package = __name__.rpartition(".")[0]
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]  # a step must not see them; what runs already keeps them alive
    find_pools()
    gc.collect()
    gc.disable()
    gc.freeze()
    memory.gather_pages()
    return serve(control, isolation)
