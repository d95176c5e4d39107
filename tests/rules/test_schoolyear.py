"""学年, school age and grades by age."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.schoolyear import (
    SchoolStage,
    Semester,
    expected_grade,
    in_school_age,
    oldest_birth,
    school_age,
    school_year_of,
    semester_of,
    stage_of_age,
    stage_of_grade,
)

births = st.dates(date(1990, 1, 1), date(2025, 12, 31))
days = st.dates(date(2000, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2025, 8, 31), 2024),
        (date(2025, 9, 1), 2025),
        (date(2025, 12, 31), 2025),
        (date(2026, 1, 1), 2025),
        (date(2026, 8, 31), 2025),
    ],
)
def test_a_school_year_runs_from_1_september_to_31_august(day: date, year: int) -> None:
    assert school_year_of(day) == year


@pytest.mark.parametrize(
    ("birth", "as_of", "age"),
    [
        (date(2019, 8, 31), date(2025, 9, 20), 6),  # full on the very day
        (date(2019, 9, 1), date(2025, 9, 20), 5),
        (date(2019, 8, 31), date(2025, 8, 31), 5),  # still the school year before
        (date(2019, 8, 31), date(2025, 9, 1), 6),
        (date(2019, 8, 31), date(2026, 8, 31), 6),  # the same all the year
        (date(2012, 2, 29), date(2025, 9, 20), 13),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2016, 2, 29), date(2022, 9, 1), 6),
        (date(2025, 9, 2), date(2025, 9, 20), -1),
    ],
)
def test_school_age_is_full_years_on_the_31_august_that_opens_the_school_year(
    birth: date, as_of: date, age: int
) -> None:
    assert school_age(birth, as_of) == age


@given(births, births, days)
def test_who_is_born_later_is_not_older(one: date, other: date, as_of: date) -> None:
    assert school_age(max(one, other), as_of) <= school_age(min(one, other), as_of)


@given(births, days, days)
def test_nobody_gets_younger(birth: date, one: date, other: date) -> None:
    assert school_age(birth, min(one, other)) <= school_age(birth, max(one, other))


@given(births, st.integers(2000, 2050))
def test_school_age_is_what_one_counts_on_31_august(birth: date, year: int) -> None:
    birthdays_passed = year - birth.year - ((birth.month, birth.day) > (8, 31))
    assert school_age(birth, date(year, 9, 1)) == birthdays_passed


@pytest.mark.parametrize(
    ("birth", "inside"),
    [
        (date(2019, 9, 1), False),
        (date(2019, 8, 31), True),
        (date(2010, 9, 1), True),
        (date(2010, 8, 31), False),
    ],
)
def test_school_age_is_six_to_fourteen_both_included(birth: date, inside: bool) -> None:
    assert in_school_age(birth, date(2025, 9, 20)) is inside


@pytest.mark.parametrize("as_of", [date(2025, 9, 1), date(2026, 3, 10), date(2026, 8, 31)])
def test_who_is_born_before_the_oldest_birth_is_past_school_age(as_of: date) -> None:
    oldest = oldest_birth(as_of)
    assert in_school_age(oldest, as_of)
    assert not in_school_age(oldest - timedelta(days=1), as_of)


def test_the_ages_of_compulsory_schooling_can_be_set() -> None:
    assert in_school_age(date(2010, 8, 31), date(2025, 9, 20), age_from=7, age_to=15)
    assert not in_school_age(date(2019, 8, 31), date(2025, 9, 20), age_from=7, age_to=15)


@pytest.mark.parametrize(
    ("birth", "entry_age", "grade", "stage"),
    [
        (date(2019, 9, 1), 6, 0, None),
        (date(2019, 8, 31), 6, 1, SchoolStage.PRIMARY),
        (date(2019, 8, 31), 7, 0, None),
        (date(2014, 5, 6), 6, 6, SchoolStage.PRIMARY),
        (date(2013, 5, 6), 6, 7, SchoolStage.JUNIOR_SECONDARY),
        (date(2011, 5, 6), 6, 9, SchoolStage.JUNIOR_SECONDARY),
        (date(2010, 5, 6), 6, 10, None),
    ],
)
def test_grade_and_stage_follow_from_age_and_the_age_of_entry(
    birth: date, entry_age: int, grade: int, stage: SchoolStage | None
) -> None:
    assert expected_grade(birth, date(2025, 9, 20), entry_age) == grade
    assert stage_of_age(birth, date(2025, 9, 20), entry_age) is stage


@pytest.mark.parametrize(
    ("grade", "primary_years", "stage"),
    [
        (0, 6, None),
        (1, 6, SchoolStage.PRIMARY),
        (6, 6, SchoolStage.PRIMARY),
        (6, 5, SchoolStage.JUNIOR_SECONDARY),
        (7, 6, SchoolStage.JUNIOR_SECONDARY),
        (9, 6, SchoolStage.JUNIOR_SECONDARY),
        (10, 6, None),
    ],
)
def test_the_stage_of_a_grade_depends_on_how_long_primary_school_is(
    grade: int, primary_years: int, stage: SchoolStage | None
) -> None:
    assert stage_of_grade(grade, primary_years) is stage


@pytest.mark.parametrize(
    ("day", "semester"),
    [
        (date(2025, 9, 1), Semester.AUTUMN),
        (date(2026, 1, 31), Semester.AUTUMN),
        (date(2026, 2, 1), Semester.SPRING),
        (date(2026, 8, 31), Semester.SPRING),
    ],
)
def test_the_autumn_semester_ends_with_january(day: date, semester: Semester) -> None:
    assert semester_of(day) is semester
