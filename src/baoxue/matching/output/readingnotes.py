"""What was done to a register's columns, told once per column though a workbook may have many sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from baoxue.matching.output.wording import whole
from baoxue.policy.registers import COLUMNS
from baoxue.reading.report import Change, ReadReport, Recognised, Skip, UnusableCell

_EXAMPLES = 3


@dataclass(slots=True)
class ColumnNote:
    """One canonical column over all sheets: `headers` and `ways` as they first occur, the counts as sums."""

    label: str
    headers: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)
    unusable: int = 0
    examples: list[UnusableCell] = field(default_factory=list)

    @property
    def changed(self) -> str:
        """What was changed and in how many cells; empty when nothing was."""
        return counted({Change(code): count for code, count in self.changes.items()})


def column_notes(report: ReadReport) -> list[ColumnNote]:
    """One note per canonical column of a file, in the order in which the file has them."""
    headers = {column.value: spec.header for column, spec in COLUMNS[report.register].items()}
    notes: dict[str, ColumnNote] = {}
    for column in report.columns:
        # A 备注 column is read too, though no register must have one.
        label = headers.get(column.column, column.header or column.column)
        note = notes.setdefault(column.column, ColumnNote(label))
        note.headers += [column.header] if column.header and column.header not in note.headers else []
        way = Recognised(column.recognised).label
        note.ways += [way] if way not in note.ways else []
        note.changes.update(column.changed)
        note.unusable += column.unusable
        note.examples = (note.examples + column.examples)[:_EXAMPLES]
    return list(notes.values())


def skipped(report: ReadReport) -> str:
    """Lines that are no data rows, by kind; empty when there are none."""
    return counted({Skip(code): count for code, count in report.skipped.items()})


def counted(counts: Mapping[Change, int] | Mapping[Skip, int]) -> str:
    """`去空格和不可见字符 3，全角或异体字符转换 1`."""
    return "，".join(f"{kind.label} {whole(count)}" for kind, count in counts.items() if count)
