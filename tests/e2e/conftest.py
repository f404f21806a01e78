"""Real Chromium against a real installation. Every page is watched for errors and policy violations."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.e2e.studio import ROOT, Studio
from tests.machine import need

WAIT_MS = 15_000
POLICY = "Content Security Policy"
#: Remembers every policy violation of the page, for the test's end.
WATCH_VIOLATIONS = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.__violations.push(
    `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`));
"""


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    need("chromium")
    if not (ROOT / "static" / "studio" / "manifest.json").is_file():
        pytest.fail("The front end is not built: run `make build` first.", pytrace=False)
    running = Studio(tmp_path_factory.mktemp("clary") / "home")
    for execution in running.get("executions/")["results"]:  # the first start's own run: the tests need the processors
        running.post(f"executions/{execution['id']}/stop/", {})
    yield running
    running.stop()


@pytest.fixture(scope="session")
def base_url(studio: Studio) -> str:
    return studio.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    need("chromium")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return {**browser_type_launch_args, "executable_path": found, "args": arguments}


@pytest.fixture(scope="session")
def signed_in(studio: Studio, browser: Browser) -> Any:
    """The owner's cookies, from the one-time link opened once."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(studio.login_link())
    page.get_by_role("banner").wait_for()
    user = studio.get("session/")["user"]["username"]
    page.evaluate("key => localStorage.setItem(key, '5')", f"clary:tour:{user}")  # the hints have been seen
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], signed_in: Any) -> dict[str, Any]:
    return {
        **browser_context_args,
        "storage_state": signed_in,
        "viewport": {"width": 1440, "height": 900},
    }


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    context.set_default_timeout(WAIT_MS)
    context.add_init_script(WATCH_VIOLATIONS)
    return context


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that fails its test when a script of ours throws or the policy is violated."""
    expect.set_options(timeout=WAIT_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(_place(message)) if POLICY in message.text else None)
    yield page
    if not page.is_closed():
        errors += json.loads(page.evaluate("JSON.stringify(window.__violations ?? [])"))
    assert errors == []


def _place(message: ConsoleMessage) -> str:
    return f"{message.location} {message.text}"


@pytest.fixture(scope="session")
def axe_source() -> str:
    source = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    return Path(source).read_text()
