"""Select, Clean, Join, SQL, Encode and Profile on real tables."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from palmerpenguins import load_penguins

from tests.library.conftest import Bench, summary, table


@pytest.fixture(scope="module")
def penguins() -> pd.DataFrame:
    return load_penguins()


def test_select_keeps_columns_and_rows_and_renames(bench: Bench, penguins: pd.DataFrame) -> None:
    rules = [
        {"column": "species", "operator": "=", "value": "Adelie"},
        {"column": "body_mass_g", "operator": ">=", "value": "4000"},
    ]
    made = bench.run(
        "select@1",
        {"table": penguins},
        columns=["species", "body_mass_g"],
        filters=rules,
        renames={"body_mass_g": "mass"},
        sort="body_mass_g",
    )
    found = table(made / "table")
    expected = penguins[(penguins["species"] == "Adelie") & (penguins["body_mass_g"] >= 4000)]
    assert list(found.columns) == ["species", "mass"]
    assert found["mass"].tolist() == sorted(expected["body_mass_g"])


@pytest.mark.parametrize(
    ("operator", "value", "rows"),
    [("missing", "", 11), ("present", "", 333), ("contains", "FEM", 165), ("!=", "male", 176)],
)
def test_every_rule_compares_as_it_says(
    bench: Bench, penguins: pd.DataFrame, operator: str, value: str, rows: int
) -> None:
    rule = {"column": "sex", "operator": operator, "value": value}
    made = bench.run("select@1", {"table": penguins}, filters=[rule])
    assert len(table(made / "table")) == rows


def test_clean_fills_numbers_with_the_median_and_texts_with_a_word(bench: Bench, penguins: pd.DataFrame) -> None:
    made = bench.run("clean@1", {"table": penguins})
    found = table(made / "table")
    assert not found.isna().any().any()
    lost = penguins["bill_length_mm"].isna()
    assert set(found.loc[lost, "bill_length_mm"]) == {penguins["bill_length_mm"].median()}
    assert (found["sex"] == "missing").sum() == 11


def test_clean_reads_dates_however_they_are_written(bench: Bench) -> None:
    dates = pd.DataFrame({"when": ["2024-01-31", "31 Jan 2024", "Jan 31, 2024", "2024/01/31", "20240131"]})
    made = bench.run("clean@1", {"table": dates}, types={"when": "date"}, duplicates="keep")
    assert set(table(made / "table")["when"]) == {pd.Timestamp("2024-01-31")}


def test_join_finds_partners_as_pandas_does(bench: Bench, penguins: pd.DataFrame) -> None:
    islands = pd.DataFrame({"place": ["Torgersen", "Biscoe"], "year": [1, 2], "area": [10.0, 20.0]})
    made = bench.run("join@1", {"left": penguins, "right": islands}, left_on=["island"], right_on=["place"], how="left")
    found = table(made / "table")
    assert list(found.columns) == [*penguins.columns, "year_right", "area"]
    assert found["area"].notna().sum() == penguins["island"].isin(islands["place"]).sum()


def test_sql_sees_the_connected_tables_only(bench: Bench, penguins: pd.DataFrame) -> None:
    query = "SELECT species, avg(body_mass_g) AS mass FROM table1 GROUP BY species ORDER BY species"
    made = bench.run("sql@1", {"table1": penguins}, query=query)
    found = table(made / "table").set_index("species")["mass"]
    expected = penguins.groupby("species")["body_mass_g"].mean()
    assert found.round(6).to_dict() == expected.round(6).to_dict()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY table1 TO '/tmp/out.csv'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT 1; SELECT 2",
        "SELECT * FROM penguins",
    ],
)
def test_sql_reaches_nothing_else(bench: Bench, penguins: pd.DataFrame, query: str) -> None:
    failure = bench.fail("sql@1", {"table1": penguins}, query=query)
    assert failure["code"] in {"query-refused", "query-invalid", "table-missing"}


def test_sql_shows_where_a_query_is_wrong(bench: Bench, penguins: pd.DataFrame) -> None:
    query = "SELECT species,\n  avg(body_mass_g) AS mass\nFROM table1 grup by 1"
    failure = bench.fail("sql@1", {"table1": penguins}, query=query)
    assert failure["code"] == "query-invalid"
    said = 'syntax error at or near "by" (line 3: "FROM table1 grup by 1"). Correct the query.'
    assert failure["message"] == f"DuckDB says: {said}"


def test_sql_names_the_near_column(bench: Bench, penguins: pd.DataFrame) -> None:
    failure = bench.fail("sql@1", {"table1": penguins}, query="SELECT body_mass FROM table1")
    assert failure["code"] == "column-missing" and failure["suggestions"][0] == "body_mass_g"


def test_encode_learns_on_one_table_and_treats_both_alike(bench: Bench, penguins: pd.DataFrame) -> None:
    rows = penguins.dropna()
    train, test = rows.iloc[:200], rows.iloc[200:]
    made = bench.run("encode@1", {"train": train, "test": test}, leave=["species"])
    first, second = table(made / "train"), table(made / "test")
    assert list(first.columns) == list(second.columns)
    assert abs(first["bill_length_mm"].mean()) < 1e-9
    spread = train["bill_length_mm"].std(ddof=0)
    assert second["bill_length_mm"].iloc[0] == pytest.approx(
        (test["bill_length_mm"].iloc[0] - train["bill_length_mm"].mean()) / spread
    )
    assert set(first["species"]) <= set(penguins["species"])


def test_a_profile_tells_what_to_know_and_is_a_page_too(bench: Bench, penguins: pd.DataFrame) -> None:
    made = bench.run("profile@1", {"table": penguins.assign(empty=None, same=1)})
    told = summary(made / "report")
    assert told["metrics"]["rows"] == 344
    assert any('"empty" has no values' in note for note in told["warnings"])
    assert any('"same" is the same' in note for note in told["warnings"])
    assert {"missing", "histogram", "correlations"} <= {chart["kind"] for chart in told["charts"]}
    page = (made / "report" / "report.html").read_text()
    assert "<script" not in page and "344 rows" in page


def test_a_profile_escapes_what_users_wrote(bench: Bench) -> None:
    odd = pd.DataFrame({"<script>alert(1)</script>": ["<img src=x>", "b"]})
    made = bench.run("profile@1", {"table": odd})
    assert "<script>" not in (made / "report" / "report.html").read_text()


def test_every_summary_fits_its_bounds(bench: Bench) -> None:
    wide = pd.DataFrame({f"column {number}": range(120) for number in range(3000)})
    made = bench.run("select@1", {"table": wide})
    text = (made / "table" / "_summary.json").read_text()
    assert len(text.encode()) <= 1024 * 1024
    told = json.loads(text)
    assert len(told["columns"]) == 3000 and told["rows"] == 120
