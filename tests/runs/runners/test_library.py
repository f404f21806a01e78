"""Ready-made steps under a runner: recognised, shown the package, lent an OpenMP where the system has none."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

from runs.runners import bubblewrap
from runs.runners.base import RunnerSettings
from runs.runners.library import (
    LIBRARY,
    copy_library,
    lend,
    libraries_of,
    library_reference,
    openmp_library,
    with_library,
)
from runs.runners.preloading import MODULES, Tier, tiers_for
from runs.runners.process import ProcessRunner
from runs.runners.zygote import StepRequest


def test_a_command_names_the_ready_made_step() -> None:
    assert library_reference(["python3", "-m", "clary_steps", "split@1", "--share", "0.2"]) == "split@1"
    assert library_reference(["/usr/bin/python", "-m", "clary_steps", "split@1"]) == "split@1"
    for other in ([], ["python3"], ["python3", "-m", "clary_steps"], ["bash", "-m", "clary_steps", "split@1"]):
        assert library_reference(other) is None


def test_a_step_that_reads_tables_runs_in_the_smaller_server() -> None:
    assert tiers_for(libraries_of("load-table@1"))[0] is Tier.TABLES
    assert tiers_for(libraries_of("train-classifier@1")) == (Tier.STEPS,)
    assert Tier.STEPS not in tiers_for(frozenset({"sklearn"}))
    assert "clary_steps.cli" in MODULES[Tier.TABLES]


def test_only_a_ready_made_step_sees_the_package() -> None:
    command = ["python3", "-m", "clary_steps", "split@1"]
    assert with_library({"A": "1"}, command, "/lib") == {"A": "1", "PYTHONPATH": "/lib"}
    assert with_library({"PYTHONPATH": "/own"}, command, "/lib")["PYTHONPATH"] == "/lib:/own"
    assert with_library({"A": "1"}, ["python3", "x.py"], "/lib") == {"A": "1"}


def test_the_package_copied_into_an_attempt_runs_there(tmp_path: Path) -> None:
    copy_library(tmp_path)
    answer = subprocess.run(
        [sys.executable, "-m", "clary_steps", "splitt"], cwd=tmp_path, capture_output=True, text=True, timeout=30
    )
    assert answer.returncode == 1 and '"suggestions": ["split"]' in answer.stderr


def test_a_system_without_openmp_is_lent_one_of_a_wheel(tmp_path: Path) -> None:
    empty = tmp_path / "ld.so.cache"
    empty.write_bytes(b"glibc-ld.so.cache1.1 libz.so.1\0")
    lent = openmp_library(sys.executable, empty)
    assert lent is not None and lent.name.startswith("libgomp") and ctypes.CDLL(str(lent))
    folder = lend(lent, tmp_path)
    assert lend(lent, tmp_path) == folder
    assert (folder / "libgomp.so.1").resolve() == lent.resolve()
    words = bubblewrap.command("bwrap", sys.executable, work=tmp_path, home=tmp_path / "home", openmp=lent)
    assert words[words.index("--symlink", words.index("/run/clary/lib")) + 1] == str(lent)
    assert words[(at := words.index("--setenv")) : at + 3] == ["--setenv", "LD_LIBRARY_PATH", "/run/clary/lib"]


def test_a_system_with_openmp_keeps_its_own(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_bytes(b"..libgomp.so.1\0/lib/libgomp.so.1\0")
    assert openmp_library(sys.executable, cache) is None
    assert (LIBRARY / "clary_steps" / "__main__.py").is_file()


def test_the_first_ready_made_step_waits_for_its_server(runner_settings: RunnerSettings) -> None:
    runner = ProcessRunner(runner_settings)  # it lends OpenMP to LightGBM where the system has none
    servers = runner.servers
    try:
        read, write = os.pipe()
        request = StepRequest(argv=("python3", "-c", "import sys; print('lightgbm' in sys.modules)"), env={}, cwd="/")
        step = servers.start(request, write, python=sys.executable, preload=libraries_of("train-classifier@1"))
        os.close(write)
        with os.fdopen(read) as said:
            assert said.read().strip() == "True"
        step.close()
    finally:
        runner.close()
