"""When schedules fire, on calendars with known answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs.timetable import TimetableInvalid, read_timetable

NOW = datetime(2026, 11, 23, 21, 10, 33, tzinfo=UTC)  # a Monday


def fires(expression: str, zone: str = "UTC", after: datetime = NOW, count: int = 3, **bounds: datetime) -> list[str]:
    timetable = read_timetable(expression, zone)
    begins = bounds.pop("begins", after)
    found = timetable.upcoming(after, begins=begins, count=count, **bounds)
    return [f"{one.astimezone(timetable.zone):%m-%d %H:%M}" for one in found]


@pytest.mark.parametrize(
    ("expression", "zone", "expected"),
    [
        ("cron(0 7 ? * MON-FRI *)", "Europe/Berlin", ["11-24 07:00", "11-25 07:00", "11-26 07:00"]),
        ("cron(0 9 L * ? *)", "UTC", ["11-30 09:00", "12-31 09:00", "01-31 09:00"]),
        ("cron(0 9 15W * ? *)", "UTC", ["12-15 09:00", "01-15 09:00", "02-15 09:00"]),
        ("cron(0 9 ? * 6#3 *)", "UTC", ["12-18 09:00", "01-15 09:00", "02-19 09:00"]),
        ("cron(0/15 * * * ? *)", "UTC", ["11-23 21:15", "11-23 21:30", "11-23 21:45"]),
        ("cron(0 0 30 2 ? *)", "UTC", []),
        ("rate(1 hour)", "UTC", ["11-23 22:10", "11-23 23:10", "11-24 00:10"]),
        ("at(2027-01-31T07:00:00)", "America/New_York", ["01-31 07:00"]),
        ("at(2020-01-31T07:00:00)", "UTC", []),
    ],
)
def test_aws_expressions_fire_when_aws_says(expression: str, zone: str, expected: list[str]) -> None:
    assert fires(expression, zone) == expected


@pytest.mark.parametrize(
    ("unix", "aws"),
    [
        ("0 7 * * 1-5", "cron(0 7 ? * 2-6 *)"),
        ("0 7 * * 0", "cron(0 7 ? * 1 *)"),
        ("0 7 * * 7", "cron(0 7 ? * 1 *)"),
        ("0 7 * * 1,3", "cron(0 7 ? * 2,4 *)"),
        ("*/5 * * * *", "cron(*/5 * * * ? *)"),
        ("0 0 1 * *", "cron(0 0 1 * ? *)"),
    ],
)
def test_five_fields_are_read_as_on_unix(unix: str, aws: str) -> None:
    assert read_timetable(unix).text == aws


def test_a_time_that_spring_skips_does_not_happen() -> None:
    after = datetime(2026, 3, 28, tzinfo=UTC)
    assert fires("cron(30 2 * * ? *)", "Europe/Berlin", after) == ["03-28 02:30", "03-30 02:30", "03-31 02:30"]


def test_a_time_that_comes_twice_in_autumn_happens_once() -> None:
    after = datetime(2026, 10, 24, tzinfo=UTC)
    assert fires("cron(30 2 * * ? *)", "Europe/Berlin", after) == ["10-24 02:30", "10-25 02:30", "10-26 02:30"]
    in_between = datetime(2026, 10, 25, 1, 5, tzinfo=UTC)  # 02:05 for the second time
    assert fires("cron(*/20 2 * * ? *)", "Europe/Berlin", in_between, count=1) == ["10-26 02:00"]


def test_a_rate_begins_at_a_start_date_that_lies_ahead() -> None:
    assert fires("rate(5 minutes)", begins=NOW + timedelta(hours=1)) == ["11-23 22:10", "11-23 22:15", "11-23 22:20"]


def test_nothing_fires_before_the_start_or_after_the_end() -> None:
    begins, ends = datetime(2026, 12, 1, 7, tzinfo=UTC), datetime(2026, 12, 2, 7, tzinfo=UTC)
    assert fires("cron(0 7 * * ? *)", begins=begins, ends=ends) == ["12-01 07:00", "12-02 07:00"]


@pytest.mark.parametrize(
    ("expression", "zone", "said"),
    [
        ("tomorrow", "UTC", "Expected cron"),
        ("cron(0 7 * * MON *)", "UTC", "question mark"),
        ("cron(0/0 * * * ? *)", "UTC", "step must be positive"),
        ("0 7 1 * 1", "UTC", "either the day of the month or the day of the week"),
        ("rate(0 minutes)", "UTC", "value from 1"),
        ("rate(9999999 days)", "UTC", "at most"),
        ("at(2027-13-01T00:00:00)", "UTC", "Expected at"),
        ("rate(1 day)", "Europe/Berlyn", "Unknown time zone 'Europe/Berlyn'"),
        ("rate(1 day)", "../../etc/passwd", "Unknown time zone"),
        ("x" * 257, "UTC", "at most 256"),
    ],
)
def test_what_is_no_timetable_is_refused_in_words(expression: str, zone: str, said: str) -> None:
    with pytest.raises(TimetableInvalid, match=said):
        read_timetable(expression, zone)


@given(st.lists(st.text("0123456789*?,-/LW#MONFRI", min_size=1, max_size=6), min_size=5, max_size=6))
def test_whatever_the_fields_hold_they_are_a_timetable_or_refused(fields: list[str]) -> None:
    text = " ".join(fields)
    try:
        timetable = read_timetable(f"cron({text})" if len(fields) == 6 else text)
    except TimetableInvalid:
        return
    found = timetable.upcoming(NOW, begins=NOW, count=2)
    assert found == sorted(set(found))
    assert read_timetable(timetable.text).text == timetable.text
