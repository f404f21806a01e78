"""The fork server: who dies with whom, and how close to a fresh interpreter its steps are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runs.runners.base import Ended, Outcome, RunnerSettings
from runs.runners.forkserver.supervisor import MOST_STEPS
from runs.runners.preloading import Tier, tiers_for
from runs.runners.process import ProcessRunner
from runs.runners.sandbox import SandboxRunner
from runs.runners.zygote import ForkServers, ServerGone, StepEnd, StepRequest
from tests.machine import missing
from tests.runs.attempts.harness import Bench, RecordingObserver, Token, wait_until

PYTHON = sys.executable
Run = Callable[..., tuple[StepEnd, str]]


@pytest.fixture(scope="module")
def servers() -> Iterator[ForkServers]:
    servers = ForkServers()
    yield servers
    servers.close()


@pytest.fixture
def run(servers: ForkServers, tmp_path: Path) -> Run:
    def run(*argv: str, env: dict[str, str] | None = None, **options: object) -> tuple[StepEnd, str]:
        output, sink = os.pipe()
        request = StepRequest(argv=argv, env={"PATH": os.defpath, **(env or {})}, cwd=str(tmp_path))
        step = servers.start(request, sink, python=PYTHON, **options)  # type: ignore[arg-type]
        os.close(sink)
        try:
            with os.fdopen(output, "rb") as said:
                text = said.read().decode(errors="surrogateescape")
            end = step.receive() or step.receive()
        finally:
            step.close()
        assert end is not None
        return end, text

    return run


FIDELITY = {
    "a script": "import sys; print(sys.argv, __name__, __file__, sys.path[0], type(__loader__).__name__)",
    "an exception": "def f():\n    raise ValueError('x')\nf()",
    "an exception in a chain": "try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise KeyError('y') from e",
    "a syntax error": "def f(:\n",
    "exit with a number": "import sys; sys.exit(7)",
    "exit with a text": "import sys; sys.exit('sorry')",
    "exit with a large number": "import sys; sys.exit(300)",
    "exit handlers": "import atexit; atexit.register(print, 'bye'); print('hello')",
    "a thread that goes on": "import threading, time\n"
    "threading.Thread(target=lambda: (time.sleep(.1), print('later'))).start()",
    "an unflushed file": "f = open('out.txt', 'w'); f.write('kept'); import atexit, os\n"
    "class C:\n    def __del__(self): print('deleted')\nc = C()",
    "output without newline": "import sys; sys.stdout.write('no newline'); sys.stderr.write('err')",
    "keyboard interrupt": "raise KeyboardInterrupt",
    "a killed process": "import os, signal; os.kill(os.getpid(), signal.SIGTERM); import time; time.sleep(9)",
    "hard exit": "import os; print('lost', end=''); os._exit(5)",
    "a fork": "import os\npid = os.fork()\nif pid == 0:\n    print('child')\nelse:\n    os.wait(); print('parent')",
    "main and pickling": "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))).__module__)",
    "undecodable output": "print('\\udcff')",
    "no stdin": "import sys; print(repr(sys.stdin.read()))",
    "flags": "import sys; print(sys.flags, sys.stdout.encoding, sys.stdout.errors)",
    "signals": "import signal as s; print([s.getsignal(n) for n in (s.SIGINT, s.SIGTERM, s.SIGPIPE, s.SIGCHLD)])",
}


@pytest.mark.parametrize("name", FIDELITY)
def test_a_step_behaves_as_a_fresh_interpreter_does(name: str, run: Run, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(FIDELITY[name])
    env = {"LANG": "C.UTF-8"}
    end, text = run("python3", str(script), "one", "two", env=env)
    # A shell's background job ignores SIGINT, and hands that down; the fork server's steps never do.
    fresh = subprocess.run(
        ["env", "--default-signal=INT", PYTHON, str(script), "one", "two"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env=env,
        cwd=tmp_path,
    )
    code = fresh.returncode
    assert (end.exit_code, end.signal) == ((code, None) if code >= 0 else (None, -code)), text
    assert sorted(text.splitlines()) == sorted(fresh.stdout.decode(errors="surrogateescape").splitlines())


def test_a_file_left_open_is_written_to_the_end(run: Run, tmp_path: Path) -> None:
    run("python3", "-c", "f = open('out.txt', 'w'); f.write('kept')")
    assert (tmp_path / "out.txt").read_text() == "kept"


@pytest.mark.parametrize(
    "arguments",
    [
        ("-c", "import sys; print(sys.argv, sys.path[0])", "x"),
        ("-m", "module_here", "x"),
        ("-u", "-c", "import sys; print(sys.stdout.write_through)"),
        ("-O", "-c", "print(__debug__)"),
        ("folder",),
        ("-m", "no_such_module"),
        ("--version",),
    ],
)
def test_every_way_to_call_python_works(arguments: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    (tmp_path / "module_here.py").write_text("import sys; print(sys.argv[1:], __name__, __spec__.name, sys.path[0])")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "__main__.py").write_text("import sys; print(sys.argv, sys.path[0])")
    end, text = run("python3", *arguments)
    fresh = subprocess.run([PYTHON, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=tmp_path, env={})
    assert (end.exit_code, text) == (fresh.returncode, fresh.stdout.decode())


def test_python_variables_are_honoured(run: Run, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "mine.py").write_text("name = 'found'")
    env = {"PYTHONPATH": str(tmp_path / "lib")}
    assert run("python3", "-c", "import mine; print(mine.name)", env=env)[1] == "found\n"
    seed = {"PYTHONHASHSEED": "1"}
    fresh = subprocess.check_output([PYTHON, "-c", "print(hash('x'))"], env=seed, text=True)
    assert run("python3", "-c", "print(hash('x'))", env=seed)[1] == fresh


def test_no_module_of_the_server_is_seen_by_the_step(run: Run) -> None:
    code = "import sys; print([n for n in sys.modules if 'forkserver' in n], sys.argv)"
    assert run("python3", "-c", code)[1] == "[] ['-c']\n"


def test_multiprocessing_works_with_fork_and_spawn(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "pool.py"
    script.write_text(
        textwrap.dedent(
            """
            import multiprocessing

            def square(n):
                return n * n

            if __name__ == "__main__":
                for method in ("fork", "spawn"):
                    with multiprocessing.get_context(method).Pool(2) as pool:
                        print(pool.map(square, range(4)))
            """
        )
    )
    end, text = run("python3", str(script))
    assert (end.exit_code, text) == (0, "[0, 1, 4, 9]\n" * 2)


def test_the_large_libraries_are_there_without_an_import(run: Run, servers: ForkServers) -> None:
    server = servers.warm(PYTHON, Tier.SCIENCE)
    assert {"numpy", "pandas", "sklearn.ensemble"} <= set(server.ready["preloaded"])
    assert server.ready["left_out"] == {}
    code = "import sys, time; print('pandas' in sys.modules); import numpy; print(numpy.random.rand())"
    first = run("python3", "-c", code, preload=frozenset({"pandas"}), wait=True)[1].split()
    second = run("python3", "-c", code, preload=frozenset({"pandas"}), wait=True)[1].split()
    assert first[0] == second[0] == "True"
    assert first[1] != second[1]


def test_a_step_gets_the_smallest_tier_that_holds_its_libraries() -> None:
    assert tiers_for(frozenset({"torch"})) == (Tier.LEAN, Tier.TABLES, Tier.SCIENCE)
    assert tiers_for(frozenset({"pandas", "numpy", "torch"})) == (Tier.TABLES, Tier.SCIENCE)
    assert tiers_for(frozenset({"pandas", "sklearn"})) == (Tier.SCIENCE,)


def test_a_step_runs_in_a_larger_tier_while_only_that_is_warm(tmp_path: Path) -> None:
    servers = ForkServers()

    def loaded() -> str:
        output, sink = os.pipe()
        code = "import sys; print([name for name in ('pandas', 'sklearn') if name in sys.modules])"
        request = StepRequest(argv=("python3", "-c", code), env={"PATH": os.defpath}, cwd=str(tmp_path))
        step = servers.start(request, sink, python=PYTHON, preload=frozenset({"pandas"}))
        os.close(sink)
        while step.receive() is None:
            continue
        step.close()
        with os.fdopen(output) as said:
            return said.read().strip()

    try:
        servers.warm(PYTHON, Tier.SCIENCE)
        assert loaded() == "['pandas', 'sklearn']"
        servers.warm(PYTHON, Tier.TABLES)
        assert loaded() == "['pandas']"
    finally:
        servers.close()


def test_what_a_step_writes_stays_its_own_after_pages_were_gathered(servers: ForkServers, run: Run) -> None:
    servers.warm(PYTHON, Tier.TABLES)
    code = "import numpy; print(getattr(numpy, 'mark', None)); numpy.mark = 1; a = numpy.ones(10**6); print(a.sum())"
    for _ in range(2):
        assert run("python3", "-c", code, preload=frozenset({"numpy"}), wait=True)[1] == "None\n1000000.0\n"


def test_a_model_trains_on_two_threads_in_a_preloaded_step(run: Run) -> None:
    code = """
