"""What every runner promises. Each runner's test module has a `runner` fixture and subclasses this."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from engine.execution.states import FailureCategory
from runs.runners.base import AttemptSpec, Ended, Limits, Outcome, Runner
from tests.runs.attempts.harness import Bench, RecordingObserver, Token, processes_with, wait_until

MIB = 1024 * 1024


class RunnerContract:
    @pytest.fixture
    def observer(self) -> RecordingObserver:
        return RecordingObserver()

    @pytest.fixture
    def stop(self) -> Token:
        return Token()

    @pytest.fixture
    def run(self, runner: Runner, bench: Bench, observer: RecordingObserver, stop: Token):  # type: ignore[no-untyped-def]
        def run(spec: AttemptSpec) -> Outcome:
            return runner.run(spec, store=bench.store, observer=observer, stop=stop)

        return run

    @pytest.fixture
    def in_background(self, run):  # type: ignore[no-untyped-def]
        """Starts an attempt in a thread; the answer waits for its outcome."""
        threads: list[threading.Thread] = []

        def start(spec: AttemptSpec):  # type: ignore[no-untyped-def]
            outcomes: list[Outcome] = []
            thread = threading.Thread(target=lambda: outcomes.append(run(spec)))
            thread.start()
            threads.append(thread)

            def result(seconds: float = 20) -> Outcome:
                thread.join(seconds)
                assert outcomes, "the attempt has not ended"
                return outcomes[0]

            return result

        yield start
        for thread in threads:
            thread.join(30)

    def test_a_script_reads_its_input_and_publishes_its_output(self, bench, run, observer):
        spec = bench.spec(
            """
            import sys
            text = open("/opt/ml/processing/input/data/a.txt").read() if len(sys.argv) < 2 else open(sys.argv[1]).read()
            print("read", text)
            open(sys.argv[2], "w").write(text.upper())
            """,
            inputs={"/opt/ml/processing/input/data/a.txt": b"hello"},
            arguments=("/opt/ml/processing/input/data/a.txt", "/opt/ml/processing/output/b.txt"),
        )
        outcome = run(spec)
        assert (outcome.ended, outcome.exit_code, outcome.reason) == (Ended.SUCCEEDED, 0, None), observer.text
        assert observer.text == "read hello\n"
        assert observer.running.is_set()
        (published,) = outcome.objects
        assert (published.output, published.uri, published.size) == ("result", "s3://bucket/result/b.txt", 5)
        assert bench.read(published.sha256) == b"HELLO"

    def test_a_step_can_never_change_the_blob_it_reads(self, bench, run):
        path = "/opt/ml/processing/input/data/a.txt"
        spec = bench.spec(
            "import sys; open(sys.argv[1], 'a').write('changed')", inputs={path: b"original"}, arguments=(path,)
        )
        assert run(spec).ended is Ended.SUCCEEDED
        assert bench.read(spec.input_files[1].sha256) == b"original"

    def test_exit_code_3_is_a_failure_with_the_last_lines_as_its_reason(self, bench, run):
        outcome = run(bench.spec("import sys; print('about to fail'); sys.exit(3)"))
        assert (outcome.ended, outcome.exit_code, outcome.signal) == (Ended.FAILED, 3, None)
        assert outcome.category is FailureCategory.USER_CODE
        assert outcome.reason is not None
        assert "exit code 3" in outcome.reason
        assert "about to fail" in outcome.reason

    def test_a_step_killed_by_a_signal_says_which(self, bench, run):
        outcome = run(bench.spec("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
        assert (outcome.ended, outcome.exit_code, outcome.signal) == (Ended.FAILED, None, signal.SIGKILL)
        assert outcome.reason is not None
        assert "SIGKILL" in outcome.reason

    def test_the_failure_file_is_the_reason(self, bench, run):
        spec = bench.spec(
            """
            import os, sys
            path = os.environ["FAILURE"]
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, "w").write("the table has no column 'label'" + "!" * 2000)
            sys.exit(1)
            """,
            environment={"FAILURE": "/opt/ml/output/failure"},
        )
        outcome = run(spec)
        assert outcome.reason is not None
        assert outcome.reason.startswith("the table has no column 'label'!")
        assert len(outcome.reason) == 1024

    def test_the_exit_message_is_read(self, bench, run):
        spec = bench.spec(
            """
            import os
            os.makedirs(os.path.dirname(os.environ["MESSAGE"]), exist_ok=True)
            open(os.environ["MESSAGE"], "w").write("42 rows")
            """,
            environment={"MESSAGE": "/opt/ml/output/message"},
        )
        assert run(spec).exit_message == "42 rows"

    def test_invalid_utf8_passes_through_as_it_is(self, bench, run, observer):
        outcome = run(bench.spec(r"import os; os.write(1, b'a\xff\xfeb\n'); os.write(2, b'\x80')"))
        assert outcome.ended is Ended.SUCCEEDED
        assert observer.output == b"a\xff\xfeb\n\x80"

    def test_stdout_and_stderr_stay_in_order(self, bench, run, observer):
        spec = bench.spec("import os\nfor n in range(200): os.write(1 + n % 2, b'%d\\n' % n)")
        assert run(spec).ended is Ended.SUCCEEDED
        assert observer.text.split() == [str(n) for n in range(200)]

    def test_200_mb_of_output_keep_head_and_tail_and_say_what_was_cut(self, bench, run, observer):
        spec = bench.spec(
            """
            import os
            block = b"".join(b"line %011d\\n" % n for n in range(65536))
            for _ in range(200):
                view = memoryview(block)
                while view:
                    view = view[os.write(1, view):]
            print("the very end")
            """
        )
        began = time.monotonic()
        outcome = run(spec)
        took = time.monotonic() - began
        raw = 200 * 65536 * 17 + len("the very end\n")
        assert outcome.ended is Ended.SUCCEEDED
        assert outcome.usage.log_bytes == raw
        assert len(observer.output) <= 50 * MIB
        assert len(observer.output) > 49 * MIB
        assert observer.output.startswith(b"line 00000000000\n")
        assert observer.output.endswith(b"the very end\n")
        assert b"bytes are left out here" in observer.output
        assert took < 8, f"{raw / took / MIB:.0f} MiB/s"

    def test_a_daemon_that_holds_the_log_open_does_not_outlive_its_step(self, bench, run, observer):
        word = f"daemon-{os.urandom(6).hex()}"
        spec = bench.spec(
            f"""
            import os, subprocess, sys
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.execvp("sleep", ["sleep", "300.{int.from_bytes(word.encode()[-3:], "big")}"])
                os._exit(0)
            os.wait()
            print("daemon started")
            """
        )
        sleep = f"300.{int.from_bytes(word.encode()[-3:], 'big')}"
        began = time.monotonic()
        outcome = run(spec)
        assert outcome.ended is Ended.SUCCEEDED
        assert time.monotonic() - began < 10
        assert wait_until(lambda: not processes_with(sleep))

    def test_a_step_that_ignores_sigterm_is_killed_after_the_grace_period(self, bench, in_background, observer, stop):
        spec = bench.spec(
            """
            import signal, time
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print("deaf", flush=True)
            time.sleep(300)
            """
        )
        result = in_background(spec)
        observer.wait_for("deaf")
        began = time.monotonic()
        stop.stop()
        outcome = result()
        assert outcome.ended is Ended.STOPPED
        assert 0.8 < time.monotonic() - began < 8

    def test_stopping_lets_the_step_clean_up(self, bench, in_background, observer, stop):
        spec = bench.spec(
            """
            import signal, sys, time
            def leave(*_):
                print("cleaned up", flush=True)
                sys.exit(0)
            signal.signal(signal.SIGTERM, leave)
            print("ready", flush=True)
            time.sleep(300)
            """,
            limits=Limits(grace_seconds=15),
        )
        result = in_background(spec)
        observer.wait_for("ready")
        began = time.monotonic()
        stop.stop()
        assert result().ended is Ended.STOPPED
        assert "cleaned up" in observer.text
        assert time.monotonic() - began < 10

    def test_an_attempt_stopped_before_it_starts_runs_nothing(self, bench, run, observer, stop):
        stop.stop()
        assert run(bench.spec("print('ran')")).ended is Ended.STOPPED
        assert "ran" not in observer.text

    def test_a_kill_loses_the_attempt_at_once(self, bench, in_background, observer, stop):
        spec = bench.spec("import time; print('up', flush=True); time.sleep(300)", limits=Limits(grace_seconds=60))
        result = in_background(spec)
        observer.wait_for("up")
        began = time.monotonic()
        stop.kill()
        outcome = result()
        assert (outcome.ended, outcome.category) == (Ended.LOST, FailureCategory.LOST)
        assert time.monotonic() - began < 5

    def test_a_step_over_its_time_limit_fails_with_timeout(self, bench, run):
        outcome = run(bench.spec("import time; time.sleep(300)", timeout_seconds=1))
        assert (outcome.ended, outcome.category) == (Ended.FAILED, FailureCategory.TIMEOUT)
        assert outcome.reason is not None
        assert "limit of 1 seconds" in outcome.reason

    def test_a_step_over_its_memory_limit_is_out_of_memory(self, bench, run):
        spec = bench.spec(
            """
            import time
            data = []
            for _ in range(100):
                data.append(bytearray(b"x" * 10 * 1024 * 1024))
                time.sleep(0.01)
            time.sleep(5)
            """,
            limits=Limits(memory_bytes=200 * MIB, grace_seconds=1.0),
        )
        outcome = run(spec)
        assert (outcome.ended, outcome.category) == (Ended.FAILED, FailureCategory.OUT_OF_MEMORY)
        assert outcome.out_of_memory
        assert outcome.reason is not None
        assert "200 MiB" in outcome.reason

    @pytest.mark.parametrize(
        "script",
        [
            "data = b'x' * (500 << 20)",  # at once, and gone again at once
            "import os\nfor _ in range(4): os.fork()\nhold = os.urandom(24 << 20)\nimport time; time.sleep(5)",
            "import os, time\nif os.fork() == 0: hold = b'x' * (500 << 20); time.sleep(9)\nelse: os.wait()",
        ],
        ids=["a short burst", "many processes", "a child that is not missed"],
    )
    def test_memory_is_counted_however_it_is_taken(self, bench, run, script):
        outcome = run(bench.spec(script, limits=Limits(memory_bytes=200 * MIB, grace_seconds=1.0)))
        assert (outcome.ended, outcome.category) == (Ended.FAILED, FailureCategory.OUT_OF_MEMORY), outcome

    def test_memory_that_processes_share_counts_once(self, bench, run):
        script = "import os, time\nhold = b'x' * (90 << 20)\nfor _ in range(2): os.fork()\ntime.sleep(0.5)"
        assert run(bench.spec(script, limits=Limits(memory_bytes=200 * MIB))).ended is Ended.SUCCEEDED

    def test_a_missing_module_is_named_with_the_way_out(self, bench, run):
        outcome = run(bench.spec("import surely_not_installed.deeply"))
        assert outcome.ended is Ended.FAILED
        assert outcome.reason is not None
        assert "'surely_not_installed'" in outcome.reason
        assert "requirements.txt" in outcome.reason

    def test_a_full_disk_is_told_with_its_volume(self, bench, run):
        outcome = run(bench.spec("import errno, os; raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))"))
        assert (outcome.ended, outcome.category) == (Ended.FAILED, FailureCategory.DISK_FULL)
        assert outcome.reason is not None
        assert "No space is left on the volume /" in outcome.reason

    def test_a_program_that_is_not_there_is_a_clear_failure(self, bench, run):
        outcome = run(bench.spec("", entrypoint=("no-such-program", "--version")))
        assert outcome.ended is Ended.FAILED
        assert outcome.reason is not None
        assert "no-such-program" in outcome.reason

    def test_a_shell_command_runs_as_it_is(self, bench, run, observer):
        outcome = run(bench.spec("", entrypoint=("/bin/sh", "-c", "echo from the shell; exit 4")))
        assert outcome.exit_code == 4
        assert "from the shell" in observer.text

    def test_usage_is_measured(self, bench, run):
        spec = bench.spec(
            """
            import sys, time
            end = time.process_time() + 0.3
            while time.process_time() < end: pass
            data = bytearray(b"x" * 64 * 1024 * 1024)
            open(sys.argv[1], "w").write("12345")
            print("done")
            time.sleep(0.5)
            """,
            inputs={"/opt/ml/processing/input/data/a": b"abc"},
            arguments=("/opt/ml/processing/output/five",),
        )
        usage = run(spec).usage
        assert usage.run_seconds is not None and 0.3 <= usage.run_seconds < 20
        assert usage.startup_seconds is not None and 0 <= usage.startup_seconds < 20
        assert usage.cpu_seconds is not None and 0.25 <= usage.cpu_seconds < 5
        assert usage.peak_memory_bytes is not None and 64 * MIB <= usage.peak_memory_bytes < 500 * MIB
        assert usage.input_bytes == spec.input_files[0].size + 3
        assert (usage.output_bytes, usage.log_bytes) == (5, 5)

    def test_metrics_are_told_while_the_step_runs(self, bench, in_background, observer):
        spec = bench.spec(
            """
            import time
            print("epoch 1 acc=0.5;", flush=True)
            time.sleep(1)
            print("epoch 2 acc=0.75;", flush=True)
            """,
            metrics=(("accuracy", r"acc=([0-9.]+);"), ("broken", "(")),
        )
        result = in_background(spec)
        observer.wait_for_metric()
        assert observer.metrics[0] == ("accuracy", 0.5)
        outcome = result()
        assert outcome.metrics == {"accuracy": 0.75}
        assert outcome.ended is Ended.SUCCEEDED

    def test_a_regex_that_never_ends_costs_only_its_metrics(self, bench, run, observer):
        spec = bench.spec("print('a' * 60 + '!')\nprint('still fine')", metrics=(("evil", r"(a+)+$"),))
        began = time.monotonic()
        outcome = run(spec)
        assert outcome.ended is Ended.SUCCEEDED
        assert outcome.metrics == {}
        assert "took too long" in observer.text
        assert time.monotonic() - began < 10

    def test_two_steps_never_draw_the_same_random_numbers(self, bench, run, observer):
        spec = "import random, uuid, os; print(random.random(), uuid.uuid4(), os.urandom(8).hex())"
        run(bench.spec(spec))
        run(bench.spec(spec))
        first, second = observer.text.strip().splitlines()
        assert not set(first.split()) & set(second.split())

    def test_nothing_of_an_attempt_stays_on_disk(self, bench, run, runner_settings):
        spec = bench.spec("open('leftover', 'w').write('x')")
        run(spec)
        deadline = time.monotonic() + 10
        while list(runner_settings.work.glob(f"{spec.attempt_id}*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not list(runner_settings.work.glob(f"{spec.attempt_id}*"))
        assert not list(Path(runner_settings.work).rglob("*leftover*"))

    def test_many_threads_run_steps_at_once(self, bench, runner):
        outcomes: list[Outcome] = []
        specs = [bench.spec(f"print({n})") for n in range(12)]

        def one(spec: AttemptSpec) -> None:
            outcomes.append(runner.run(spec, store=bench.store, observer=RecordingObserver(), stop=Token()))

        threads = [threading.Thread(target=one, args=(spec,)) for spec in specs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert [outcome.ended for outcome in outcomes] == [Ended.SUCCEEDED] * 12

    def test_a_link_out_of_the_output_folder_is_refused(self, bench, run):
        spec = bench.spec(
            "import os, sys; os.symlink('/etc/passwd', sys.argv[1])", arguments=("/opt/ml/processing/output/link",)
        )
        outcome = run(spec)
        assert outcome.ended is Ended.FAILED
        assert outcome.objects == ()
        assert outcome.reason is not None
        assert "link" in outcome.reason

    def test_a_folder_replaced_by_a_link_publishes_nothing_of_the_host(self, bench, run, tmp_path):
        secret = tmp_path / "secret"
        secret.mkdir()
        (secret / "key").write_text("the host's own")
        spec = bench.spec(
            f"""
            import os, shutil, sys
            folder = sys.argv[1]
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(os.path.dirname(folder), exist_ok=True)
            os.symlink({str(secret)!r}, folder)
            """,
            arguments=("/opt/ml/processing/output",),
        )
        outcome = run(spec)
        assert all(bench.read(item.sha256) != b"the host's own" for item in outcome.objects)

    def test_the_parent_of_an_output_replaced_by_a_link_publishes_nothing_of_the_host(self, bench, run, tmp_path):
        secret = tmp_path / "secret"
        (secret / "output").mkdir(parents=True)
        (secret / "output" / "key").write_text("the host's own")
        spec = bench.spec(
            f"""
            import os, sys
            folder = os.path.dirname(sys.argv[1])
            os.rename(folder, folder + "-away")
            os.symlink({str(secret)!r}, folder)
            """,
            arguments=("/opt/ml/processing/output",),
        )
        outcome = run(spec)
        assert outcome.objects == ()
