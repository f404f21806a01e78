"""Everything a change must keep clean; prints one line per check and ends with 1 if any failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.setup import FRONTEND, VENV, node_environment, npm_command  # noqa: E402

BIN = VENV / "bin"
LOCKS = [*ROOT.glob("requirements*.lock"), FRONTEND / "package-lock.json", FRONTEND / ".npmrc"]


def command(*words: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> Callable[[], str]:
    """A check that passes when the command ends with 0; its output is the finding otherwise."""

    def check() -> str:
        done = subprocess.run(words, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return "" if done.returncode == 0 else done.stdout or f"exit {done.returncode}"

    return check


def locks_name_no_host() -> str:
    marks = ("http://", "https://", '"resolved"', "--index-url")
    return "\n".join(
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in LOCKS
        if path.exists()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if any(mark in line for mark in marks)
    )


def main() -> int:
    python, node = str(BIN / "python"), node_environment()
    npm = npm_command(node)
    checks: list[tuple[str, Callable[[], str]]] = [
        ("ruff format", command(str(BIN / "ruff"), "format", "--check", ".")),
        ("ruff", command(str(BIN / "ruff"), "check", ".")),
        ("import contracts", command(str(BIN / "lint-imports"), "--no-cache")),
        ("missing migrations", command(python, "manage.py", "makemigrations", "--check", "--dry-run")),
        ("system check", command(python, "manage.py", "check", "--fail-level", "WARNING")),
        ("OpenAPI and TypeScript types", command(python, "scripts/api_types.py", "--check")),
        ("reference tables", command(python, "-m", "scripts.reference_tables", "--check")),
        ("locks name no host", locks_name_no_host),
        ("biome and tsc", command(*npm, "run", "check", cwd=FRONTEND, env=node)),
        ("mypy --strict", command(str(BIN / "mypy"))),
    ]
    failed = 0
    for name, check in checks:
        started = time.monotonic()
        finding = check()
        failed += bool(finding)
        print(f"{'FAILED' if finding else 'ok    '} {name} ({time.monotonic() - started:.1f} s)", flush=True)
        if finding:
            print(finding.rstrip()[-6000:], flush=True)
    print(f"{len(checks) - failed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
