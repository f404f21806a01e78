"""A script updates a pipeline with boto3 while somebody has it open."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import boto3
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.studio import Studio

ROLE = "arn:aws:iam::111122223333:role/any"


def text(*steps: str) -> str:
    fails = [{"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": "stop"}} for name in steps]
    return json.dumps({"Version": "2020-12-01", "Parameters": [], "Steps": fails})


@pytest.fixture
def script(studio: Studio) -> Any:
    """What a CI job holds: a SageMaker client of this installation."""
    found = json.loads((studio.home / "credentials.json").read_text())
    return boto3.client(
        "sagemaker",
        endpoint_url=f"{studio.url}/aws",
        region_name=found["region"],
        aws_access_key_id=found["aws_access_key_id"],
        aws_secret_access_key=found["aws_secret_access_key"],
    )


@pytest.fixture
def name(page: Page, studio: Studio, script: Any) -> str:
    """An open editor on what a script made."""
    name = f"arrived-{uuid4().hex[:8]}"
    script.create_pipeline(
        PipelineName=name, PipelineDefinition=text("First"), RoleArn=ROLE, ClientRequestToken=uuid4().hex
    )
    row = next(row for row in studio.get("pipelines/")["results"] if row["name"] == name)
    page.goto(f"/pipelines/{row['id']}")
    expect(node(page, "First")).to_be_visible()
    return name


def node(page: Page, step: str) -> Locator:
    return page.get_by_test_id(f"step-{step}")


def update(script: Any, name: str) -> None:
    script.update_pipeline(PipelineName=name, PipelineDefinition=text("First", "Second"), RoleArn=ROLE)


def test_a_draft_without_changes_moves_on_at_once(page: Page, script: Any, name: str) -> None:
    update(script, name)
    expect(node(page, "Second")).to_be_visible()
    expect(page.get_by_text("v2 arrived from the API. Your draft had no changes, so it is open now.")).to_be_visible()


def test_a_draft_with_changes_is_kept_and_may_take_what_arrived(page: Page, script: Any, name: str) -> None:
    page.get_by_role("complementary", name="Steps").get_by_role("button", name="Process data ").click()
    expect(node(page, "ProcessData")).to_be_visible()
    expect(page.get_by_text("since v1")).to_be_visible()
    update(script, name)
    page.get_by_role("button", name="v2 arrived").click()
    dialog = page.get_by_role("dialog", name="v2 arrived from the API")
    expect(dialog).to_contain_text("Second")
    dialog.get_by_role("button", name="Keep mine").click()
    expect(node(page, "ProcessData")).to_be_visible()
    expect(node(page, "Second")).to_have_count(0)
    page.get_by_role("button", name="v2 arrived").click()
    dialog.get_by_role("button", name="Take v2").click()
    expect(node(page, "Second")).to_be_visible()
    expect(node(page, "ProcessData")).to_have_count(0)


def test_a_list_that_is_open_shows_what_a_script_makes_runs_and_deletes(page: Page, script: Any) -> None:
    page.goto("/pipelines")
    expect(page.get_by_role("table")).to_be_visible()
    made = f"made-{uuid4().hex[:8]}"
    script.create_pipeline(
        PipelineName=made, PipelineDefinition=text("First"), RoleArn=ROLE, ClientRequestToken=uuid4().hex
    )
    row = page.get_by_role("row").filter(has_text=made)
    expect(row).to_contain_text("Never run")
    script.start_pipeline_execution(PipelineName=made, ClientRequestToken=uuid4().hex)
    expect(row).to_contain_text("Failed")
    script.delete_pipeline(PipelineName=made, ClientRequestToken=uuid4().hex)
    expect(row).to_have_count(0)
