"""`make bench`: Clary beside bare spawn, bare bubblewrap, `docker run` and bare Celery + fork, in one run.

    python -m scripts.bench [--runners process,sandbox,docker] [--skip-canvas] [--quick]

Writes docs/reference/benchmarks.md with date and commit. A row that misses its bound is marked, never hidden; wall
times move with other load on the machine, so read the ratios and the CPU per step first.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from scripts.bench import references, tables, wire
from scripts.bench.canvas import measure
from scripts.bench.clary import Clary, running
from scripts.bench.frames import percentiles
from scripts.bench.objects import Bucket
from scripts.bench.processes import cpu_seconds, pss_megabytes
from scripts.bench.shapes import Figures, Shape, chain, diamond, fan_out, mesh, percentile
from tests.runs.attempts.engine import IMAGE as DOCKER_IMAGE
from tests.runs.attempts.engine import docker_engine

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "docs" / "reference" / "benchmarks.md"
SCRIPT = (Path(__file__).parent / "step_script.py").read_text()
SLOW_SCRIPT = SCRIPT + "\ntime.sleep(0.2)\n"
PANDAS_SCRIPT = SCRIPT.replace("import time\n", "import time\n\nimport pandas\n", 1)
SHAPES: dict[str, Shape] = {"chain of 20": chain(20), "1→50→1": diamond(50), "mesh 10×10": mesh(10, 10)}


class Report:
    """Rows as they are measured: printed at once, written at the end."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def heading(self, title: str, *columns: str) -> None:
        self._add(f"\n## {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}")

    def row(self, *cells: object) -> None:
        self._add("| " + " | ".join(f"{c:.1f}" if isinstance(c, float) else str(c) for c in cells) + " |")

    def note(self, text: str) -> None:
        self._add(text)

    def _add(self, text: str) -> None:
        print(text, flush=True)
        self.lines.append(text)

    def write(self) -> None:
        commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
        when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC at commit {commit.stdout.strip() or 'unknown'}"
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
        head = (
            f"# Benchmarks\n\nMeasured {when} by `make bench` on {machine}, SQLite in WAL mode with synchronous "
            "NORMAL, embedded broker.\nA step is a user script from the store that reads one 1 KiB input, prints a "
            "line and writes one output, with\nmanifest, logs, lease and events on; times are stamps in its body and "
            "frames at an outside socket client.\n"
        )
        REPORT.write_text(head + "\n".join(self.lines) + "\n")


def verdict(value: float, must: float, aim: float) -> str:
    return "aim" if value <= aim else "must" if value <= must else "**missed**"


def limits(report: Report) -> None:
    report.heading("Limits of this machine", "what", "p50 ms", "p95 ms")
    report.row("fork and exit", *references.bare_fork())
    report.row("spawn `python -c pass`", *references.bare_spawn())
    report.row("spawn `python -c 'import pandas'`", *references.bare_spawn("import pandas"))
    bubblewrap = references.bare_bubblewrap()
    if bubblewrap:
        report.row("bare bubblewrap with `python -c pass`", *bubblewrap)


def reference_rows(report: Report) -> dict[str, Figures]:
    report.heading(
        "Bare Celery and a fork per step", "shape", "ms/step", "gap p50", "gap p95", "first step ms", "wall s"
    )
    contender = references.CeleryFork()
    best: dict[str, Figures] = {}
    try:
        for name, shape in SHAPES.items():
            runs = [run for _ in range(3) if (run := contender.run(shape))]
            best[name] = min(runs, key=lambda run: run.per_step)
            b = best[name]
            report.row(name, b.per_step, b.gap_p50, b.gap_p95, b.first, b.wall)
    finally:
        contender.close()
    return best


