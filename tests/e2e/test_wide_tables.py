"""Tables of thousands of columns, plain tables along a wire, and a table saved whole: with a mouse."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pipelines import definition_text, processing_step, write_definition
from tests.e2e.studio import Studio
from tests.e2e.test_own_data import open_dataset, upload
from tests.e2e.test_results import picture, point_at_wire

WIDE = 5_000
PLAIN = """
import pathlib
folder = pathlib.Path("/opt/ml/processing/output/rows")
folder.mkdir(parents=True, exist_ok=True)
(folder / "rows.csv").write_text("id,city,note\\n" + "".join(f"{n},Kyiv,=1+{n}\\n" for n in range(455)))
"""


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    path = tmp_path / f"wide-{uuid4().hex[:6]}.csv"
    names = ",".join(f"gene_{n}" for n in range(WIDE))
    path.write_text("\n".join([names, *(",".join(str(n % 7 + row) for n in range(WIDE)) for row in range(12)), ""]))
    return path


def test_every_column_of_a_wide_table_is_reached(page: Page, wide: Path) -> None:
    line = upload(page, wide)
    expect(line).to_contain_text("12 rows")
    open_dataset(page, line)
    shown = page.get_by_role("status").filter(has_text="olumn")
    expect(shown).to_have_text("Columns 1–100 of 5,000")
    heads = page.get_by_role("columnheader")
    expect(heads.first).to_contain_text("gene_0")
    page.get_by_role("button", name="Columns after").click()
    expect(shown).to_have_text("Columns 101–200 of 5,000")
    expect(heads.first).to_contain_text("gene_100")
    expect(page.get_by_role("img", name="Spread of gene_100")).to_be_visible()
    picture(page, "wide-table")
    search = page.get_by_role("searchbox", name=re.compile("^Find a column"))
    search.fill("GENE_4999")
    expect(shown).to_have_text("1 of 5,000 columns")
    expect(heads.first).to_contain_text("gene_4999")
    expect(page.get_by_role("img", name="Spread of gene_4999")).to_be_visible()
    search.fill("protein")
    expect(shown).to_contain_text("No column's name has “protein” in it")
    picture(page, "wide-table-no-hit")


def test_a_dataset_is_saved_as_csv_whole(page: Page, tmp_path: Path) -> None:
    path = tmp_path / f"long-{uuid4().hex[:6]}.tsv"
    path.write_text("id\tnote\n" + "".join(f"{n}\t=A{n}\n" for n in range(3_000)))
    open_dataset(page, upload(page, path))
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download CSV").click()
    assert saved.value.suggested_filename == f"{path.stem}.csv"
    lines = Path(saved.value.path()).read_text().splitlines()
    assert (len(lines), lines[0], lines[-1]) == (3_001, "id,note", "2999,'=A2999")


def test_a_wire_tells_the_figures_of_a_plain_table(page: Page, studio: Studio) -> None:
    row = studio.post("pipelines/", {"name": f"plain-{uuid4().hex[:8]}"})
    code = studio.post(f"pipelines/{row['id']}/code/", {"file_name": "write.py", "text": PLAIN})
    write, read = processing_step("Write", code["uri"]), processing_step("Read", code["uri"])
    write["Arguments"]["ProcessingOutputConfig"] = {
        "Outputs": [
            {
                "OutputName": "rows",
                "S3Output": {
                    "S3Uri": "s3://clary-plain/rows",
                    "LocalPath": "/opt/ml/processing/output/rows",
                    "S3UploadMode": "EndOfJob",
                },
            }
        ]
    }
    read["Arguments"]["ProcessingInputs"].append(
        {
            "InputName": "rows",
            "AppManaged": False,
            "S3Input": {
                "S3Uri": {"Get": "Steps.Write.ProcessingOutputConfig.Outputs['rows'].S3Output.S3Uri"},
                "LocalPath": "/opt/ml/processing/input/rows",
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
            },
        }
    )
    write_definition(studio, row["id"], definition_text([write, read]))
    execution = studio.post(f"pipelines/{row['id']}/executions/", {})["id"]
    assert studio.ended(execution) == "Succeeded"
    page.goto(f"/executions/{execution}?view=graph")
    expect(page.get_by_test_id("step-Write")).to_be_visible()
    point_at_wire(page, "data:Write>Read")
    expect(page.get_by_role("tooltip")).to_contain_text("455 rows × 3 columns")
    picture(page, "wire-plain")
    page.get_by_test_id("step-Write").click()
    drawer = page.get_by_role("complementary", name="Step Write")
    drawer.get_by_role("tab", name="Results").click()
    with page.expect_download() as saved:
        drawer.get_by_role("link", name="Download rows.csv as CSV").click()
    assert Path(saved.value.path()).read_text().splitlines()[-1] == "454,Kyiv,'=1+454"
