"""Causes outside the user's code: what the platform saw, and how the process ended when nothing else is known."""

from __future__ import annotations

import re
import signal

from engine.failures.cause import Action, Cause, FailureFacts

_SHOWN = 200
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_SAID = "Last lines of the log:"
_NOTHING_STORED = re.compile(r'^Input "(?P<name>[^"]*)": nothing is stored at (?P<uri>\S+?)\.(?:\s|$)')
_NO_IMAGE = re.compile(r"No local runtime is mapped to the image (?P<image>\S+?)\.(?:\s|$)")
_NO_PACKAGE = re.compile(
    r"No matching distribution found for (?P<pip>\S+)|Because (?P<uv>[\w.-]+) was not found in the package registry"
    r"|there is no version of (?P<version>[\w.=<>!~-]+)",
)
_ARGUMENTS = re.compile(r"error: (?P<said>(?:the following arguments are required|unrecognized arguments|argument ).+)")
_CUDA = re.compile(r"CUDA (?:error|driver)|no CUDA-capable device|Found no NVIDIA driver")


def seen_by_platform(facts: FailureFacts) -> Cause | None:
    """The cause the platform itself met; None when only the step's own words can tell."""
    reason = facts.reason.partition(_SAID)[0].strip() or "The step failed."
    match facts.category:
        case "out-of-memory":
            return _out_of_memory(reason)
        case "callback":
            advice = "Look at what whoever was asked did, then retry: the step asks again, with a new token."
            actions = (Action.RETRY, Action.OPEN_STEP)
            return _cause("callback-failed", "The answer was no", reason, advice, actions=actions)
        case "timeout" if reason.startswith("Nobody answered"):
            advice = "Look whether anybody reads the queue, then retry: the step asks again, with a new token."
            return _cause(
                "nobody-answered", "Nobody answered", reason, advice, actions=(Action.RETRY, Action.OPEN_STEP)
            )
        case "timeout":
            what = reason.partition(" Raise MaxRuntimeInSeconds")[0]
            advice = 'Give it more time ("Stop after" among its resources), or let it do less at once.'
            return _cause("timeout", "It ran too long", what, advice, actions=(Action.RAISE_TIME, Action.SHOW_LOG))
        case "disk-full":
            return _cause("disk-full", "The disk is full", reason, actions=(Action.RETRY,))
        case "input":
            return _input(reason)
        case "not-runnable":
            return _not_runnable(reason)
        case "lost":
            advice = (
                "Nothing is wrong with the step itself. Retry it; if it happens again, look at the worker's machine."
            )
            return _cause("worker-lost", "The worker was lost", reason, advice, actions=(Action.RETRY, Action.SHOW_LOG))
        case "service-fault":
            return _cause("service-fault", "The platform met an error", reason, "Retry it.", actions=(Action.RETRY,))
        case "fail-step":
            advice = "The pipeline was drawn to end here. Look at the condition before it."
            return _cause("fail-step", "The pipeline ended itself", reason, advice)
    if reason.startswith("The requirements cannot be installed"):
        return _requirements(facts)
    if "cannot be published:" in reason:
        actions = (Action.OPEN_STEP, Action.SHOW_LOG)
        return _cause("output-invalid", "An output cannot be stored", reason, actions=actions)
    return None


def how_it_ended(facts: FailureFacts) -> Cause:
    """The cause when there is no Python error to read: arguments, a signal, an exit code."""
    if facts.signal is not None:
        return _killed(facts.signal)
    arguments = _ARGUMENTS.search(facts.log)
    if arguments is not None and facts.exit_code == 2:
        what = f"The script refused its arguments: {arguments['said'].strip()}."
        advice = "Compare the step's arguments with what the script declares."
        return _cause("arguments-wrong", "The arguments do not fit", what, advice, actions=(Action.OPEN_STEP,))
    if _CUDA.search(facts.log):
        what, advice = "The script asks for a GPU, and none is here.", "Choose the processor in the script's settings."
        return _cause("gpu-missing", "There is no GPU", what, advice, actions=(Action.OPEN_STEP, Action.SHOW_LOG))
    code = facts.exit_code
    if not _own_words(facts.log):
        what = f"The process ended with exit code {code} and printed nothing." if code else _first(facts.reason)
        advice = "Print what the script does, or let its errors through, and run it again."
        return _cause("silent-exit", "It ended without a word", what, advice, actions=(Action.SHOW_LOG, Action.RETRY))
    what = f"The process ended with exit code {code}." if code is not None else _first(facts.reason)
    what = f'{what} The last it said was "{_last_words(facts.log)}".'
    advice = "Its last lines in the log say why."
    return _cause("exit-code", "The script gave up", what, advice, actions=(Action.SHOW_LOG, Action.OPEN_STEP))


