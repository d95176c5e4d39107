"""What verdicts make of the children of findings: their 就学状况 in the ledgers."""

from __future__ import annotations

from baoxue.children.widerows import Answer
from baoxue.comparison.models import Finding, Run
from baoxue.platform.clock import day_of
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.verdicts import VerdictKind

# What a person's answer says of where a child is. REAL stays suspected: a dropout is confirmed by a case, not here.
_STATUS = {
    VerdictKind.ELSEWHERE: SchoolingStatus.ELSEWHERE_CONFIRMED,
    VerdictKind.ABROAD: SchoolingStatus.ABROAD,
    VerdictKind.DECEASED: SchoolingStatus.DECEASED,
    VerdictKind.MOVED_OUT: SchoolingStatus.MOVED_OUT,
    VerdictKind.DEFERRED: SchoolingStatus.DEFERRED,
    VerdictKind.COMPLETED: SchoolingStatus.COMPLETED,
    VerdictKind.REAL: SchoolingStatus.SUSPECTED_DROPOUT,
}


def answers_of(run: Run) -> dict[str, Answer]:
    """The answers in force to the findings of a run, by the finding's key."""
    found = Finding.objects.filter(run=run, settled_by__kind__in=[kind.value for kind in _STATUS])
    return {finding.key: _answer(finding) for finding in found.select_related("settled_by")}


def _answer(finding: Finding) -> Answer:
    verdict = finding.settled_by
    assert verdict is not None  # asked for by its kind
    kind = VerdictKind(verdict.kind)
    on = day_of(verdict.decided_at)
    words = f"{kind.label}：{verdict.decided_by_name} {on.year}年{on.month}月{on.day}日"
    return Answer(_STATUS[kind].value, kind is VerdictKind.REAL, words)
