"""Mistakes in birth dates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from baoxue.synth.kinds import Days, Ints, stream
from baoxue.synth.lunar import lunar_as_solar

_DAY = np.timedelta64(1, "D")
# Lunar dates are known from here on; adults of poor households were born before.
_LUNAR_FROM = np.datetime64("2001-01-24")


def _parts(days: Days) -> tuple[Ints, Ints, Ints]:
    months = days.astype("datetime64[M]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return (
        year,
        months.astype(np.int64) % 12 + 1,
        (days - months.astype("datetime64[D]")).astype(np.int64) + 1,
    )


def _days(year: Ints, month: Ints, day: Ints) -> Days:
    """Dates of these parts; where there is no such day, NaT."""
    valid = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    start = ((year - 1970) * 12 + np.where(valid, month, 1) - 1).astype("datetime64[M]")
    days = start.astype("datetime64[D]") + (np.where(valid, day, 1) - 1).astype("timedelta64[D]")
    found: Days = np.where(valid & (days.astype("datetime64[M]") == start), days, np.datetime64("NaT"))
    return found


def _day_and_month_swapped(days: Days, rng: np.random.Generator) -> Days:
    year, month, day = _parts(days)
    return _days(year, day, month)


def _other_year(days: Days, rng: np.random.Generator) -> Days:
    year, month, day = _parts(days)
    return _days(year + rng.choice([-1, 1], len(days)), month, day)


def _next_day(days: Days, rng: np.random.Generator) -> Days:
    return days + rng.choice([-1, 1], len(days)) * _DAY


def _other_month(days: Days, rng: np.random.Generator) -> Days:
    year, month, day = _parts(days)
    return _days(year, month + rng.choice([-2, -1, 1, 2, 10], len(days)), day)


def _other_day(days: Days, rng: np.random.Generator) -> Days:
    year, month, day = _parts(days)
    return _days(year, month, day + rng.choice([-20, -10, -7, -3, 2, 3, 7, 10, 20], len(days)))


def _lunar(days: Days, rng: np.random.Generator) -> Days:
    return np.where(days >= _LUNAR_FROM, lunar_as_solar(np.maximum(days, _LUNAR_FROM)), _next_day(days, rng))


def _first_of_month(days: Days, rng: np.random.Generator) -> Days:
    return days.astype("datetime64[M]").astype("datetime64[D]")


def _first_of_year(days: Days, rng: np.random.Generator) -> Days:
    return days.astype("datetime64[Y]").astype("datetime64[D]")


_WAYS: tuple[tuple[Callable[[Days, np.random.Generator], Days], float], ...] = (
    (_day_and_month_swapped, 0.13),
    (_other_year, 0.16),
    (_next_day, 0.15),
    (_other_month, 0.16),
    (_other_day, 0.18),
    (_lunar, 0.12),
    (_first_of_month, 0.08),
    (_first_of_year, 0.02),
)


def mistake_all(days: Days, rows: Ints, seed: int, rng: np.random.Generator) -> None:
    """Put mistakes into the dates of these rows; where a way leads nowhere, the next day."""
    shares = stream(seed, "ways of dates").dirichlet([share * 25 for _, share in _WAYS])
    way = rng.choice(len(_WAYS), len(rows), p=shares)
    for position, (wrong, _) in enumerate(_WAYS):
        chosen = rows[way == position]
        if len(chosen):
            right = days[chosen]
            made = wrong(right, rng)
            days[chosen] = np.where(np.isnat(made) | (made == right), right + _DAY, made)
