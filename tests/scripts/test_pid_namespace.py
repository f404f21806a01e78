"""What a clean-room run started ends with it, however it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from scripts.pid_namespace import own_namespaces

ROOT = Path(__file__).resolve().parents[2]
#: Another user, one process in the foreground, one in a session of its own.
SCRIPT = """
mount -t proc proc /proc
setpriv --reuid 1001 --regid 1001 --clear-groups bash -c 'setsid sleep {mark} & echo started; sleep {mark}'
"""
OWNER = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job starts with it ignored
from pathlib import Path
from scripts.pid_namespace import own_namespaces
with own_namespaces(sys.argv[1], os.environ, Path(sys.argv[2])) as process:
    sys.exit(process.wait())
"""

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0
    or not shutil.which("setpriv")
    or subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True).returncode != 0,
    reason="only root makes these namespaces",
)


@pytest.fixture
def mark() -> str:
    """A number of seconds nobody else sleeps, so that the processes can be told from others."""
    return f"{600 + uuid.uuid4().int % 10**9 / 10**9:.9f}"


def asleep(mark: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if words[:2] == ["sleep", mark]:
            found.append(folder.name)
    return found


def wait_for(count: int, mark: str) -> None:
    deadline = time.monotonic() + 15
    while len(asleep(mark)) != count:
        assert time.monotonic() < deadline, f"{len(asleep(mark))} processes instead of {count}"
        time.sleep(0.02)


def test_leaving_the_block_ends_processes_of_another_user_and_session(mark: str, tmp_path: Path) -> None:
    with own_namespaces(SCRIPT.format(mark=mark), os.environ, tmp_path / "log") as process:
        wait_for(2, mark)
        assert process.poll() is None
    assert asleep(mark) == []
    assert (tmp_path / "log").read_text().startswith("started\n")


def test_an_error_in_the_block_ends_them_too(mark: str, tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError),
        own_namespaces(SCRIPT.format(mark=mark), os.environ, tmp_path / "log"),
    ):
        wait_for(2, mark)
        raise RuntimeError
    assert asleep(mark) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_to_the_owner_ends_them(number: signal.Signals, mark: str, tmp_path: Path) -> None:
    words = [sys.executable, "-c", OWNER, SCRIPT.format(mark=mark), str(tmp_path / "log")]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL) as owner:
        wait_for(2, mark)
        owner.send_signal(number)
        owner.wait(30)
    wait_for(0, mark)


def test_the_exit_code_is_the_scripts(tmp_path: Path) -> None:
    with own_namespaces("echo hello; exit 7", os.environ, tmp_path / "log") as process:
        assert process.wait(30) == 7
    assert (tmp_path / "log").read_text() == "hello\n"
