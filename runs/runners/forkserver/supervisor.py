"""The process above one step: it starts the user code, passes signals on, measures, and leaves nothing behind.

It is forked before it is needed, with the process of the user code already waiting below it, so that neither fork is
on the way of a starting step. In the sandbox it is PID 1 of the step's namespace and serves that one step. Without
isolation it goes on with another step as long as steps end well, which saves a fork for each.
"""

from __future__ import annotations

import errno
import os
import resource
import select
import signal
import socket
import time
from dataclasses import dataclass, field
from typing import Any

from . import processes, syscalls
from .child import get_ready
from .isolation import Isolation, enter_private_namespaces, show_attempt
from .job import Job
from .memory_limit import MemoryLimit
from .protocol import Disconnected, receive_descriptors, receive_message, send_descriptors, send_message

#: How long processes the step left behind may take to end by themselves (resource trackers, pools).
LEFT_BEHIND_SECONDS = 0.2
#: What a supervisor tells the server, its number after it.
TAKEN, WAITING = b"t", b"w"
NEWS_BYTES = 5
#: Steps one supervisor sees to before a fresh one takes its place.
MOST_STEPS = 64


@dataclass
class _Measured:
    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0
    out_of_memory: bool = False
    server_gone: bool = False
    descendants_killed: int = 0
    reaped: dict[int, int] = field(default_factory=dict)

    def add(self, usage: resource.struct_rusage) -> None:
        self.cpu_seconds += usage.ru_utime + usage.ru_stime
        self.peak_memory_bytes = max(self.peak_memory_bytes, usage.ru_maxrss * 1024)


@dataclass(frozen=True)
class Post:
    """Where a supervisor stands. `news` is the pipe to the server, which knows it by `number`; `server` its pidfd."""

    control: socket.socket
    news: int
    server: int
    number: int

    def tell(self, word: bytes) -> None:
        os.write(self.news, word + self.number.to_bytes(NEWS_BYTES - 1, "big"))


def supervise(post: Post, isolation: Isolation | None) -> Job:
    """Waits for steps and sees each to its end. Returns only in the process of the user code."""
    if isolation is None:
        syscalls.adopt_orphans()
    else:
        syscalls.die_with_parent()
        enter_private_namespaces()
    syscalls.name_process("step-supervisor")
    for turn in range(MOST_STEPS if isolation is None else 1):
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            for descriptor in (post.control.detach(), post.news, post.server, ours.detach()):
                os.close(descriptor)
            return _wait_for_job(theirs, isolation)
        theirs.close()
        if turn:
            post.tell(WAITING)
        else:
            _rehearse(ours)
        if not _serve(post, isolation, ours, child):
            break
    os._exit(0)


def _wait_for_job(connection: socket.socket, isolation: Isolation | None) -> Job:
    get_ready(isolation)
    try:
        _, descriptors = receive_descriptors(connection, 2)
        request = receive_message(connection)
    except Disconnected:
        os._exit(0)
    connection.close()
    return Job(request, descriptors[0], descriptors[1] if len(descriptors) > 1 else None, isolation)


def _serve(post: Post, isolation: Isolation | None, to_child: socket.socket, child: int) -> bool:
    """Sees one step to its end. True when it ended well and left nothing behind."""
    end_of_child = os.pidfd_open(child)
    oom_kills = processes.out_of_memory_kills()
    measured = _Measured()
    try:
        session, streams = _next_step(post)
        request = receive_message(session)
    except Disconnected:
        os.kill(child, signal.SIGKILL)
        return False
    try:
        if isolation is not None:
            show_attempt(isolation, request["attempt"])
        send_descriptors(to_child, b"j", streams)
        send_message(to_child, request)
    except (OSError, Disconnected) as problem:
        os.kill(child, signal.SIGKILL)
        # Nothing of the step has run: the process that waited for it was gone. That is ours to try again.
        reason = f"its process could not be set up: {str(problem) or 'it was killed while it waited'}"
        _tell(session, {"event": "ended", "lost": True, "error": reason})
        return False
    for descriptor in streams:
        os.close(descriptor)
    to_child.close()
    _tell(session, {"event": "started"})
    limit = MemoryLimit(request["memory_bytes"], own_shared_memory=isolation is not None)
    _watch(session, post.server, end_of_child, limit, child, measured)
    os.close(end_of_child)
    status = _end(child, measured, in_namespace=isolation is not None)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        measured.out_of_memory = measured.out_of_memory or processes.out_of_memory_kills() > oom_kills
    _tell(
        session,
        {
            "event": "ended",
            "exit_code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "cpu_seconds": measured.cpu_seconds,
            "peak_memory_bytes": measured.peak_memory_bytes,
            "out_of_memory": measured.out_of_memory,
            "lost": measured.server_gone,
            "error": "the fork server was killed" if measured.server_gone else None,
            "descendants_killed": measured.descendants_killed,
        },
    )
    session.close()
    return status == 0 and not measured.descendants_killed and not measured.server_gone


