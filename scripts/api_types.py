"""The server's OpenAPI schema and the TypeScript types made from it; `--check` only compares."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.setup import FRONTEND, VENV, node_environment  # noqa: E402

OPENAPI = ROOT / "docs" / "reference" / "openapi.json"
TYPES = FRONTEND / "src" / "api" / "schema.gen.ts"


def generate(openapi: Path, types: Path) -> None:
    python = str(VENV / "bin" / "python")
    words = [python, "manage.py", "spectacular", "--format", "openapi-json", "--validate", "--fail-on-warn"]
    subprocess.run([*words, "--file", str(openapi)], cwd=ROOT, check=True)
    generator = str(FRONTEND / "node_modules" / ".bin" / "openapi-typescript")
    subprocess.run([generator, str(openapi), "-o", str(types)], env=node_environment(), check=True, capture_output=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the committed files are out of date")
    if not parser.parse_args().check:
        generate(OPENAPI, TYPES)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.json", Path(folder) / "schema.gen.ts"
        generate(*fresh)
        stale = [
            str(kept.relative_to(ROOT))
            for made, kept in zip(fresh, (OPENAPI, TYPES), strict=True)
            if not kept.is_file() or kept.read_text() != made.read_text()
        ]
    if stale:
        print(f"Out of date: {', '.join(stale)}. Run `make types` and commit the result.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
