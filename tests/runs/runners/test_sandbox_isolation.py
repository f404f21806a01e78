"""What a step in the sandbox can not do. Each probe runs inside a real step and tells what it could reach."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from runs.runners.base import Ended, RunnerSettings
from runs.runners.sandbox import SandboxRunner
from tests.machine import need
from tests.runs.attempts.harness import Bench, RecordingObserver, Token, wait_until


@pytest.fixture(scope="module")
def runner(runner_settings: RunnerSettings) -> Iterator[SandboxRunner]:
    need("bwrap")
    runner = SandboxRunner(runner_settings)
    yield runner
    runner.close()


@pytest.fixture
def told(runner: SandboxRunner, bench: Bench):  # type: ignore[no-untyped-def]
    """Runs a script and gives the JSON it printed last."""

    def run(script: str, **facts: object) -> object:
        observer = RecordingObserver()
        outcome = runner.run(
            bench.spec(script, **facts),  # type: ignore[arg-type]
            store=bench.store,
            observer=observer,
            stop=Token(),
        )
        assert outcome.ended is Ended.SUCCEEDED, (outcome.reason, observer.text)
        return json.loads(observer.text.strip().splitlines()[-1])

    return run


def test_our_home_and_everything_in_it_is_out_of_sight(told, runner_settings: RunnerSettings) -> None:
    places = {
        "home": runner_settings.home,
        "secret": runner_settings.home / "secret.key",
        "database": runner_settings.home / "clary.sqlite3",
        "work": runner_settings.work,
        "project": Path(__file__).resolve().parents[3] / "manage.py",
        "docker": Path("/var/run/docker.sock"),
        "shadow": Path("/etc/shadow"),
        "root": Path("/root/.bashrc"),
    }
    for path in (places["database"],):
        path.write_text("rows")
    script = f"""
        import json, os
        seen = {{}}
        for name, path in { ({name: str(path) for name, path in places.items()})!r}.items():
            try:
                if os.path.isdir(path): os.listdir(path)
                else: open(path).read(1)
                seen[name] = path
            except OSError:
                pass
        print(json.dumps(seen))
    """
    assert told(script) == {}


def test_the_secret_is_found_nowhere_in_the_visible_tree(told) -> None:
    script = """
        import json, os
        hits = []
        for parent, folders, files in os.walk("/", followlinks=False):
            if parent == "/": folders[:] = [f for f in folders if f not in ("proc", "usr", "dev")]
            for name in files:
                if name in ("secret.key", "clary.sqlite3", "credentials.json"): hits.append(os.path.join(parent, name))
        print(json.dumps(hits))
    """
    assert told(script) == []


def test_the_broker_socket_of_the_worker_cannot_be_reached(told, runner_settings: RunnerSettings) -> None:
    path = runner_settings.home / "broker.sock"
    with socket.socket(socket.AF_UNIX) as broker:
        broker.bind(str(path))
        broker.listen()
        script = f"""
            import json, socket
            try:
                socket.socket(socket.AF_UNIX).connect({str(path)!r}); print(json.dumps("connected"))
            except OSError as problem:
                print(json.dumps(problem.strerror))
        """
        assert told(script) == "No such file or directory"


def test_other_attempts_are_out_of_sight(runner: SandboxRunner, bench: Bench, told) -> None:
    neighbour, stop = RecordingObserver(), Token()
    spec = bench.spec(
        """
        import time
        for folder in ("/opt/ml/processing/output", "/tmp", "/dev/shm"):
            open(folder + "/mine", "w").write("x")
        print("up", flush=True)
        time.sleep(60)
        """
    )
    thread = threading.Thread(target=lambda: runner.run(spec, store=bench.store, observer=neighbour, stop=stop))
    thread.start()
    neighbour.wait_for("up")
    script = f"""
        import json, os
        hits = []
        for parent, folders, files in os.walk("/"):
            if parent == "/": folders[:] = [f for f in folders if f not in ("proc", "usr")]
            hits += [name for name in [*files, *folders] if name == "mine" or {spec.attempt_id!r} in name]
        pids = [p for p in os.listdir("/proc") if p.isdigit()]
        mounts = [line for line in open("/proc/self/mountinfo") if {spec.attempt_id!r} in line]
        print(json.dumps([hits, len(pids), mounts]))
    """
    hits, processes, mounts = told(script)
    stop.kill()
    thread.join(20)
    assert hits == []
    assert processes == 2  # its supervisor and itself
    assert mounts == []


def test_a_step_is_not_root_and_can_gain_nothing(told) -> None:
    script = """
        import ctypes, json, os, subprocess
        status = dict(line.split(":", 1) for line in open("/proc/self/status"))
        libc = ctypes.CDLL(None, use_errno=True)
        attempts = {
            "mount": libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None),
            "unmount": libc.umount2(b"/opt/ml", 2),
            "chroot": libc.chroot(b"/tmp"),
            "hostname": libc.sethostname(b"x", 1),
        }
        try:
            os.setuid(0); attempts["setuid"] = 0
        except OSError:
            attempts["setuid"] = -1
        sets = [status[name].strip() for name in ("CapPrm", "CapEff", "CapBnd", "NoNewPrivs")]
        print(json.dumps([os.getuid(), sets, attempts]))
    """
    uid, capabilities, attempts = told(script)
    assert uid != 0
    assert capabilities == ["0" * 16] * 3 + ["1"]
    assert set(attempts.values()) == {-1}


def test_the_system_is_read_only(told) -> None:
    script = """
        import json, os
        wrote = []
        for folder in ("/", "/usr/bin", "/etc", "/run", "/run/clary", "/run/clary/forkserver", "/dev", "/opt", "/var",
                       "/proc/sys/kernel", os.path.dirname(os.__file__)):
            try:
                open(os.path.join(folder, "core_pattern" if folder.startswith("/proc") else "written"), "w").write("x")
                wrote.append(folder)
            except OSError:
                pass
        print(json.dumps(wrote))
    """
    assert told(script) == []


def test_environment_and_descriptors_of_the_worker_do_not_leak(told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    script = """
        import json, os
        own = open("/proc/self/environ").read() + open("/proc/1/cmdline").read() + str(dict(os.environ))
        fds = sorted(int(f) for f in os.listdir("/proc/self/fd"))
        print(json.dumps(["postgres" in own, fds[:3], len(fds)]))
    """
    leaked, first, count = told(script)
    assert not leaked
    assert first == [0, 1, 2]
    assert count == 4  # and the listing itself


def test_network_isolation_leaves_only_loopback(told) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        script = f"""
            import json, socket
            try:
                socket.create_connection(("127.0.0.1", {port}), timeout=2); outside = True
            except OSError:
                outside = False
            inner = socket.create_server(("127.0.0.1", 0))
            socket.create_connection(inner.getsockname(), timeout=2)
            print(json.dumps([outside, [name for _, name in socket.if_nameindex()]]))
        """
        assert told(script, network=False) == [False, ["lo"]]
        assert told(script)[0] is True


def test_files_of_the_step_belong_to_nobody_who_matters(runner: SandboxRunner, bench: Bench) -> None:
    if os.geteuid() != 0:
        pytest.skip("as an ordinary user the step has the worker's own user outside")
    observer, stop = RecordingObserver(), Token()
    spec = bench.spec(
        """
        import time
        open("/opt/ml/processing/output/f", "w").write("x")
        print("up", flush=True)
        time.sleep(60)
        """
    )
    thread = threading.Thread(target=lambda: runner.run(spec, store=bench.store, observer=observer, stop=stop))
    thread.start()
    observer.wait_for("up")
    owner = (runner._settings.work / spec.attempt_id / "ml/processing/output/f").stat().st_uid
    stop.kill()
    thread.join(20)
    assert owner >= 60_000


def test_a_fork_bomb_ends_and_the_kernel_takes_steps_first(told) -> None:
    script = """
        import json, resource
        soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
        print(json.dumps([soft, hard, int(open("/proc/self/oom_score_adj").read())]))
    """
    soft, hard, score = told(script)
    assert 0 < soft == hard <= 256 * 1024
    assert score > 0


def test_multiprocessing_works_inside(told) -> None:
    script = """
        import json, multiprocessing

        def square(n):
            return n * n

        if __name__ == "__main__":
            answers = []
            for method in ("fork", "spawn"):
                with multiprocessing.get_context(method).Pool(2) as pool:
                    answers.append(pool.map(square, range(4)))
            print(json.dumps(answers))
    """
    assert told(script) == [[0, 1, 4, 9]] * 2


def test_an_environment_below_our_home_does_not_show_the_home(told, runner_settings: RunnerSettings) -> None:
    assert wait_until(lambda: (runner_settings.home / "secret.key").exists())
    visible = told(f"import json, os; print(json.dumps(os.path.exists({str(runner_settings.home)!r})))")
    assert visible is False


def test_a_step_makes_no_user_namespace_and_reaches_no_keyring(told) -> None:  # type: ignore[no-untyped-def]
    script = """
        import ctypes, json, os, platform, subprocess, threading
        libc = ctypes.CDLL(None, use_errno=True)
        NEWUSER = 0x10000000
        numbers = {"x86_64": (56, 435, 250, 321), "aarch64": (220, 435, 219, 280)}[platform.machine()]
        def refused(call):
            ctypes.set_errno(0)
            result = call()
            if result == 0 and call.__name__ == "clone": os._exit(0)
            return os.strerror(ctypes.get_errno()) if result == -1 else "allowed"
        def clone(): return libc.syscall(numbers[0], NEWUSER | 17, 0, 0, 0, 0)
        def clone_in_high_bits(): return libc.syscall(numbers[0], ctypes.c_ulong(1 << 63 | NEWUSER | 17), 0, 0, 0, 0)
        found = {
            "unshare": refused(lambda: libc.unshare(NEWUSER)),
            "unshare with more": refused(lambda: libc.unshare(NEWUSER | 0x00020000)),
            "clone": refused(clone),
            "clone high": refused(clone_in_high_bits),
            "clone3": refused(lambda: libc.syscall(numbers[1], 0, 0)),
            "keyctl": refused(lambda: libc.syscall(numbers[2], 0, -3, 0)),
            "bpf": refused(lambda: libc.syscall(numbers[3], 0, 0, 0)),
            "own files": refused(lambda: libc.unshare(0x00000400)),
            "command": subprocess.run(["unshare", "--user", "true"], capture_output=True).returncode,
        }
        threads = [threading.Thread(target=lambda: None) for _ in range(3)]
        [thread.start() for thread in threads]; [thread.join() for thread in threads]
        found["shell"] = subprocess.run("echo $((1 + 1))", shell=True, capture_output=True, text=True).stdout
        print(json.dumps(found))
    """
    found = told(script)
    never, absent = "Operation not permitted", "Function not implemented"
    assert found == {
        "unshare": never,
        "unshare with more": never,
        "clone": never,
        "clone high": never,
        "clone3": absent,
        "keyctl": never,
        "bpf": never,
        "own files": "allowed",
        "command": 1,
        "shell": "2\n",
    }
