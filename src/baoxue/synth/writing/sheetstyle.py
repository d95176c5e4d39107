"""How one sheet of a workbook is laid out; drawn for every sheet."""

from __future__ import annotations

from dataclasses import dataclass

from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.synth.kinds import stream
from baoxue.synth.writing.headers import write_headers

# Columns that a spreadsheet makes numbers of when the cells are not set to text.
_NUMERIC = (
    Column.SCHOOL_CODE,
    Column.PHONE,
    Column.GRADE,
    Column.CLASS_NAME,
    Column.ADMISSION,
    Column.BIRTH_DATE,
    Column.HOUSEHOLD_NUMBER,
    Column.REGION_CODE,
)
# Columns whose equal cells some people merge downwards.
_MERGED = {
    Register.POVERTY: (Column.HOUSEHOLD_NUMBER, Column.HEAD_NAME),
    Register.ROLL: (Column.GRADE, Column.CLASS_NAME),
}


@dataclass(frozen=True)
class SheetStyle:
    """`repeat_after`: rows after which the header stands again, 0 = never."""

    headers: tuple[str, ...]
    title_rows: int
    tall_header: bool
    serial: bool
    remark: bool
    repeat_after: int
    blank_rows: float
    total: bool
    note: bool
    numeric: frozenset[Column]
    merged: tuple[Column, ...]
    date_format: str


def draw_style(register: Register, sheet: str, seed: int) -> SheetStyle:
    """The layout of a sheet."""
    rng = stream(seed, "sheet", register, sheet)

    def chance(share: float) -> bool:
        return bool(rng.random() < share)

    return SheetStyle(
        headers=tuple(write_headers(register, rng)),
        title_rows=int(rng.choice(4, p=(0.3, 0.35, 0.25, 0.1))),
        tall_header=chance(0.08),
        serial=chance(0.6),
        remark=chance(0.4),
        repeat_after=int(rng.choice((40, 45, 50))) if chance(0.15) else 0,
        blank_rows=0.01 if chance(0.2) else 0.0,
        total=chance(0.35),
        note=chance(0.3),
        numeric=frozenset(column for column in _NUMERIC if column in COLUMNS[register] and chance(0.3)),
        merged=_MERGED.get(register, ()) if chance(0.15) else (),
        date_format=str(rng.choice(("yyyy-mm-dd", "yyyy/m/d", "yyyy年m月d日"))),
    )
