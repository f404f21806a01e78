"""`make matrix`: the core suite on SQLite with the embedded broker, and on PostgreSQL with Redis.

Starts its own throw-away servers on loopback and ends them. Writes docs/reference/matrix.md with date and commit.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from scripts.throw_away_postgres import PostgresMissing, ThrowAwayPostgres, free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "reference" / "matrix.md"
SUITES = ["tests/accounts", "tests/editor", "tests/registry", "tests/runs", "tests/aws", "tests/contract"]


@contextmanager
def postgres() -> Iterator[str]:
    """A throw-away cluster; its DATABASE_URL."""
    try:
        cluster = ThrowAwayPostgres()
    except PostgresMissing as missing:
        raise SystemExit(str(missing)) from None
    try:
        cluster.start()
        yield cluster.url
    finally:
        cluster.close()


@contextmanager
def redis() -> Iterator[str]:
    binary = shutil.which("redis-server") or shutil.which("valkey-server")
    if not binary:
        raise SystemExit("Redis is missing. On Debian: apt-get install redis-server")
    folder = tempfile.mkdtemp(prefix="clary-redis-")
    port = free_port()
    words = [binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def suite(environment: dict[str, str]) -> tuple[int, str]:
    words = [sys.executable, "-m", "pytest", "-q", "--maxfail=25", *SUITES]
    done = subprocess.run(words, cwd=ROOT, env={**os.environ, **environment}, text=True, stdout=subprocess.PIPE)
    print(done.stdout[-3000:], flush=True)
    summary = re.findall(r"^=* ?(\d+ (?:failed|passed|errors?)\b[^=\n]*)", done.stdout, re.M)
    return done.returncode, summary[-1].strip() if summary else "no test ran"


def main() -> int:
    rows = []
    code, summary = suite({})
    rows.append(("SQLite", "embedded Valkey", summary))
    with postgres() as database, redis() as broker:
        second, summary = suite({"DATABASE_URL": database, "CLARY_BROKER_URL": broker})
    rows.append(("PostgreSQL", "Redis", summary))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    lines = ["# Databases and brokers", "", f"Run {datetime.now(UTC):%Y-%m-%d} at {commit.stdout.strip()}.", ""]
    lines += ["| database | broker | core suite |", "|---|---|---|", *(f"| {a} | {b} | {c} |" for a, b, c in rows)]
    REPORT.write_text("\n".join(lines) + "\n")
    return code or second


if __name__ == "__main__":
    sys.exit(main())
