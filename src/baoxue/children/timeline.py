"""A child's years as lanes: where it lives, where it is enrolled, how it stands, its groups. Geometry for an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from baoxue.children.export import grade_words
from baoxue.children.models import Enrolment, GroupMembership, Schooling
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.specialgroup import SpecialGroup

WIDTH = 1084
LEFT = 96
_LANE = 32
_TOP = 36
_SHORTEST = 3.0
_LOOK = {
    SchoolingStatus.ENROLLED: "bar-good",
    SchoolingStatus.ATTENDING_UNREGISTERED: "bar-good",
    SchoolingStatus.HOMEBOUND: "bar-good",
    SchoolingStatus.SUSPECTED_DROPOUT: "bar-look",
    SchoolingStatus.TO_VERIFY: "bar-look",
    SchoolingStatus.DROPOUT: "bar-out",
    SchoolingStatus.NEVER_ENROLLED: "bar-out",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it begins, how wide it is, its look, the words in it (shown where they fit)."""

    x: float
    y: int
    width: float
    css: str
    words: str
    fits: bool
    light: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the picture. `y`: of its words; `under`: of the line below it."""

    label: str
    y: int
    under: int
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole picture."""

    lanes: list[Lane]
    years: list[tuple[float, str]]
    today_x: float
    height: int
    sentence: str


def timeline(
    schooling: Sequence[Schooling],
    enrolments: Sequence[Enrolment],
    groups: Sequence[GroupMembership],
    *,
    home: str,
    today: date,
) -> Timeline | None:
    """The lanes from the first school year anything is known of until today; None where nothing is known."""
    facts: list[Any] = [*schooling, *enrolments, *groups]
    if not facts:
        return None
    first = min(fact.valid_from for fact in facts)
    begins = date(first.year - (first.month < 9), 9, 1)
    scale = _Scale(begins, max(today, first))
    lanes = [
        ("户籍", [(s.valid_from, s.valid_to, "bar-plain", home) for s in schooling[-1:]] if home else []),
        ("就读", [(e.valid_from, e.valid_to, "bar-plain", _where(e)) for e in enrolments]),
        ("就学状况", [(s.valid_from, s.valid_to, _look(s.status), SchoolingStatus(s.status).label) for s in schooling]),
        ("特殊群体", [(g.valid_from, g.valid_to, "bar-group", SpecialGroup(g.group).label) for g in groups]),
    ]
    drawn = [
        Lane(label, _TOP + place * _LANE + 12, _TOP + place * _LANE + 22, [_bar(scale, place, *fact) for fact in facts])
        for place, (label, facts) in enumerate((label, facts) for label, facts in lanes if facts)
    ]
    said = "；".join(f"{fact[0]}起{fact[3]}" for _, facts in lanes[1:] for fact in reversed(facts))
    height = _TOP + len(drawn) * _LANE + 20
    return Timeline(drawn, scale.years(), scale.x(scale.ends), height, f"{begins.year}年9月以来：{said}")


class _Scale:
    def __init__(self, begins: date, ends: date) -> None:
        self.begins, self.ends = begins, ends
        self._per_day = (WIDTH - LEFT - 24) / max(1, (ends - begins).days)

    def x(self, day: date) -> float:
        return round(LEFT + (max(day, self.begins) - self.begins).days * self._per_day, 1)

    def years(self) -> list[tuple[float, str]]:
        september = [date(year, 9, 1) for year in range(self.begins.year, self.ends.year + 1)]
        return [(self.x(day), f"{day.year}年9月") for day in september if day <= self.ends]


def _bar(scale: _Scale, place: int, begins: date, ends: date | None, css: str, words: str) -> Bar:
    x = scale.x(begins)
    width = max(_SHORTEST, round(scale.x(min(ends or scale.ends, scale.ends)) - x, 1))
    return Bar(
        x, _TOP + place * _LANE, width, css, words, len(words) * 13 < width, css in ("bar-good", "bar-look", "bar-out")
    )


def _look(status: str) -> str:
    return _LOOK.get(SchoolingStatus(status), "bar-other")


def _where(enrolment: Enrolment) -> str:
    return " ".join(
        part for part in (enrolment.school_name, grade_words(enrolment.grade), enrolment.class_name) if part
    )
