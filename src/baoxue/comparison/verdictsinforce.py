"""The verdicts a run heeds, as pairs of its rows and as answers to its findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import product

from django.db.models import Q

from baoxue.comparison.models import Verdict
from baoxue.comparison.registerrows import RegisterRows
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.matching.decided import DecidedPair
from baoxue.platform import clock
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register
from baoxue.policy.verdicts import APART, VerdictKind, settles


def verdicts_in_force(county: Jurisdiction, *, at: datetime) -> list[Verdict]:
    """What had been decided and held at an instant, the oldest first; 看不准 is no answer."""
    found = Verdict.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=at),
        Q(expires_on=None) | Q(expires_on__gte=clock.day_of(at)),
        county=county,
        decided_at__lte=at,
    )
    return list(found.exclude(kind=VerdictKind.CANNOT_TELL).order_by("decided_at", "pk"))


def decided_pairs(verdicts: Iterable[Verdict], registers: Mapping[Register, RegisterRows]) -> list[DecidedPair]:
    """Verdicts on pairs, said of the rows these registers have now; the latest counts.

    Rows that nothing tells apart have one subject: all of them are kept apart, but none of them is made one with another.
    """
    on_pairs = [verdict for verdict in verdicts if verdict.left]
    wanted = {Register(side) for verdict in on_pairs for side in (verdict.left, verdict.right)}
    rows = {register: registers[register].by_subject() for register in wanted if register in registers}
    decided: dict[tuple[Register, int, Register, int], DecidedPair] = {}
    for verdict in on_pairs:
        for pair in _pairs(verdict, rows):
            decided[pair.left, pair.left_row, pair.right, pair.right_row] = pair
    return list(decided.values())


def _pairs(verdict: Verdict, rows: Mapping[Register, Mapping[bytes, list[int]]]) -> Iterator[DecidedPair]:
    left, right = Register(verdict.left), Register(verdict.right)
    lefts = rows.get(left, {}).get(verdict.subject, [])
    rights = rows.get(right, {}).get(verdict.other_subject, [])
    same = VerdictKind(verdict.kind) not in APART
    if same and (len(lefts) != 1 or len(rights) != 1):
        return
    for left_row, right_row in product(lefts, rights):
        yield DecidedPair(left, left_row, right, right_row, same)


class Answers:
    """Verdicts on findings, by whom they are about."""

    def __init__(self, verdicts: Iterable[Verdict]) -> None:
        self._by_subject: dict[bytes, list[Verdict]] = {}
        for verdict in verdicts:
            if verdict.finding_kind:
                self._by_subject.setdefault(verdict.subject, []).append(verdict)

    def to(self, subject: bytes, kind: FindingKind) -> Verdict | None:
        """The latest verdict that answers a finding of this kind about this subject."""
        for verdict in reversed(self._by_subject.get(subject, [])):
            if settles(VerdictKind(verdict.kind), of=FindingKind(verdict.finding_kind), finding=kind):
                return verdict
        return None
