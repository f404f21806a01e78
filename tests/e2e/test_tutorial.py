"""docs/tutorial/first-pipeline.md, done with a mouse as it is written: own data, a model, a failure, a retry.

`README_PICTURES=1` writes its pictures to docs/images; otherwise they are taken into a temporary folder.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from palmerpenguins import load_penguins
from playwright.sync_api import Page, expect

from tests.e2e.drawing import Drawing
from tests.e2e.guide import Guide
from tests.e2e.studio import ROOT, Studio
from tests.e2e.watching import expect_execution, expect_step

PAGE = ROOT / "docs" / "tutorial" / "first-pipeline.md"


@dataclass
class Reader:
    """Somebody at the screen with the tutorial beside it."""

    page: Page
    guide: Guide
    draw: Drawing
    table: Path
    changed: Path
    pictures: Path

    @property
    def group(self) -> str:
        return self.table.stem

    @property
    def loading(self) -> str:
        """The name of the step that the dataset came with."""
        return "Load" + "".join(part.capitalize() for part in self.table.stem.split("-"))

    def press(self, label: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=self.guide.word(label), exact=True).first.click()  # type: ignore[arg-type]

    def picture(self, name: str) -> None:
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"tutorial-{name}.png"
        self.page.screenshot(path=str(path), animations="disabled")
        assert 20_000 < path.stat().st_size < 400_000


@pytest.fixture
def reader(page: Page, tmp_path: Path) -> Reader:
    taking = bool(os.environ.get("README_PICTURES"))
    name = "penguins.csv" if taking else f"penguins-{uuid4().hex[:4]}.csv"
    penguins = load_penguins().dropna()
    changed = tmp_path / "changed" / name
    changed.parent.mkdir()
    penguins.to_csv(tmp_path / name, index=False)
    penguins.rename(columns={"sex": "Sex"}).to_csv(changed, index=False)
    pictures = ROOT / "docs" / "images" if taking else tmp_path / "pictures"
    return Reader(page, Guide(PAGE), Drawing(page), tmp_path / name, changed, pictures)


@pytest.mark.timeout(300)
def test_the_tutorial_is_done_as_it_is_written(reader: Reader, studio: Studio) -> None:
    titles = reader.guide.numbered()
    parts = (bring, draw_it, run_it, approve, break_before, break_while)
    assert len(titles) == len(parts)
    # A link lands on the pipeline that was open last, which at the first start is the headline sample.
    sample = next(
        row for row in studio.get("pipelines/?search=breast-cancer")["results"] if row["name"] == "breast-cancer"
    )
    reader.page.goto(f"/pipelines/{sample['id']}")
    expect(reader.page.get_by_role("application", name="Pipeline breast-cancer")).to_be_visible()
    reader.page.goto(studio.login_link())
    expect(reader.page.get_by_role("application", name="Pipeline breast-cancer")).to_be_visible()
    expect(reader.page.get_by_role("link", name="Data", exact=True)).to_have_count(0)
    reader.page.get_by_role("link", name="Clary, home").click()
    for title, part in zip(titles, parts, strict=True):
        with reader.guide.section(title):
            part(reader, studio)


def upload(reader: Reader, file: Path) -> None:
    reader.press("Data", "link")
    with reader.page.expect_file_chooser() as chooser:
        reader.press("Upload")
    chooser.value.set_files(file)


def bring(reader: Reader, studio: Studio) -> None:
    upload(reader, reader.table)
    line = reader.page.get_by_role("region", name="Uploads").get_by_role("article", name=reader.table.name)
    expect(line).to_contain_text("333 rows")
    line.get_by_role("link").click()
    expect(reader.page.get_by_role("columnheader", name=re.compile("^sex"))).to_contain_text("female")
    reader.press("Use in a new pipeline")
    expect(reader.draw.node(reader.loading)).to_be_visible()


def draw_it(reader: Reader, studio: Studio) -> None:
    page, draw, word = reader.page, reader.draw, reader.guide.word
    for _ in range(3):
        page.get_by_role("button", name="Zoom out").click()
    draw.drop(f"{word('Split')} Divide", "Split", "Split", 320, 420)
    draw.wire(reader.loading, "table", "Split", 1)
    draw.drop(word("Train classifier"), "TrainClassifier", "TrainClassifier", 520, 100)
    draw.wire("Split", "train", "TrainClassifier", 2)
    draw.inspector.get_by_label(word("Target column"), exact=True).select_option("sex")
    draw.drop(f"{word('Evaluate')} Measure", "Evaluate", "Evaluate", 520, 420)
    draw.wire("TrainClassifier", "model", "Evaluate", 3)
    draw.wire("Split", "test", "Evaluate", 4)
    draw.drop(word("Condition"), "Condition", "Condition", 680, 300)
    draw.wire("Evaluate", "evaluation", "Condition", 5)
    draw.open("Condition", "Settings")
    expect(draw.inspector.get_by_label("Value in evaluation")).to_have_value("binary_classification_metrics.auc.value")
    draw.inspector.get_by_label(word("Compare with"), exact=True).fill("0.8")
    draw.drop(word("Register model"), "RegisterModel", "RegisterModel", 700, 60)
    draw.inspector.get_by_label(word("Model group"), exact=True).fill(reader.group)
    draw.wire("TrainClassifier", "model", "RegisterModel", 6)
    draw.wire("Evaluate", "evaluation", "RegisterModel", 7)
    draw.wire("Condition", word("if"), "RegisterModel", 8)
    reader.press("Tidy")
    expect(page.get_by_text("No problems")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()
    reader.picture("drawn")


def start(reader: Reader) -> None:
    reader.press("Run")
    reader.page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    reader.page.wait_for_url(re.compile(r"/executions/\w{12}"))


def run_it(reader: Reader, studio: Studio) -> None:
    start(reader)
    expect_execution(reader.page, "Succeeded", timeout=120_000)
    reader.page.get_by_test_id(f"step-{reader.guide.word('Evaluate')}").click()
    reader.press("Results", "tab")
    expect(reader.page.get_by_role("complementary", name="Step Evaluate")).to_contain_text("Confusion matrix")
    expect(reader.page.locator("svg").filter(has_text="Predicted").first).to_be_visible()
    reader.picture("results")


def approve(reader: Reader, studio: Studio) -> None:
    reader.page.get_by_role("link", name="Clary, home").click()
    waiting = reader.page.get_by_role("region", name=reader.guide.word("Runs that need you"))
    waiting.get_by_role("link", name=f"Version 1 of {reader.group} waits for approval").click()
    reader.page.get_by_role("button", name=f"{reader.guide.word('Approve')} version 1 of {reader.group}").click()
    expect(reader.page.get_by_role("region", name=reader.group).get_by_text("Approved", exact=True)).to_be_visible()
    assert studio.get(f"model-packages/{reader.group}/")["results"][0]["approval_status"] == "Approved"


def break_before(reader: Reader, studio: Studio) -> None:
    page, draw = reader.page, reader.draw
    upload(reader, reader.changed)
    reader.press("Add as version 2")
    line = page.get_by_role("region", name="Uploads").get_by_role("article", name=reader.table.name).last
    line.get_by_role("link", name=f"{reader.group} v2").click()
    page.get_by_role("link", name="Clary, home").click()
    recent = page.get_by_role("region", name=reader.guide.word("Recent"))
    recent.get_by_role("link", name=reader.group, exact=True).click()
    draw.node(reader.loading).click()
    reader.press("Choose another dataset")
    page.get_by_role("searchbox", name="Search datasets").fill(reader.group)
    page.get_by_role("button", name=re.compile(rf"^{reader.group}\s*v2")).click()
    told = 'TrainClassifier: the column "sex" is not in the table that arrives. Did you mean "Sex"?'
    expect(page.get_by_text(told).first).to_be_visible()
    mend = page.get_by_role("button", name=reader.guide.word("Use Sex"), exact=True).first
    expect(mend).to_be_visible()
    reader.picture("problem")
    mend.click()
    expect(page.get_by_text("No problems")).to_be_visible()
    start(reader)
    expect_execution(page, "Succeeded", timeout=120_000)


def break_while(reader: Reader, studio: Studio) -> None:
    page, draw, word = reader.page, reader.draw, reader.guide.word
    page.get_by_role("link", name=word("Edit pipeline")).click()
    draw.open("TrainClassifier", "Settings")
    draw.inspector.get_by_label(word("Target column"), exact=True).select_option("bill_length_mm")
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()
    expect(page.get_by_text("No problems")).to_be_visible()
    start(reader)
    expect_execution(page, "Failed", timeout=90_000)
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("TrainClassifier failed.")
    expect(banner).to_contain_text('"bill_length_mm" has')
    banner.get_by_role("button", name=word("What to do")).click()
    expect(page.get_by_role("region", name="Why TrainClassifier failed")).to_contain_text("There are too many classes")
    reader.picture("failure")
    reader.press("Use the last good value of target: Sex")
    reader.press("Retry from TrainClassifier with the change")
    expect_execution(page, "Succeeded", timeout=120_000)
    expect_step(page, "Split", "cached")
    expect_step(page, "RegisterModel", "succeeded")
