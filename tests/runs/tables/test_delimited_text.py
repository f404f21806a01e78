"""Delimited texts as people have them."""

from __future__ import annotations

import pytest

from runs.tables.options import Unreadable
from tests.runs.tables.conftest import Look, columns

PEOPLE = "age,city\n31,Kyiv\n45,Lviv\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(look: Look, delimiter: str) -> None:
    found = look(PEOPLE.replace(",", delimiter))
    assert found["file"]["delimiter"] == delimiter
    assert columns(found, "name") == ["age", "city"]
    assert found["rows"] == 2


def test_a_delimiter_inside_quotes_divides_nothing(look: Look) -> None:
    found = look('name,place\n"Doe, Jane","Kyiv\nUkraine"\n"Roe, Max",Lviv\n')
    assert found["preview"]["rows"] == [["Doe, Jane", "Kyiv\nUkraine"], ["Roe, Max", "Lviv"]]


def test_a_wrong_delimiter_is_noticed_and_can_be_put_right(look: Look) -> None:
    text = "age:city\n31:Kyiv in the north\n45:Lviv in the west\n"
    wrong = look(text)
    assert columns(wrong, "name") == ["age:city"]
    assert any("choose another delimiter" in note for note in wrong["warnings"])
    assert columns(look(text, delimiter=":"), "name") == ["age", "city"]


def test_a_delimiter_of_no_use_is_refused(look: Look) -> None:
    with pytest.raises(Unreadable, match="one character"):
        look(PEOPLE, delimiter='"')


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_found_out(look: Look, encoding: str, said: str) -> None:
    found = look("größe,Straße\n1,Köln\n2,Düsseldorf\n".encode(encoding))
    assert found["file"]["encoding"] == said
    assert columns(found, "name") == ["größe", "Straße"]
    assert found["preview"]["rows"][1] == [2, "Düsseldorf"]


def test_bytes_no_windows_text_has_are_latin_1(look: Look) -> None:
    assert look(b"a,b\n\xe9\x81,1\n")["file"]["encoding"] == "latin-1"


def test_an_encoding_can_be_said(look: Look) -> None:
    data = "місто,n\nКиїв,1\nЛьвів,2\n".encode("cp1251")
    assert columns(look(data, encoding="cp1251"), "name") == ["місто", "n"]


def test_a_wrong_encoding_names_the_byte_and_a_way_out(look: Look) -> None:
    with pytest.raises(Unreadable, match=r"not written in utf-8 \(byte 3\).*cp1252"):
        look("a\nK\xf6ln\n".encode("cp1252") + b"x" * 10, encoding="utf-8")


@pytest.mark.parametrize("encoding", ["klingon", "hex", "../etc"])
def test_an_unknown_encoding_is_refused(look: Look, encoding: str) -> None:
    with pytest.raises(Unreadable, match="There is no text encoding"):
        look(PEOPLE, encoding=encoding)


