"""What falls due daily: once for each day, in order, whatever fails meanwhile."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from baoxue.platform import beats
from baoxue.platform.clock import ZONE
from baoxue.platform.models import Beat

pytestmark = pytest.mark.django_db

MORNING = datetime(2025, 10, 14, 6, 0, tzinfo=ZONE)
TODAY = date(2025, 10, 14)
DAY = timedelta(days=1)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, date]]:
    """What was done, in order, by two beats that are the only ones."""
    monkeypatch.setattr(beats, "_daily", {})
    said: list[tuple[str, date]] = []
    beats.daily("test.late", at=time(7, 30))(lambda day, _now: said.append(("late", day)))
    beats.daily("test.early", at=time(6, 0))(lambda day, _now: said.append(("early", day)))
    return said


def _all_due(now: datetime) -> None:
    beats.do_due(now=lambda: now, after_each=lambda: True)


def test_a_beat_is_done_once_its_time_of_day_has_come(done: list[tuple[str, date]]) -> None:
    _all_due(MORNING - timedelta(seconds=1))
    assert done == []
    _all_due(MORNING)
    assert done == [("early", TODAY)]


def test_a_second_look_on_the_same_day_does_nothing(done: list[tuple[str, date]]) -> None:
    _all_due(MORNING)
    _all_due(MORNING + timedelta(minutes=1))
    assert done == [("early", TODAY)]


def test_an_installation_begins_with_the_day_of_its_first_look(done: list[tuple[str, date]]) -> None:
    _all_due(MORNING + timedelta(hours=10))
    assert done == [("early", TODAY), ("late", TODAY)]


def test_days_that_were_missed_are_done_in_order(done: list[tuple[str, date]]) -> None:
    beats.begin(now=MORNING - timedelta(hours=1))
    _all_due(MORNING + 2 * DAY)
    assert done == [
        ("early", TODAY), ("late", TODAY), ("early", TODAY + DAY), ("late", TODAY + DAY), ("early", TODAY + 2 * DAY),
    ]  # fmt: skip


def test_a_day_is_a_day_in_shanghai(done: list[tuple[str, date]]) -> None:
    beats.begin(now=datetime(2025, 10, 13, 16, 30, tzinfo=ZONE).astimezone())
    assert Beat.objects.get(name="test.early").day == date(2025, 10, 12)


@pytest.fixture
def failing(done: list[tuple[str, date]]) -> list[bool]:
    """A third beat, due first of all, that fails after it has written something, as long as the list is not empty."""
    fails = [True]

    def work(day: date, now: datetime) -> None:
        Beat.objects.create(name="written by the beat", day=day, done_at=now)
        if fails:
            raise LookupError("杨昌旺")
        done.append(("mended", day))

    beats.daily("test.fails", at=time(5, 0))(work)
    return fails


def test_what_fails_leaves_nothing_and_stays_due_while_the_others_go_on(
    done: list[tuple[str, date]], failing: list[bool]
) -> None:
    _all_due(MORNING)
    assert done == [("early", TODAY)]
    assert not Beat.objects.filter(name="written by the beat").exists()
    failing.clear()
    _all_due(MORNING)
    assert done == [("early", TODAY), ("mended", TODAY)]


def test_a_worker_that_is_asked_to_end_begins_no_other_day(done: list[tuple[str, date]]) -> None:
    beats.begin(now=MORNING - timedelta(hours=1))
    beats.do_due(now=lambda: MORNING + 3 * DAY, after_each=lambda: len(done) < 2)
    assert done == [("early", TODAY), ("late", TODAY)]


def test_what_waits_says_for_how_long_it_is_due(done: list[tuple[str, date]]) -> None:
    beats.begin(now=MORNING - timedelta(hours=1))
    assert beats.behind(now=MORNING - timedelta(hours=1)) == timedelta(0)
    assert beats.behind(now=MORNING + timedelta(hours=2)) == timedelta(hours=2)
    _all_due(MORNING + timedelta(hours=2))
    assert beats.behind(now=MORNING + timedelta(hours=2)) == timedelta(0)
