"""`make chaos`: kills parts of a real installation and looks what became of its runs.

Writes docs/reference/chaos.md with date and commit.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "reference" / "chaos.md"


def outcome(case: ElementTree.Element) -> str:
    for word in ("failure", "error", "skipped"):
        if case.find(word) is not None:
            return "failed" if word == "error" else word.replace("failure", "failed")
    return "held"


def report(cases: list[ElementTree.Element], commit: str) -> str:
    lines = ["# What was killed, and what held", ""]
    lines += [f"Last run of `make chaos`: {datetime.now(UTC):%Y-%m-%d} at {commit}.", ""]
    lines += ["| Trial | Seconds | Outcome |", "| --- | ---: | --- |"]
    for case in cases:
        sentence = case.get("name", "").removeprefix("test_").replace("_", " ")
        lines.append(f"| {sentence} | {float(case.get('time', 0)):.1f} | {outcome(case)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        words = [sys.executable, "-m", "pytest", "-q", "tests/chaos", f"--junit-xml={results}"]
        code = subprocess.run(words, cwd=ROOT).returncode
        cases = list(ElementTree.parse(results).iter("testcase")) if results.exists() else []
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    if cases:
        REPORT.write_text(report(cases, commit.stdout.strip()))
    return code or (0 if cases else 1)


if __name__ == "__main__":
    sys.exit(main())