def test_mixed_line_ends_are_read_and_told(look: Look) -> None:
    found = look(b"a,b\r\n1,2\r\n3,4\n5,6\r7,8\n")
    assert found["rows"] == 4
    assert found["preview"]["rows"] == [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert found["file"]["line_ends"] == ["Windows", "Unix", "old Mac"]
    assert "The lines end in 3 ways (Windows, Unix, old Mac)." in found["warnings"]


def test_mixed_line_ends_are_read_in_a_file_read_whole(look: Look) -> None:
    body = b"".join(b"%d,x\r\n" % n if n % 2 else b"%d,y\n" % n for n in range(20_000))
    found = look(b"n,t\r\n" + body, full=True)
    assert found["rows"] == 20_000
    assert columns(found, "max")[0] == 19_999


def test_a_file_without_bytes_is_refused(look: Look) -> None:
    with pytest.raises(Unreadable, match=r"table\.csv is empty"):
        look(b"")


def test_a_file_of_empty_lines_is_refused(look: Look) -> None:
    with pytest.raises(Unreadable, match="only empty lines"):
        look("\n\n\r\n")


def test_a_header_without_rows_is_told(look: Look) -> None:
    found = look("age,city\n")
    assert found["rows"] == 0
    assert "There are column names, but no rows below them." in found["warnings"]


def test_names_that_repeat_or_lack_are_made_whole(look: Look) -> None:
    found = look("a,,a,a_2\n1,2,3,4\n")
    assert columns(found, "name") == ["a", "column_2", "a_2", "a_2_2"]
    assert "Column 2 has no name; it is called column_2." in found["warnings"]
    assert any('More than one column is called "a"' in note for note in found["warnings"])


def test_a_table_without_header_gets_names(look: Look) -> None:
    found = look("1,2.5\n3,4.5\n")
    assert found["file"]["header"] is False
    assert columns(found, "name") == ["column_1", "column_2"]
    assert found["rows"] == 2


def test_years_among_the_names_are_names(look: Look) -> None:
    found = look("id,country,2019,2020\n1,AT,8.8,8.9\n2,UA,42.0,NA\n")
    assert columns(found, "name") == ["id", "country", "2019", "2020"]


@pytest.mark.parametrize("rows", ["Kyiv,1\nLviv,2\n", "Kyiv,north\nKyiv,west\nnorth,Kyiv\n"])
def test_data_is_not_taken_for_names(look: Look, rows: str) -> None:
    assert look(rows)["file"]["header"] is False


def test_a_header_can_be_said(look: Look) -> None:
    assert columns(look("2023,2024\n1,2\n", header=True), "name") == ["2023", "2024"]
    assert look("a,b\nc,d\n", header=False)["rows"] == 2


def test_a_row_of_another_length_is_told_and_kept(look: Look) -> None:
    found = look("a,b,c\n1,2,3\n4,5\n6,7\n")
    assert found["rows"] == 3
    assert found["preview"]["rows"][1] == [4, 5, None]
    assert "Row 3 has 2 values where there are 3 columns, and 1 more rows are like that." in found["warnings"]


def test_ten_thousand_columns_are_named_and_the_first_are_drawn(look: Look) -> None:
    header = ",".join(f"c{n}" for n in range(10_000))
    found = look("\n".join([header, *(",".join(["1"] * 10_000) for _ in range(20))]))
    assert len(found["columns"]) == 10_000
    assert found["columns"][9_999] == {"name": "c9999", "type": "integer", "missing": None, "distinct": None}
    assert len(found["preview"]["columns"]) == 100


def test_a_long_file_is_sampled_and_its_rows_are_estimated(look: Look) -> None:
    text = "n,t\n" + "".join(f"{n},some words here\n" for n in range(50_000))
    found = look(text)
    assert found["sample"] == {"rows": 9_999, "exact": False}
    assert found["rows"] == pytest.approx(50_000, rel=0.15)
    full = look(text, full=True)
    assert (full["rows"], full["sample"]) == (50_000, None)


def test_line_ends_inside_quotes_do_not_stop_a_whole_reading(look: Look) -> None:
    text = "n,t,u\n" + "".join(f'{n},"two\nlines",x\n' if n % 7 else f"{n},short\n" for n in range(20_000))
    assert look(text, full=True)["rows"] == 20_000


def test_a_decimal_comma_is_found_out(look: Look) -> None:
    found = look("Fläche;Baujahr;am\n98,7;1995;31.12.2024\n1200;1954;01.02.2024\n".encode("latin-1"))
    assert found["file"]["decimal"] == ","
    assert columns(found, "type") == ["number", "integer", "text"]
    assert [row[0] for row in found["preview"]["rows"]] == [98.7, 1200]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a;b\n1,5;2.5\n2,5;3.5\n", ["text", "number"]),  # one of them is no number; the point stays the sign
        ("a;b\n1,200;x\n3,400;y\n", ["text", "text"]),  # thousands, or not: nobody can tell
    ],
)
def test_a_comma_that_may_be_something_else_stays_text(look: Look, text: str, kinds: list[str]) -> None:
    found = look(text)
    assert found["file"]["decimal"] == "."
    assert columns(found, "type") == kinds


def test_a_decimal_comma_can_be_said(look: Look) -> None:
    found = look("a;b\n1,200;x\n3,400;y\n", decimal=",")
    assert found["preview"]["rows"] == [[1.2, "x"], [3.4, "y"]]
