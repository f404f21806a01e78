"""When a schedule fires: AWS's cron, rate and at expressions in a time zone. No Django, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:  # read with the first schedule: most installations have none
    from aws_croniter import AwsCroniter


LONGEST_EXPRESSION = 256
LONGEST_RATE = timedelta(days=3660)
_CALL = re.compile(r"\s*(cron|rate|at)\s*\((.*)\)\s*", re.DOTALL)
_RATE = re.compile(r"(\d{1,7})\s+(minute|hour|day)s?")
_FORMS = "cron(minutes hours day-of-month month day-of-week year), rate(5 minutes) or at(2027-01-31T07:00:00)"
_DAYS = {str(day): str(day % 7 + 1) for day in range(8)}  # 0 and 7 are Sunday; AWS counts from 1


class TimetableInvalid(ValueError):
    """An expression or zone that names no times; the message says what was expected."""


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """`text` is the expression in AWS's form; `words` says it in English."""

    text: str
    zone: ZoneInfo
    words: str
    _cron: AwsCroniter | None = None
    _period: timedelta | None = None
    _moment: datetime | None = None

    def next_after(self, after: datetime, *, begins: datetime, ends: datetime | None = None) -> datetime | None:
        """The first fire time later than `after` and not before `begins`, in UTC; None when there is none.

        A rate counts from `begins`, whose own moment is a fire time while it lies ahead. `at` heeds neither bound.
        A time that a zone skips in spring does not happen; one that comes twice in autumn happens once.

        Source: EventBridge Scheduler user guide, "Schedule types" and "Daylight savings time".
        """
        if self._moment is not None:
            return self._moment if self._moment > after else None
        found = self._by_rate(after, begins) if self._period is not None else self._by_cron(after, begins)
        return None if found is None or (ends is not None and found > ends) else found

    def upcoming(
        self, after: datetime, *, begins: datetime, ends: datetime | None = None, count: int = 5
    ) -> list[datetime]:
        """The next `count` fire times, fewer when the schedule ends before."""
        found: list[datetime] = []
        while len(found) < count:
            following = self.next_after(found[-1] if found else after, begins=begins, ends=ends)
            if following is None:
                break
            found.append(following)
        return found

    def _by_rate(self, after: datetime, begins: datetime) -> datetime | None:
        assert self._period is not None
        if begins > after:
            return begins
        try:
            return begins + ((after - begins) // self._period + 1) * self._period
        except OverflowError:
            return None

    def _by_cron(self, after: datetime, begins: datetime) -> datetime | None:
        # Where `begins` itself is a fire time it counts: AWS fires on or after the start date.
        from_moment = max(after, begins - timedelta(microseconds=1))
        for wall in _wall_times(self._cron, from_moment.astimezone(self.zone).replace(tzinfo=None)):
            moment = wall.replace(tzinfo=self.zone).astimezone(UTC)
            skipped = moment.astimezone(self.zone).replace(tzinfo=None) != wall
            if moment > from_moment and not skipped:
                return moment
        return None


def read_timetable(expression: str, zone: str = "UTC") -> Timetable:
    """The timetable of an AWS schedule expression; five cron fields without `cron(…)` are read as on Unix.

    Raises:
        TimetableInvalid
    """
    where = _zone(zone)
    if len(expression) > LONGEST_EXPRESSION:
        raise TimetableInvalid(f"A schedule expression has at most {LONGEST_EXPRESSION} characters.")
    call = _CALL.fullmatch(expression)
    if call is None:
        fields = expression.split()
        if len(fields) != 5:
            raise TimetableInvalid(f"Expected {_FORMS}; got {expression!r}.")
        return _cron(_aws_fields(fields), where)
    kind, inside = call[1], " ".join(call[2].split())
    if kind == "rate":
        return _rate(inside, where)
    if kind == "at":
        return _once(inside, where)
    return _cron(inside.split(" "), where)


def _cron(fields: list[str], zone: ZoneInfo) -> Timetable:
    from aws_croniter import AwsCroniter

    text = " ".join(fields).upper()
    try:
        cron = AwsCroniter(text)
        # A parsed expression can still hold what only the search for a time stumbles over.
        cron.get_next(datetime(2026, 1, 1, tzinfo=UTC), n=1)
    except ValueError as problem:
        raise TimetableInvalid(f"cron({text}) is no schedule: {problem}") from None
    return Timetable(text=f"cron({text})", zone=zone, words=_cron_words(text), _cron=cron)


def _rate(text: str, zone: ZoneInfo) -> Timetable:
    found = _RATE.fullmatch(text)
    if found is None or int(found[1]) < 1:
        raise TimetableInvalid(f"Expected rate(value minutes|hours|days) with a value from 1; got rate({text}).")
    value, unit = int(found[1]), found[2]
    period = timedelta(**{f"{unit}s": value})
    if period > LONGEST_RATE:
        raise TimetableInvalid(f"A rate may be at most {LONGEST_RATE.days} days; got rate({text}).")
    spelled = f"{value} {unit}{'' if value == 1 else 's'}"
    words = f"Every {unit if value == 1 else spelled}"
    return Timetable(text=f"rate({spelled})", zone=zone, words=words, _period=period)


def _once(text: str, zone: ZoneInfo) -> Timetable:
    try:
        wall = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise TimetableInvalid(f"Expected at(2027-01-31T07:00:00); got at({text}).") from None
    return Timetable(text=f"at({text})", zone=zone, words=f"Once, on {wall:%Y-%m-%d at %H:%M}", _moment=moment)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise TimetableInvalid(f"Unknown time zone {name!r}; expected a name like UTC or Europe/Berlin.") from None


def _aws_fields(fields: list[str]) -> list[str]:
    """The six fields AWS writes for the five of a Unix crontab."""
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        raise TimetableInvalid(
            "Give either the day of the month or the day of the week: AWS schedules cannot hold both. "
            "Make two schedules instead."
        )
    if weekday == "*":
        return [minute, hour, day, month, "?", "*"]
    # Numbers of weekdays change, steps (after a slash) do not.
    renumbered = re.sub(r"(?<![/\d#])\d", lambda found: _DAYS.get(found[0], found[0]), weekday)
    return [minute, hour, "?", month, renumbered, "*"]


def _cron_words(text: str) -> str:
    from cron_descriptor import ExpressionDescriptor, Options
    from cron_descriptor.Exception import FormatException, MissingFieldException, WrongArgumentException

    options = Options(
        verbose=True, day_of_week_start_index_zero=False, use_24hour_time_format=True, locale_code="en_US"
    )
    try:
        return str(ExpressionDescriptor(text, options).get_description())
    except (FormatException, MissingFieldException, WrongArgumentException, ValueError):
        return f"cron({text})"


def _wall_times(cron: AwsCroniter | None, after: datetime) -> Iterator[datetime]:
    """Wall-clock fire times around and later than `after`; the library reckons in UTC, so walls are given as such."""
    assert cron is not None
    at = after.replace(tzinfo=UTC) - timedelta(minutes=1)  # it drops seconds; the caller leaves out what is too early
    while True:
        found = cron.get_next(at, n=1)
        if not found or found[0] is None:
            return
        at = found[0]
        yield at.replace(tzinfo=None)
