"""Signs of work done on paper only, for whoever reviews: something to ask about, not guilt.

Source: what inspections found (DOMAIN 13: 虚假劝返, 零报告造假; PRODUCT: mass closures before a deadline, visits all entered in one
minute, back-dated records). The thresholds are this project's own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from baoxue.policy.labelled import Labelled

BULK_COUNT, BULK_WITHIN = 3, timedelta(minutes=1)
LATE_AFTER = timedelta(days=3)
SAME_FROM = 10  # characters; shorter texts are alike by chance
CLUSTER_COUNT, CLUSTER_DAYS = 5, 3


class SignKind(Labelled):
    """What looks odd."""

    BULK = "bulk", "几条记录同一分钟录入"
    LATE_ENTRY = "late_entry", "补录"
    SAME_TEXT = "same_text", "谈话内容一字不差"
    CLUSTER = "cluster", "报告日前集中销号"


@dataclass(frozen=True, slots=True)
class Entered:
    """A record as it was entered. `day`: on which it happened; `entered_at`: aware; `by`: account; `text`: what was said."""

    key: int
    day: date
    entered_at: datetime
    by: int | None
    text: str
    case: str


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing to ask about: which records, and a sentence."""

    kind: SignKind
    keys: tuple[int, ...]
    sentence: str


def signs(records: Sequence[Entered], *, day_entered: dict[int, date]) -> list[Sign]:
    """The signs among records, each record at most once per kind. `day_entered`: Shanghai day of each entry, by key."""
    return [*_bulk(records), *_late(records, day_entered), *_same(records)]


def _bulk(records: Sequence[Entered]) -> Iterable[Sign]:
    by_account: dict[int | None, list[Entered]] = defaultdict(list)
    for record in sorted(records, key=lambda record: (record.entered_at, record.key)):
        by_account[record.by].append(record)
    for entered in by_account.values():
        for run in _runs(entered):
            quick = run[-1].entered_at - run[0].entered_at <= BULK_WITHIN
            how = "在同一分钟里录入" if quick else "接连录入，每分钟三条以上"
            yield Sign(SignKind.BULK, tuple(one.key for one in run), f"{len(run)} 条记录{how}")


def _runs(entered: Sequence[Entered]) -> Iterable[Sequence[Entered]]:
    """Stretches of records, in the order of entry, in which each lies with BULK_COUNT within BULK_WITHIN of one another."""
    first, last = 0, -1
    for start in range(len(entered) - BULK_COUNT + 1):
        end = start + BULK_COUNT - 1
        if entered[end].entered_at - entered[start].entered_at > BULK_WITHIN:
            continue
        if start > last >= 0:
            yield entered[first : last + 1]
        first, last = (start if start > last else first), end
    if last >= 0:
        yield entered[first : last + 1]


def _late(records: Sequence[Entered], day_entered: dict[int, date]) -> Iterable[Sign]:
    for record in records:
        late = day_entered[record.key] - record.day
        if late > LATE_AFTER:
            yield Sign(SignKind.LATE_ENTRY, (record.key,), f"隔了 {late.days} 天才录入")


def _same(records: Sequence[Entered]) -> Iterable[Sign]:
    by_text: dict[str, list[Entered]] = defaultdict(list)
    for record in records:
        plain = re.sub(r"[\W_]+", "", record.text)
        if len(plain) >= SAME_FROM:
            by_text[plain].append(record)
    for alike in by_text.values():
        if len(alike) > 1:
            yield Sign(SignKind.SAME_TEXT, tuple(one.key for one in alike), f"{len(alike)} 条记录的谈话内容一字不差")


def clustered(closed_on: Sequence[date], *, report_day: date) -> int:
    """How many closures fall on the last days before a report day, where that is many; 0 = nothing odd.

    Many: at least CLUSTER_COUNT on CLUSTER_DAYS days, and more than half of those of the thirty days before.
    """
    near = sum(timedelta(0) <= report_day - day < timedelta(days=CLUSTER_DAYS) for day in closed_on)
    all_of_them = sum(timedelta(0) <= report_day - day < timedelta(days=30) for day in closed_on)
    return near if near >= CLUSTER_COUNT and near * 2 > all_of_them else 0
