"""The runners for a user without any privilege, on the system's own interpreter."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.machine import need

ROOT = Path(__file__).parents[3]
PYTHON = "/usr/bin/python3"
USER = "64099"

SCRIPT = """
import json, sys, tempfile
from pathlib import Path
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from runs.runners.base import Limits, RunnerSettings
from runs.runners.process import ProcessRunner
from runs.runners.sandbox import SandboxRunner, probe
from runs.storage.local import LocalBlobStore
from tests.runs.attempts.harness import Bench, RecordingObserver, Token

home = Path(tempfile.mkdtemp())
bench = Bench(LocalBlobStore(home / "blobs"))
runner = {"process": ProcessRunner, "sandbox": SandboxRunner}[sys.argv[2]](
    RunnerSettings(home=home, work=home / "work", environments=home / "environments", python=sys.executable))

def run(script, **facts):
    observer = RecordingObserver()
    outcome = runner.run(bench.spec(script, **facts), store=bench.store, observer=observer, stop=Token())
    return [outcome.ended, observer.text, outcome.category, len(outcome.objects)]

answers = [
    probe(runner).reason if sys.argv[2] == "sandbox" else "",
    run("import sys; open(sys.argv[1], 'w').write('x'); print('hello')", arguments=("/opt/ml/processing/output/x",)),
    run("import os; print([l.split()[1] for l in open('/proc/self/status') if l.startswith('CapEff')][0])"),
    run("import time; b = [bytearray(b'x' * 10**7) for _ in range(40)]; time.sleep(5)",
        limits=Limits(memory_bytes=100 * 2**20)),
    run(f"import os; print(os.path.exists({str(home)!r}))", network=False),
]
runner.close()
print(json.dumps(answers))
"""


@pytest.mark.parametrize("kind", ["process", "sandbox"])
def test_an_ordinary_user_runs_steps(kind: str, tmp_path: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("setpriv") or not Path(PYTHON).exists():
        pytest.skip("becoming an ordinary user needs root, setpriv and the system's Python")
    if subprocess.run([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]).returncode:
        pytest.skip("the system's Python is older than 3.11")
    if kind == "sandbox":
        need("bwrap")
    become = ["setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", "env", "-i", f"PATH={os.defpath}"]
    if subprocess.run([*become, "test", "-r", str(ROOT / "runs" / "__init__.py")]).returncode:
        pytest.skip("this checkout is not readable for others")
    done = subprocess.run([*become, PYTHON, "-c", SCRIPT, str(ROOT), kind], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr
    reason, first, capabilities, memory, home = json.loads(done.stdout.splitlines()[-1])
    if kind == "sandbox":
        assert reason.startswith("Steps run in a sandbox")
        assert home[:2] == ["succeeded", "False\n"]
    assert first == ["succeeded", "hello\n", None, 1]
    assert capabilities[:2] == ["succeeded", "0" * 16 + "\n"]
    assert (memory[0], memory[2]) == ("failed", "out-of-memory")
