"""Workbooks (.xlsx, .xls) as sheets of cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import python_calamine as calamine

from baoxue.reading import package
from baoxue.reading.cells import Batch, Cells, MergedRange, Opened, Piece, cells_of, text_of
from baoxue.reading.errors import FileDamaged, FileEncrypted, FileTooLarge, WrongContent, shown
from baoxue.reading.sniff import FileFormat

TOP_LINES = 60
SAMPLE_LINES = 3_000
BATCH_LINES = 50_000
# A parser lays out the full rectangle between the first and the last cell.
MAX_CELLS = 30_000_000

_VISIBLE = calamine.SheetVisibleEnum.Visible
_WORKSHEET = calamine.SheetTypeEnum.WorkSheet


class WorkbookSheet:
    """One worksheet, from its first line and column that hold something; only its head where no row is wanted."""

    def __init__(self, sheet: calamine.CalamineSheet, *, head_only: bool) -> None:
        start = sheet.start or (0, 0)
        self.name: str | None = sheet.name
        self._first_line = start[0] + 1
        rows = sheet.to_python(nrows=TOP_LINES + SAMPLE_LINES) if head_only else sheet.to_python()
        self.merged: Sequence[MergedRange] = [
            MergedRange(top - start[0], left - start[1], bottom - start[0], right - start[1])
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ]
        self._top = [[text_of(value) for value in row] for row in rows[:TOP_LINES]]
        self._columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
        self._height = len(rows)

    @property
    def top(self) -> list[list[str]]:
        return self._top

    def sample(self, after: int) -> list[Cells]:
        return [cells_of(column[after + 1 : after + 1 + SAMPLE_LINES]) for column in self._columns]

    def first_line(self, after: int) -> int:
        return self._first_line + after + 1

    def pieces(self, after: int, wanted: frozenset[int]) -> Iterator[Piece]:
        filled = self._filled(after, wanted)
        for start in range(after + 1, self._height, BATCH_LINES):
            stop = min(start + BATCH_LINES, self._height)
            yield partial(self._piece, start, stop, filled)

    def _piece(self, start: int, stop: int, filled: dict[int, list[Any]]) -> Batch:
        made = {index: cells_of(column[start:stop]) for index, column in filled.items()}
        return Batch(stop - start, len(self._columns), _Loader(self._columns, start, stop), made)

    def _filled(self, after: int, wanted: frozenset[int]) -> dict[int, list[Any]]:
        """Wanted columns that have cells merged downwards, with the top cell's value in each line."""
        filled: dict[int, list[Any]] = {}
        room = self._height * max(1, len(self._columns))
        for merge in self.merged:
            if merge.left not in wanted or merge.left != merge.right or not after < merge.top < self._height:
                continue
            bottom = min(merge.bottom, self._height - 1)
            room -= bottom - merge.top
            if room < 0:  # merged cells of an honest sheet do not overlap
                break
            column = filled.setdefault(merge.left, list(self._columns[merge.left]))
            column[merge.top : bottom + 1] = [column[merge.top]] * (bottom + 1 - merge.top)
        return filled


class _Loader:
    """Columns of one batch, made when asked for and kept."""

    def __init__(self, columns: list[tuple[Any, ...]], start: int, stop: int) -> None:
        self._columns, self._start, self._stop = columns, start, stop
        self._made: dict[int, Cells] = {}

    def __call__(self, column: int) -> Cells:
        if column not in self._made:
            self._made[column] = cells_of(self._columns[column][self._start : self._stop])
        return self._made[column]


def open_workbook(path: Path, file_format: FileFormat, *, head_only: bool = False) -> Opened:
    """Open a workbook and lay out its visible worksheets; with `head_only` as many lines of each as tell its columns.

    Raises a RegisterRefused; runs in the child process, where a parser may also die of memory or of its own fault.
    """
    date_1904 = package.inspect(path).date_1904 if file_format is FileFormat.XLSX else False
    opened = Opened(sheets=[], date_1904=date_1904)
    try:
        with calamine.load_workbook(path) as workbook:
            opened.sheets = list(_sheets(path, workbook, opened, head_only=head_only))
    except calamine.PasswordError as error:
        raise FileEncrypted(f"{shown(path)} 设有打开密码，请去掉密码后再导入。") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise FileDamaged(f"{shown(path)} 不完整或已损坏，请重新导出或重新拷贝。") from error
    return opened


def _sheets(
    path: Path, workbook: calamine.CalamineWorkbook, opened: Opened, *, head_only: bool
) -> Iterator[WorkbookSheet]:
    if not workbook.sheets_metadata:
        raise WrongContent(f"{shown(path)} 里没有工作表，请换成正确的文件。")
    for index, meta in enumerate(workbook.sheets_metadata):
        if meta.typ != _WORKSHEET:
            opened.left_out.append((meta.name, "不是普通工作表"))
        elif meta.visible != _VISIBLE:
            opened.left_out.append((meta.name, "隐藏的工作表"))
        else:
            sheet = workbook.get_sheet_by_index(index)
            if sheet.height * sheet.width > MAX_CELLS:
                raise FileTooLarge(
                    f"{shown(path)} 的工作表“{meta.name}”太大（{sheet.height} 行 {sheet.width} 列），"
                    "请删去表格以外的内容，或导出为 .csv 再导入。"
                )
            yield WorkbookSheet(sheet, head_only=head_only)