def clary_rows(report: Report, server: Clary, runner: str, reference: dict[str, Figures], *, quick: bool) -> None:
    factor = {"process": 1, "sandbox": 2}.get(runner)
    title = f"Clary, {runner} runner"
    columns = ("shape", "ms/step", "CPU ms/step", "gap p50", "gap p95", "first step ms", "wall s", "frame p50/p95 ms")
    report.heading(title, *columns, "÷ Celery + fork", "bound met")
    work = [(name, shape, SCRIPT) for name, shape in SHAPES.items()]
    if runner != "docker":  # its image holds no pandas, and a container takes a quarter of a second
        work.append(("chain of 20, imports pandas", chain(20), PANDAS_SCRIPT))
        if not quick:
            work.append(("1→1000", fan_out(1000), SCRIPT))
    for name, shape, script in work:
        label = f"{runner}-{len(shape)}-{'pandas' if script is PANDAS_SCRIPT else 'plain'}"
        pipeline = server.pipeline(label, shape, script)
        if len(shape) < 200:
            server.run(pipeline, shape)  # warm: fork servers up, plan compiled
        repeats = 1 if len(shape) > 200 or runner == "docker" else 3
        runs = [server.run(pipeline, shape) for _ in range(repeats)]
        best, delays = min(runs, key=lambda run: run[0].per_step)
        ratio = best.per_step / reference[name].per_step if name in reference else None
        bound = "-"
        if factor and name.startswith("chain"):
            must, aim = (15.0, 6.0) if "pandas" in name else (8.0, 3.0)
            bound = verdict(best.per_step, must * factor, aim * factor)
            bound += f"; first {verdict(best.first, 50, 15)}; gap {verdict(best.gap_p95, 15 * factor, 6 * factor)}"
        elif factor and len(shape) > 200:
            bound = verdict(best.wall, 8.0 * factor, 2.5 * factor)
        p50, p95 = percentiles(delays)
        cells = (best.per_step, best.cpu_per_step or 0.0, best.gap_p50, best.gap_p95, best.first, best.wall)
        report.row(name, *cells, f"{p50:.1f} / {p95:.1f}", "-" if ratio is None else f"{ratio:.2f}", bound)


@contextmanager
def engine(runner: str, report: Report) -> Iterator[dict[str, str]]:
    """For the Docker runner a throw-away engine, as the tests use it, and what a bare `docker run` costs there."""
    if runner != "docker":
        yield {}
        return
    with docker_engine() as address:
        os.environ["DOCKER_HOST"] = address
        report.heading("Limit: bare `docker run --network none … python3 -c pass`", "p50 ms", "p95 ms")
        report.row(*references.docker_run(DOCKER_IMAGE))
        try:
            yield {"DOCKER_HOST": address}
        finally:
            del os.environ["DOCKER_HOST"]


def frame_rows(report: Report, server: Clary) -> None:
    """Steps far enough apart that nothing is held, as a person who watches sees them."""
    shape = chain(20)
    pipeline = server.pipeline("frames", shape, SLOW_SCRIPT)
    server.run(pipeline, shape)
    delays = [delay for _ in range(3) for delay in server.run(pipeline, shape)[1]]
    at_once, every = percentiles(delays, held=False), percentiles(delays)
    count = sum(not delay.held for delay in delays)
    report.heading("Commit to frame", "sent at once, p50/p95 ms", "of events", "all events, p50/p95 ms", "bound met")
    cells = [f"{p50:.1f} / {p95:.1f}" for p50, p95 in (at_once, every)]
    report.row(cells[0], f"{count} of {len(delays)}", cells[1], verdict(at_once[1], 30, 10))


def idle_row(report: Report, server: Clary) -> None:
    time.sleep(75)  # fork servers with science libraries end after a minute without work
    before, begun = cpu_seconds(server.process.pid), time.monotonic()
    time.sleep(10)
    cpu = (cpu_seconds(server.process.pid) - before) / (time.monotonic() - begun) * 100
    sizes = pss_megabytes(server.process.pid)
    report.heading("Idle", "processes", "PSS MB", "CPU %", "bound met")
    report.row(len(sizes), sum(sizes.values()), cpu, verdict(sum(sizes.values()), 250, 150))
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        report.note(f"- {size:.0f} MB `{' '.join(name.split()[1:])}`")


