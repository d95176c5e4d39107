"""Signs of work done on paper only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.paperwork import BULK_COUNT, BULK_WITHIN, Entered, Sign, SignKind, clustered, signs

NOON = datetime(2025, 10, 14, 4, 0, tzinfo=UTC)
DAY = date(2025, 10, 14)


def record(key: int, *, at: float = 0, by: int = 1, day: date = DAY, text: str = "") -> Entered:
    """A record entered so many seconds after noon."""
    entered_at = NOON + timedelta(seconds=at)
    return Entered(key=key, day=day, entered_at=entered_at, by=by, text=text or f"家访 {key}", case=f"2025-{key:04}")


def signs_of(*records: Entered, kind: SignKind) -> list[Sign]:
    """Signs of one kind, all entered on one day."""
    found = signs(records, day_entered={one.key: DAY for one in records})
    return [sign for sign in found if sign.kind is kind]


@pytest.mark.parametrize(
    ("seconds", "marked"),
    [
        ((0, 20, 40), [(0, 1, 2)]),
        ((0, 30, 60), [(0, 1, 2)]),
        ((0, 30, 61), []),
        ((0, 20), []),
        ((0, 50, 70, 100), [(1, 2, 3)]),  # the minute does not begin with the first record
        ((0, 20, 40, 60, 80, 100), [(0, 1, 2, 3, 4, 5)]),  # one long stretch, told once
        ((0, 10, 20, 600, 610, 620), [(0, 1, 2), (3, 4, 5)]),
    ],
)
def test_three_records_of_one_person_within_a_minute_are_a_sign(
    seconds: tuple[int, ...], marked: list[tuple[int, ...]]
) -> None:
    records = [record(key, at=at) for key, at in enumerate(seconds)]
    assert [sign.keys for sign in signs_of(*records, kind=SignKind.BULK)] == marked


def test_three_people_who_write_at_the_same_time_are_no_sign() -> None:
    assert signs_of(*(record(key, by=key) for key in range(3)), kind=SignKind.BULK) == []


@pytest.mark.parametrize(("days_ago", "late"), [(0, False), (3, False), (4, True), (30, True)])
def test_a_record_entered_more_than_three_days_after_is_a_sign(days_ago: int, late: bool) -> None:
    found = signs_of(record(1, day=DAY - timedelta(days=days_ago)), kind=SignKind.LATE_ENTRY)
    assert bool(found) is late


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("孩子说不想读书，家长同意下周一送回学校。", "孩子说不想读书，家长同意下周一送回学校。", True),
        (
            "孩子说不想读书，家长同意下周一送回学校。",
            "孩子说不想读书 家长同意下周一送回学校",
            True,
        ),  # but for its signs
        ("孩子说不想读书，家长同意下周一送回学校。", "孩子说想读书，家长同意下周二送回学校。", False),
        ("没有人在家。", "没有人在家。", False),  # short texts are alike by chance
    ],
)
def test_the_same_talk_word_for_word_is_a_sign(one: str, other: str, same: bool) -> None:
    found = signs_of(record(1, text=one), record(2, text=other, at=9000), kind=SignKind.SAME_TEXT)
    assert [sign.keys for sign in found] == ([(1, 2)] if same else [])


@pytest.mark.parametrize(
    ("before_report", "count"),
    [
        ((0, 0, 1, 1, 2), 5),
        ((0, 0, 1, 1), 0),  # four are few
        ((0, 1, 1, 2, 2, 8, 9, 12, 15, 20), 0),  # not more than half of the month's
        ((0, 1, 1, 2, 2, 8, 9, 12, 15), 5),
        ((3, 3, 3, 3, 3), 0),
        ((-1, -1, -1, -1, -1), 0),  # after the day
        ((0, 1, 1, 2, 2, 40, 41, 42, 43, 44, 45), 5),  # the month before does not speak for this one
    ],
)
def test_closures_crowded_before_a_report_day_are_counted(before_report: tuple[int, ...], count: int) -> None:
    closed_on = [DAY - timedelta(days=days) for days in before_report]
    assert clustered(closed_on, report_day=DAY) == count


def test_nothing_odd_is_no_sign() -> None:
    assert signs([record(1), record(2, at=4000)], day_entered={1: DAY, 2: DAY}) == []


RECORDS = st.lists(
    st.builds(
        lambda key, at, by, back, text: record(key, at=at, by=by, day=DAY - timedelta(days=back), text=text),
        key=st.integers(0, 40),
        at=st.integers(0, 400),
        by=st.integers(1, 2),
        back=st.integers(0, 6),
        text=st.sampled_from(["孩子愿意回学校读书，约好周一", "家长外出，电话里说过年才回来", "没有人"]),
    ),
    unique_by=lambda one: one.key,
    max_size=12,
)


@given(records=RECORDS)
def test_a_record_stands_in_one_sign_of_a_kind_at_most(records: list[Entered]) -> None:
    found = signs(records, day_entered={one.key: DAY for one in records})
    keys = [(sign.kind, key) for sign in found for key in sign.keys]
    assert len(keys) == len(set(keys))


@given(records=RECORDS)
def test_the_order_in_which_records_are_read_does_not_matter(records: list[Entered]) -> None:
    days = {one.key: DAY for one in records}
    there, back = (
        {(sign.kind, frozenset(sign.keys)) for sign in signs(seq, day_entered=days)} for seq in (records, records[::-1])
    )
    assert there == back


@given(records=RECORDS)
def test_every_record_with_two_others_of_its_author_within_a_minute_is_marked_and_no_other(
    records: list[Entered],
) -> None:
    marked = {key for sign in signs_of(*records, kind=SignKind.BULK) for key in sign.keys}
    expected = {
        one.key
        for one in records
        if any(
            sum(other.by == one.by and begin <= other.entered_at <= begin + BULK_WITHIN for other in records)
            >= BULK_COUNT
            for begin in (first.entered_at for first in records if first.by == one.by)
            if begin <= one.entered_at <= begin + BULK_WITHIN
        )
    }
    assert marked == expected


def test_who_writes_a_thing_down_at_once_for_another_day_is_seen_once_per_kind() -> None:
    first = record(1, day=DAY - timedelta(days=5), text="孩子愿意回学校读书，约好周一")
    records = [first, replace(first, key=2), replace(first, key=3)]
    found = signs(records, day_entered={one.key: DAY for one in records})
    assert [sign.kind for sign in found] == [
        SignKind.BULK, SignKind.LATE_ENTRY, SignKind.LATE_ENTRY, SignKind.LATE_ENTRY, SignKind.SAME_TEXT,
    ]  # fmt: skip
