"""Writes the generated parts of docs/: `python -m scripts.reference_tables [--check]`.

A generated part stands between `<!-- generated: name -->` and `<!-- end -->`; what is around it is written by people.
With --check nothing is written: the exit code is 1 and stale parts are named.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
BLOCK = re.compile(r"<!-- generated: (?P<name>[^>]+?) -->\n(?P<body>.*?)<!-- end -->", re.DOTALL)


class UnknownPart(Exception):
    """A page asks for a generated part nobody makes."""


def makers() -> Mapping[str, Callable[[], str]]:
    """Part name → what makes it. Needs Django set up."""
    from engine.steps.catalog import STEP_TYPES
    from scripts.reference import commands, environment, events, problems, steps, web, wire

    fixed: dict[str, Callable[[], str]] = {
        "commands": commands.commands,
        "definition problems": problems.definition_problems,
        "execution events": events.execution_events,
        "operations": web.operations,
        "permissions": web.permissions,
        "sagemaker codes": wire.error_codes,
        "sagemaker operations": wire.operations,
        "reasons": events.reasons,
        "request problems": problems.request_problems,
        "settings": environment.settings,
        "shapes": web.shapes,
        "shared members": steps.shared_members,
        "statuses": events.statuses,
        "step events": events.step_events,
        "step types": steps.step_types,
    }
    for kind in STEP_TYPES:
        for word, make in (
            ("facts", steps.facts),
            ("arguments", steps.arguments),
            ("ports", steps.ports),
            ("readable", steps.readable),
        ):
            fixed[f"{word} {kind}"] = lambda make=make, kind=kind: make(kind)  # type: ignore[misc]  # bound now
    return fixed


def refreshed(text: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """The page with every generated part made anew.

    Raises:
        UnknownPart: a marker names no part.
    """

    def make(found: re.Match[str]) -> str:
        name = found["name"]
        if name not in parts:
            raise UnknownPart(f"{name!r} is no generated part; there are {', '.join(sorted(parts))}.")
        return f"<!-- generated: {name} -->\n\n{parts[name]()}\n\n<!-- end -->"

    return BLOCK.sub(make, text)


def pages() -> list[Path]:
    """Every page with a generated part."""
    return [path for path in sorted(DOCS.rglob("*.md")) if BLOCK.search(path.read_text(encoding="utf-8"))]


def main(arguments: list[str]) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("CLARY_HOME", tempfile.mkdtemp(prefix="clary-tables-"))
    django.setup()
    parts, stale = makers(), []
    for page in pages():
        before = page.read_text(encoding="utf-8")
        after = refreshed(before, parts)
        if after != before:
            stale.append(page.relative_to(ROOT))
            if "--check" not in arguments:
                page.write_text(after, encoding="utf-8")
    for path in stale:
        print(f"{'stale' if '--check' in arguments else 'written'}: {path}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
