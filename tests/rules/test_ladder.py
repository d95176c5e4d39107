"""依法控辍: which document may be issued when, and by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.calendar import Calendar, DayKind, DayType
from baoxue.policy.capabilities import Level
from baoxue.policy.duties import Limit
from baoxue.policy.ladder import STEPS, Issued, LadderStep, openness, term_ends
from baoxue.policy.parameters import PARAMETERS

T = LadderStep
TODAY = date(2025, 10, 14)
ARTICLE = "某省实施办法第40条"
RESTING = [step for step in LadderStep if STEPS[step].after is not None]


def after_of(step: LadderStep) -> LadderStep:
    """What a step rests on."""
    after = STEPS[step].after
    assert after is not None
    return after


def served(step: LadderStep, on: date = date(2025, 10, 1), term: int = 7) -> Issued:
    return Issued(step, on, on + timedelta(days=term))


def all_served_before(step: LadderStep, on: date = date(2025, 3, 3)) -> dict[LadderStep, Issued]:
    """Everything a step rests on, served long ago."""
    chain: dict[LadderStep, Issued] = {}
    before = STEPS[step].after
    while before is not None:
        chain[before] = served(before, on)
        before = STEPS[before].after
    return chain


def is_open(step: LadderStep, issued: dict[LadderStep, Issued], today: date = TODAY, article: str = "") -> bool:
    return openness(step, issued, today=today, penalty_article=article).open


@pytest.mark.parametrize("step", LadderStep)
def test_every_step_has_a_rule_with_an_issuer_and_a_ground(step: LadderStep) -> None:
    assert STEPS[step].issuers
    assert STEPS[step].clause


@pytest.mark.parametrize("step", RESTING)
def test_a_step_does_not_open_before_the_one_it_rests_on_is_issued(step: LadderStep) -> None:
    after = after_of(step)
    issued = {key: value for key, value in all_served_before(step).items() if key is not after}
    judged = openness(step, issued, today=TODAY, penalty_article=ARTICLE)
    assert (judged.open, judged.why) == (False, f"要先开《{after.label}》。")


@pytest.mark.parametrize("step", RESTING)
def test_a_step_does_not_open_before_the_one_it_rests_on_is_served(step: LadderStep) -> None:
    after = after_of(step)
    issued = all_served_before(step) | {after: Issued(after, None, None)}
    assert "还没有送达回证" in openness(step, issued, today=TODAY, penalty_article=ARTICLE).why
    assert not is_open(step, issued, article=ARTICLE)


@pytest.mark.parametrize("step", RESTING)
def test_a_step_does_not_open_on_the_last_day_of_the_term_before_it(step: LadderStep) -> None:
    after = after_of(step)
    issued = all_served_before(step)
    issued[after] = Issued(after, TODAY - timedelta(days=7), TODAY)
    assert not is_open(step, issued, today=TODAY, article=ARTICLE)


@pytest.mark.parametrize("step", [T.REPORT, T.NOTICE, T.ORDER, T.ADMONITION, T.DEMAND, T.COURT])
def test_a_step_opens_on_the_day_after_the_term_before_it(step: LadderStep) -> None:
    after = after_of(step)
    issued = all_served_before(step)
    issued[after] = Issued(after, TODAY - timedelta(days=8), TODAY - timedelta(days=1))
    assert is_open(step, issued, today=TODAY)


def test_the_first_step_is_open_at_once() -> None:
    assert is_open(T.LETTER, {})


def test_a_document_on_its_way_is_not_issued_a_second_time() -> None:
    assert not is_open(T.LETTER, {T.LETTER: Issued(T.LETTER, None, None)})


def test_a_document_is_not_issued_again_while_its_own_term_runs() -> None:
    assert not is_open(T.LETTER, {T.LETTER: served(T.LETTER, TODAY - timedelta(days=3))})
    assert is_open(T.LETTER, {T.LETTER: served(T.LETTER, TODAY - timedelta(days=8))})


def test_a_penalty_is_off_until_a_county_enters_an_article_in_force() -> None:
    issued = all_served_before(T.PENALTY)
    assert not is_open(T.PENALTY, issued)
    judged = openness(T.PENALTY, issued, today=TODAY, penalty_article=ARTICLE)
    assert (judged.open, judged.clause) == (True, ARTICLE)


def test_before_a_penalty_the_family_is_told_and_heard() -> None:
    assert "告知" in openness(T.PENALTY, all_served_before(T.PENALTY), today=TODAY, penalty_article=ARTICLE).why


def test_no_step_but_what_follows_a_penalty_needs_one() -> None:
    assert all(rule.after is not T.PENALTY for rule in STEPS.values())
    assert is_open(T.DEMAND, all_served_before(T.DEMAND))


def test_where_a_penalty_was_issued_the_demand_is_made_on_it() -> None:
    issued = all_served_before(T.DEMAND) | {T.PENALTY: served(T.PENALTY, TODAY - timedelta(days=3), 15)}
    assert not is_open(T.DEMAND, issued)
    assert is_open(T.DEMAND, issued, today=TODAY + timedelta(days=13))


# 行政诉讼法 46: six months to sue; 行政强制法 53: then three months to ask the court.
@pytest.mark.parametrize(
    ("today", "may"),
    [
        (date(2025, 9, 30), False),  # the last day on which the order can still be sued against
        (date(2025, 10, 1), True),
        (date(2025, 12, 30), True),  # the last day of the three months
        (date(2025, 12, 31), False),
    ],
)
def test_a_court_is_asked_to_enforce_within_three_months_after_the_time_to_sue_is_over(today: date, may: bool) -> None:
    issued = all_served_before(T.ENFORCEMENT) | {T.ORDER: served(T.ORDER, date(2025, 3, 30))}
    assert is_open(T.ENFORCEMENT, issued, today=today) is may


def test_the_time_to_sue_is_that_of_the_penalty_where_there_is_one() -> None:
    issued = all_served_before(T.ENFORCEMENT) | {T.PENALTY: served(T.PENALTY, date(2025, 6, 2), 15)}
    assert not is_open(T.ENFORCEMENT, issued, today=date(2025, 12, 2))
    assert is_open(T.ENFORCEMENT, issued, today=date(2025, 12, 3))


def test_a_court_is_asked_to_enforce_no_decision_that_was_not_served() -> None:
    issued = all_served_before(T.ENFORCEMENT) | {T.ORDER: Issued(T.ORDER, None, None)}
    assert not is_open(T.ENFORCEMENT, issued, today=date(2025, 10, 14))


def test_six_months_from_the_end_of_august_end_with_february() -> None:
    issued = all_served_before(T.ENFORCEMENT) | {T.ORDER: served(T.ORDER, date(2025, 8, 31))}
    assert not is_open(T.ENFORCEMENT, issued, today=date(2026, 2, 28))
    assert is_open(T.ENFORCEMENT, issued, today=date(2026, 3, 1))


def test_an_order_is_the_townships_or_the_countys_and_never_a_schools() -> None:
    coercive = [T.NOTICE, T.ORDER, T.PENALTY, T.DEMAND, T.ENFORCEMENT, T.COURT]
    assert all(Level.SCHOOL not in STEPS[step].issuers for step in coercive)
    assert STEPS[T.ORDER].issuers == {Level.TOWNSHIP, Level.COUNTY}


def test_a_child_without_a_school_is_written_to_by_its_township() -> None:
    assert STEPS[T.LETTER].issuers == {Level.SCHOOL, Level.TOWNSHIP}


@pytest.mark.parametrize("step", LadderStep)
def test_what_leaves_the_guardian_a_term_is_served(step: LadderStep) -> None:
    rule = STEPS[step]
    assert not rule.term or rule.served
    assert not rule.term or PARAMETERS[rule.term].group == "依法控辍"


@pytest.mark.parametrize("step", LadderStep)
def test_what_others_rest_on_is_served(step: LadderStep) -> None:
    assert step not in {rule.after for rule in STEPS.values()} or STEPS[step].served


def test_a_demand_leaves_ten_working_days() -> None:
    known = PARAMETERS["demand_term"]
    assert (known.default, known.day_type) == (10, DayType.WORKING)


NATIONAL_DAY = Calendar(
    special={
        **{date(2025, 10, day): DayKind.HOLIDAY for day in range(1, 9)},
        date(2025, 9, 28): DayKind.WORKDAY,
        date(2025, 10, 11): DayKind.WORKDAY,
    }
)


@pytest.mark.parametrize(
    ("served_on", "limit", "ends"),
    [
        (date(2025, 9, 22), Limit(7, DayType.CALENDAR), date(2025, 9, 29)),
        (date(2025, 9, 26), Limit(7, DayType.CALENDAR), date(2025, 10, 9)),  # would end in the holiday
        (date(2025, 9, 26), Limit(10, DayType.WORKING), date(2025, 10, 16)),  # 28 Sep and 11 Oct are worked
    ],
)
def test_a_term_that_would_end_on_a_day_off_ends_on_the_next_working_day(
    served_on: date, limit: Limit, ends: date
) -> None:
    assert term_ends(served_on, limit, NATIONAL_DAY) == ends


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
ISSUED = st.dictionaries(
    st.sampled_from(LadderStep), st.tuples(st.none() | DAYS, st.integers(0, 20)), max_size=len(LadderStep)
)


@given(drawn=ISSUED, today=DAYS, step=st.sampled_from(RESTING), article=st.sampled_from(["", ARTICLE]))
def test_an_open_step_has_what_it_rests_on_served_and_over(
    drawn: dict[LadderStep, tuple[date | None, int]], today: date, step: LadderStep, article: str
) -> None:
    issued = {
        key: Issued(key, on, None if on is None else on + timedelta(days=term)) for key, (on, term) in drawn.items()
    }
    judged = openness(step, issued, today=today, penalty_article=article)
    assert judged.why.endswith("。")
    before = issued.get(T.PENALTY if step is T.DEMAND and T.PENALTY in issued else after_of(step))
    over = before is not None and before.term_ends is not None and before.term_ends < today
    assert over or not judged.open


@given(today=DAYS, step=st.sampled_from(RESTING))
def test_taking_the_service_away_from_what_a_step_rests_on_shuts_it(today: date, step: LadderStep) -> None:
    issued = all_served_before(step, date(2023, 1, 2))
    issued[after_of(step)] = replace(issued[after_of(step)], served_on=None, term_ends=None)
    assert not is_open(step, issued, today=today, article=ARTICLE)
