"""Amounts that are stored as text are told, with the step that makes numbers of them; codes are left in peace."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from clary_steps.conversion import convert_types

from runs.tables.column_types import note_on_numbers
from tests.runs.tables.conftest import Look, columns

AMOUNTS = (
    ("1,200", "950", "12,000.50"),
    ("1.200,50", "950,5"),
    ("€ 450", "€ 1,250"),
    ("12 %", "7.5 %"),
    ("12 000", "900"),
)
ADVICE = "If they are amounts, a Clean step can make numbers of them."


@pytest.mark.parametrize("texts", AMOUNTS, ids=str)
def test_a_csv_with_written_amounts_leads_to_clean(look: Look, texts: Sequence[str]) -> None:
    found = look("p|n\n" + "".join(f"{text}|1\n" for text in texts), delimiter="|")
    assert columns(found, "type")[0] == "text"
    assert found["warnings"] == [f'"p" holds numbers stored as text, such as {texts[0]!r}. {ADVICE}']


@pytest.mark.parametrize("texts", AMOUNTS, ids=str)
def test_clean_makes_numbers_of_what_the_note_means(texts: Sequence[str]) -> None:
    assert note_on_numbers("p", texts)
    table, notes = convert_types(pd.DataFrame({"p": list(texts)}), {"p": "number"})
    assert (str(table["p"].dtype), notes) == ("float64", [])


def test_parquet_and_json_that_quote_their_numbers_are_told(look: Look) -> None:
    target = io.BytesIO()
    pq.write_table(pa.table({"p": ["1.5", None, "20"], "t": ["a", "b", "1"], "n": [1, 2, 3]}), target)
    said = [f"\"p\" holds numbers stored as text, such as '1.5'. {ADVICE}"]
    assert look(target.getvalue(), "table.parquet")["warnings"] == said
    lines = "".join(json.dumps({"p": text, "n": 1}) + "\n" for text in ("1.5", "20"))
    assert look(lines, "table.jsonl")["warnings"] == said


@pytest.mark.parametrize(
    "texts", [("01085", "10115"), ("a", "1"), ("",), (), ("2024-01-31",), ("%",), ("1-2",)], ids=str
)
def test_codes_and_words_are_no_amounts(texts: Sequence[str]) -> None:
    assert note_on_numbers("p", texts) is None
