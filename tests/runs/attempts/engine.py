"""A Docker Engine of the test's own, with one small image that is built once and kept in .cache/."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import pytest

from runs.runners.forkserver.processes import descendants, signal_quietly
from tests.machine import need, required
from tests.runs.attempts.harness import processes_with, wait_until

IMAGE = "clary-test/base:bookworm"
CACHE = Path(__file__).parents[3] / ".cache" / "docker-base.tar"


@contextmanager
def docker_engine() -> Iterator[str]:
    """The address of a running engine that has IMAGE. Skips, or fails where CLARY_REQUIRE names docker."""
    need("docker")
    if os.geteuid() != 0:
        _cannot("dockerd needs root")
    archive = _archive()
    folder = Path(tempfile.mkdtemp(prefix="clary-dockerd-"))
    address = f"unix://{folder}/docker.sock"
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(
            ["dockerd", "--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec", "-H", address,
             "-p", f"{folder}/pid", "--iptables=false", "--ip6tables=false"],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        if not wait_until(lambda: daemon.poll() is not None or _answers(address), 40) or daemon.poll() is not None:
            _cannot(f"dockerd did not start: {(folder / 'log').read_text()[-600:]}")
        client = docker.DockerClient(base_url=address)
        try:
            client.api.import_image_from_file(
                str(archive),
                repository=IMAGE.partition(":")[0],
                tag=IMAGE.partition(":")[2],
                changes=["ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 'CMD ["python3"]'],
            )
        finally:
            client.close()
        yield address
    finally:
        daemon.terminate()
        try:
            daemon.wait(30)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
        _end_what_is_left(str(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _end_what_is_left(folder: str) -> None:
    """containerd, its shims and their containers, where the daemon was killed: all name our folder."""
    for pid in processes_with(folder):
        for below in [*descendants(pid), pid]:
            signal_quietly(below, signal.SIGKILL)
    mounts = Path("/proc/mounts").read_text().splitlines()
    points = [line.split()[1] for line in mounts if folder in line]
    for point in reversed(points):
        subprocess.run(["umount", "-l", point], check=False, capture_output=True)


def _archive() -> Path:
    """The root file system of the image, made by debootstrap the first time (about a minute)."""
    if CACHE.exists():
        return CACHE
    need("debootstrap")
    CACHE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="clary-debootstrap-") as folder:
        root = Path(folder, "root")
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", "--include=python3,ca-certificates", "bookworm", str(root)],
            capture_output=True,
            text=True,
        )
        if made.returncode != 0:
            _cannot(f"debootstrap failed: {(made.stdout + made.stderr)[-600:]}")
        for waste in ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale"):
            shutil.rmtree(root / waste, ignore_errors=True)
        part = CACHE.with_suffix(f".{os.getpid()}")
        subprocess.run(["tar", "-C", str(root), "-cf", str(part), "."], check=True)
        part.rename(CACHE)
    return CACHE


def _answers(address: str) -> bool:
    try:
        client = docker.DockerClient(base_url=address, timeout=2)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except (docker.errors.DockerException, OSError):
        return False


def _cannot(reason: str) -> None:
    if "docker" in required():
        pytest.fail(f"CLARY_REQUIRE asks for docker, but: {reason}", pytrace=False)
    pytest.skip(f"docker: {reason}")
