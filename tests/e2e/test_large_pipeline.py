"""A pipeline of 1,000 steps opens and pans without stutter.

Budgets are processor time of the main thread, stretched by how slow a fixed piece of work is on this machine now.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession, Page, expect

from runs.web import LARGEST_FRAME
from tests.e2e.pipelines import QUICK, Pipeline, definition_text, processing_step, write_definition
from tests.e2e.studio import Studio
from tests.e2e.watching import expect_execution

WIDTH, LENGTH = 20, 50
#: Seconds of the renderer's main thread. The aim is 0.25 s for the canvas and 0.7 s for a pan of 60 moves; these
#: hold the whole page (scripts, requests, layout, first paint) and leave room for a slower machine.
OPEN_SECONDS = 1.2
PAN_SECONDS = 1.4
#: What the fixed work below takes on the machine the budgets were measured on, alone.
SPIN_SECONDS = 0.125
SPIN = "() => { let sum = 0; for (let i = 0; i < 1e8; i++) sum += i % 7; return sum; }"
MOST_ELEMENTS = 6_000
MOST_IN_VIEW = 200


@pytest.fixture(scope="module")
def large(studio: Studio) -> Pipeline:
    row = studio.post("pipelines/", {"name": "e2e-large"})
    code = studio.post(f"pipelines/{row['id']}/code/", {"file_name": "quick.py", "text": QUICK})
    steps = [
        processing_step(
            f"Step{lane:02d}x{place:02d}", code["uri"], after=(f"Step{lane:02d}x{place - 1:02d}",) if place else ()
        )
        for lane in range(WIDTH)
        for place in range(LENGTH)
    ]
    write_definition(studio, row["id"], definition_text(steps))
    return Pipeline(studio, row["id"])


@pytest.fixture
def thread(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    return session


def spent(thread: CDPSession) -> float:
    metrics = thread.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "ThreadTime"))


def pace(page: Page, thread: CDPSession) -> float:
    """How many times slower than alone this machine is now; at least 1."""
    before = spent(thread)
    page.evaluate(SPIN)
    return max(1.0, (spent(thread) - before) / SPIN_SECONDS)


def pan(page: Page) -> None:
    """60 moves of the mouse with the middle button held, as a hand does it."""
    box = page.get_by_test_id("canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down(button="middle")
    page.mouse.move(x - 300, y - 150, steps=60)
    page.mouse.up(button="middle")


@pytest.mark.timeout(120)
def test_a_run_of_a_thousand_steps_opens_and_pans_within_its_budget(
    page: Page, studio: Studio, large: Pipeline, thread: CDPSession
) -> None:
    execution = large.start()
    studio.post(f"executions/{execution}/stop/", {})
    page.goto("/executions")  # same renderer from here on
    page.get_by_role("heading", name="Executions").wait_for()
    before = spent(thread)
    page.goto(f"/executions/{execution}")
    page.locator('[data-testid^="step-Step"]').first.wait_for()
    expect_execution(page, "Stopped", timeout=40_000)
    opened = spent(thread) - before
    page.get_by_role("button", name="back to 100 %").click()
    expect(page.locator('[data-testid^="step-Step"]').nth(MOST_IN_VIEW)).to_have_count(0)
    before = spent(thread)
    pan(page)
    panned = spent(thread) - before
    elements = page.evaluate("document.querySelectorAll('*').length")
    slower = pace(page, thread)
    print(f"opened {opened:.3f} s, panned {panned:.3f} s, {elements} elements, {slower:.2f} times slower than alone")
    assert opened < OPEN_SECONDS * slower
    assert panned < PAN_SECONDS * slower
    assert elements < MOST_ELEMENTS


@pytest.mark.timeout(90)
def test_a_run_of_two_hundred_steps_is_followed_live(page: Page, studio: Studio) -> None:
    """Its snapshot is larger than anything a client may send."""
    row = studio.post("pipelines/", {"name": "e2e-two-hundred"})
    code = studio.post(f"pipelines/{row['id']}/code/", {"file_name": "quick.py", "text": QUICK})
    steps = [processing_step(f"Step{number:03d}", code["uri"]) for number in range(200)]
    write_definition(studio, row["id"], definition_text(steps))
    execution = Pipeline(studio, row["id"]).start()
    assert studio.ended(execution) == "Succeeded"
    with page.expect_websocket(lambda socket: execution in socket.url) as socket:
        page.goto(f"/executions/{execution}")
    snapshot = socket.value.wait_for_event("framereceived", lambda frame: "snapshot" in str(frame))
    assert len(snapshot) > LARGEST_FRAME
    expect_execution(page, "Succeeded")
    expect(page.get_by_text("Live updates paused")).to_have_count(0)
