"""Which files the front end's build made, read from its manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

ENTRY = "src/main.tsx"


@dataclass(frozen=True, kw_only=True)
class Assets:
    """URLs of the page's script, its styles, and the modules it imports at once."""

    script: str
    styles: tuple[str, ...]
    preload: tuple[str, ...]


def assets() -> Assets | None:
    """The built front end, or None before it was built. Read again when the manifest changes."""
    manifest = Path(settings.STATIC_ROOT) / "manifest.json"
    try:
        stamp = manifest.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(manifest, stamp)


@lru_cache(maxsize=2)
def _read(manifest: Path, stamp: int) -> Assets:
    chunks: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    entry = chunks[ENTRY]
    seen: dict[str, None] = {}
    styles: dict[str, None] = dict.fromkeys(entry.get("css", []))
    waiting = list(entry.get("imports", []))
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen[key] = None
        styles |= dict.fromkeys(chunks[key].get("css", []))
        waiting += chunks[key].get("imports", [])
    url = settings.STATIC_URL
    return Assets(
        script=url + entry["file"],
        styles=tuple(url + style for style in styles),
        preload=tuple(url + chunks[key]["file"] for key in seen),
    )
