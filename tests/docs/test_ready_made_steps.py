"""The page of ready-made steps names every step and every code a step can fail with."""

from __future__ import annotations

import re

from engine.library.catalogue import LIBRARY, library_steps
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "reference" / "ready-made-steps.md").read_text()


def test_every_step_is_on_the_page_with_its_ports() -> None:
    for step in library_steps().values():
        (row,) = [line for line in PAGE.splitlines() if f"| `{step.reference}` |" in line]
        assert step.title in row
        assert re.findall(r"`(\w+)`", row.split("@")[1]) == [one["name"] for one in (*step.inputs, *step.outputs)]


def test_every_code_a_step_fails_with_is_on_the_page() -> None:
    sources = "\n".join(path.read_text() for path in LIBRARY.rglob("*.py"))
    codes = set(re.findall(r'StepFailure\(\s*"([a-z-]+)"', sources))
    assert len(codes) > 20
    assert {code for code in codes if f"`{code}`" not in PAGE} == set()
