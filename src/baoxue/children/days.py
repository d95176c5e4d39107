"""Stretches of days: from a first day until the first day no longer, None = open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

Days = tuple[date, date | None]


def left_over(days: Days, taken: Iterable[Days]) -> list[Days]:
    """What of a stretch others leave, in order."""
    left: list[Days] = []
    begins, ends = days
    for first, end in sorted(taken, key=lambda stretch: stretch[0]):
        if ends is not None and first >= ends:
            break
        if first > begins:
            left.append((begins, first))
        if end is None:
            return left
        begins = max(begins, end)
    if ends is None or begins < ends:
        left.append((begins, ends))
    return left
