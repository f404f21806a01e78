"""People's own files: brought in, looked at, put right, and dropped on the canvas with a mouse."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.studio import Studio

PEOPLE = "age,city,joined\n" + "".join(
    f"{20 + n % 50},{'Kyiv' if n % 2 else 'Lviv'},2024-01-{1 + n % 28:02d}\n" for n in range(250)
)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A table under a name nobody has used."""
    path = tmp_path / f"people-{uuid4().hex[:6]}.csv"
    path.write_text(PEOPLE)
    return path


def upload(page: Page, *files: Path) -> Locator:
    """Through the Upload button; the line of the last file in the tray."""
    page.goto("/data")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload", exact=True).click()
    chooser.value.set_files(list(files))
    return line_of(page, files[-1])


def line_of(page: Page, file: Path) -> Locator:
    return page.get_by_role("region", name="Uploads").get_by_role("article", name=file.name)


def drop_files(page: Page, x: float, y: float, *files: Path) -> None:
    """A drag from the file manager, as the browser's own input events."""
    session = page.context.new_cdp_session(page)
    data: dict[str, Any] = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})


def open_dataset(page: Page, line: Locator) -> None:
    line.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_uploaded_file_is_a_table_to_look_at(page: Page, people: Path) -> None:
    line = upload(page, people)
    expect(line).to_contain_text("250 rows")
    expect(page.get_by_role("table", name="Datasets")).to_contain_text(people.stem)
    open_dataset(page, line)
    expect(page.get_by_text("250 rows × 3 columns")).to_be_visible()
    table = page.get_by_role("table", name=re.compile("^First 100 rows"))
    age = table.get_by_role("columnheader", name=re.compile("^age"))
    expect(age).to_contain_text("whole number")
    expect(age.get_by_role("img", name="Spread of age")).to_be_visible()
    expect(table.get_by_role("columnheader", name=re.compile("^city"))).to_contain_text("Kyiv 125")
    expect(table.get_by_role("row").nth(1)).to_contain_text("Lviv")


def test_the_same_name_again_is_asked_about(page: Page, people: Path, tmp_path: Path) -> None:
    expect(upload(page, people)).to_contain_text("250 rows")
    again = tmp_path / "again" / people.name
    again.parent.mkdir()
    again.write_text(PEOPLE + "33,Odesa,2024-02-01\n")
    line = upload(page, again)
    expect(line).to_contain_text("already")
    line.get_by_role("button", name="Add as version 2").click()
    expect(line).to_contain_text(f"{people.stem} v2")
    open_dataset(page, line)
    expect(page.get_by_text("251 rows × 3 columns")).to_be_visible()
    page.get_by_role("combobox", name="Version").click()
    page.get_by_role("option", name="v1").click()
    expect(page.get_by_text("250 rows × 3 columns")).to_be_visible()


def test_the_same_file_again_is_taken_as_it_is(page: Page, people: Path) -> None:
    expect(upload(page, people)).to_contain_text("250 rows")
    line = upload(page, people)
    expect(line).to_contain_text(f"This very file is here already: version 1 of “{people.stem}”.")
    line.get_by_role("button", name="Use the one that is there").click()
    expect(line).to_contain_text(f"{people.stem} v1: the same file as before, nothing new was stored")
    open_dataset(page, line)
    expect(page.get_by_text("250 rows × 3 columns")).to_be_visible()


def test_what_is_no_table_says_why(page: Page, tmp_path: Path) -> None:
    wrong = tmp_path / "download.csv"
    wrong.write_text("<!DOCTYPE html><html><body>Sign in</body></html>")
    line = upload(page, wrong)
    expect(line.get_by_role("alert")).to_contain_text("is a web page, not a table")
    line.get_by_role("button", name="Close download.csv").click()
    expect(page.get_by_role("region", name="Uploads")).to_have_count(0)


def test_a_cancelled_upload_leaves_nothing(page: Page, studio: Studio, tmp_path: Path) -> None:
    large = tmp_path / f"large-{uuid4().hex[:6]}.csv"
    with large.open("wb") as file:
        file.write(b"a,b\n1,2\n")
        file.truncate(1_500_000_000)  # takes no room on the disk
    line = upload(page, large)
    expect(line.get_by_role("progressbar")).to_be_visible()
    line.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("region", name="Uploads")).to_have_count(0)
    page.wait_for_function("() => true")
    assert studio.get(f"datasets/?search={large.stem}")["results"] == []
    folder = studio.home / "uploads"
    for _ in range(100):
        if not list(folder.iterdir()):
            break
        page.wait_for_timeout(50)
    assert list(folder.iterdir()) == []


