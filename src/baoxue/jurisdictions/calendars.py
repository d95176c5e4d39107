"""The calendar of a place: its terms and special days, its own before those of the places above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from baoxue.jurisdictions.models import Jurisdiction, SpecialDay, Term
from baoxue.jurisdictions.parameters import upwards
from baoxue.policy.calendar import Calendar, DayKind
from baoxue.policy.schoolyear import Semester


@dataclass(frozen=True, slots=True)
class TermInForce:
    """A term as it holds at a place, and the place that entered it."""

    school_year: int
    semester: Semester
    first_day: date
    last_day: date
    place: Jurisdiction


def terms_of(place: Jurisdiction) -> list[TermInForce]:
    """The terms that hold at a place, oldest first; of each the one of the nearest place upwards."""
    nearest: dict[tuple[int, str], Term] = {}
    entered = Term.objects.filter(jurisdiction__path__in=upwards(place.path)).select_related("jurisdiction")
    for term in entered.order_by("jurisdiction__path"):
        nearest[term.school_year, term.semester] = term
    found = [
        TermInForce(term.school_year, Semester(term.semester), term.first_day, term.last_day, term.jurisdiction)
        for term in nearest.values()
    ]
    return sorted(found, key=lambda term: term.first_day)


def special_days_of(place: Jurisdiction, first: date, last: date) -> dict[date, SpecialDay]:
    """The special days that hold at a place from `first` to `last`, both included."""
    entered = SpecialDay.objects.filter(jurisdiction__path__in=upwards(place.path), day__range=(first, last))
    return {entry.day: entry for entry in entered.select_related("jurisdiction").order_by("jurisdiction__path")}


def calendar_of(place: Jurisdiction, first: date, last: date) -> Calendar:
    """The calendar that holds at a place, with the special days from `first` to `last`."""
    return Calendar(
        terms=tuple((term.first_day, term.last_day) for term in terms_of(place)),
        special={day: DayKind(entry.kind) for day, entry in special_days_of(place, first, last).items()},
    )


def weeks_of(year: int, month: int) -> Sequence[Sequence[date]]:
    """The weeks of a month, Monday first, filled up with the days around it."""
    first = date(year, month, 1)
    day = first - timedelta(days=first.weekday())
    weeks = []
    while day.month == month or day < first:
        weeks.append([day + timedelta(days=offset) for offset in range(7)])
        day += timedelta(days=7)
    return weeks
