"""What `pip` means to the shell scripts the SDK writes: their requirements are installed before the step starts.

`pip install -r requirements.txt` with the file that was installed then has nothing left to do, needs no network and
must not write into a shared environment. Everything else goes to the environment's own pip, if it has one.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import subprocess
import sys
from pathlib import Path


def main(arguments: list[str], installed: Path) -> int:
    """The exit code. `installed` is the requirements text the environment was built from; it may not exist."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "install" and _asks_for(rest, installed):
        print("Requirements are installed already.", flush=True)
        return 0
    if command == "uninstall":
        names = [word for word in rest if not word.startswith("-")]
        if names and not any(_is_installed(name) for name in names):
            print(f"Skipping {', '.join(names)}: not installed.", flush=True)
            return 0
    if importlib.util.find_spec("pip") is None:
        print(
            f"There is no pip in this environment, so `pip {' '.join(arguments)}` cannot run. Put the packages into "
            "the requirements.txt beside the script: it is installed before the step starts.",
            file=sys.stderr,
        )
        return 1
    return subprocess.run([sys.executable, "-m", "pip", *arguments], check=False).returncode


def _asks_for(words: list[str], installed: Path) -> bool:
    """Whether the words are one `-r` file with the lines that are installed, and options that change nothing."""
    files = [words[at + 1] for at, word in enumerate(words[:-1]) if word in {"-r", "--requirement"}]
    others = [word for word in words if word not in {"-r", "--requirement", "-q", "--quiet", "--no-cache-dir", *files}]
    if len(files) != 1 or others or not installed.is_file() or not Path(files[0]).is_file():
        return False
    return _lines(Path(files[0])) == _lines(installed)


def _lines(path: Path) -> list[str]:
    stripped = (line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent.parent / "requirements.txt"))