import numpy, xgboost, pyarrow
from sklearn.ensemble import RandomForestClassifier
x = numpy.random.rand(400, 4); y = x[:, 0] > 0.5
print(RandomForestClassifier(n_estimators=20, n_jobs=2).fit(x, y).score(x, y) > 0.9)
print(xgboost.XGBClassifier(n_estimators=5, n_jobs=2).fit(x, y).score(x, y) > 0.9)
print((x @ x.T).shape, pyarrow.compute.sum(pyarrow.array([1, 2])).as_py() if hasattr(pyarrow, "compute") else 3)
"""
    end, text = run("python3", "-c", code, preload=frozenset({"sklearn"}), wait=True, env={"OMP_NUM_THREADS": "2"})
    assert (end.exit_code, text) == (0, "True\nTrue\n(400, 400) 3\n")


def test_a_module_that_starts_a_thread_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "threaded.py").write_text(
        "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    )
    from runs.runners import zygote

    server = zygote.ForkServer(
        [PYTHON],
        {"preload": ["json", "threaded", "csv"]},
        folder=str(zygote.PACKAGE.parent),
        env={"PYTHONPATH": str(tmp_path)},
    )
    try:
        assert server.ready["preloaded"] == ["json", "csv"]
        assert "threads" in server.ready["left_out"]["threaded"]
    finally:
        server.close()


def test_a_prepared_server_serves_the_first_step() -> None:
    servers = ForkServers()
    try:
        servers.prepare(PYTHON)
        first = servers.warm(PYTHON)
        servers.prepare(PYTHON)
        assert servers.warm(PYTHON) is first
    finally:
        servers.close()


def test_an_idle_science_server_ends_and_the_lean_one_stays() -> None:
    servers = ForkServers(idle_seconds=0.4)
    try:
        lean, science = servers.warm(PYTHON), servers.warm(PYTHON, Tier.SCIENCE)
        assert wait_until(lambda: science.process.poll() is not None)
        assert lean.alive
    finally:
        servers.close()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    servers = ForkServers()
    try:
        with pytest.raises(ServerGone, match="No such file"):
            servers.warm(str(tmp_path / "no-python"))
    finally:
        servers.close()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def family(pid: int) -> list[int]:
    """The process and everything below it, as seen from here."""
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        found.append(parent)
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            waiting += [int(child) for child in task.read_text().split()]
    return found


SLEEPER = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(300)
    os._exit(0)
print("up", flush=True)
time.sleep(300)
"""

