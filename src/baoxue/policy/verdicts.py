"""What a person may answer about two records or a finding, and how long the answer holds.

Source: 教基厅函〔2024〕15号 (whoever is found is verified by a person; children schooled elsewhere are confirmed anew each
school year); 义务教育法 11 (deferred entry is approved for a time). The defaults are this project's own.
"""

from __future__ import annotations

from datetime import date

from baoxue.policy.findings import FindingKind
from baoxue.policy.labelled import Labelled
from baoxue.policy.schoolyear import school_year_of


class VerdictKind(Labelled):
    """What a person decided."""

    SAME_CHILD = "same_child", "是同一个孩子"
    SIBLING = "sibling", "同户的另一个孩子"
    NOT_SAME_CHILD = "not_same_child", "不相干的两个孩子"
    CANNOT_TELL = "cannot_tell", "看不准，放一放"
    ELSEWHERE = "elsewhere", "县外就读（已核）"
    ABROAD = "abroad", "出国（境）"
    DECEASED = "deceased", "死亡"
    MOVED_OUT = "moved_out", "户口迁出"
    DEFERRED = "deferred", "延缓入学"
    COMPLETED = "completed", "完成义务教育"
    WRONG_RECORD = "wrong_record", "信息错误，另有记录"
    REAL = "real", "属实，交办"


ON_PAIRS = (VerdictKind.SAME_CHILD, VerdictKind.SIBLING, VerdictKind.NOT_SAME_CHILD, VerdictKind.CANNOT_TELL)
"""Answers about two records, in the order of the keys 1 to 4."""

APART = (VerdictKind.SIBLING, VerdictKind.NOT_SAME_CHILD)
"""Answers that say: two children."""

_WHEREABOUTS = (
    VerdictKind.ELSEWHERE,
    VerdictKind.ABROAD,
    VerdictKind.DECEASED,
    VerdictKind.MOVED_OUT,
    VerdictKind.DEFERRED,
    VerdictKind.COMPLETED,
)
_WHERE_IS_THE_CHILD = (FindingKind.NEVER_ENROLLED, FindingKind.ABSENT, FindingKind.ENROLLED_ELSEWHERE)


def on_finding(kind: FindingKind) -> tuple[VerdictKind, ...]:
    """The answers a finding of this kind may get."""
    where = _WHEREABOUTS if kind in _WHERE_IS_THE_CHILD else ()
    return (VerdictKind.REAL, *where, VerdictKind.WRONG_RECORD)


def settles(verdict: VerdictKind, *, of: FindingKind, finding: FindingKind) -> bool:
    """Whether an answer about a finding of one kind also answers one of another kind about the same child.

    Where a child is answers whatever asks where it is.
    """
    return of is finding or (verdict in _WHEREABOUTS and of in _WHERE_IS_THE_CHILD and finding in _WHERE_IS_THE_CHILD)


def default_expiry(kind: VerdictKind, *, on: date) -> date | None:
    """Last day an answer given `on` a day holds unless its giver says otherwise; None: until it is withdrawn.

    Schooling elsewhere, deferred entry: the end of the school year. Abroad: one year.
    """
    if kind in (VerdictKind.ELSEWHERE, VerdictKind.DEFERRED):
        return date(school_year_of(on) + 1, 8, 31)
    if kind is VerdictKind.ABROAD:
        # 28 February stands for the 29th.
        return on.replace(year=on.year + 1, day=28) if (on.month, on.day) == (2, 29) else on.replace(year=on.year + 1)
    return None
