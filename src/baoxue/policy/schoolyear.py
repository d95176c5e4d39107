"""School years, school age, expected grades, semesters.

Source: 义务教育法 11 (入学 at six full years, where conditions do not allow at seven); 学年 runs 1 September
to 31 August.
"""

from __future__ import annotations

from datetime import date

from baoxue.policy.labelled import Labelled

SCHOOL_AGE_FROM, SCHOOL_AGE_TO = 6, 14
"""School age in full years, both included. Source: 义务教育法 2, 11 (nine years, from six on)."""


class SchoolStage(Labelled):
    """学段 of compulsory schooling."""

    PRIMARY = "primary", "小学"
    JUNIOR_SECONDARY = "junior_secondary", "初中"


class Semester(Labelled):
    """学期 of a school year."""

    AUTUMN = "autumn", "秋季学期"
    SPRING = "spring", "春季学期"


def school_year_of(day: date) -> int:
    """First calendar year of the school year of a day."""
    return day.year if day.month >= 9 else day.year - 1


def school_age(birth: date, as_of: date) -> int:
    """Full years on the 31 August on which the school year of `as_of` begins."""
    # Who is born on 31 August is full on that day; from 1 September on the birthday comes after it.
    return school_year_of(as_of) - birth.year - (birth.month >= 9)


def in_school_age(birth: date, as_of: date, age_from: int = SCHOOL_AGE_FROM, age_to: int = SCHOOL_AGE_TO) -> bool:
    """Whether a child is of school age.

    `age_from`..`age_to` full years, both included.
    """
    return age_from <= school_age(birth, as_of) <= age_to


def oldest_birth(as_of: date) -> date:
    """First birthday of those of school age in the school year of a day: who is born before is past it."""
    return date(school_year_of(as_of) - SCHOOL_AGE_TO - 1, 9, 1)


def expected_grade(birth: date, as_of: date, entry_age: int = 6) -> int:
    """Grade by age when a child enters at `entry_age`.

    1–9; below 1 not yet, above 9 past compulsory schooling.
    """
    return school_age(birth, as_of) - entry_age + 1


def stage_of_grade(grade: int, primary_years: int = 6) -> SchoolStage | None:
    """学段 of a grade; None outside 1–9. `primary_years` is 5 where the 五四学制 holds."""
    if not 1 <= grade <= 9:
        return None
    return SchoolStage.PRIMARY if grade <= primary_years else SchoolStage.JUNIOR_SECONDARY


def stage_of_age(birth: date, as_of: date, entry_age: int = 6, primary_years: int = 6) -> SchoolStage | None:
    """学段 a child of this age is expected in; None outside compulsory schooling."""
    return stage_of_grade(expected_grade(birth, as_of, entry_age), primary_years)


def semester_of(day: date) -> Semester:
    """Semester by default dates.

    Autumn 1 September–31 January, spring 1 February–31 August (provinces set their own).
    """
    return Semester.SPRING if 2 <= day.month <= 8 else Semester.AUTUMN
