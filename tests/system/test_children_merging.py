"""Merging, splitting and undoing over time: no day of the past loses a child, and nobody works beside a build."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.system.places import NOW, Places, make_places
from tests.system.runs import AS_OF, at_home, at_school, make_run

from baoxue.children import actions, queries
from baoxue.children.build import build
from baoxue.children.days import Days, left_over
from baoxue.children.models import Child, Merge, Source
from baoxue.children.queries import Moment
from baoxue.platform.actor import Actor, system_actor
from baoxue.platform.errors import ChangedMeanwhile
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.ledgers import Ledger
from baoxue.policy.registers import Register

pytestmark = pytest.mark.django_db

SPRING = date(2026, 3, 10)
LAST_TERM = Moment(AS_OF)
LATER = NOW + timedelta(days=150)
REASON = "家访核过是同一人"
STAYS = ("杨昌旺", "2014-05-06", 101)
OLD = ("石大勇", "2013-02-03", 103)
NEW = ("石大永", "2013-02-03", 105)


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    """石大勇 changes class between the terms and leaves; 石大永 turns up in spring."""
    made = make_places()
    with acting_as(Scope(made.county.path, children=True, registers=frozenset({"*"}))):
        autumn = [at_school(*STAYS), at_school(*OLD)]
        spring = [at_school(*STAYS), at_school(*OLD, class_name="2班"), at_school(*NEW)]
        for as_of, rows, now in ((AS_OF, autumn, NOW), (SPRING, spring, LATER)):
            said = {Register.HOUSEHOLD: [at_home(*STAYS)], Register.STUDENT: rows, Register.ROLL: rows}
            run, files = make_run(made, said, tmp_path / str(as_of), as_of=as_of)
            build(run, files, scratch=tmp_path, now=now)
        yield made


@pytest.fixture
def by(places: Places) -> Actor:
    return system_actor("试", path=places.county.path)


def _child(name: str) -> Child:
    return Child.objects.get(name=name)


def _ledger(by: Actor, places: Places, moment: Moment) -> list[tuple[str, str, date, date | None]]:
    rows = queries.ledger(by, Ledger.SCHOOL_AGE, county=places.county, moment=moment)
    return [(row.name, row.class_name, row.valid_from, row.valid_to) for row in rows]


def _merge(by: Actor, kept: str, other: str) -> Merge:
    return actions.merge(kept=_child(kept), other=_child(other), reason=REASON, by=by, now=LATER + timedelta(days=1))


def test_a_merge_carries_the_past_of_the_record_that_goes(by: Actor, places: Places) -> None:
    before = _ledger(by, places, LAST_TERM)
    _merge(by, "石大永", "石大勇")
    assert _ledger(by, places, LAST_TERM) == before
    assert [row[0] for row in _ledger(by, places, Moment(SPRING))] == ["石大永", "杨昌旺"]


@pytest.mark.parametrize(("kept", "other"), [("石大永", "石大勇"), ("石大勇", "石大永")])
def test_after_a_merge_is_undone_every_day_stands_as_before(by: Actor, places: Places, kept: str, other: str) -> None:
    before = [_ledger(by, places, moment) for moment in (LAST_TERM, Moment(SPRING))]
    done = _merge(by, kept, other)
    actions.undo(done=done, by=by, now=LATER + timedelta(days=2))
    assert [_ledger(by, places, moment) for moment in (LAST_TERM, Moment(SPRING))] == before


def test_after_a_split_is_undone_every_day_stands_as_before(by: Actor, places: Places) -> None:
    before = [_ledger(by, places, moment) for moment in (LAST_TERM, Moment(SPRING))]
    actions.undo(done=_split(by), by=by, now=LATER + timedelta(days=2))
    assert [_ledger(by, places, moment) for moment in (LAST_TERM, Moment(SPRING))] == before


def _split(by: Actor) -> Merge:
    child = _child("杨昌旺")
    row = Source.objects.get(child=child, register="household", recorded_to=None)
    return actions.split(child=child, sources=[row.pk], reason=REASON, by=by, now=LATER + timedelta(days=1))


def test_two_merges_in_opposite_directions_do_not_both_pass(by: Actor, places: Places) -> None:
    _merge(by, "石大永", "石大勇")
    with pytest.raises(ChangedMeanwhile):
        _merge(by, "石大勇", "石大永")
    assert Child.objects.filter(merged_into=None).count() == 2


def _undo(by: Actor) -> Merge:
    kept, other = _child("石大永"), _child("石大勇")
    none: dict[str, list[int]] = {"Schooling": [], "Enrolment": [], "GroupMembership": []}
    moved = {"sources": [], "pinned": [], "facts": none, "carried": none}
    done = Merge.objects.create(
        kind="merge",
        kept=kept,
        other=other,
        home_path=kept.home_path,
        moved=moved,
        reason=REASON,
        at=LATER,
        by_name="试",
    )
    return actions.undo(done=done, by=by, now=LATER + timedelta(days=2))


@pytest.mark.parametrize("act", [lambda by: _merge(by, "石大永", "石大勇"), _split, _undo])
def test_records_change_only_behind_the_lock_of_the_builds(by: Actor, act: Callable[[Actor], object]) -> None:
    with CaptureQueriesContext(connection) as asked:
        act(by)
    said = [query["sql"] for query in asked.captured_queries]
    lock = next(place for place, sql in enumerate(said) if "pg_advisory_xact_lock" in sql)
    assert lock < next(place for place, sql in enumerate(said) if sql.startswith('UPDATE "children_'))


def _on(first: int, end: int | None) -> Days:
    return (date(2025, 9, first), None if end is None else date(2025, 9, end))


@pytest.mark.parametrize(
    ("days", "taken", "left"),
    [
        (_on(1, None), [], [_on(1, None)]),
        (_on(1, None), [_on(5, None)], [_on(1, 5)]),
        (_on(1, 5), [_on(5, None)], [_on(1, 5)]),
        (_on(6, None), [_on(1, 5)], [_on(6, None)]),
        (_on(1, 9), [_on(3, 4), _on(6, 7)], [_on(1, 3), _on(4, 6), _on(7, 9)]),
        (_on(1, None), [_on(1, 4)], [_on(4, None)]),
        (_on(2, 3), [_on(1, 4)], []),
    ],
)
def test_days_others_leave(days: Days, taken: list[Days], left: list[Days]) -> None:
    assert left_over(days, taken) == left
