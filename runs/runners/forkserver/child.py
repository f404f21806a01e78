"""The process of the user code, from the fork to the first line of user code."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

from . import python_main, syscall_filter, syscalls
from .isolation import Isolation, cut_network, drop_privileges
from .job import Job

CANNOT_EXECUTE, NOT_FOUND = 126, 127  # what a shell answers
#: Processes and threads of all sandboxed steps of this machine together; a fork bomb ends here.
PROCESSES = max(4096, 256 * (os.cpu_count() or 1))
OUT_OF_MEMORY_SCORE = 800  # of 1000
_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)


_pools: list[Any] = []  # what the preloaded libraries compute with


def find_pools() -> None:
    """Looks the thread pools of the preloaded libraries up, once per server: it means walking every mapped library."""
    threadpoolctl = sys.modules.get("threadpoolctl")
    if threadpoolctl is not None:
        _pools.append(threadpoolctl.ThreadpoolController())


def become_step(job: Job) -> NoReturn:
    """Turns this fork of the server into the step: a fresh-looking interpreter, or another program by exec."""
    request = job.request
    _redirect(job.input, job.output)
    if job.isolation is not None:
        if not request["network"]:
            cut_network()
        _drop(job.isolation.uid)
    elif request.get("uid") is not None:
        _drop(request["uid"])
    os.environ.update(request["env"])
    try:
        os.chdir(request["cwd"])
    except OSError as problem:
        _complain(f"cannot enter the working folder {request['cwd']}: {problem.strerror}")
        os._exit(CANNOT_EXECUTE)
    argv: list[str] = request["argv"]
    if argv[0] in ("python", "python3", sys.executable):
        argv = [sys.executable, *argv[1:]]
        if python_main.can_run(argv[1:], os.environ):
            _adapt_libraries(request["cwd"])
            python_main.execute(argv)
    _replace_process(argv, request["env"])


def become_program(argv: list[str], uid: int | None) -> NoReturn:
    """Replaces this process, which serves nothing else, by a program with the rights of a step."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o022)
    _offer_to_the_kernel()
    _drop(uid)
    os.execvp(argv[0], argv)


def _drop(uid: int | None) -> None:
    resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))
    drop_privileges(uid)
    syscalls.die_with_parent()  # the change of user took it away
    syscall_filter.refuse_calls()


def get_ready(isolation: Isolation | None) -> None:
    """Everything about a step that does not depend on which one it will be, done while nobody waits for it."""
    os.setsid()
    if isolation is None:
        syscalls.die_with_parent()
    syscalls.name_process("step")
    _reset_signals()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _offer_to_the_kernel()
    os.environ.clear()
    _reseed()
    gc.enable()
    python_main.rehearse()


def _redirect(source: int | None, output: int) -> None:
    if source is None:
        source = os.open(os.devnull, os.O_RDONLY)
    os.dup2(source, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for descriptor in (source, output):
        if descriptor > 2:
            os.close(descriptor)


def _reset_signals() -> None:
    """What a fresh Python has: SIGINT raises KeyboardInterrupt, SIGPIPE and SIGXFSZ are ignored, the rest default."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.umask(0o022)


def _offer_to_the_kernel() -> None:
    """When the machine runs out of memory, a step is ended and not the broker, the database or a worker."""
    with contextlib.suppress(OSError):
        score = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        try:
            os.write(score, str(OUT_OF_MEMORY_SCORE).encode())
        finally:
            os.close(score)


def _reseed() -> None:
    """No two steps of one server may share random numbers. (The module `random` reseeds itself after a fork.)"""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()
    processes = sys.modules.get("multiprocessing.process")
    if processes is not None:
        processes.current_process().authkey = os.urandom(32)


def _adapt_libraries(folder: str) -> None:
    """What preloaded libraries read once, at import: working folder, temporary folder, number of threads."""
    processes = sys.modules.get("multiprocessing.process")
    if processes is not None:
        vars(processes)["ORIGINAL_DIR"] = folder
    temporary_files = sys.modules.get("tempfile")
    if temporary_files is not None:
        vars(temporary_files)["tempdir"] = None
    threads = int(os.environ.get("OMP_NUM_THREADS") or 1)
    if threads > 1:
        for pools in _pools:
            pools.limit(limits=threads)  # the libraries were loaded with one thread


def _replace_process(argv: list[str], env: Mapping[str, str]) -> NoReturn:
    for number in _IGNORED_BY_PYTHON:
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvpe(argv[0], argv, env)
    except FileNotFoundError:
        _complain(f"cannot run {argv[0]!r}: no such program (or its interpreter is missing)")
        os._exit(NOT_FOUND)
    except OSError as problem:
        _complain(f"cannot run {argv[0]!r}: {problem.strerror}")
        os._exit(CANNOT_EXECUTE)


def _complain(message: str) -> None:
    os.write(2, f"clary: {message}\n".encode())
