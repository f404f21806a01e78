"""What one step costs under each runner, beside what the machine can do at best, in one run.

    python -m scripts.bench_runners [--count 200]

A step here reads one 1 KiB input, prints a line and writes one output; its folder, manifest, log and usage are all
real. Ratios to the limits of the same run are what counts: absolute times follow the machine and its load.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from engine.steps.base import InputSpec, JobSpec, OutputSpec
from runs.runners import bubblewrap
from runs.runners.base import AttemptSpec, Ended, InputFile, Runner, RunnerSettings
from runs.runners.preloading import Tier
from runs.runners.process import ProcessRunner
from runs.runners.sandbox import SandboxRunner
from runs.runners.zygote import ForkServers, StepRequest
from runs.storage.local import LocalBlobStore

CODE, DATA, RESULT = (
    "/opt/ml/processing/input/code/step.py",
    "/opt/ml/processing/input/data/in.txt",
    "/opt/ml/processing/output/out.txt",
)
BODY = """import sys
{imports}
text = open(sys.argv[1]).read()
print("read", len(text), "characters")
open(sys.argv[2], "w").write(text.upper())
"""


class Quiet:
    """Hears everything, keeps nothing; also a token that is never set."""

    stopping = killing = False

    def executing(self) -> None: ...

    def log(self, chunk: bytes) -> None: ...

    def metric(self, name: str, value: float) -> None: ...

    def phase(self, name: str) -> None: ...

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


def attempt(store: LocalBlobStore, number: int, imports: str) -> AttemptSpec:
    files = {CODE: BODY.format(imports=imports).encode(), DATA: b"x" * 1024}
    stored = {path: store.put_bytes(data) for path, data in files.items()}
    return AttemptSpec(
        attempt_id=f"bench-{os.getpid()}-{number}",
        job=JobSpec(
            kind="Processing",
            name="step",
            arn="arn",
            image="bench",
            entrypoint=("python3", CODE),
            arguments=(DATA, RESULT),
            inputs=(InputSpec(name="data", uri="s3://bench/data", local_path="/opt/ml/processing/input/data"),),
            outputs=(OutputSpec(name="out", uri="s3://bench/out", local_path="/opt/ml/processing/output"),),
        ),
        input_files=tuple(InputFile(path=path, sha256=sha256, size=size) for path, (sha256, size) in stored.items()),
    )


def measure(act: Callable[[], None], count: int) -> list[float]:
    for _ in range(3):
        act()
    times = []
    for _ in range(count):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return times


def bare_fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def spawn(words: list[str]) -> Callable[[], None]:
    def act() -> None:
        subprocess.run(words, check=True)

    return act


def body(servers: ForkServers, python: str, preload: frozenset[str]) -> Callable[[], None]:
    """Request to end of an empty step, without folder, inputs and outputs: what the fork server itself costs."""

    def act() -> None:
        output, sink = os.pipe()
        request = StepRequest(argv=("python3", "-c", "pass"), env={"PATH": os.defpath}, cwd="/")
        step = servers.start(request, sink, python=python, preload=preload, wait=True)
        os.close(sink)
        while step.receive() is None:
            continue
        step.close()
        os.close(output)

    return act


def whole(runner: Runner, store: LocalBlobStore, imports: str) -> Callable[[], None]:
    numbers = iter(range(10**6))

    def act() -> None:
        outcome = runner.run(attempt(store, next(numbers), imports), store=store, observer=Quiet(), stop=Quiet())
        if outcome.ended is not Ended.SUCCEEDED:
            raise SystemExit(f"a step failed: {outcome.reason}")

    return act


def show(name: str, times: list[float], base: float | None = None) -> float:
    times = sorted(times)
    middle = statistics.median(times)
    ratio = f"{middle / base:6.1f} x fork" if base else ""
    print(f"{name:<44}{times[0]:9.2f}{middle:9.2f}{times[int(len(times) * 0.95)]:9.2f}   {ratio}", flush=True)
    return middle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    count = parser.parse_args().count
    python = sys.executable
    print(f"{'milliseconds; load ' + '/'.join(f'{n:.1f}' for n in os.getloadavg()):<44}{'best':>9}{'p50':>9}{'p95':>9}")
    fork = show("limit: fork and exit of this process", measure(bare_fork, count))
    show("limit: spawn /bin/true", measure(spawn(["/bin/true"]), count), fork)
    few = max(10, count // 10)
    show("limit: spawn python -c pass", measure(spawn([python, "-c", "pass"]), few), fork)
    show(
        "limit: spawn python, import pandas",
        measure(spawn([python, "-c", "import pandas"]), 5),
        fork,
    )
    bwrap = bubblewrap.find_bwrap()
    if bwrap is not None:
        words = [bwrap, "--unshare-all", "--ro-bind", "/", "/", "/bin/true"]
        show("limit: bwrap --unshare-all /bin/true", measure(spawn(words), few), fork)
    with tempfile.TemporaryDirectory(prefix="clary-bench-") as folder:
        home = Path(folder)
        store = LocalBlobStore(home / "blobs")
        settings = RunnerSettings(home=home, work=home / "work", environments=home / "environments", python=python)
        runners: list[ProcessRunner | SandboxRunner] = [ProcessRunner(settings)]
        if bwrap is not None:
            runners.append(SandboxRunner(settings))
        for runner in runners:
            runner.servers.warm(python, Tier.TABLES)
            empty, pandas = frozenset[str](), frozenset({"pandas"})
            show(f"{runner.kind}: fork server, lean", measure(body(runner.servers, python, empty), count), fork)
            show(f"{runner.kind}: fork server, tables", measure(body(runner.servers, python, pandas), count), fork)
            show(f"{runner.kind}: whole attempt, lean", measure(whole(runner, store, ""), count), fork)
            show(
                f"{runner.kind}: whole attempt, imports pandas",
                measure(whole(runner, store, "import pandas"), count),
                fork,
            )
            runner.close()


if __name__ == "__main__":
    main()
