"""What the same machine can do at best, measured in the same run: the figures that ours are divided by."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from scripts.bench.clary import free_port
from scripts.bench.processes import end
from scripts.bench.shapes import Figures, Shape, figures, percentile

ROOT = Path(__file__).resolve().parents[2]


def _timed(action: Callable[[], None], repeats: int) -> tuple[float, float]:
    """p50 and p95 in milliseconds, the first call left out."""
    action()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        action()
        times.append((time.perf_counter() - begun) * 1e3)
    return percentile(times, 0.5), percentile(times, 0.95)


def bare_fork() -> tuple[float, float]:
    def action() -> None:
        child = os.fork()
        if not child:
            os._exit(0)
        os.waitpid(child, 0)

    return _timed(action, 200)


def bare_spawn(code: str = "pass") -> tuple[float, float]:
    return _timed(lambda: _quiet([sys.executable, "-c", code]), 30 if code == "pass" else 6)


def bare_bubblewrap() -> tuple[float, float] | None:
    if not shutil.which("bwrap"):
        return None
    words = ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"]
    return _timed(lambda: _quiet([*words, sys.executable, "-c", "pass"]), 30)


def docker_run(image: str) -> tuple[float, float]:
    return _timed(lambda: _quiet(["docker", "run", "--rm", "--network", "none", image, "python3", "-c", "pass"]), 10)


def _quiet(words: list[str]) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


CELERY_APP = '''
import json, os, time
import redis
from celery import Celery

url = os.environ["BENCH_BROKER"]
app = Celery("reference", broker=url)
app.conf.update(worker_prefetch_multiplier=1, task_ignore_result=True)
board = redis.Redis.from_url(url, socket_timeout=None)


@app.task
def step(name):
    """Forks for the body, then counts its consumers down and sends those that became ready."""
    child = os.fork()
    if not child:
        begun = time.monotonic_ns()
        with open(os.path.join(os.environ["BENCH_STAMPS"], name), "w") as stamp:
            stamp.write(f"{begun} {time.monotonic_ns()}")
        os._exit(0)
    os.waitpid(child, 0)
    consumers = json.loads(board.hget("consumers", name) or "[]")
    counting = board.pipeline()
    for consumer in consumers:
        counting.hincrby("remaining", consumer, -1)
    counting.decr("unfinished")
    *left, unfinished = counting.execute()
    for consumer, remaining in zip(consumers, left):
        if remaining == 0:
            step.delay(consumer)
    if unfinished == 0:
        board.rpush("done", 1)
'''


class CeleryFork:
    """Bare Celery and a fork per step on a real broker: no history, no inputs or outputs, no isolation."""

    def __init__(self) -> None:
        import redis

        self.folder = Path(tempfile.mkdtemp(prefix="celery-reference-"))
        (self.folder / "stamps").mkdir()
        (self.folder / "reference.py").write_text(CELERY_APP)
        port = free_port()
        url = f"redis://127.0.0.1:{port}/0"
        environment = {**os.environ, "BENCH_BROKER": url, "BENCH_STAMPS": str(self.folder / "stamps")}
        server = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        quiet = subprocess.DEVNULL
        self.broker = subprocess.Popen(server, stdout=quiet, stderr=quiet)
        self.board = redis.Redis.from_url(url, socket_timeout=None)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                self.board.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.02)
        worker = [sys.executable, "-m", "celery", "-A", "reference", "worker", "-c", "4", "-l", "WARNING"]
        flags = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self.worker = subprocess.Popen([*worker, *flags], cwd=self.folder, env=environment, stdout=quiet, stderr=quiet)
        os.environ.update({"BENCH_BROKER": url, "BENCH_STAMPS": str(self.folder / "stamps")})
        sys.path.insert(0, str(self.folder))
        self.task = importlib.import_module("reference").step
        self.run({"warm": ()})

    def run(self, shape: Shape) -> Figures | None:
        consumers: dict[str, list[str]] = {}
        for step, producers in shape.items():
            for producer in producers:
                consumers.setdefault(producer, []).append(step)
        self.board.delete("consumers", "remaining", "done")
        if consumers:
            self.board.hset("consumers", mapping={name: json.dumps(names) for name, names in consumers.items()})
        self.board.hset("remaining", mapping={name: len(producers) for name, producers in shape.items()})
        self.board.set("unfinished", len(shape))
        trigger = time.monotonic_ns()
        for step, producers in shape.items():
            if not producers:
                self.task.delay(step)
        self.board.blpop("done", timeout=120)
        if len(shape) == 1:
            return None
        stamps = {}
        for step in shape:
            begun, ended = (self.folder / "stamps" / step).read_text().split()
            stamps[step] = (int(begun), int(ended))
        return figures(shape, stamps, trigger)

    def close(self) -> None:
        end(self.worker)
        end(self.broker)
        shutil.rmtree(self.folder, ignore_errors=True)
