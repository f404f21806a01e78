"""What is said of a column."""

from __future__ import annotations

import pytest

from tests.runs.tables.conftest import Look, columns


def one(look: Look, *values: str, **options: object) -> dict[str, object]:
    """The facts of a column with these values."""
    found: dict[str, object] = look("\n".join(["v,n", *(f"{value},1" for value in values)]), **options)["columns"][0]
    return found


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (("1", "-2", "+3"), "integer"),
        (("1", "2.5", "1e3"), "number"),
        (("true", "False"), "boolean"),
        (("2024-01-31", "2023-12-01"), "date"),
        (("2024-01-31", "2024-01-31T10:00:00Z"), "datetime"),
        (("2024-01-31 10:00", "2024-01-31 10:00:00.5"), "datetime"),
        (("1", "x"), "text"),
        (("", "NA", "null"), "text"),
        (("1", "NA", "?"), "integer"),
        (("123456789012345678901",), "number"),
        (("01085", "10115"), "text"),
        (("10115", '"01085"', "NA"), "text"),
        (("00",), "text"),
        (("0",), "integer"),
        (("0", "0.5"), "number"),
        (("0.5", "00.5", "-01"), "number"),
    ],
)
def test_the_type_is_found_out(look: Look, values: tuple[str, ...], kind: str) -> None:
    assert one(look, *values)["type"] == kind


def test_words_for_nothing_count_as_missing(look: Look) -> None:
    assert one(look, "1", "NA", "", "NaN", "null", "?", "2")["missing"] == 5


def test_a_column_without_values_is_told(look: Look) -> None:
    found = look("a,b\n1,\n2,NA\n")
    assert columns(found, "missing", "distinct") == [(0, 2), (2, 0)]
    assert 'No value at all in "b".' in found["warnings"]


def test_numbers_have_a_histogram_that_counts_each_value_once(look: Look) -> None:
    facts = look("n,x\n" + "".join(f"{n % 100},{n / 7}\n" for n in range(1000)))["columns"]
    for fact in facts:
        assert sum(fact["histogram"]["counts"]) == 1000
        assert len(fact["histogram"]["edges"]) == len(fact["histogram"]["counts"]) + 1
    assert facts[0]["histogram"]["counts"] == [50] * 20
    assert (facts[0]["min"], facts[0]["max"], facts[0]["mean"]) == (0, 99, 49.5)


def test_one_value_is_one_bar(look: Look) -> None:
    assert one(look, "5", "5")["histogram"] == {"edges": [5.0, 6.0], "counts": [2]}
    assert one(look, "2.5", "2.5")["histogram"]["counts"] == [2]  # type: ignore[index]


def test_numbers_that_are_not_finite_stay_out_of_the_drawing(look: Look) -> None:
    fact = one(look, "1.5", "inf", "-inf", "2.5")
    assert (fact["min"], fact["max"], fact["missing"]) == (1.5, 2.5, 0)
    assert sum(fact["histogram"]["counts"]) == 2  # type: ignore[index]


def test_texts_have_their_commonest_values(look: Look) -> None:
    fact = one(look, "b", "a", "b", "c", "b", "a")
    assert fact["top"] == [{"value": "b", "count": 3}, {"value": "a", "count": 2}, {"value": "c", "count": 1}]
    assert fact["distinct"] == 3


def test_five_hundred_classes_are_counted_and_ten_shown(look: Look) -> None:
    fact = one(look, *(f"class {n % 500}" for n in range(2000)))
    assert fact["distinct"] == 500
    assert len(fact["top"]) == 10  # type: ignore[arg-type]


def test_dates_have_periods(look: Look) -> None:
    fact = one(look, "2024-01-01", "2024-01-02", "2024-12-31")
    assert (fact["min"], fact["max"]) == ("2024-01-01", "2024-12-31")
    assert fact["histogram"]["counts"][0] == 2  # type: ignore[index]
    assert fact["histogram"]["edges"][0] == "2024-01-01"  # type: ignore[index]


