"""Runs a script, module or command as `__main__` the way a fresh interpreter would, inside a fork of the server."""

from __future__ import annotations

import atexit
import gc
import io
import json
import os
import signal
import sys
import threading
import types
from collections.abc import Mapping, Sequence
from importlib.machinery import SourceFileLoader
from types import TracebackType
from typing import NoReturn

from . import syscalls

#: Interpreter options and variables that can still be honoured after start; anything else needs a real start.
_OPTIONS = frozenset({"-u", "-B"})
_VARIABLES = frozenset({"PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PYTHONNOUSERSITE"})
_UTF8 = frozenset({"utf-8", "utf8"})


def can_run(arguments: Sequence[str], env: Mapping[str, str]) -> bool:
    """False when these arguments or PYTHON* variables ask for something only a real interpreter start can give."""
    rest = _without_options(arguments)[1]
    if not rest or (rest[0].startswith("-") and rest[0] not in ("-c", "-m")):
        return False
    if rest[0] in ("-c", "-m") and len(rest) < 2:
        return False
    return all(_honoured(name, value) for name, value in env.items() if name.startswith("PYTHON"))


def rehearse() -> None:
    """Walks once through what every script needs, so that its memory is this process's own before anybody waits."""
    _open_streams(unbuffered=True)
    scope = {"json": json, "text": '{"a": ["b"]}'}
    exec(compile("answer = json.loads(text)", "<rehearsal>", "exec"), scope)  # noqa: S102 - our own line
    os.environ.update({"REHEARSAL": "1"})
    os.environ.clear()


def execute(argv: list[str]) -> NoReturn:
    """`argv` as given to the interpreter, its own path first. Ends the process with the interpreter's exit code."""
    options, rest = _without_options(argv[1:])
    unbuffered = "-u" in options or bool(os.environ.get("PYTHONUNBUFFERED"))
    sys.dont_write_bytecode = "-B" in options or bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    sys.orig_argv = argv
    _open_streams(unbuffered=unbuffered)
    last_known = next(reversed(sys.modules))
    try:
        _run(rest)
        code = 0
    except SystemExit as stop:
        code = _exit_code(stop)
    except BaseException as problem:  # the last frame of this process: everything is reported, as the interpreter does
        _report(problem)
        if isinstance(problem, KeyboardInterrupt):
            _finish(1, last_known, by_signal=signal.SIGINT)
        code = 1
    _finish(code, last_known)


def _run(arguments: list[str]) -> None:
    main = types.ModuleType("__main__")
    main.__dict__.update(__builtins__=sys.modules["builtins"], __annotations__={})
    sys.modules["__main__"] = main
    kind = arguments[0]
    if kind == "-c":
        sys.argv = ["-c", *arguments[2:]]
        _extend_path("")
        exec(compile(arguments[1], "<string>", "exec"), main.__dict__)  # noqa: S102 - this is the step's process
    elif kind == "-m":
        sys.argv = ["-m", *arguments[2:]]
        _extend_path(os.getcwd())  # noqa: PTH109
        _run_module(arguments[1])
    elif os.path.isdir(kind) or kind.endswith((".zip", ".pyz")):  # noqa: PTH112
        sys.argv = list(arguments)
        _extend_path(os.path.abspath(kind))  # noqa: PTH100
        _run_module("__main__")
    else:
        _run_script(arguments, main)


def _run_module(name: str) -> None:
    import runpy

    runpy._run_module_as_main(name, alter_argv=name != "__main__")  # type: ignore[attr-defined]  # what `python -m` calls


def _run_script(arguments: list[str], main: types.ModuleType) -> None:
    path = arguments[0]
    sys.argv = list(arguments)
    _extend_path(os.path.dirname(os.path.realpath(path)))  # noqa: PTH120 - sys.path holds strings
    try:
        with io.open_code(os.path.abspath(path)) as source:  # noqa: PTH100
            text = source.read()
    except OSError as problem:
        message = (
            f"{sys.executable}: can't open file {os.path.abspath(path)!r}: [Errno {problem.errno}] {problem.strerror}"  # noqa: PTH100
        )
        sys.stderr.write(message + "\n")
        raise SystemExit(2) from None
    main.__file__ = path
    main.__loader__ = SourceFileLoader("__main__", path)
    exec(compile(text, path, "exec", dont_inherit=True), main.__dict__)  # noqa: S102 - this is the step's process


