"""Takes the addresses npm adds (download places, funding pages) out of frontend/package-lock.json.

Run by `make locks`, and after every `npm install`. `npm ci` needs names, versions and hashes only.
"""

from __future__ import annotations

import json
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "frontend" / "package-lock.json"


def main() -> None:
    document = json.loads(LOCK.read_text())
    for package in document["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    LOCK.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
