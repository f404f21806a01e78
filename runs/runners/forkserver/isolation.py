"""What a step sees in the sandbox: its own attempt as the real /opt/ml, and nothing of the others.

The server already runs inside bubblewrap (read-only system, own PID namespace) and holds CAP_SYS_ADMIN there; each
supervisor takes its own mount, IPC, PID and, where the job isolates it, network namespace from it. The user code then
loses every capability and, where the server is real root, becomes an unprivileged user.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import struct
from dataclasses import dataclass

from . import syscalls

OPT_ML = "/opt/ml"
TEMPORARY = "/tmp"
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1


@dataclass(frozen=True)
class Isolation:
    """`attempts`: where the server sees all attempt folders. `uid` None: keep the server's unprivileged user.

    `kept`: folders below /tmp that stay visible when the step gets its own /tmp.
    """

    attempts: str
    uid: int | None = None
    kept: tuple[str, ...] = ()


def enter_private_namespaces() -> None:
    """Own mounts and IPC; /proc of the own PID namespace; empty shared memory. Runs before the attempt is known."""
    syscalls.unshare(syscalls.CLONE_NEWNS | syscalls.CLONE_NEWIPC)
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
    hardened = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
    syscalls.mount("proc", "/proc", "proc", hardened)
    syscalls.mount("tmpfs", "/dev/shm", "tmpfs", hardened, "mode=1777")


def show_attempt(isolation: Isolation, attempt: str | None) -> None:
    """The attempt's `ml` becomes /opt/ml, its `tmp` /tmp; the folder of all attempts leaves the mount tree."""
    if attempt is not None:
        folder = os.path.join(isolation.attempts, attempt)  # noqa: PTH118 - hot path
        _bind(f"{folder}/ml", OPT_ML)
        kept = [(path, os.open(path, os.O_PATH)) for path in isolation.kept]
        _bind(f"{folder}/tmp", TEMPORARY)
        for path, descriptor in kept:
            os.makedirs(path, exist_ok=True)  # noqa: PTH103 - hot path
            syscalls.mount(f"/proc/self/fd/{descriptor}", path, None, syscalls.MS_BIND)
            os.close(descriptor)
    _hide(isolation.attempts)


def cut_network() -> None:
    """A network namespace with nothing but loopback, for the calling process and what comes from it."""
    syscalls.unshare(syscalls.CLONE_NEWNET)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def drop_privileges(uid: int | None) -> None:
    """No capabilities, no way to get one, and where `uid` is given that user. The last thing before user code."""
    syscalls.drop_capability_bounds()
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    syscalls.drop_capabilities()
    syscalls.own_proc_files()


def own_pid_namespace() -> None:
    """Makes sure that the caller may come back to its PID namespace after it sent a child into another.

    As an ordinary user bubblewrap ends in a user namespace that does not own the PID namespace around it. Then the
    server goes on as the first process of a namespace of its own, and this process only waits for it.
    """
    around = os.open("/proc/self/ns/pid", os.O_RDONLY)
    try:
        syscalls.enter_namespace(around, syscalls.CLONE_NEWPID)
        return
    except PermissionError:
        syscalls.unshare(syscalls.CLONE_NEWPID)
    finally:
        os.close(around)
    server = os.fork()
    if server == 0:
        syscalls.die_with_parent()
        return
    _, status = os.waitpid(server, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _hide(folder: str) -> None:
    """Takes a mount away, or covers it where it belongs to an outer user namespace (the kernel locks it then)."""
    try:
        syscalls.unmount(folder)
    except OSError as problem:
        if problem.errno != errno.EINVAL:
            raise
        hardened = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC | syscalls.MS_RDONLY
        syscalls.mount("tmpfs", folder, "tmpfs", hardened, "size=4k,mode=555")


def _bind(source: str, target: str) -> None:
    syscalls.mount(source, target, None, syscalls.MS_BIND)
    flags = syscalls.MS_BIND | syscalls.MS_REMOUNT | syscalls.MS_NOSUID | syscalls.MS_NODEV
    syscalls.mount(None, target, None, flags)
