from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from runs.runners.base import Availability, RunnerSettings
from runs.runners.catalog import RunnerRefused, choose
from tests.machine import need


class Fake:
    def __init__(self, kind: str) -> None:
        self.kind, self.closed = kind, False

    def run(self, spec, *, store, observer, stop):  # type: ignore[no-untyped-def]
        raise NotImplementedError

    def close(self) -> None:
        self.closed = True


def fakes(**available: bool):  # type: ignore[no-untyped-def]
    made: dict[str, Fake] = {}

    def make(kind: str, works: bool):  # type: ignore[no-untyped-def]
        def build(settings: RunnerSettings) -> tuple[Fake, Availability]:
            made[kind] = Fake(kind)
            reason = f"{kind} {'works' if works else 'is broken'}."
            return made[kind], Availability(kind=kind, available=works, reason=reason)

        return build

    return {kind: make(kind, works) for kind, works in available.items()}, made


def test_auto_takes_the_sandbox_where_it_works(runner_settings: RunnerSettings) -> None:
    runners, made = fakes(sandbox=True, docker=True, process=True)
    runner, choice = choose(runner_settings, loopback_only=True, runners=runners)
    assert (runner.kind, choice.kind, choice.reason, choice.trusted_only) == (
        "sandbox",
        "sandbox",
        "sandbox works.",
        False,
    )
    assert list(made) == ["sandbox"]


def test_auto_takes_docker_where_no_sandbox_works(runner_settings: RunnerSettings) -> None:
    runners, made = fakes(sandbox=False, docker=True, process=True)
    _, choice = choose(runner_settings, loopback_only=False, runners=runners)
    assert choice.kind == "docker"
    assert choice.reason == "docker works. Not sandbox: sandbox is broken."
    assert [found.kind for found in choice.alternatives] == ["sandbox"]
    assert made["sandbox"].closed


def test_auto_takes_processes_last_and_says_they_are_for_trusted_code(runner_settings: RunnerSettings) -> None:
    runners, _ = fakes(sandbox=False, docker=False, process=True)
    _, choice = choose(runner_settings, loopback_only=True, runners=runners)
    assert (choice.kind, choice.trusted_only) == ("process", True)


@pytest.mark.parametrize("wanted", ["auto", "process"])
def test_processes_are_refused_off_loopback(runner_settings: RunnerSettings, wanted: str) -> None:
    runners, made = fakes(sandbox=False, docker=False, process=True)
    with pytest.raises(RunnerRefused, match="bound to loopback"):
        choose(runner_settings, wanted, loopback_only=False, runners=runners)
    assert "process" not in made


def test_a_wanted_runner_that_does_not_work_is_refused_with_its_reason(runner_settings: RunnerSettings) -> None:
    runners, _ = fakes(sandbox=False, docker=True, process=True)
    with pytest.raises(RunnerRefused, match="sandbox is broken"):
        choose(runner_settings, "sandbox", loopback_only=True, runners=runners)


def test_an_unknown_runner_is_refused_with_the_known_ones(runner_settings: RunnerSettings) -> None:
    with pytest.raises(RunnerRefused, match="expected auto, sandbox, docker, process"):
        choose(runner_settings, "podman", loopback_only=True)


def test_the_real_sandbox_is_chosen_here(runner_settings: RunnerSettings, tmp_path: Path) -> None:
    need("bwrap")
    settings = dataclasses.replace(runner_settings, home=tmp_path, work=tmp_path / "work")
    runner, choice = choose(settings, loopback_only=False)
    runner.close()
    assert choice.kind == "sandbox", choice.reason


def test_without_bubblewrap_the_sandbox_says_what_to_install(
    runner_settings: RunnerSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from runs.runners import bubblewrap

    monkeypatch.setattr(bubblewrap, "find_bwrap", lambda: None)
    with pytest.raises(RunnerRefused, match="install the package 'bubblewrap'"):
        choose(runner_settings, "sandbox", loopback_only=True)