def test_dates_in_five_formats_are_text_and_told(look: Look) -> None:
    dates = ("2024-01-31", "31/01/2024", "31.01.2024", "31 Jan 2024", "Jan 31, 2024")
    found = look("d|n\n" + "".join(f"{date}|1\n" for date in dates), delimiter="|")
    assert found["columns"][0]["type"] == "text"
    assert any('"d" holds dates written in 5 ways' in note for note in found["warnings"])


def test_dates_of_another_country_are_told(look: Look) -> None:
    notes = look("d,n\n31/01/2024,1\n28/02/2024,2\n")["warnings"]
    assert any('"d" holds dates written like 31/12/2024' in note for note in notes)


def test_the_values_of_a_column_of_dates_that_are_none_are_counted(look: Look) -> None:
    dates = ("7 Mar 2024", "20240809", "2024-01-31", "soon", "2024-02-28")
    (note,) = look("d,n\n" + "".join(f"{date},1\n" for date in dates))["warnings"]
    assert note == "\"d\" holds dates, except for 2 of 5 values, such as '20240809'; it is read as text."
    assert look("d,n\n7 Mar 2024,1\nlater,2\nsoon,3\n")["warnings"] == []


def test_a_decimal_comma_is_told(look: Look) -> None:
    notes = look('p,n\n"1,5",1\n"2,75",2\n')["warnings"]
    assert any('"p" holds numbers with a comma' in note for note in notes)


def test_a_number_column_with_one_word_names_the_word(look: Look) -> None:
    notes = look("p,n\n" + "".join(f"{n},1\n" for n in range(50)) + "unknown,1\n")["warnings"]
    assert any("'unknown'" in note for note in notes)


def test_a_type_can_be_said_and_what_does_not_fit_is_counted(look: Look) -> None:
    found = look("p,n\n1,1\n2,1\nmany,1\n", types={"p": "integer"})
    assert found["columns"][0]["type"] == "integer"
    assert (found["columns"][0]["unfit"], found["columns"][0]["missing"]) == (1, 1)
    assert any('"p" is read as integer, but 1 values are none' in note for note in found["warnings"])
    assert look("zip,n\n01234,1\n", types={"zip": "text"})["preview"]["rows"] == [["01234", 1]]


def test_codes_with_zeros_are_told_once_and_keep_them(look: Look) -> None:
    found = look("plz,n\n01085,1\n10115,2\n,3\n")
    assert found["preview"]["rows"] == [["01085", 1], ["10115", 2], [None, 3]]
    said = '"plz" holds digits that begin with a zero, such as 01085: it is read as text, so the zeros stay.'
    assert found["warnings"] == [said]
    assert look("plz;n\n01085;0,5\n1,5;2,5\n")["warnings"] == [said]


def test_a_type_chosen_for_codes_wins_without_a_word(look: Look) -> None:
    found = look("plz,n\n01085,1\n10115,2\n", types={"plz": "integer"})
    assert found["preview"]["rows"][0] == [1085, 1] and found["warnings"] == []


def test_codes_among_words_need_no_note(look: Look) -> None:
    assert look("plz,n\n01085,1\nA12,2\n")["warnings"] == []


def test_a_zero_behind_the_first_rows_is_told_when_all_are_read(look: Look) -> None:
    text = "plz,n\n" + "".join(f"{n},0.5\n" for n in range(10_000, 30_000)) + "01085,0.5\n"
    assert columns(look(text), "type") == columns(look(text, full=True), "type") == ["integer", "number"]
    assert look(text)["warnings"] == []
    (said,) = look(text, full=True)["warnings"]
    assert said.startswith('"plz" looks like integer, but rows further down begin with a zero')
    assert "codes" not in look(text, full=True)["columns"][0]
    assert look(text, full=True, types={"plz": "integer"})["warnings"] == []


def test_long_texts_are_cut(look: Look) -> None:
    assert len(look("a,b\n" + "x" * 5000 + ",1\n")["preview"]["rows"][0][0]) == 200