def test_a_wrong_reading_is_put_right(page: Page, tmp_path: Path) -> None:
    odd = tmp_path / f"odd-{uuid4().hex[:6]}.csv"
    odd.write_text("age:city\n31:Kyiv in the north\n45:Lviv in the west\n")
    line = upload(page, odd)
    open_dataset(page, line)
    expect(page.get_by_role("region", name="Notes on the file")).to_contain_text("one column only")
    page.get_by_role("button", name="Change how it is read").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Delimiter").click()
    page.get_by_role("option", name="Colon :").click()
    dialog.get_by_role("button", name="Read it like this").click()
    expect(page.get_by_text("2 rows × 2 columns")).to_be_visible()
    expect(page.get_by_role("region", name="Notes on the file")).to_have_count(0)


def test_a_sample_is_one_click_away_and_begins_a_pipeline(page: Page) -> None:
    page.goto("/data")
    page.get_by_role("button", name="Use this data: Wine recognition").click()
    expect(page.get_by_role("heading", name="Wine recognition", level=1)).to_be_visible()
    expect(page.get_by_text("Licence: CC-BY-4.0")).to_be_visible()
    page.get_by_role("button", name="Use in a new pipeline").click()
    expect(page.get_by_test_id("step-LoadWineRecognition")).to_be_visible()
    expect(page).not_to_have_url(re.compile("dataset="))


def test_a_file_dropped_on_the_canvas_is_a_step_that_loads_it(page: Page, studio: Studio, people: Path) -> None:
    made = studio.post("pipelines/", {"name": f"dropped-{uuid4().hex[:8]}"})
    page.goto(f"/pipelines/{made['id']}")
    box = page.get_by_test_id("canvas").bounding_box()
    assert box is not None
    drop_files(page, box["x"] + 300, box["y"] + 200, people)
    expect(line_of(page, people)).to_contain_text("250 rows")
    step = "Load" + "".join(part[:1].upper() + part[1:] for part in re.split("[^A-Za-z0-9]+", people.stem))
    expect(page.get_by_test_id(f"step-{step}")).to_be_visible()
    inspector = page.get_by_role("complementary", name="Inspector")
    expect(inspector).to_contain_text("Choose another dataset")
    expect(page.get_by_text("Saved")).to_be_visible()
    draft = studio.get(f"pipelines/{made['id']}/draft/")["definition"]
    assert f"/datasets/{people.stem}/v1/{people.name}" in draft
    started = studio.post(f"pipelines/{made['id']}/executions/", {})
    assert studio.ended(started["id"]) == "Succeeded"
    page.get_by_test_id("canvas").click(position={"x": 40, "y": 40})
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id(f"step-{step}")).to_have_count(0)


def test_a_dataset_is_picked_for_an_address(page: Page, studio: Studio, people: Path) -> None:
    expect(upload(page, people)).to_contain_text("250 rows")
    made = studio.post("pipelines/", {"name": f"picked-{uuid4().hex[:8]}"})
    page.goto(f"/pipelines/{made['id']}")
    palette = page.get_by_role("complementary", name="Steps")
    palette.get_by_role("button", name=re.compile("^Load table ")).click()
    page.get_by_role("button", name="Choose a dataset").click()
    page.get_by_role("searchbox", name="Search datasets").fill(people.stem)
    page.get_by_role("button", name=re.compile(f"^{people.stem}")).click()
    expect(page.get_by_role("button", name="Choose another dataset")).to_be_visible()
    expect(page.get_by_text("Saved")).to_be_visible()
    draft = studio.get(f"pipelines/{made['id']}/draft/")["definition"]
    assert f"/datasets/{people.stem}/v1/{people.name}" in draft


def test_rename_and_delete(page: Page, studio: Studio, people: Path) -> None:
    open_dataset(page, upload(page, people))
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill(f"{people.stem} renamed")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name=f"{people.stem} renamed", level=1)).to_be_visible()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page).to_have_url(re.compile("/data$"))
    assert studio.get(f"datasets/?search={people.stem}")["results"] == []


@pytest.mark.parametrize("path", ["/data", "dataset"])
def test_the_data_pages_are_accessible(page: Page, studio: Studio, axe_source: str, path: str) -> None:
    made = studio.post("datasets/samples/penguins/", {})
    page.goto(f"/data/{made['id']}" if path == "dataset" else path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("table").first).to_be_visible()
    page.evaluate(axe_source)
    found = page.evaluate("async () => (await axe.run()).violations.map((one) => `${one.id}: ${one.nodes[0].html}`)")
    assert found == []