def _next_step(post: Post) -> tuple[socket.socket, list[int]]:
    """(session, streams) of the step this supervisor has taken, before any other that waits.

    Raises:
        Disconnected: the worker or the server is gone.
    """
    poll = select.poll()
    poll.register(post.control, select.POLLIN)
    poll.register(post.server, select.POLLIN)
    while True:
        if post.server in {descriptor for descriptor, _ in poll.poll()}:
            raise Disconnected  # a supervisor without its server takes no step
        try:
            _, descriptors = receive_descriptors(post.control, 3)
        except BlockingIOError:
            continue  # another one was faster
        if not descriptors:
            raise Disconnected
        post.tell(TAKEN)
        return socket.socket(fileno=descriptors[0]), descriptors[1:]


def _rehearse(to_child: socket.socket) -> None:
    """Walks once through what happens to a request, so that its memory is this process's own before anybody waits."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send_descriptors(ours, b"j", [to_child.fileno()])
        for descriptor in receive_descriptors(theirs, 3)[1]:
            os.close(descriptor)
        send_message(ours, {"argv": ["python3"], "env": {"PATH": os.defpath}, "memory_bytes": None})
        receive_message(theirs)


def _watch(
    session: socket.socket, server: int, end_of_child: int, limit: MemoryLimit, child: int, measured: _Measured
) -> None:
    """Until the user code has ended, by itself or because somebody wants it to."""
    poll = select.poll()
    poll.register(session, select.POLLIN)
    poll.register(server, select.POLLIN)
    poll.register(end_of_child, select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poll.poll(limit.patience)}
        if end_of_child in ready:
            return
        if server in ready:
            measured.server_gone = True
            return
        if session.fileno() in ready and not _obey(session, child):
            return
        if limit.exceeded():
            measured.out_of_memory = True
            return


def _obey(session: socket.socket, child: int) -> bool:
    """False when the step is to be killed now."""
    try:
        command = receive_message(session)
    except Disconnected:
        return False
    if command.get("signal") != "term":
        return False
    try:
        os.killpg(child, signal.SIGTERM)
    except ProcessLookupError:
        return True  # it ended or has not made its group yet
    return True


def _end(child: int, measured: _Measured, *, in_namespace: bool) -> int:
    """Wait status of the user code, once it and everything it left behind are gone."""
    if _reap(measured) and child in measured.reaped:
        deadline = time.monotonic() + LEFT_BEHIND_SECONDS
        while time.monotonic() < deadline and _reap(measured):
            time.sleep(0.005)
    if _reap(measured):
        _kill_everything(in_namespace, measured)
    while child not in measured.reaped or _reap(measured):
        time.sleep(0.002)
        _kill_everything(in_namespace, measured)
        _reap(measured)
    return measured.reaped[child]


def _kill_everything(in_namespace: bool, measured: _Measured) -> None:
    if not in_namespace:
        measured.descendants_killed += processes.kill_descendants(os.getpid())
        return
    try:
        os.kill(-1, signal.SIGKILL)  # PID 1 speaking: everyone in the namespace but itself
    except ProcessLookupError:
        return
    measured.descendants_killed += 1


def _reap(measured: _Measured) -> bool:
    """Collects the dead; True while anything is still alive below us."""
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == 0:
            return True
        measured.reaped[pid] = status
        measured.add(usage)


def _tell(session: socket.socket, message: dict[str, Any]) -> None:
    try:
        send_message(session, message)
    except Disconnected:
        return  # the watch sees it too and kills the step
    except OSError as problem:
        if problem.errno != errno.EPIPE:
            raise
