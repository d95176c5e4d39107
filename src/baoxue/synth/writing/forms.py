"""Forms in which people write one and the same date, grade, class or state of attendance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import IntEnum

from baoxue.policy.attendance import Attendance
from baoxue.synth.kinds import Cell, Days, Ints, Objects

# Day 0 of spreadsheets, from March 1900 on.
_EPOCH = date(1899, 12, 30)


class DateForm(IntEnum):
    """How a date is written."""

    COMPACT = 0
    DASHED = 1
    SLASHED = 2
    DOTTED = 3
    CHINESE = 4
    DATE_CELL = 5
    STAMP = 6
    SERIAL = 7
    TWO_DIGIT_YEAR = 8
    MONTH_ONLY = 9


_DATE_FORMS: dict[DateForm, Callable[[date], Cell]] = {
    DateForm.COMPACT: lambda day: f"{day:%Y%m%d}",
    DateForm.DASHED: lambda day: f"{day:%Y-%m-%d}",
    DateForm.SLASHED: lambda day: f"{day.year}/{day.month}/{day.day}",
    DateForm.DOTTED: lambda day: f"{day.year}.{day.month}.{day.day}",
    DateForm.CHINESE: lambda day: f"{day.year}年{day.month}月{day.day}日",
    DateForm.DATE_CELL: lambda day: day,
    DateForm.STAMP: lambda day: f"{day:%Y-%m-%d} 00:00:00",
    DateForm.SERIAL: lambda day: (day - _EPOCH).days,
    DateForm.TWO_DIGIT_YEAR: lambda day: f"{day:%y}.{day.month}.{day.day}",
    DateForm.MONTH_ONLY: lambda day: f"{day:%Y.%m}",
}
# Shares of the forms among offices whose people type dates themselves.
TYPED_SHARES = (0.24, 0.20, 0.14, 0.12, 0.09, 0.10, 0.04, 0.03, 0.02, 0.02)


def write_dates(days: Days, form: Ints) -> list[Cell]:
    """Dates as cells, each in its form; NaT is an empty cell."""
    forms = [_DATE_FORMS[DateForm(of)] for of in range(len(DateForm))]
    return [None if day is None else forms[of](day) for day, of in zip(days.astype(object), form.tolist(), strict=True)]


_NUMERALS = "零一二三四五六七八九"
_GRADE_FORMS: tuple[Callable[[int], str], ...] = (
    lambda grade: f"{_NUMERALS[grade]}年级",
    lambda grade: f"{grade}",
    lambda grade: _NUMERALS[grade],
    lambda grade: f"{grade}年级",
    lambda grade: f"小学{_NUMERALS[grade]}年级" if grade < 7 else f"初中{_NUMERALS[grade - 6]}年级",
    lambda grade: f"{_NUMERALS[grade]}年级" if grade < 7 else f"初{_NUMERALS[grade - 6]}",
    lambda grade: f"{_NUMERALS[grade]}年级" if grade < 7 else f"初{_NUMERALS[grade - 6]}年级",
    lambda grade: f"小{_NUMERALS[grade]}" if grade < 7 else f"初{_NUMERALS[grade - 6]}",
)
GRADE_FORMS = len(_GRADE_FORMS)


def write_grades(grade: Ints, form: Ints) -> list[Cell]:
    """Grades 1–9, each in its form."""
    table = [[of(number) for number in range(1, 10)] for of in _GRADE_FORMS]
    return [table[of][number - 1] for number, of in zip(grade.tolist(), form.tolist(), strict=True)]


_CLASS_FORMS: tuple[Callable[[int, int], str], ...] = (
    lambda grade, number: f"{number}班",
    lambda grade, number: f"{number}",
    lambda grade, number: f"({number})班",
    lambda grade, number: f"（{number}）班",
    lambda grade, number: f"{_NUMERALS[number]}班" if number < 10 else f"{number}班",
    lambda grade, number: f"{_NUMERALS[grade]}年级{number}班",
    lambda grade, number: f"{_NUMERALS[grade]}（{number}）班",
    lambda grade, number: f"{grade}.{number}",
    lambda grade, number: f"{grade}{number:02d}",
)
CLASS_FORMS = len(_CLASS_FORMS)


def write_classes(grade: Ints, number: Ints, form: Ints) -> list[Cell]:
    """Classes, each in its form."""
    return [
        _CLASS_FORMS[of](one, nth) for one, nth, of in zip(grade.tolist(), number.tolist(), form.tolist(), strict=True)
    ]


_ATTENDANCE_FORMS: dict[str, tuple[str | None, ...]] = {
    Attendance.PRESENT.label: ("在校", "正常", "√", None, "到校", "在读"),
    Attendance.EXCUSED.label: ("请假", "病假", "事假", "请假", "请假", "请假"),
    Attendance.ABSENT.label: ("缺勤", "旷课", "×", "未到校", "不在校", "缺勤"),
    Attendance.NO_SHOW.label: ("未报到", "未报到", "未返校", "未报到", "未注册", "未报到"),
    Attendance.HOMEBOUND.label: ("送教上门", "送教", "送教上门", "送教上门", "送教上门", "送教上门"),
}
ATTENDANCE_FORMS = 6


def write_attendances(attendance: Objects, form: Ints) -> list[Cell]:
    """States of attendance (labels), each in its form."""
    return [label and _ATTENDANCE_FORMS[label][of] for label, of in zip(attendance, form.tolist(), strict=True)]
