"""What the browser tests look for on the run view, by role and visible name."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

#: Remembers every status a step's node has shown, in order.
REMEMBER_STATUSES = """
() => {
  window.__seen = {};
  const look = () => {
    for (const node of document.querySelectorAll('[data-testid^="step-"]')) {
      const name = node.dataset.testid.slice(5);
      const list = (window.__seen[name] ??= []);
      if (node.dataset.status && list.at(-1) !== node.dataset.status) list.push(node.dataset.status);
    }
  };
  look();
  new MutationObserver(look).observe(document.body, {
    attributes: true, attributeFilter: ['data-status'], childList: true, subtree: true,
  });
}
"""


def remember_statuses(page: Page) -> None:
    page.get_by_test_id("canvas").wait_for()
    page.evaluate(REMEMBER_STATUSES)


def seen_statuses(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(page.evaluate("JSON.stringify(window.__seen)"))
    return found


def expect_step(page: Page, step: str, status: str, *, timeout: float | None = None) -> None:
    node = page.get_by_test_id(f"step-{step}")
    if timeout is None:
        expect(node).to_have_attribute("data-status", status)
    else:
        expect(node).to_have_attribute("data-status", status, timeout=timeout)


def expect_execution(page: Page, status: str, *, timeout: float = 30_000) -> None:
    expect(page.get_by_role("banner").first).to_contain_text(status, timeout=timeout)


def step_table(page: Page) -> list[str]:
    """Name and status of every step, as the table shows them."""
    page.get_by_role("link", name="Table", exact=True).click()
    rows = page.get_by_role("region", name="Steps").locator("tbody tr[data-status]")
    rows.first.wait_for()
    return [f"{row.locator('th').inner_text()} {row.get_attribute('data-status')}" for row in rows.all()]
