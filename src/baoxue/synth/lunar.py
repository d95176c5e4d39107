"""Lunar birthdays, which a clerk writes down as if they were solar."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from baoxue.synth.kinds import Days, Ints
from baoxue.synth.lists import lines


class _Months(NamedTuple):
    """All lunar months in order; a leap month has the number of the one before."""

    first: Days
    year: Ints
    month: Ints


@cache
def _months() -> _Months:
    first: list[np.datetime64] = []
    years: list[int] = []
    months: list[int] = []
    for line in lines("lunar.txt"):
        year, new_year, leap, lengths = line.split()
        day = np.datetime64(new_year, "D")
        for position, long in enumerate(lengths, start=1):
            first.append(day)
            years.append(int(year))
            months.append(position - (0 < int(leap) <= position))
            day = day + np.timedelta64(29 + int(long), "D")
    return _Months(np.array(first), np.array(years, dtype=np.int64), np.array(months, dtype=np.int64))


def lunar_as_solar(days: Days) -> Days:
    """The lunar date of each day, written down as if it were a solar one; the day itself where there is no
    such day.

    Known for days from 2001-01-24 to 2031-01-22.
    """
    months = _months()
    position = np.searchsorted(months.first, days, side="right") - 1
    day = (days - months.first[position]).astype(np.int64)
    start = ((months.year[position] - 1970) * 12 + months.month[position] - 1).astype("datetime64[M]")
    written = start.astype("datetime64[D]") + day.astype("timedelta64[D]")
    result: Days = np.where(written.astype("datetime64[M]") == start, written, days)
    return result
