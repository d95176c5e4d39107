"""Counting days of duty."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.calendar import Calendar, DayKind, DayType, NoSuchDay

# 国办发明电〔2024〕12号: 国庆 1–8 October 2025, worked on 28 September and 11 October.
AUTUMN = Calendar(
    terms=((date(2025, 9, 1), date(2026, 1, 20)),),
    special={
        **{date(2025, 10, day): DayKind.HOLIDAY for day in range(1, 9)},
        date(2025, 9, 28): DayKind.WORKDAY,
        date(2025, 10, 11): DayKind.WORKDAY,
        date(2025, 11, 5): DayKind.NO_SCHOOL,
    },
)
DAYS = st.dates(date(2025, 8, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("day", "working", "school"),
    [
        (date(2025, 10, 1), False, False),  # 国庆, a Wednesday
        (date(2025, 9, 28), True, True),  # a Sunday, worked in exchange
        (date(2025, 10, 12), False, False),  # a Sunday like any other
        (date(2025, 11, 5), True, False),  # school called off
        (date(2025, 8, 29), True, False),  # before the term
    ],
)
def test_a_day_is_what_the_notice_says_before_what_its_weekday_says(day: date, working: bool, school: bool) -> None:
    assert AUTUMN.is_working_day(day) is working
    assert AUTUMN.is_school_day(day) is school


def test_an_absence_counts_its_first_day_and_leaves_out_the_holiday() -> None:
    assert AUTUMN.count(date(2025, 9, 30), date(2025, 10, 10), day_type=DayType.SCHOOL) == 3
    assert AUTUMN.count(date(2025, 9, 30), date(2025, 10, 10), day_type=DayType.CALENDAR) == 11


def test_a_limit_begins_the_day_after() -> None:
    assert AUTUMN.add(date(2025, 9, 30), 1, day_type=DayType.SCHOOL) == date(2025, 10, 9)
    assert AUTUMN.add(date(2025, 9, 30), 3, day_type=DayType.WORKING) == date(2025, 10, 11)


def test_past_the_last_term_there_is_no_school_day_to_end_on() -> None:
    with pytest.raises(NoSuchDay):
        AUTUMN.add(date(2026, 1, 20), 1, day_type=DayType.SCHOOL)


@given(start=DAYS, days=st.integers(0, 12), day_type=st.sampled_from(DayType))
def test_the_days_up_to_a_limits_end_are_as_many_as_the_limit(start: date, days: int, day_type: DayType) -> None:
    end = AUTUMN.add(start, days, day_type=day_type)
    assert AUTUMN.count(start + timedelta(days=1), end, day_type=day_type) == days
    assert days == 0 or AUTUMN.counts(end, day_type=day_type)


@given(first=DAYS, middle=DAYS, last=DAYS, day_type=st.sampled_from(DayType))
def test_counting_in_two_parts_is_counting_at_once(first: date, middle: date, last: date, day_type: DayType) -> None:
    first, middle, last = sorted((first, middle, last))
    at_once = AUTUMN.count(first, last, day_type=day_type)
    parts = AUTUMN.count(first, middle, day_type=day_type) + AUTUMN.count(
        middle + timedelta(days=1), last, day_type=day_type
    )
    assert parts == at_once
