"""How long an answer holds, and what else it answers."""

from __future__ import annotations

from datetime import date

import pytest

from baoxue.policy.findings import FindingKind
from baoxue.policy.verdicts import APART, ON_PAIRS, VerdictKind, default_expiry, on_finding, settles


@pytest.mark.parametrize(
    ("kind", "on", "until"),
    [
        (VerdictKind.ELSEWHERE, date(2025, 9, 1), date(2026, 8, 31)),
        (VerdictKind.ELSEWHERE, date(2026, 8, 31), date(2026, 8, 31)),
        (VerdictKind.DEFERRED, date(2026, 3, 2), date(2026, 8, 31)),
        (VerdictKind.ABROAD, date(2025, 10, 14), date(2026, 10, 14)),
        (VerdictKind.ABROAD, date(2024, 2, 29), date(2025, 2, 28)),
        (VerdictKind.DECEASED, date(2025, 10, 14), None),
        (VerdictKind.NOT_SAME_CHILD, date(2025, 10, 14), None),
    ],
)
def test_an_answer_holds_as_long_as_what_it_says_can_be_believed(
    kind: VerdictKind, on: date, until: date | None
) -> None:
    assert default_expiry(kind, on=on) == until


def test_where_a_child_is_answers_whatever_asks_where_it_is() -> None:
    assert settles(VerdictKind.ELSEWHERE, of=FindingKind.NEVER_ENROLLED, finding=FindingKind.ENROLLED_ELSEWHERE)
    assert not settles(VerdictKind.REAL, of=FindingKind.NEVER_ENROLLED, finding=FindingKind.ABSENT)
    assert not settles(VerdictKind.ELSEWHERE, of=FindingKind.NEVER_ENROLLED, finding=FindingKind.IDENTITY_MISMATCH)


@pytest.mark.parametrize("kind", list(FindingKind))
def test_every_finding_can_be_answered_and_no_answer_of_it_is_about_two_records(kind: FindingKind) -> None:
    assert set(on_finding(kind)).isdisjoint(ON_PAIRS)
    assert VerdictKind.REAL in on_finding(kind)


def test_two_of_the_four_answers_about_two_records_say_two_children() -> None:
    assert len(ON_PAIRS) == 4
    assert set(APART) < set(ON_PAIRS)