def _out_of_memory(reason: str) -> Cause:
    advice = "Choose a larger instance type, or read less at once."
    what = reason.partition(" Choose a larger")[0] or "The step needed more memory than it may use."
    actions = (Action.RAISE_MEMORY, Action.SHOW_LOG, Action.RETRY)
    return _cause("out-of-memory", "Out of memory", what, advice, actions=actions)


def _input(reason: str) -> Cause:
    missing = _NOTHING_STORED.match(reason)
    if missing is None:
        advice = "Look at the value in the step's form, and at what the steps before it left."
        actions = (Action.OPEN_STEP, Action.USE_LAST_GOOD, Action.RETRY)
        return _cause("value-missing", "A value is missing", reason, advice, actions=actions)
    what = f'Nothing is stored at {missing["uri"]}, which the input "{missing["name"]}" reads.'
    advice = "Choose a dataset or a file that is there, or look whether the step before it wrote one."
    actions = (Action.OPEN_STEP, Action.USE_LAST_GOOD, Action.RETRY)
    return _cause("input-missing", "An input is missing", what, advice, actions=actions)


def _not_runnable(reason: str) -> Cause:
    image = _NO_IMAGE.search(reason)
    if image is not None:
        what = f"Nothing here knows how to run the image {image['image']}."
        advice = "Add a line for it to the table of images, or choose an image that is in it."
        actions = (Action.OPEN_IMAGES, Action.OPEN_STEP, Action.RETRY)
        return _cause("image-not-mapped", "The image is unknown here", what, advice, actions=actions)
    if "in this release" in reason:
        return _cause("type-not-runnable", "This does not run here", reason, actions=(Action.OPEN_STEP,))
    return _cause(
        "argument-invalid", "A setting does not fit", reason, actions=(Action.OPEN_STEP, Action.USE_LAST_GOOD)
    )


def _requirements(facts: FailureFacts) -> Cause:
    found = _NO_PACKAGE.search(" ".join(f"{facts.reason}\n{facts.log}".split()))
    package = next((name for name in found.groups() if name), None) if found else None
    what = f"There is no package {package} to install." if package else "The installer could not install them all."
    advice = (
        "Correct requirements.txt: a misspelled name, a version that does not exist, or no way to the package index."
    )
    actions = (Action.OPEN_STEP, Action.SHOW_LOG, Action.RETRY)
    title = "The requirements cannot be installed"
    return _cause("requirements-failed", title, what, advice, package=package, actions=actions)


def _killed(number: int) -> Cause:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    if number == signal.SIGKILL:
        advice = (
            "Often that is the system's answer to want of memory: choose a larger instance type, or read less at once."
        )
        actions: tuple[Action, ...] = (Action.RAISE_MEMORY, Action.SHOW_LOG, Action.RETRY)
    elif number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL):
        advice = "That is a crash inside a native library. Look at what it was given, or try another version of it."
        actions = (Action.SHOW_LOG, Action.RETRY)
    else:
        advice, actions = "Look at its last lines in the log.", (Action.SHOW_LOG, Action.RETRY)
    return _cause("killed", "It was killed", f"The process was ended by {name}.", advice, actions=actions)


def _cause(
    code: str,
    title: str,
    what: str,
    advice: str = "",
    *,
    package: str | None = None,
    actions: tuple[Action, ...] = (),
) -> Cause:
    return Cause(code=code, title=title, what=what, advice=advice, package=package, actions=actions)


def _own_words(log: str) -> list[str]:
    """The lines the step printed itself; those of the platform do not count."""
    return [line for line in log.split("\n") if line.strip() and not line.startswith(("[clary", "clary:"))]


def _last_words(log: str) -> str:
    line = _COLOURS.sub("", _own_words(log)[-1]).rstrip().rpartition("\r")[2]
    line = " ".join(line.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _first(reason: str) -> str:
    return reason.split("\n")[0] or "The step failed."
