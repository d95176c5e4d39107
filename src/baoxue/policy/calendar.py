"""Counting days of duty: calendar days, working days, school days.

Sources: 全国年节及纪念日放假办法 (国务院令第795号, in force since 2025-01-01) and the yearly 国务院办公厅 notices of
arrangements (a Saturday or Sunday may be worked, a weekday free); a place's own 校历 for terms. What the notices say comes
in as data; nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from baoxue.policy.labelled import Labelled

_DAY = timedelta(days=1)
# Farther than this no limit reaches; who counts on has a calendar without school days.
_HORIZON = timedelta(days=1500)


class DayType(Labelled):
    """Which days a limit counts."""

    CALENDAR = "calendar", "自然日"
    WORKING = "working", "工作日"
    SCHOOL = "school", "教学日"


class DayKind(Labelled):
    """What an official notice makes of a day that is not what its weekday says."""

    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "上班（调休）"
    NO_SCHOOL = "no_school", "停课"


class NoSuchDay(ValueError):
    """The calendar has no day that far: its terms are not entered."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one place. `terms`: first and last day of each, both included; `special`: day → what a notice says."""

    terms: tuple[tuple[date, date], ...] = ()
    special: Mapping[date, DayKind] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work: Monday to Friday, but for holidays, and the days worked in exchange."""
        kind = self.special.get(day)
        if kind is DayKind.HOLIDAY:
            return False
        return kind is DayKind.WORKDAY or day.weekday() < 5

    def is_school_day(self, day: date) -> bool:
        """Whether there is school: a working day of a term on which school is not called off."""
        in_term = any(first <= day <= last for first, last in self.terms)
        return in_term and self.special.get(day) is not DayKind.NO_SCHOOL and self.is_working_day(day)

    def counts(self, day: date, *, day_type: DayType) -> bool:
        """Whether a limit of this type counts the day."""
        if day_type is DayType.CALENDAR:
            return True
        return self.is_working_day(day) if day_type is DayType.WORKING else self.is_school_day(day)

    def count(self, first: date, last: date, *, day_type: DayType) -> int:
        """Days from `first` to `last`, both included; 0 when `last` comes before `first`."""
        if day_type is DayType.CALENDAR:
            return max(0, (last - first).days + 1)
        return sum(self.counts(day, day_type=day_type) for day in _days(first, last))

    def add(self, start: date, days: int, *, day_type: DayType) -> date:
        """The day a limit of so many days ends on, the first counted day being the one after `start`.

        With 0 it is `start` itself. Raises NoSuchDay when the calendar ends before.
        """
        if days < 0:
            raise ValueError("a limit is not negative")
        if day_type is DayType.CALENDAR:
            return start + timedelta(days=days)
        day, left = start, days
        while left:
            day += _DAY
            if day - start > _HORIZON:
                raise NoSuchDay("校历没有排到那一天，请先在设置里补上学期起止日期。")
            left -= self.counts(day, day_type=day_type)
        return day

    def next(self, day: date, *, day_type: DayType) -> date:
        """The day itself when it counts, else the next that does. Raises NoSuchDay."""
        return day if self.counts(day, day_type=day_type) else self.add(day, 1, day_type=day_type)


def _days(first: date, last: date) -> Iterable[date]:
    day = first
    while day <= last:
        yield day
        day += _DAY
