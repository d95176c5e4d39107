"""Habits of offices: what a school leaves out of its rolls, and the form in which it writes what it puts
in.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from baoxue.policy.registers import Column, Register
from baoxue.synth.kinds import Bools, Floats, Frame, Ints, objects, stream
from baoxue.synth.world import World
from baoxue.synth.writing.forms import (
    ATTENDANCE_FORMS,
    CLASS_FORMS,
    GRADE_FORMS,
    TYPED_SHARES,
    DateForm,
    write_attendances,
    write_classes,
    write_dates,
    write_grades,
)

# Registers that come out of a system, where a date is a date; in the others people typed it.
_DATED = (Register.HOUSEHOLD, Register.POVERTY, Register.ELSEWHERE)
# Share of schools whose rolls lack a column; the first and second number bound what a seed can draw.
_LACKING = {
    Column.ID_NUMBER: (0.30, 0.60),
    Column.STUDENT_NUMBER: (0.35, 0.70),
    Column.BIRTH_DATE: (0.04, 0.16),
    Column.SEX: (0.02, 0.10),
    Column.SCHOOL_CODE: (0.0, 0.03),
}
_OLD_SCHOOL_NAME = 0.12
_NUMBERS_CUT_SHORT = 0.03
# Rows in which somebody else than the office's usual clerk wrote the date.
_OTHER_FORM = 0.02
_SYSTEM_GRADES = 0


class Habits:
    """The habits of all offices of one seed."""

    def __init__(self, world: World) -> None:
        self._world = world
        rng = stream(world.seed, "habits")
        self._lacking = {column: float(rng.uniform(*bounds)) for column, bounds in _LACKING.items()}

    def write(self, frame: Frame, piece: int = 0) -> None:
        """Write the values of a frame down as its offices do: what they leave out is gone, dates become
        cells.
        """
        rng = stream(self._world.seed, "writing", frame.register, piece)
        if frame.register is Register.ROLL:
            self._leave_out(frame)
            self._cut_short(frame)
            self._old_school_names(frame)
        self._grades_and_classes(frame)
        if Column.ATTENDANCE in frame.columns:
            forms = self._draw(frame, "attendance", lambda r: int(r.integers(0, ATTENDANCE_FORMS)))
            frame.columns[Column.ATTENDANCE] = objects(write_attendances(frame.columns[Column.ATTENDANCE], forms))
        if frame.register not in _DATED:
            self._dates(frame, rng)

    def lacks(self, register: Register, office: int, column: Column) -> bool:
        """Whether an office leaves a column of its roll empty."""
        share = self._lacking.get(column, 0.0) if register is Register.ROLL else 0.0
        return bool(stream(self._world.seed, "lacks", column, office).random() < share)

    def _leave_out(self, frame: Frame) -> None:
        for column in _LACKING:
            without = self._where(frame, column)
            if column is Column.BIRTH_DATE:
                frame.columns[column][without] = np.datetime64("NaT")
            else:
                frame.columns[column][without] = None

    def _cut_short(self, frame: Frame) -> None:
        """A few schools let the spreadsheet make numbers of the identity numbers of a whole roll."""
        rows = self._draw(frame, "cut short", lambda rng: int(rng.random() < _NUMBERS_CUT_SHORT)) == 1
        numbers = frame.columns[Column.ID_NUMBER]
        for row in np.flatnonzero(rows).tolist():
            if numbers[row] and numbers[row].isascii() and numbers[row].isdigit() and len(numbers[row]) == 18:
                numbers[row] = f"{numbers[row][:15]}000"

    def _where(self, frame: Frame, column: Column) -> Bools:
        offices, office = np.unique(frame.unit, return_inverse=True)
        lacking = [self.lacks(frame.register, of, column) for of in offices.tolist()]
        return np.array(lacking, dtype=np.bool_)[office]

    def _old_school_names(self, frame: Frame) -> None:
        old = self._draw(frame, "old name", lambda rng: int(rng.random() < _OLD_SCHOOL_NAME)) == 1
        frame.columns[Column.SCHOOL_NAME][old] = self._world.places.school_old_name[frame.unit[old]]

    def _grades_and_classes(self, frame: Frame) -> None:
        if Column.GRADE not in frame.columns:
            return
        grade = frame.columns[Column.GRADE].astype(np.int64)
        number = frame.columns[Column.CLASS_NAME].astype(np.int64)
        in_system = frame.register is not Register.ROLL
        grade_form = self._draw(frame, "grade", lambda rng: int(rng.integers(0, GRADE_FORMS)))
        class_form = self._draw(frame, "class", lambda rng: int(rng.integers(0, CLASS_FORMS)))
        if in_system:
            grade_form[:] = class_form[:] = _SYSTEM_GRADES
        frame.columns[Column.GRADE] = objects(write_grades(grade, grade_form))
        frame.columns[Column.CLASS_NAME] = objects(write_classes(grade, number, class_form))

    def _dates(self, frame: Frame, rng: np.random.Generator) -> None:
        typed = frame.register is not Register.STUDENT
        shares = np.array(TYPED_SHARES)
        forms = self._draw(frame, "date", lambda r: int(r.choice(len(DateForm), p=shares)))
        if not typed:
            forms[:] = DateForm.COMPACT
        other: Floats = rng.random(len(frame))
        forms = np.where(other < _OTHER_FORM * typed, rng.integers(0, DateForm.MONTH_ONLY, len(frame)), forms)
        frame.columns[Column.BIRTH_DATE] = objects(write_dates(frame.columns[Column.BIRTH_DATE], forms))
        if Column.ABSENT_SINCE in frame.columns:
            whole = np.where(forms == DateForm.MONTH_ONLY, DateForm.DOTTED, forms)
            frame.columns[Column.ABSENT_SINCE] = objects(write_dates(frame.columns[Column.ABSENT_SINCE], whole))

    def _draw(self, frame: Frame, habit: str, draw: Callable[[np.random.Generator], int]) -> Ints:
        """A habit of each row's office, the same wherever the office is met."""
        offices, office = np.unique(frame.unit, return_inverse=True)
        drawn = [draw(stream(self._world.seed, "habit", habit, frame.register, of)) for of in offices.tolist()]
        return np.array(drawn, dtype=np.int64)[office]
