"""Schools, grades and classes of the children, and their student records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from baoxue.policy.schoolyear import school_year_of
from baoxue.policy.studentstatus import StudentStatus
from baoxue.synth.births import Births
from baoxue.synth.families import Families
from baoxue.synth.fates import CODE, Fate
from baoxue.synth.kinds import Bools, Floats, Ints, Objects, stream
from baoxue.synth.places import Places

_PUPILS_PER_CLASS = 45
_TO_THE_SEAT = (0.10, 0.15)
_LATER, _EARLIER = 0.06, 0.03
# Two records of one child, both in force; moved within the county in the year; a class in another school
# than the record.
_TWO_RECORDS = 0.003
_MOVED_SCHOOL = 0.006
_BORROWED_SEAT = 0.004
_OLD_RECORD_ELSEWHERE = 0.12
_EMPTY_RECORD_ELSEWHERE = 0.01

# Which student record a child of each fate has here, if any: the states and the share of each; what is left
# has none.
_RECORDS: dict[Fate, tuple[tuple[StudentStatus, float], ...]] = {
    Fate.ENROLLED_HERE: ((StudentStatus.ENROLLED, 1.0),),
    Fate.MIGRANT_HERE: ((StudentStatus.ENROLLED, 1.0),),
    Fate.STUDY_LEAVE: ((StudentStatus.STUDY_LEAVE, 1.0),),
    Fate.HOMEBOUND: ((StudentStatus.HOMEBOUND, 0.6), (StudentStatus.ENROLLED, 0.4)),
    Fate.DROPPED_OUT: (
        (StudentStatus.ENROLLED, 0.82),
        (StudentStatus.TRANSFERRED_OUT, 0.04),
        (StudentStatus.DROPPED_OUT, 0.06),
        (StudentStatus.LEFT_OTHER, 0.04),
        (StudentStatus.SUSPENDED, 0.04),
    ),
    Fate.DEFERRED: ((StudentStatus.DEFERRED, 0.5),),
    Fate.DECEASED: ((StudentStatus.ENROLLED, 0.15), (StudentStatus.DECEASED, 0.15)),
    Fate.MOVED_OUT: ((StudentStatus.TRANSFERRED_OUT, 0.15),),
    Fate.ABROAD: ((StudentStatus.ABROAD, 0.3),),
    Fate.ENROLLED_ELSEWHERE: (
        (StudentStatus.TRANSFERRED_OUT, _OLD_RECORD_ELSEWHERE),
        (StudentStatus.ENROLLED, _EMPTY_RECORD_ELSEWHERE),
    ),
    Fate.ENROLLED_FAR: ((StudentStatus.TRANSFERRED_OUT, 0.12),),
    Fate.PAST_SCHOOL: ((StudentStatus.GRADUATED, 0.30),),
}


@dataclass
class Schooling:
    """Where each child would sit: one element is one child, also of those who are in no school."""

    grade: Ints
    school: Ints
    class_number: Ints
    seat_school: Ints


@dataclass
class Records:
    """Student records of the county: one element is one record; `status` holds StudentStatus labels."""

    child: Ints
    school: Ints
    grade: Ints
    class_number: Ints
    status: Objects
    second: Bools

    def __len__(self) -> int:
        return len(self.child)


def make_schooling(births: Births, families: Families, places: Places, seed: int) -> Schooling:
    """Grade by age, school by village, class by lot."""
    rng = stream(seed, "schooling")
    luck = rng.random(len(births))
    grade = np.clip(births.age - 5 - (luck < _LATER) + (luck > 1 - _EARLIER), 1, 9)
    level = (grade > 6).astype(np.int64)
    village = families.village[births.family]
    school = np.where(level == 0, places.catchment[0][village], places.catchment[1][village])
    to_seat = rng.random(len(births)) < np.array(_TO_THE_SEAT)[level]
    for of_level in (0, 1):
        rows = np.flatnonzero(to_seat & (level == of_level))
        school[rows] = rng.choice(places.seat[of_level], len(rows))
    seat_school = school.copy()
    borrowed = np.flatnonzero(rng.random(len(births)) < _BORROWED_SEAT)
    seat_school[borrowed] = [rng.choice(places.seat[of]) for of in level[borrowed]]
    return Schooling(grade, school, _classes(school, grade, rng), seat_school)


def _classes(school: Ints, grade: Ints, rng: np.random.Generator) -> Ints:
    """Class numbers from 1: the pupils of one grade of one school are dealt out evenly."""
    together = school * 10 + grade
    order = np.lexsort((rng.random(len(school)), together))
    _, start, size = np.unique(together[order], return_index=True, return_counts=True)
    rank = np.arange(len(school)) - np.repeat(start, size)
    classes = np.repeat(-(-size // _PUPILS_PER_CLASS), size)
    numbers = np.empty(len(school), dtype=np.int64)
    numbers[order] = rank % classes + 1
    return numbers


def admissions(grade: Ints, as_of: date) -> Ints:
    """Months (yyyymm) in which pupils of a grade entered their school."""
    entered: Ints = (school_year_of(as_of) - np.where(grade > 6, grade - 7, grade - 1)) * 100 + 9
    return entered


def make_records(fate: Ints, schooling: Schooling, places: Places, seed: int) -> Records:
    """The student records of the county, with those left over from a move and those made twice."""
    rng = stream(seed, "records")
    luck = rng.random(len(fate))
    status = np.full(len(fate), None, dtype=object)
    for of, states in _RECORDS.items():
        _draw_states(status, fate == CODE[of], luck, states)
    child = np.flatnonzero(status != np.array(None))
    first = _records(child, status[child], schooling)
    in_class = np.flatnonzero(np.isin(fate, [CODE[Fate.ENROLLED_HERE], CODE[Fate.MIGRANT_HERE]]))
    lot = rng.random(len(in_class))
    moved = in_class[lot < _MOVED_SCHOOL]
    twice = in_class[(lot >= _MOVED_SCHOOL) & (lot < _MOVED_SCHOOL + _TWO_RECORDS)]
    left = _records(moved, np.full(len(moved), StudentStatus.TRANSFERRED_OUT.label, dtype=object), schooling)
    other = _records(twice, np.full(len(twice), StudentStatus.ENROLLED.label, dtype=object), schooling)
    for more in (left, other):
        more.school = _another_school(more, places, rng)
        more.second[:] = True
    return _joined(first, left, other)


def _draw_states(status: Objects, rows: Bools, luck: Floats, states: tuple[tuple[StudentStatus, float], ...]) -> None:
    reached = 0.0
    for state, share in states:
        status[rows & (luck >= reached) & (luck < reached + share)] = state.label
        reached += share


def _records(child: Ints, status: Objects, schooling: Schooling) -> Records:
    return Records(
        child,
        schooling.school[child],
        schooling.grade[child],
        schooling.class_number[child],
        status,
        np.zeros(len(child), dtype=np.bool_),
    )


def _another_school(records: Records, places: Places, rng: np.random.Generator) -> Ints:
    schools = records.school.copy()
    for level in (0, 1):
        rows = np.flatnonzero((records.grade > 6) == level)
        pool = np.flatnonzero(places.school_level == level)
        position = np.searchsorted(pool, schools[rows])
        schools[rows] = pool[(position + rng.integers(1, len(pool), len(rows))) % len(pool)]
    return schools


def _joined(*parts: Records) -> Records:
    return Records(
        np.concatenate([part.child for part in parts]),
        np.concatenate([part.school for part in parts]),
        np.concatenate([part.grade for part in parts]),
        np.concatenate([part.class_number for part in parts]),
        np.concatenate([part.status for part in parts]),
        np.concatenate([part.second for part in parts]),
    )