RUNNERS = [ProcessRunner, *([SandboxRunner] if missing("bwrap") is None else [])]


@pytest.mark.parametrize("kind", RUNNERS)
def test_a_killed_fork_server_takes_its_steps_along_and_the_next_step_gets_a_new_one(
    kind: type[ProcessRunner | SandboxRunner], runner_settings: RunnerSettings, bench: Bench
) -> None:
    runner = kind(runner_settings)
    observer, outcomes = RecordingObserver(), list[Outcome]()
    try:
        thread = threading.Thread(
            target=lambda: outcomes.append(
                runner.run(bench.spec(SLEEPER), store=bench.store, observer=observer, stop=Token())
            )
        )
        thread.start()
        observer.wait_for("up")
        server = runner.servers.warm(runner_settings.python)
        below = family(server.process.pid)[1:]
        os.kill(server.process.pid, signal.SIGKILL)
        assert wait_until(lambda: not any(alive(pid) for pid in below), 1.0)
        thread.join(5)
        assert [outcome.ended for outcome in outcomes] == [Ended.LOST]
        again = runner.run(bench.spec("print('on')"), store=bench.store, observer=observer, stop=Token())
        assert again.ended is Ended.SUCCEEDED
    finally:
        runner.close()


@pytest.mark.parametrize("kind", RUNNERS)
def test_a_killed_worker_takes_servers_and_steps_along(
    kind: type[ProcessRunner | SandboxRunner], tmp_path: Path
) -> None:
    script = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from {kind.__module__} import {kind.__name__} as Kind
