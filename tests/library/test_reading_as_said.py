"""Files that Load table reads as people say: what the Data page offers, the step takes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.library.conftest import Bench, table

ROOT = Path(__file__).parents[2]
FORM = json.loads((ROOT / "library/clary_steps/steps/load_table/step.json").read_text())["form"]["properties"]
DIALOG = (ROOT / "frontend/src/features/data/reading-dialog.tsx").read_text()


@pytest.mark.parametrize(("delimiter", "sign"), [(":", ":"), ("space", " "), ("tab", "\t"), ("|", "|")])
def test_a_delimiter_is_taken_as_said(bench: Bench, tmp_path: Path, delimiter: str, sign: str) -> None:
    given = tmp_path / "given.csv"
    given.write_text(sign.join(["age", "city"]) + "\n" + sign.join(["31", "Kyiv,north"]) + "\n")
    found = table(bench.run("load-table@1", {"file": given}, delimiter=delimiter) / "table")
    assert found.to_dict("list") == {"age": [31], "city": ["Kyiv,north"]}


@pytest.mark.parametrize(
    ("encoding", "word"),
    [("cp1250", "Łódź"), ("cp1251", "Київ"), ("shift_jis", "東京"), ("gb18030", "北京"), ("big5", "臺北")],
)
def test_an_encoding_is_taken_as_said(bench: Bench, tmp_path: Path, encoding: str, word: str) -> None:
    given = tmp_path / "given.csv"
    given.write_bytes(f"city,n\n{word},1\n".encode(encoding))
    assert table(bench.run("load-table@1", {"file": given}, encoding=encoding) / "table")["city"].tolist() == [word]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_an_encoding_is_found_out(bench: Bench, tmp_path: Path, encoding: str) -> None:
    given = tmp_path / "given.csv"
    given.write_bytes("Straße,n\nKöln,1\nDüsseldorf,2\n".encode(encoding))
    found = table(bench.run("load-table@1", {"file": given}) / "table")
    assert found.to_dict("list") == {"Straße": ["Köln", "Düsseldorf"], "n": [1, 2]}


def test_what_the_dialog_offers_the_step_takes() -> None:
    offered = set(re.findall(r"value: '([^']+)', label: '(?:Comma|Semicolon|Tab|Bar|Colon|Space)", DIALOG))
    named = {"\\t": "tab", " ": "space"}
    assert {named.get(sign, sign) for sign in offered} == set(FORM["delimiter"]["enum"]) - {"auto"}
    block = re.search(r"const ENCODINGS = (.*?);\n", DIALOG, re.DOTALL)
    assert block is not None
    assert set(re.findall(r"'([a-z0-9_-]+)'", block[1])) == set(FORM["encoding"]["enum"]) - {"auto"}


def test_a_decimal_comma_is_found_out(bench: Bench, tmp_path: Path) -> None:
    given = tmp_path / "given.csv"
    given.write_bytes("Fläche;Ort;Bad\n98,7;Köln;1\n1200;Gießen;2\n;Bonn;1\n".encode("latin-1"))
    found = table(bench.run("load-table@1", {"file": given}) / "table")
    assert found["Fläche"].tolist()[:2] == [98.7, 1200]
    assert found["Bad"].tolist() == [1, 2, 1]


@pytest.mark.parametrize(("decimal", "values"), [("auto", ["1,200", "3,400"]), (",", [1.2, 3.4])])
def test_a_comma_before_three_digits_is_taken_as_said(
    bench: Bench, tmp_path: Path, decimal: str, values: list[object]
) -> None:
    given = tmp_path / "given.csv"
    given.write_text("a;b\n1,200;x\n3,400;y\n")
    assert table(bench.run("load-table@1", {"file": given}, decimal=decimal) / "table")["a"].tolist() == values


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["98,7", "12"], [98.7, 12]),
        (["1.200,50", "3,5"], [1200.5, 3.5]),
        (["1,200.50", "3.5"], [1200.5, 3.5]),
        (["1,200", "3,400"], [1200, 3400]),
    ],
)
def test_text_becomes_the_number_that_is_written(
    bench: Bench, tmp_path: Path, texts: list[str], numbers: list[float]
) -> None:
    given = tmp_path / "given.csv"
    given.write_text("a|b\nn/a|x\n" + "".join(f'"{text}"|y\n' for text in texts))
    found = table(bench.run("load-table@1", {"file": given}, decimal=".", types={"a": "number"}) / "table")
    assert found["a"].tolist()[1:] == numbers
