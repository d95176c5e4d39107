"""A register written to a file and read back, within this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from baoxue.policy.registers import Column, Register
from baoxue.reading.read import read
from baoxue.reading.report import ReadReport

Grid = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Reading:
    """What came out: canonical rows as dictionaries, and the report."""

    rows: list[dict[str, Any]]
    report: ReadReport

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    @property
    def row(self) -> dict[str, Any]:
        (row,) = self.rows
        return row


class Reader(Protocol):
    def __call__(
        self,
        register: Register,
        sheets: Grid | Mapping[str, Grid],
        *,
        merged: Sequence[str] = (),
        hidden: Sequence[str] = (),
        file: str = "名单.xlsx",
        columns: frozenset[Column] | None = None,
        rows: Sequence[int] | None = None,
    ) -> Reading: ...


def write_workbook(
    path: Path, sheets: Mapping[str, Grid], *, merged: Sequence[str] = (), hidden: Sequence[str] = ()
) -> None:
    """Numbers as numbers, dates as dates; `merged` ranges hold in the first sheet."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy/m/d"})
        for number, (name, grid) in enumerate(sheets.items()):
            sheet = book.add_worksheet(name)
            for line, cells in enumerate(grid):
                for place, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(line, place, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(line, place, cell) if cell else None
                    elif cell is not None:
                        sheet.write(line, place, cell)
            for area in merged if number == 0 else ():
                sheet.merge_range(area, None)
                first = area.split(":")[0]
                row, column = int(first[1:]) - 1, ord(first[0]) - ord("A")
                sheet.write(row, column, grid[row][column])
            if name in hidden:
                sheet.hide()


def read_file(path: Path, register: Register, **choice: Any) -> Reading:
    """Read a file that is there."""
    out = path.with_name("canonical.parquet")
    report = read(path, register, out, **choice)
    return Reading(pq.read_table(out).to_pylist(), report)


@pytest.fixture
def read_grid(tmp_path: Path) -> Reader:
    """Write lines to a workbook and read it."""

    def written(
        register: Register,
        sheets: Grid | Mapping[str, Grid],
        *,
        merged: Sequence[str] = (),
        hidden: Sequence[str] = (),
        file: str = "名单.xlsx",
        columns: frozenset[Column] | None = None,
        rows: Sequence[int] | None = None,
    ) -> Reading:
        named = sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}
        write_workbook(tmp_path / file, named, merged=merged, hidden=hidden)
        return read_file(tmp_path / file, register, columns=columns, rows=rows)

    return written


@pytest.fixture
def read_text(tmp_path: Path) -> Any:
    """Write bytes or text to a csv file and read it."""

    def written(register: Register, content: str | bytes, **choice: Any) -> Reading:
        path = tmp_path / "名单.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_file(path, register, **choice)

    return written
