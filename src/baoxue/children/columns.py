"""The columns of a ledger on the screen: some at first, the others to be chosen. The export always has all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from baoxue.policy.ledgers import Ledger


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """One column: its code in addresses and templates, its head, whether it shows unless others are chosen."""

    code: str
    head: str
    first: bool = True


_SCHOOL_AGE = (
    ShownColumn("school", "学校班级"),
    ShownColumn("stage", "学段"),
    ShownColumn("status", "就学状况"),
    ShownColumn("poverty", "脱贫户"),
    ShownColumn("groups", "特殊群体"),
    ShownColumn("home", "乡镇"),
    ShownColumn("birth", "出生年月"),
    ShownColumn("since", "自何日起"),
    ShownColumn("student", "学籍号", first=False),
    ShownColumn("head", "户主", first=False),
    ShownColumn("guardian", "监护人", first=False),
    ShownColumn("household", "户口状态", first=False),
    ShownColumn("school_code", "学校标识码", first=False),
    ShownColumn("recorded", "何时记下", first=False),
)
_SUSPECTED = (
    ShownColumn("school", "学校班级"),
    ShownColumn("absent", "首次缺勤"),
    ShownColumn("found", "发现日期"),
    ShownColumn("lead", "线索来源"),
    ShownColumn("reason", "线索"),
    ShownColumn("status", "当前状态"),
    ShownColumn("poverty", "脱贫户"),
    ShownColumn("groups", "特殊群体"),
    ShownColumn("home", "乡镇"),
    ShownColumn("guardian", "监护人", first=False),
    ShownColumn("student", "学籍号", first=False),
    ShownColumn("stage", "学段", first=False),
)
COLUMNS: dict[Ledger, tuple[ShownColumn, ...]] = {
    Ledger.SCHOOL_AGE: _SCHOOL_AGE,
    Ledger.SUSPECTED: _SUSPECTED,
    Ledger.DROPOUT: _SUSPECTED,
}


def chosen_columns(ledger: Ledger, codes: Sequence[str]) -> list[ShownColumn]:
    """The columns that are asked for, in the ledger's order; without any, the first ones."""
    chosen = [column for column in COLUMNS[ledger] if column.code in codes]
    return chosen or [column for column in COLUMNS[ledger] if column.first]