def wire_rows(report: Report, server: Clary) -> None:
    report.heading("SageMaker calls with boto3", "what", "p50 ms", "worst ms", "bound ms", "bound met")
    for what, (p50, worst, bound) in wire.measured(server).items():
        report.row(what, p50, worst, bound, verdict(p50, bound, bound))


def canvas_rows(report: Report, server: Clary) -> None:
    figures = measure(server, mesh(50, 20))
    report.heading("Canvas with 1,000 steps", "first paint ms", "paint CPU ms", "pan CPU ms (60 moves)", "bound met")
    report.row(*figures.values(), verdict(figures["first_paint"], 800, 800))


def object_rows(report: Report, server: Clary, megabytes: int) -> None:
    """The bound is a part of what a plain copy with the same hashes reaches in the same run."""
    bucket = Bucket(server)
    columns = ("object", "copy with both hashes MB/s", "PUT MB/s", "GET MB/s", "growth of the server MB", "bound met")
    report.heading("S3", *columns)
    best = max((bucket.transfer(megabytes) for _ in range(2)), key=lambda one: one.put / one.reference)
    ratios = [best.reference / speed for speed in (best.put, best.get)]
    met = (
        f"PUT {verdict(ratios[0], 2.5, 1.5)}; GET {verdict(ratios[1], 2.5, 1.0)}; memory {verdict(best.growth, 64, 32)}"
    )
    report.row(f"{megabytes} MiB", best.reference, best.put, best.get, best.growth, met)
    report.heading("S3, objects of 1 KiB", "connections", "PUT/s", "bound met")
    for connections in (1, 4):
        rate = max(bucket.small_puts(600, connections) for _ in range(2))
        report.row(connections, rate, verdict(1 / rate, 1 / 300, 1 / 600))


def table_rows(report: Report, server: Clary, megabytes: int) -> None:
    """Own data in the studio: the upload's answer comes with the first look taken, and says what is in the file."""
    columns = ("file", "MB", "upload MB/s", "growth of the server MB", "preview s", "whole profile s", "bound met")
    report.heading("Tables", *columns)
    for what, look in tables.looks(server, megabytes):
        met = [f"preview {verdict(look.preview, 1, 0.3)}", f"memory {verdict(look.growth, 64, 32)}"]
        if look.size >= 500:  # a small file's time is that of looking into it
            met.insert(0, f"upload {verdict(1 / look.speed, 1 / 100, 1 / 200)}")
        if look.profile is not None:
            met.append(f"profile {verdict(look.profile, 10, 5)}")
        whole = "-" if look.profile is None else f"{look.profile:.1f}"
        report.row(what, look.size, look.speed, look.growth, f"{look.preview:.2f}", whole, "; ".join(met))
    seconds = tables.starts(server)
    p50, p95 = percentile(seconds, 0.5) * 1000, percentile(seconds, 0.95) * 1000
    report.heading("Steps without code, warm", "steps", "producers' end → process runs, p50 ms", "p95 ms", "bound met")
    report.row(len(seconds), p50, p95, verdict(p50, 20, 10))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runners", default="process,sandbox,docker")
    parser.add_argument("--skip-canvas", action="store_true")
    parser.add_argument("--object-megabytes", type=int, default=1024, help="size of the S3 object, in MiB")
    parser.add_argument("--quick", action="store_true", help="no 1,000-step fan-out, no idle measurement")
    options = parser.parse_args()
    report = Report()
    limits(report)
    reference = reference_rows(report)
    for runner in options.runners.split(","):
        with engine(runner, report) as environment, running(runner, environment=environment) as server:
            if runner == "docker":
                server.map_image(DOCKER_IMAGE)
            clary_rows(report, server, runner, reference, quick=options.quick)
            if runner == "process":
                frame_rows(report, server)
            if runner == "process" and not options.quick:
                idle_row(report, server)
            if runner == "process":  # after the idle row: the first AWS call reads some 25 MB of service shapes
                wire_rows(report, server)
                object_rows(report, server, options.object_megabytes)
                table_rows(report, server, 200 if options.quick else 2_000)
            if runner == "process" and not options.skip_canvas:
                canvas_rows(report, server)
    report.write()


if __name__ == "__main__":
    main()
