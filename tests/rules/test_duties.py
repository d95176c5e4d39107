"""Duties: when each is due, whoever hears of it, and how far it climbs, over the calendar's nasty days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.calendar import Calendar, DayKind, DayType
from baoxue.policy.capabilities import ROLES, Capability, Level, Role
from baoxue.policy.casestages import ENDS, CaseStage, Clock
from baoxue.policy.duties import (
    FOLLOW_UPS,
    RULES,
    Due,
    Limit,
    Line,
    MomentKind,
    climbs,
    due_day,
    line_of,
    moments,
)
from baoxue.policy.parameters import PARAMETERS, Unit

CAL, WORK, SCHOOL = DayType.CALENDAR, DayType.WORKING, DayType.SCHOOL

# The school year 2025/26 as a county has it. 春节 2026: 15–23 February off, worked on 14 and 28 February (国务院办公厅
# 关于2026年部分节假日安排的通知); 国庆 2025: 1–8 October off, worked on 28 September and 11 October.
COUNTY = Calendar(
    terms=((date(2025, 9, 1), date(2026, 1, 23)), (date(2026, 3, 2), date(2026, 7, 10))),
    special={
        **{date(2025, 10, day): DayKind.HOLIDAY for day in range(1, 9)},
        date(2025, 9, 28): DayKind.WORKDAY,
        date(2025, 10, 11): DayKind.WORKDAY,
        date(2025, 11, 5): DayKind.NO_SCHOOL,
        date(2026, 1, 1): DayKind.HOLIDAY,
        date(2026, 1, 2): DayKind.HOLIDAY,
        date(2026, 1, 4): DayKind.WORKDAY,
        date(2026, 2, 14): DayKind.WORKDAY,
        **{date(2026, 2, day): DayKind.HOLIDAY for day in range(15, 24)},
        date(2026, 2, 28): DayKind.WORKDAY,
        date(2026, 4, 6): DayKind.HOLIDAY,
        **{date(2026, 5, day): DayKind.HOLIDAY for day in range(1, 6)},
        date(2026, 5, 9): DayKind.WORKDAY,
    },
)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # Calendar days run on over a holiday; only their end moves.
        (date(2025, 9, 24), Limit(7, CAL), date(2025, 10, 9)),  # 1 October: all of 国庆 is off
        (date(2025, 9, 21), Limit(7, CAL), date(2025, 9, 28)),  # a Sunday, but worked in exchange
        (date(2025, 10, 17), Limit(1, CAL), date(2025, 10, 20)),  # Friday's one day: Saturday, so Monday
        # 春节 with its swapped weekends.
        (date(2026, 2, 13), Limit(1, CAL), date(2026, 2, 14)),  # a Saturday, worked
        (date(2026, 2, 13), Limit(2, CAL), date(2026, 2, 24)),
        (date(2026, 2, 13), Limit(2, WORK), date(2026, 2, 24)),  # the 14th counts, then nine days off
        (date(2026, 2, 26), Limit(3, WORK), date(2026, 3, 2)),  # 27, the Saturday 28, Monday
        # Term breaks.
        (date(2026, 1, 22), Limit(3, SCHOOL), date(2026, 3, 3)),
        (date(2026, 1, 23), Limit(1, SCHOOL), date(2026, 3, 2)),
        (date(2026, 2, 1), Limit(2, SCHOOL), date(2026, 3, 3)),
        (date(2025, 11, 4), Limit(1, SCHOOL), date(2025, 11, 6)),  # school called off between
        (date(2025, 11, 4), Limit(1, WORK), date(2025, 11, 5)),  # but offices work
        # A limit of nothing is due the same day, or the next on which somebody works.
        (date(2025, 10, 14), Limit(0, CAL), date(2025, 10, 14)),
        (date(2025, 10, 4), Limit(0, SCHOOL), date(2025, 10, 9)),
        (date(2025, 10, 4), Limit(0, WORK), date(2025, 10, 9)),
    ],
)
def test_a_duty_is_due_on_the_day_the_calendar_says(start: date, limit: Limit, due: date) -> None:
    assert due_day(start, limit, COUNTY) == Due(due)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2028, 2, 22), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 3, 7)),
        (date(2027, 2, 22), date(2027, 3, 1)),
    ],
)
def test_a_leap_day_is_a_day_like_any_other(start: date, due: date) -> None:
    assert due_day(start, Limit(7, CAL), COUNTY).on == due


def test_where_the_school_calendar_ends_working_days_are_counted_from_there_and_it_says_so() -> None:
    # Six school days to 10 July, then four working days.
    assert due_day(date(2026, 7, 2), Limit(10, SCHOOL), COUNTY) == Due(date(2026, 7, 16), as_working_days=True)
    assert due_day(date(2026, 7, 2), Limit(6, SCHOOL), COUNTY) == Due(date(2026, 7, 10))


def test_where_no_school_calendar_is_entered_working_days_are_counted() -> None:
    assert due_day(date(2025, 10, 14), Limit(3, SCHOOL), Calendar()) == Due(date(2025, 10, 17), as_working_days=True)


def test_a_limit_that_begins_after_the_last_term_counts_working_days_from_its_beginning() -> None:
    assert due_day(date(2026, 7, 20), Limit(2, SCHOOL), COUNTY) == Due(date(2026, 7, 22), as_working_days=True)


def test_closure_is_owed_some_days_after_the_observation_is_over_and_not_on_its_last_day() -> None:
    assert RULES[Clock.OBSERVE].grace == "closure_grace"
    observed = due_day(date(2025, 10, 13), Limit(5, SCHOOL), COUNTY)
    assert observed == Due(date(2025, 10, 20))
    assert due_day(date(2025, 10, 13), Limit(5, SCHOOL), COUNTY, grace=Limit(5, WORK)) == Due(date(2025, 10, 27))


DAYS = st.dates(date(2025, 9, 1), date(2026, 8, 31))
LIMITS = st.builds(Limit, days=st.integers(0, 60), day_type=st.sampled_from(DayType))
# Days on which nothing is known, some terms, or the whole year.
CALENDARS = st.sampled_from([COUNTY, Calendar(terms=COUNTY.terms[:1], special=COUNTY.special), Calendar()])


@given(start=DAYS, limit=LIMITS, calendar=CALENDARS)
def test_a_duty_is_never_due_before_it_began_nor_on_a_day_off(start: date, limit: Limit, calendar: Calendar) -> None:
    due = due_day(start, limit, calendar).on
    assert due >= start
    assert calendar.is_working_day(due)


@given(start=DAYS, limit=LIMITS, more=st.integers(0, 60), calendar=CALENDARS)
def test_a_longer_limit_is_never_due_before_a_shorter_one(
    start: date, limit: Limit, more: int, calendar: Calendar
) -> None:
    longer = Limit(limit.days + more, limit.day_type)
    assert due_day(start, limit, calendar).on <= due_day(start, longer, calendar).on


@given(start=DAYS, later=st.integers(0, 30), limit=LIMITS, calendar=CALENDARS)
def test_a_duty_that_begins_later_is_not_due_earlier(start: date, later: int, limit: Limit, calendar: Calendar) -> None:
    assert due_day(start, limit, calendar).on <= due_day(start + timedelta(days=later), limit, calendar).on


@given(start=DAYS, limit=LIMITS, paused=st.integers(0, 40), calendar=CALENDARS)
def test_a_pause_moves_the_due_day_like_a_limit_longer_by_as_many_days(
    start: date, limit: Limit, paused: int, calendar: Calendar
) -> None:
    longer = Limit(limit.days + paused, limit.day_type)
    assert due_day(start, limit, calendar, paused=paused) == due_day(start, longer, calendar)


@given(start=DAYS, days=st.integers(1, 40), paused=st.integers(0, 40), day_type=st.sampled_from([WORK, SCHOOL]))
def test_between_the_due_day_and_the_one_after_a_pause_lie_exactly_the_paused_days(
    start: date, days: int, paused: int, day_type: DayType
) -> None:
    year_on = Calendar(terms=(*COUNTY.terms, (date(2026, 9, 1), date(2027, 7, 10))), special=COUNTY.special)
    before, after = (due_day(start, Limit(days, day_type), year_on, paused=by).on for by in (0, paused))
    assert year_on.count(before + timedelta(days=1), after, day_type=day_type) == paused


@given(start=DAYS, days=st.integers(0, 60), paused=st.integers(0, 40))
def test_a_pause_in_calendar_days_moves_the_end_by_those_and_then_to_a_working_day(
    start: date, days: int, paused: int
) -> None:
    end = start + timedelta(days=days + paused)
    due = due_day(start, Limit(days, CAL), COUNTY, paused=paused).on
    assert due == COUNTY.next(end, day_type=WORK)


OWNERS = sorted({role for rule in RULES.values() for role in (rule.school, rule.home)})


@pytest.mark.parametrize(
    ("owner", "up"),
    [
        (
            Role.CLASS_TEACHER,
            (Role.PRINCIPAL, Role.COUNTY_OFFICER, Role.BUREAU_DIRECTOR, Role.COUNTY_LEADER, Role.CITY_OFFICER),
        ),
        (
            Role.GRID_WORKER,
            (Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, Role.BUREAU_DIRECTOR, Role.COUNTY_LEADER, Role.CITY_OFFICER),
        ),
        (Role.COUNTY_OFFICER, (Role.BUREAU_DIRECTOR, Role.COUNTY_LEADER, Role.CITY_OFFICER)),
    ],
)
def test_what_is_late_climbs_its_line_up_to_the_city(owner: Role, up: tuple[Role, ...]) -> None:
    assert climbs(owner) == up


@pytest.mark.parametrize("owner", OWNERS)
def test_every_owner_has_somebody_above_up_to_the_city_and_nobody_twice(owner: Role) -> None:
    up = climbs(owner)
    assert up[-1] is Role.CITY_OFFICER
    assert len({owner, *up}) == len(up) + 1


@given(
    owner=st.sampled_from(OWNERS), due=DAYS, other=DAYS, before=st.integers(0, 10), every=st.integers(0, 10)
)  # fmt: skip
def test_a_duty_has_the_same_moments_in_the_same_order_whatever_its_due_day(
    owner: Role, due: date, other: date, before: int, every: int
) -> None:
    first, second = (moments(owner, day, remind_before=before, escalate_every=every) for day in (due, other))
    assert [(one.kind, one.to) for one in first] == [(one.kind, one.to) for one in second]
    assert [two.on - one.on for one, two in zip(first, second, strict=True)] == [other - due] * len(first)
    days = [one.on for one in first]
    assert days == sorted(set(days))


def test_the_owner_is_reminded_before_and_those_above_hear_of_it_after() -> None:
    told = moments(Role.TOWNSHIP_OFFICER, date(2025, 10, 14), remind_before=2, escalate_every=3)
    assert [(one.kind, one.on, one.to) for one in told] == [
        (MomentKind.REMINDER, date(2025, 10, 12), Role.TOWNSHIP_OFFICER),
        (MomentKind.ESCALATION, date(2025, 10, 15), Role.COUNTY_OFFICER),
        (MomentKind.ESCALATION, date(2025, 10, 18), Role.BUREAU_DIRECTOR),
        (MomentKind.ESCALATION, date(2025, 10, 21), Role.COUNTY_LEADER),
        (MomentKind.ESCALATION, date(2025, 10, 24), Role.CITY_OFFICER),
    ]


@pytest.mark.parametrize("every", [0, 1])
def test_two_levels_never_hear_of_it_on_one_day(every: int) -> None:
    told = moments(Role.CLASS_TEACHER, date(2025, 10, 14), remind_before=1, escalate_every=every)
    days = [one.on for one in told]
    assert len(set(days)) == len(days)


@pytest.mark.parametrize("clock", Clock)
def test_the_limit_of_every_duty_is_a_parameter_in_days_that_a_place_can_set(clock: Clock) -> None:
    known = PARAMETERS[RULES[clock].parameter]
    assert known.unit is Unit.DAYS
    assert known.day_type is not None


@pytest.mark.parametrize("clock", Clock)
def test_who_owes_a_duty_of_a_case_may_work_on_it(clock: Clock) -> None:
    assert all(Capability.WORK_CASE in ROLES[role].capabilities for role in (RULES[clock].school, RULES[clock].home))


@pytest.mark.parametrize("clock", Clock)
def test_what_is_owed_for_a_child_without_a_school_is_owed_by_no_school(clock: Clock) -> None:
    assert Level.SCHOOL not in ROLES[RULES[clock].home].levels


@pytest.mark.parametrize("clock", [Clock.CONFIRM, Clock.TAKE_UP, Clock.REVIEW])
def test_what_only_the_county_may_decide_the_county_owes(clock: Clock) -> None:
    assert RULES[clock].school is RULES[clock].home is Role.COUNTY_OFFICER


def test_return_visits_are_owed_also_after_a_case_is_closed_and_nothing_else_is() -> None:
    assert {clock for clock in Clock if RULES[clock].lives_in & ENDS} == {*FOLLOW_UPS}
    assert all(CaseStage.EXCLUDED not in rule.lives_in for rule in RULES.values())


def test_return_visits_come_one_after_the_other() -> None:
    days = [PARAMETERS[RULES[clock].parameter].default for clock in FOLLOW_UPS]
    assert days == sorted(days) == [7, 30, 90]


@pytest.mark.parametrize(
    ("role", "line"),
    [
        (Role.CLASS_TEACHER, Line.EDUCATION),
        (Role.BUREAU_DIRECTOR, Line.EDUCATION),
        (Role.GRID_WORKER, Line.ADMINISTRATIVE),
        (Role.COUNTY_LEADER, Line.ADMINISTRATIVE),
    ],
)
def test_each_post_stands_in_one_of_the_two_lines(role: Role, line: Line) -> None:
    assert line_of(role) is line
