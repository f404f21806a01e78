"""Which runner this worker uses, and why, in words for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from runs.runners import process, sandbox
from runs.runners.base import Availability, Runner, RunnerSettings

#: The order `auto` tries them in: strongest promise that costs least first.
ORDER = ("sandbox", "docker", "process")


class RunnerRefused(Exception):
    """The wanted runner cannot be used here; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What was chosen. `alternatives` are the runners looked at before it, and why they were passed over."""

    kind: str
    reason: str
    trusted_only: bool
    as_root: bool = False
    alternatives: tuple[Availability, ...] = ()


def _sandbox(settings: RunnerSettings) -> tuple[Runner, Availability]:
    runner = sandbox.SandboxRunner(settings)
    return runner, sandbox.probe(runner)


def _docker(settings: RunnerSettings) -> tuple[Runner, Availability]:
    from runs.runners import docker  # the SDK costs 20 MB and 0.2 s: only where it is looked at

    runner = docker.DockerRunner(settings)
    return runner, docker.probe(runner)


def _process(settings: RunnerSettings) -> tuple[Runner, Availability]:
    return process.make(settings)


Make = Callable[[RunnerSettings], tuple[Runner, Availability]]
RUNNERS: Mapping[str, Make] = {"sandbox": _sandbox, "docker": _docker, "process": _process}


def choose(
    settings: RunnerSettings, wanted: str = "auto", *, loopback_only: bool, runners: Mapping[str, Make] = RUNNERS
) -> tuple[Runner, Choice]:
    """The runner to use and why. "auto" takes the first of `ORDER` that works; a named one works or is refused.

    The process runner isolates nothing, so it is refused where the server answers other machines.

    Raises:
        RunnerRefused: the wanted runner, or with "auto" every runner, cannot be used.
    """
    if wanted != "auto" and wanted not in runners:
        raise RunnerRefused(f"CLARY_RUNNER is {wanted!r}; expected auto, {', '.join(runners)}.")
    passed: list[Availability] = []
    for kind in ORDER if wanted == "auto" else (wanted,):
        if kind == "process" and not loopback_only:
            passed.append(Availability(kind=kind, available=False, reason=_TRUSTED_ONLY))
            continue
        runner, found = runners[kind](settings)
        if found.available:
            return runner, Choice(
                kind=kind,
                reason=_why(found, passed),
                trusted_only=kind == "process",
                as_root=found.as_root,
                alternatives=tuple(passed),
            )
        runner.close()
        passed.append(found)
    raise RunnerRefused("No runner can be used. " + " ".join(f"{found.kind}: {found.reason}" for found in passed))


_TRUSTED_ONLY = (
    "The process runner gives steps everything the worker may touch, so it only serves an installation bound to "
    "loopback. Bind to 127.0.0.1, or make the sandbox or Docker available."
)


def _why(found: Availability, passed: list[Availability]) -> str:
    return " ".join([found.reason, *(f"Not {other.kind}: {other.reason}" for other in passed)])
