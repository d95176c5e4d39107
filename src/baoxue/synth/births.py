"""Births: how many children a family has, when, and which of them are twins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from baoxue.policy.schoolyear import school_year_of
from baoxue.synth.kinds import Bools, Days, Ints, stream

TWIN_BIRTHS = 0.012
_FAMILY_SIZES = (0.33, 0.43, 0.18, 0.06)
_BOYS = 0.53
# Ages (full years on the last day of August) that the registers hold; school age is 6 to 14.
YOUNGEST, OLDEST = 5, 16
_OUTSIDERS_PER_CHILD = 0.05


@dataclass
class Births:
    """One element is one child; `twin_of` is the position of the elder twin, -1 for who is no second twin."""

    family: Ints
    born: Days
    age: Ints
    boy: Bools
    twin_of: Ints
    outsider_family: Bools

    def __len__(self) -> int:
        return len(self.family)


def make_births(children: int, as_of: date, seed: int) -> Births:
    """Births of so many local children of school age, and of others beside them."""
    year = school_year_of(as_of)
    local = _cut(_of_families(children, year, stream(seed, "births")), children)
    outsiders = _cut(
        _of_families(max(8, round(children * _OUTSIDERS_PER_CHILD)), year, stream(seed, "births", "outside")),
        max(8, round(children * _OUTSIDERS_PER_CHILD)),
    )
    families = int(local.family[-1]) + 1
    twins = np.where(outsiders.twin_of >= 0, outsiders.twin_of + len(local), -1)
    return Births(
        family=np.concatenate([local.family, outsiders.family + families]),
        born=np.concatenate([local.born, outsiders.born]),
        age=np.concatenate([local.age, outsiders.age]),
        boy=np.concatenate([local.boy, outsiders.boy]),
        twin_of=np.concatenate([local.twin_of, twins]),
        outsider_family=np.arange(families + int(outsiders.family[-1]) + 1) >= families,
    )


def _of_families(children: int, year: int, rng: np.random.Generator) -> Births:
    """More births than asked for, by family and then by day."""
    count = children * 2 + 60
    first_day, last_day = (
        np.datetime64(f"{year - OLDEST - 1}-09-01"),
        np.datetime64(f"{year - YOUNGEST}-08-31"),
    )
    span = int((last_day - first_day).astype(np.int64)) + 1
    first = last_day - rng.integers(0, 2 * span, count).astype("timedelta64[D]")
    born = first[:, None] + np.cumsum(
        np.column_stack([np.zeros(count), 330 + rng.gamma(2.0, 420.0, (count, 3))]), axis=1
    ).astype("timedelta64[D]")
    size = rng.choice(4, count, p=_FAMILY_SIZES) + 1
    wanted = (np.arange(4) < size[:, None]) & (born >= first_day) & (born <= last_day)
    family, _ = np.nonzero(wanted)
    return _with_twins(family, born[wanted], year, rng)


def _with_twins(family: Ints, born: Days, year: int, rng: np.random.Generator) -> Births:
    births = np.where(rng.random(len(family)) < TWIN_BIRTHS, 2, 1)
    elder = np.cumsum(births) - births
    of_birth = np.repeat(np.arange(len(family)), births)
    twin_of = np.full(len(of_birth), -1)
    second = np.arange(len(of_birth)) != elder[of_birth]
    twin_of[second] = elder[of_birth[second]]
    days = born[of_birth]
    boy = rng.random(len(of_birth)) < _BOYS
    same = second & (rng.random(len(of_birth)) < 0.5)
    boy[same] = boy[twin_of[same]]
    apart = second & ~same
    boy[apart] = ~boy[twin_of[apart]]
    return Births(family[of_birth], days, ages(days, year), boy, twin_of, np.zeros(0, dtype=np.bool_))


def ages(born: Days, year: int) -> Ints:
    """Full years on 31 August of a year."""
    months = born.astype("datetime64[M]").astype(np.int64)
    full: Ints = (year * 12 + 8 - 1970 * 12 - 1 - months) // 12
    return full


def _cut(births: Births, children: int) -> Births:
    """The first families that have so many children of school age; families are numbered anew from 0."""
    of_school_age = (births.age >= 6) & (births.age <= 14)
    enough = int(np.searchsorted(np.cumsum(of_school_age), children)) + 1
    rows = np.arange(len(births)) < np.searchsorted(births.family, births.family[enough - 1], side="right")
    _, family = np.unique(births.family[rows], return_inverse=True)
    return Births(
        family.astype(np.int64),
        births.born[rows],
        births.age[rows],
        births.boy[rows],
        births.twin_of[rows],
        births.outsider_family,
    )