from runs.runners.base import RunnerSettings
from runs.storage.local import LocalBlobStore
from tests.runs.attempts.harness import Bench, RecordingObserver, Token
home = Path({str(tmp_path)!r})
bench = Bench(LocalBlobStore(home / "blobs"))
class Observer(RecordingObserver):
    def log(self, chunk):
        print(chunk.decode(), flush=True)
runner = Kind(RunnerSettings(home=home, work=home / "work", environments=home / "e", python=sys.executable))
runner.run(bench.spec({SLEEPER!r}), store=bench.store, observer=Observer(), stop=Token())
"""
    with subprocess.Popen([PYTHON, "-c", script], stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"up\n"
        time.sleep(0.1)
        below = family(worker.pid)[1:]
        assert len(below) >= 4
        worker.kill()
        assert wait_until(lambda: not any(alive(pid) for pid in below), 1.0)


def test_a_supervisor_goes_on_only_after_a_step_that_ended_well(tmp_path: Path) -> None:
    servers = ForkServers()

    def supervisor(code: str = "pass") -> int:
        output, sink = os.pipe()
        argv = ("python3", "-uc", f"import os; print(os.getppid()); {code}")
        step = servers.start(StepRequest(argv=argv, env={"PATH": os.defpath}, cwd=str(tmp_path)), sink, python=PYTHON)
        os.close(sink)
        while step.receive() is None:
            continue
        step.close()
        with os.fdopen(output) as said:
            return int(said.read())

    try:
        assert len({supervisor() for _ in range(20)}) <= 4
        for harm in ("os._exit(3)", "os.kill(os.getpid(), 9)", "os.fork() or __import__('time').sleep(60)"):
            harmed = supervisor(harm)
            assert harmed not in {supervisor() for _ in range(4)}, harm
    finally:
        servers.close()


def test_a_supervisor_is_replaced_before_it_gets_old(servers: ForkServers, run: Run, tmp_path: Path) -> None:
    seen = [run("python3", "-c", "import os; print(os.getppid())")[1] for _ in range(3 * MOST_STEPS)]
    assert 2 < len(set(seen)) < 8
    assert max(seen.count(one) for one in set(seen)) <= MOST_STEPS


def test_a_killed_supervisor_takes_its_step_and_daemons_along(runner_settings: RunnerSettings, bench: Bench) -> None:
    runner = ProcessRunner(runner_settings)
    observer, outcomes = RecordingObserver(), list[Outcome]()
    try:
        thread = threading.Thread(
            target=lambda: outcomes.append(
                runner.run(bench.spec(SLEEPER), store=bench.store, observer=observer, stop=Token())
            )
        )
        thread.start()
        observer.wait_for("up")
        server = runner.servers.warm(runner_settings.python).process.pid
        below = family(server)[1:]
        supervisor = next(
            pid
            for pid in below
            if Path(f"/proc/{pid}/comm").read_text() == "step-supervisor\n" and len(family(pid)) > 2
        )
        gone = family(supervisor)
        os.kill(supervisor, signal.SIGKILL)
        assert wait_until(lambda: not any(alive(pid) for pid in gone), 1.0)
        thread.join(5)
        assert [outcome.ended for outcome in outcomes] == [Ended.LOST]
    finally:
        runner.close()
