"""四册怎样相遇: how many children stand in which registers, how many are settled, and who waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from baoxue.comparison.models import Finding, Pair, Run
from baoxue.matching.output.meeting import Combination
from baoxue.matching.output.wording import ACTS, EXPLAINED, combination_words
from baoxue.platform.actor import Actor
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register
from baoxue.policy.verdicts import VerdictKind
from baoxue.registers.models import Snapshot

BAR = 160
"""Width of the longest bar, in the drawing's own units; the number stands behind it."""

OPEN = Q(waits=True, settled_by=None)
"""Findings that somebody has yet to look at."""


@dataclass(frozen=True, slots=True)
class Row:
    """One combination of registers. `waiting` + `settled` = `children`."""

    key: str
    title: str
    line: str
    there: tuple[bool, bool, bool]
    children: int
    poor: int
    waiting: int
    act: str
    act_kind: str
    bar: float

    @property
    def settled(self) -> int:
        """Children nobody has to look at any more."""
        return self.children - self.waiting

    @property
    def number_at(self) -> float:
        """Where the number behind the bar begins."""
        return self.bar + 6

    @property
    def aloud(self) -> str:
        """The dots in words."""
        names = ("户籍", "学籍", "在校")
        return "、".join(
            f"{name}{'有' if is_there else '无'}" for name, is_there in zip(names, self.there, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """The findings of one kind: how many there are, wait, and wait in poverty households."""

    code: str
    label: str
    explained: str
    total: int
    waiting: int
    poor: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A run as its page draws it. `outside`: findings of children who are not counted in the rows."""

    rows: list[Row]
    kinds: dict[str, Kind]
    registers: dict[str, Snapshot]
    outside: int
    children: int = field(init=False)
    waiting: int = field(init=False)
    poor: int = field(init=False)

    def __post_init__(self) -> None:
        for name in ("children", "waiting", "poor"):
            object.__setattr__(self, name, sum(getattr(row, name) for row in self.rows))

    @property
    def settled(self) -> int:
        """All children but those who wait."""
        return self.children - self.waiting


def picture_of(run: Run, by: Actor) -> Picture:
    """Count a finished run as it stands now: what has been answered since no longer waits."""
    findings: QuerySet[Any] = Finding.objects.visible_to(by).filter(run=run)
    waiting = dict(
        findings.filter(OPEN).values_list("combination").annotate(Count("child", distinct=True)).order_by("combination")
    )
    counted = {
        row["kind"]: row
        for row in findings.values("kind")
        .annotate(
            total=Count("pk"),
            waiting=Count("pk", filter=OPEN),
            poor=Count("pk", filter=OPEN & Q(poverty_household=True)),
        )
        .order_by("kind")
    }
    return Picture(
        rows=_rows(run.picture, waiting),
        kinds={kind.value: _kind(kind, counted.get(kind.value, {})) for kind in EXPLAINED},
        registers={snapshot.register: snapshot for snapshot in run.snapshots.all()},
        outside=waiting.get("", 0),
    )


def _rows(picture: Mapping[str, Any], waiting: Mapping[str, int]) -> list[Row]:
    combinations = [Combination(**row) for row in picture.get("rows", [])]
    without_finding: Mapping[str, int] = picture.get("without_finding", {})
    waits = {of.key: waiting.get(of.key, 0) + without_finding.get(of.key, 0) for of in combinations}
    longest = max(waits.values(), default=0)
    rows = []
    for of in combinations:
        title, line = combination_words(of)
        act, kind = ACTS[of.key]
        rows.append(
            Row(
                key=of.key,
                title=title,
                line=line,
                there=(of.household, of.student, of.roll),
                children=of.children,
                poor=of.poor,
                waiting=waits[of.key],
                act=act,
                act_kind="" if kind is None else kind.value,
                bar=round(BAR * waits[of.key] / longest, 1) if longest else 0.0,
            )
        )
    return sorted(rows, key=lambda row: -row.waiting)


def _kind(kind: FindingKind, counted: Mapping[str, int]) -> Kind:
    return Kind(
        kind.value,
        kind.label,
        EXPLAINED[kind],
        counted.get("total", 0),
        counted.get("waiting", 0),
        counted.get("poor", 0),
    )


@dataclass(frozen=True, slots=True)
class Queue:
    """How far the pairs of a run are looked at. `aside`: looked at, and left for later."""

    total: int
    decided: int
    aside: int

    @property
    def left(self) -> int:
        """Pairs nobody has looked at."""
        return self.total - self.decided - self.aside

    @property
    def minutes(self) -> int:
        """How long the rest takes, at some 17 seconds a pair."""
        return max(1, round(self.left * 17 / 60))


def queue_of(run: Run, by: Actor) -> Queue:
    """Count the pairs of a run."""
    aside = Q(verdict__kind=VerdictKind.CANNOT_TELL)
    counted = (
        Pair.objects.visible_to(by)
        .filter(run=run)
        .aggregate(total=Count("pk"), answered=Count("verdict"), aside=Count("pk", filter=aside))
    )
    return Queue(counted["total"], counted["answered"] - counted["aside"], counted["aside"])


def sources(picture: Picture) -> list[tuple[str, Snapshot | None]]:
    """The registers of the picture's columns, with the snapshot each came from."""
    return [
        (register.label, picture.registers.get(register.value))
        for register in (Register.HOUSEHOLD, Register.STUDENT, Register.ROLL)
    ]
