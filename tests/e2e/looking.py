"""What a look at a page finds: serious accessibility findings, and parts that do not fit the window."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}


def findings(page: Page, axe_source: str) -> list[str]:
    """Serious and critical findings: rule and first element of each."""
    page.evaluate(axe_source)
    result: dict[str, Any] = json.loads(page.evaluate("axe.run().then((found) => JSON.stringify(found))"))
    return [
        f"{finding['id']}: {finding['nodes'][0]['html'][:160]} {finding['nodes'][0]['failureSummary'][:200]}"
        for finding in result["violations"]
        if finding["impact"] in ("serious", "critical")
    ]


class Looker:
    """Looks at a page as it stands, light and dark, and remembers what it found, state by state."""

    def __init__(self, page: Page, axe_source: str) -> None:
        self.page = page
        self.axe_source = axe_source
        self.found: list[str] = []

    def look(self, state: str) -> None:
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.found += [f"{state}, {scheme}: {finding}" for finding in findings(self.page, self.axe_source)]
        self.fits(state)

    def fits(self, state: str) -> None:
        """Nothing makes the whole page scroll sideways."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 1:
            self.found.append(f"{state}: the page is {wide} px wider than the window")
