"""`make interop`: scripts of both generations of the SageMaker SDK, unchanged, against a server started for them.

Makes an environment per SDK from its lock, runs what `scripts/interop/sdk/` holds with nothing but the settings of
`manage.py aws_env`, and writes docs/reference/interop.md with date and commit.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts.interop.server import Server

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(__file__).resolve().parent
ENVIRONMENTS = ROOT / ".cache" / "interop"
REPORT = ROOT / "docs" / "reference" / "interop.md"
PYTHON = "3.11"
LONGEST_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Script:
    """One script in an environment of its own. `package` is what the report names."""

    title: str
    file: str
    lock: str
    package: str


@dataclass
class Result:
    script: Script
    version: str
    checks: list[dict[str, Any]] = field(default_factory=list)
    failed: str = ""


SCRIPTS = (
    Script(title="SDK 2", file="life_cycle_2.py", lock="requirements-2.lock", package="sagemaker"),
    Script(title="SDK 2, callbacks", file="callback_2.py", lock="requirements-2.lock", package="sagemaker"),
    Script(title="SDK 3", file="life_cycle_3.py", lock="requirements-3.lock", package="sagemaker"),
    Script(title="Every kind of step, SDK 2", file="kinds_2.py", lock="requirements-2.lock", package="sagemaker"),
    Script(title="Every kind of step, SDK 3", file="kinds_3.py", lock="requirements-3.lock", package="sagemaker"),
)


def environment_of(script: Script) -> Path:
    """The interpreter of the script's environment, made again when its lock changed."""
    folder = ENVIRONMENTS / script.lock.removesuffix(".lock")
    stamp, lock = folder / ".lock", FOLDER / script.lock
    python = folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != lock.read_text():
        print(f"Making the environment of {script.title} …", flush=True)
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "-q", "--clear", "--python", PYTHON, str(folder)], check=True)
        words = [*uv, "pip", "install", "-q", "--python", str(python), "--require-hashes", "-r", str(lock)]
        subprocess.run(words, check=True)
        stamp.write_text(lock.read_text())
    return python


def settings_of(server: Server) -> dict[str, str]:
    """What `manage.py aws_env` says, and the role a script has to name."""
    printed = server.manage("aws_env")
    found = {"ROLE_ARN": ""}
    for line in printed.splitlines():
        words = shlex.split(line, comments=False)
        if words[:1] == ["export"]:
            name, _, value = words[1].partition("=")
            found[name] = value
        elif "arn:aws:iam:" in line:
            found["ROLE_ARN"] = line.rpartition(" ")[2]
    return found


def run(script: Script, settings: dict[str, str]) -> Result:
    python = environment_of(script)
    version = subprocess.run(
        [str(python), "-c", f"import importlib.metadata as m; print(m.version('{script.package}'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    result = Result(script=script, version=version)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="clary-interop-") as folder:
        done = subprocess.run(
            [str(python), str(FOLDER / "sdk" / script.file)],
            cwd=folder,
            env={**kept, **settings, "PYTHONWARNINGS": "ignore"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST_SECONDS,
        )
    for line in done.stdout.splitlines():
        if line.startswith('{"check"'):
            one = json.loads(line)
            result.checks.append(one)
            print(f"  ok {one['check']} ({one.get('seconds', 0)} s)", flush=True)
    if done.returncode or not result.checks or result.checks[-1]["check"] != "finished":
        result.failed = done.stdout[-3000:]
        print(result.failed, flush=True)
    return result


def report(results: list[Result]) -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    lines = [
        "# The SageMaker SDKs against Clary",
        "",
        f"Last run of `make interop`: {datetime.now(UTC):%Y-%m-%d} at {commit.stdout.strip()}.",
        "",
        "The scripts are those of [`scripts/interop/sdk`](../../scripts/interop/sdk). Each runs in an environment of",
        "its own with the settings `manage.py aws_env` prints and nothing else.",
        "How to: [use the SageMaker SDK](../how-to/use-the-sagemaker-sdk.md).",
        "",
    ]
    for result in results:
        state = "failed" if result.failed else "passed"
        lines += [f"## {result.script.title}: {result.script.package} {result.version}, {state}", ""]
        lines += ["| Check | Seconds |", "| --- | ---: |"]
        lines += [f"| {one['check']} | {one['seconds']} |" for one in result.checks if "seconds" in one]
        lines.append("")
        if result.failed:
            last = result.failed.strip().splitlines()[-1][:200]
            lines += [f"The next check failed: `{last}`", ""]
    return "\n".join(lines)


def main() -> int:
    chosen = [one for one in SCRIPTS if not sys.argv[1:] or one.file in sys.argv[1:]]
    for one in chosen:
        environment_of(one)
    with tempfile.TemporaryDirectory(prefix="clary-") as home:
        server = Server(Path(home) / "home")
        started = time.monotonic()
        server.start()
        print(f"Serving after {time.monotonic() - started:.1f} s.", flush=True)
        try:
            settings = settings_of(server)
            results = []
            for one in chosen:
                print(one.title, flush=True)
                results.append(run(one, settings))
        finally:
            server.close()
    if len(chosen) == len(SCRIPTS):
        REPORT.write_text(report(results))
    return 1 if any(one.failed for one in results) else 0


if __name__ == "__main__":
    sys.exit(main())
