"""The page of causes names every code the classifier can give, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path

from engine.failures.typed import named_failure
from engine.summaries import clean_summary

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "engine" / "failures"


def page(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text()


def block(text: str) -> str:
    found = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert found
    return found.group(1)


def test_every_code_has_its_row() -> None:
    listed = set(re.findall(r"^\| `([a-z-]+)` \|", page("failures.md"), re.MULTILINE))
    others = "".join((RULES / name).read_text() for name in ("job_causes.py", "python_causes.py"))
    given = set(re.findall(r'_cause\(\s*"([a-z-]+)"', others)) | set(
        re.findall(r'code(?:, title)? = "([a-z-]+)"', others)
    )
    given |= set(re.findall(r'code="([a-z-]+)"', others))
    given |= set(
        re.findall(r'^        "([a-z]+(?:-[a-z]+)+)",$', (RULES / "python_rules.py").read_text(), re.MULTILINE)
    )
    assert listed == given


def test_the_line_on_the_page_is_a_named_failure() -> None:
    found = named_failure(block(page("failures.md")))
    assert found is not None
    assert (found.column, found.suggestions) == ("radios", ("radius",))


def test_the_summary_on_the_page_is_read_whole() -> None:
    given = json.loads(block(page("summaries.md")))
    found = clean_summary(given)
    assert {name for name in given if name != "version" and found[name] != given[name]} <= {"columns"}
    assert [one["name"] for one in found["columns"]] == ["radius", "diagnosis"]
