"""A pipeline starts by the clock: said, looked at, paused and taken away with the mouse."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.studio import Studio


def test_a_schedule_is_made_paused_changed_and_deleted(page: Page, studio: Studio) -> None:
    steps = '[{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "stop"}}]'
    text = f'{{"Version": "2020-12-01", "Parameters": [], "Steps": {steps}}}'
    row = studio.post("pipelines/", {"name": f"nightly-{uuid4().hex[:8]}", "definition": text})
    studio.post(f"pipelines/{row['id']}/publish/", {})
    page.goto(f"/pipelines/{row['id']}/schedules")
    page.get_by_role("button", name="New schedule").first.click()
    dialog = page.get_by_role("dialog", name="New schedule")
    dialog.get_by_role("textbox", name="Name").fill("mornings")
    dialog.get_by_role("combobox", name="How often").click()
    page.get_by_role("option", name="Every day").click()
    meaning = dialog.get_by_role("region", name="What that means")
    expect(meaning.get_by_role("listitem")).to_have_count(5)
    dialog.get_by_role("button", name="Create").click()
    card = page.get_by_role("listitem", name="mornings")
    expect(card).to_contain_text("It has not fired yet.")
    expect(card.get_by_role("listitem")).to_have_count(5)
    card.get_by_role("switch", name="Run mornings by the clock").click(force=True)  # its own thumb covers it
    expect(card).to_contain_text("Paused. Times that pass meanwhile are not made up for.")
    card.get_by_role("button", name="Edit mornings").click()
    changed = page.get_by_role("dialog", name="Schedule mornings")
    changed.get_by_role("combobox", name="How often").click()
    page.get_by_role("option", name="By a cron expression").click()
    expression = changed.get_by_role("textbox", name="Expression")
    expression.fill("cron(61 5 * * ? *)")
    expect(changed).to_contain_text("61")
    expression.fill("cron(30 5 ? * MON-FRI *)")
    changed.get_by_role("button", name="Save").click()
    expect(card.get_by_text("cron(30 5 ? * MON-FRI *)")).to_be_visible()
    card.get_by_role("button", name="Delete mornings").click()
    page.get_by_role("dialog", name="Delete mornings?").get_by_role("button", name="Delete").click()
    expect(card).to_have_count(0)
