"""All tests that belong to a change: the front end's, then Python's (engine, rooms, browser).

CLARY_REQUIRE=chromium,bwrap,postgres,redis turns a missing component from a skip into a failure. The last lines say how
many tests were collected, run and skipped.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from runs.runners.library import lend, openmp_library  # noqa: E402
from scripts.setup import FRONTEND, VENV, node_environment, npm_command  # noqa: E402


def main() -> int:
    node = node_environment()
    front = subprocess.run([*npm_command(node), "run", "test"], cwd=FRONTEND, env=node).returncode
    pytest = [str(VENV / "bin" / "python"), "-m", "pytest", "-ra", "--durations=15", *sys.argv[1:]]
    environ = dict(os.environ)
    lent = openmp_library(str(VENV / "bin" / "python"))
    if lent is not None:  # as the runners do for steps, which some tests run in their own process
        environ["LD_LIBRARY_PATH"] = str(lend(lent, Path(tempfile.gettempdir(), f"clary-openmp-{os.getuid()}")))
    # The browser's driver keeps an event loop running, under which Django's and asyncio's own tests cannot run.
    rooms = subprocess.run([*pytest, "--ignore=tests/e2e"], cwd=ROOT, env=environ).returncode
    browser = subprocess.run([*pytest, "tests/e2e"], cwd=ROOT, env=environ).returncode
    return front or rooms or browser


if __name__ == "__main__":
    sys.exit(main())