def _extend_path(first: str) -> None:
    extra = os.environ.get("PYTHONPATH")
    between = [os.path.abspath(part) for part in extra.split(os.pathsep)] if extra else []  # noqa: PTH100
    sys.path[:0] = [first, *between]


def _without_options(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    count = 0
    while count < len(arguments) and arguments[count] in _OPTIONS:
        count += 1
    return list(arguments[:count]), list(arguments[count:])


def _honoured(name: str, value: str) -> bool:
    if name == "PYTHONIOENCODING":
        return value.lower() in _UTF8
    if name == "PYTHONUTF8":
        return value == "1"
    return name in _VARIABLES or not value


def _open_streams(*, unbuffered: bool) -> None:
    """As a fresh interpreter in a UTF-8 locale opens them when its output is a pipe."""
    raw = 0 if unbuffered else -1
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(  # type: ignore[misc]
        open(0, "rb", closefd=False),  # noqa: SIM115
        encoding="utf-8",
        errors="surrogateescape",
    )
    sys.stdout = sys.__stdout__ = io.TextIOWrapper(  # type: ignore[misc]
        open(1, "wb", raw, closefd=False),  # noqa: SIM115
        encoding="utf-8",
        errors="surrogateescape",
        write_through=unbuffered,
    )
    sys.stderr = sys.__stderr__ = io.TextIOWrapper(  # type: ignore[misc]
        open(2, "wb", raw, closefd=False),  # noqa: SIM115
        encoding="utf-8",
        errors="backslashreplace",
        line_buffering=True,
        write_through=unbuffered,
    )


def _exit_code(stop: SystemExit) -> int:
    if stop.code is None:
        return 0
    if isinstance(stop.code, int):
        return stop.code & 0xFF
    sys.stderr.write(f"{stop.code}\n")
    return 1


def _report(problem: BaseException) -> None:
    """Through sys.excepthook, with the frames of this module taken off the top."""
    trace: TracebackType | None = problem.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    sys.excepthook(type(problem), problem.with_traceback(trace), trace)


def _finish(code: int, last_known: str, *, by_signal: signal.Signals | None = None) -> NoReturn:
    """The interpreter's own order: join threads, exit handlers, user modules, flush. Preloaded modules stay as they
    are, because taking them down would copy every page they share with the server."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    except SystemExit as stop:
        code = _exit_code(stop)
    flushed = _flush()
    _clear_modules(last_known)
    _flush_files()
    if not (_flush() and flushed) and code == 0:
        code = 120  # what the interpreter answers when its output cannot be written
    syscalls.flush_c_streams()
    if by_signal is not None:
        signal.signal(by_signal, signal.SIG_DFL)
        os.kill(os.getpid(), by_signal)
    os._exit(code)


def _clear_modules(last_known: str) -> None:
    """Drops what user modules hold, so that objects with a destructor (open files first of all) get to run it.

    `last_known` is the newest module of before: dictionaries keep their order, so the walk ends there and the pages of
    older modules stay shared.
    """
    mine: list[types.ModuleType] = [sys.modules["__main__"]] if "__main__" in sys.modules else []
    if last_known in sys.modules:
        for name, module in reversed(sys.modules.items()):
            if name == last_known:
                break
            if isinstance(module, types.ModuleType):
                mine.append(module)
    for namespace in map(vars, mine):
        for name in [name for name in namespace if not (name.startswith("__") and name.endswith("__"))]:
            namespace[name] = None
    gc.collect()


def _flush_files() -> None:
    for thing in gc.get_objects():
        if isinstance(thing, (io.BufferedWriter, io.BufferedRandom, io.TextIOWrapper)) and not thing.closed:
            try:
                thing.flush()
            except (OSError, ValueError):
                continue


def _flush() -> bool:
    good = True
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            good = False
    return good
