"""All tests that belong to a change: the front end's, then Python's (engine, rooms, browser).

CLARY_REQUIRE=chromium,bwrap,postgres,redis turns a missing component from a skip into a failure. The last lines say how
many tests were collected, run and skipped.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.setup import FRONTEND, VENV, node_environment, npm_command  # noqa: E402


def main() -> int:
    node = node_environment()
    front = subprocess.run([*npm_command(node), "run", "test"], cwd=FRONTEND, env=node).returncode
    pytest = [str(VENV / "bin" / "python"), "-m", "pytest", "-ra", "--durations=15", *sys.argv[1:]]
    # The browser's driver keeps an event loop running, under which Django's and asyncio's own tests cannot run.
    rooms = subprocess.run([*pytest, "--ignore=tests/e2e"], cwd=ROOT).returncode
    browser = subprocess.run([*pytest, "tests/e2e"], cwd=ROOT).returncode
    return front or rooms or browser


if __name__ == "__main__":
    sys.exit(main())
