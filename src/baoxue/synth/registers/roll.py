"""The rolls of the schools: who sits in class."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from baoxue.policy.attendance import Attendance
from baoxue.policy.registers import Column, Register
from baoxue.policy.studentstatus import StudentStatus
from baoxue.synth.fates import CODE, Fate
from baoxue.synth.kinds import NOBODY, Bools, Days, Floats, Frame, Ints, Objects, objects, stream
from baoxue.synth.registers.student import school_birth_dates, school_names
from baoxue.synth.world import World

# What the roll says of a child of each fate, and the share of each; what is left is on no roll.
_ROLL: dict[Fate, tuple[tuple[Attendance, float], ...]] = {
    Fate.ENROLLED_HERE: ((Attendance.EXCUSED, 0.005), (Attendance.PRESENT, 0.995)),
    Fate.MIGRANT_HERE: ((Attendance.EXCUSED, 0.005), (Attendance.PRESENT, 0.995)),
    Fate.ATTENDING_UNREGISTERED: ((Attendance.PRESENT, 1.0),),
    Fate.HOMEBOUND: ((Attendance.HOMEBOUND, 0.75),),
    Fate.STUDY_LEAVE: ((Attendance.EXCUSED, 0.15),),
    Fate.DROPPED_OUT: ((Attendance.ABSENT, 0.32), (Attendance.NO_SHOW, 0.23)),
    Fate.DECEASED: ((Attendance.PRESENT, 0.03),),
}
_TWICE = 0.002
_EMPTIED = 0.05
# More schools than this and the workbook has a sheet for each township instead.
_MOST_SHEETS = 80
_FORMER_NAME = 0.7
_CELEBRATED = 0.55


def roll_frame(world: World) -> Frame:
    """One row for each pupil on the roll of a school, and a second one for those entered twice."""
    rng = stream(world.seed, "roll")
    attendance = _attendances(world.fate, rng.random(len(world.fate)))
    child = np.flatnonzero(attendance != np.array(None))
    child = np.concatenate([child, child[rng.random(len(child)) < _TWICE]])
    children, places, schooling = world.children, world.places, world.schooling
    school = schooling.seat_school[child]
    frame = Frame(
        Register.ROLL,
        {
            Column.SCHOOL_CODE: places.school_code[school],
            Column.SCHOOL_NAME: places.school_name[school],
            Column.GRADE: objects(f"{grade}" for grade in schooling.grade[child].tolist()),
            Column.CLASS_NAME: objects(f"{number}" for number in schooling.class_number[child].tolist()),
            Column.NAME: school_names(world, child, _FORMER_NAME, rng),
            Column.SEX: np.where(children.boy[child], objects(["男"]), objects(["女"])),
            Column.BIRTH_DATE: school_birth_dates(world, child, _CELEBRATED, rng),
            Column.STUDENT_NUMBER: _student_numbers(world, child),
            Column.ID_NUMBER: children.number[child].copy(),
            Column.ATTENDANCE: attendance[child],
            Column.ABSENT_SINCE: _absent_since(attendance[child], world.as_of, rng),
        },
        child,
        school.copy(),
        places.school_name[school],
    )
    sheet = school
    if len(places.school_code) > _MOST_SHEETS:
        sheet = places.school_township[school]
        frame.sheet = places.townships[sheet]
    order = (rng.random(len(child)), schooling.class_number[child], schooling.grade[child], school, sheet)
    frame = frame.take(np.lexsort(order))
    _unnamed_rows(frame, rng)
    return frame


def _unnamed_rows(frame: Frame, rng: np.random.Generator) -> None:
    """Doubled rows that somebody began to empty: school and class still stand, nobody is named."""
    again = np.flatnonzero(np.bincount(frame.child[frame.child >= 0])[frame.child] > 1)
    rows = again[rng.random(len(again)) < _EMPTIED]
    _, first = np.unique(frame.child[rows], return_index=True)
    rows = rows[first]
    for column in (Column.NAME, Column.SEX, Column.ID_NUMBER, Column.STUDENT_NUMBER, Column.ATTENDANCE):
        frame.columns[column][rows] = None
    for column in (Column.BIRTH_DATE, Column.ABSENT_SINCE):
        frame.columns[column][rows] = np.datetime64("NaT")
    frame.child[rows] = NOBODY


def _attendances(fate: Ints, luck: Floats) -> Objects:
    attendance = np.full(len(fate), None, dtype=object)
    for of, shares in _ROLL.items():
        rows: Bools = fate == CODE[of]
        reached = 0.0
        for says, share in shares:
            attendance[rows & (luck >= reached) & (luck < reached + share)] = says.label
            reached += share
    return attendance


def _student_numbers(world: World, child: Ints) -> Objects:
    """`G` and the identity number, for those who have a record in force."""
    in_force = np.zeros(len(world.fate), dtype=np.bool_)
    records = world.records
    in_force[records.child[(records.status == StudentStatus.ENROLLED.label) & ~records.second]] = True
    return objects(
        f"G{number}" if number and has else None
        for number, has in zip(world.children.number[child], in_force[child], strict=True)
    )


def _absent_since(attendance: Objects, as_of: date, rng: np.random.Generator) -> Days:
    since = np.full(len(attendance), np.datetime64("NaT"), dtype="datetime64[D]")
    away = np.flatnonzero(np.isin(attendance, [Attendance.ABSENT.label, Attendance.NO_SHOW.label]))
    days = rng.integers(1, 21, len(away)).tolist()
    since[away] = [np.datetime64(as_of - timedelta(days=day), "D") for day in days]
    return since
