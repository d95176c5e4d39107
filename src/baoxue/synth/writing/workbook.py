"""Registers as workbooks, with all that people put around the data: titles, totals, notes, other sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.synth.kinds import Cell, Frame, Objects, stream
from baoxue.synth.world import World
from baoxue.synth.writing.paper import Paper
from baoxue.synth.writing.sheetstyle import SheetStyle, draw_style

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_NUMBERS = (Column.ID_NUMBER, Column.GUARDIAN_ID_NUMBER)
_TRUNCATED = re.compile(r"[0-9]{15}000|[0-9]\.[0-9]+E\+17")
_DIGITS = re.compile(r"[1-9][0-9]{0,14}")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
# Beyond so many rows a sheet is written without keeping it in memory; nothing is merged downwards then.
_LARGE = 60_000
_INSTRUCTIONS = (
    "填表说明",
    "1. 本表由各单位如实填写，电子版与纸质版一致。",
    "2. 身份证号码请设置为文本格式，18 位，末位为 X 的用大写。",
    "3. 出生日期按身份证填写，格式为 20140506。",
    "4. 填表人、审核人须签字，加盖公章后上报。",
)
_CODES = (("代码", "名称"), ("1", "男"), ("2", "女"), ("11", "休学"), ("21", "转出"), ("51", "死亡"))


@contextmanager
def xlsx_paper(path: Path, register: Register, world: World, rows: int) -> Iterator[Paper]:
    """A workbook of about so many rows."""
    import xlsxwriter

    large = rows > _LARGE
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": large})
    day = datetime(world.as_of.year, world.as_of.month, world.as_of.day)  # noqa: DTZ001  what a workbook holds has no zone
    workbook.set_properties({"created": day})
    rng = stream(world.seed, "workbook", register)
    in_front, behind, hidden = rng.random() < 0.25, rng.random() < 0.35, rng.random() < 0.5
    if in_front:
        _instructions(workbook)
    yield _Xlsx(workbook, register, world, merging=not large)
    if hidden:
        _code_list(workbook)
    if behind and not in_front:
        _instructions(workbook)
    workbook.close()


def _instructions(workbook: Workbook) -> None:
    sheet = workbook.add_worksheet("填表说明")
    for line, text in enumerate(_INSTRUCTIONS):
        sheet.write_string(line, 0, text)


def _code_list(workbook: Workbook) -> None:
    sheet = workbook.add_worksheet("代码表")
    for line, texts in enumerate(_CODES):
        sheet.write_row(line, 0, texts)
    sheet.hide()


class _Xlsx:
    """The sheets of one register. A sheet is complete when the next one begins."""

    def __init__(self, workbook: Workbook, register: Register, world: World, *, merging: bool) -> None:
        self._workbook = workbook
        self._register = register
        self._world = world
        self._merging = merging
        self._names: set[str] = set()

    def add(self, frame: Frame) -> None:
        """Write the rows, one sheet for each run of equal sheet names."""
        starts = np.flatnonzero(np.r_[True, frame.sheet[1:] != frame.sheet[:-1]])
        for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(frame)], strict=True):
            part = frame.take(np.arange(start, stop))
            name = self._sheet_name(str(part.sheet[0]))
            style = draw_style(self._register, name, self._world.seed)
            sheet = _Sheet(self._workbook, self._workbook.add_worksheet(name), style, self._register)
            sheet.write(part, self._title(name), self._world, merging=self._merging)

    def _sheet_name(self, wanted: str) -> str:
        name = _NOT_IN_SHEET_NAMES.sub("", wanted)[:28]
        again = 1
        while name in self._names:
            again += 1
            name = f"{name[:26]}{again}"
        self._names.add(name)
        return name

    def _title(self, sheet: str) -> str:
        return f"{self._world.places.county.name}{sheet}义务教育{self._register.label}信息表"


class _Sheet:
    """One sheet, written from top to bottom."""

    def __init__(self, workbook: Workbook, sheet: Worksheet, style: SheetStyle, register: Register) -> None:
        self._sheet = sheet
        self._style = style
        self._columns = list(COLUMNS[register])
        self._date = workbook.add_format({"num_format": style.date_format})
        self._title_format = workbook.add_format({"bold": True, "align": "center"})
        self._line = 0
        self._first = int(style.serial)
        self._width = len(self._columns) + self._first + int(style.remark)

    def write(self, frame: Frame, title: str, world: World, *, merging: bool) -> None:
        """Title rows, header, data, total, note."""
        style = self._style
        self._titles(title, world.as_of)
        self._header(tall=style.tall_header and merging)
        rng = stream(world.seed, "lines", frame.register, frame.sheet[0])
        blank = rng.random(len(frame)) < style.blank_rows
        lines = self._data(frame, blank)
        if merging:
            self._merge(frame, lines)
        if style.total:
            self._sheet.write_row(self._line, 0, ["合计", *[None] * (self._first + 1), f"{len(frame)}人"])
            self._line += 1
        if style.note:
            self._sheet.write_string(self._line + 1, 0, "注：以上信息经核对无误。填表人：          审核人：")

    def _titles(self, title: str, as_of: date) -> None:
        texts = (
            title,
            f"填报单位（盖章）：          填报日期：{as_of.year}年{as_of.month}月{as_of.day}日",
            "",
        )
        for text in texts[: self._style.title_rows]:
            if text == title:
                self._sheet.merge_range(self._line, 0, self._line, self._width - 1, text, self._title_format)
            else:
                self._sheet.write_string(self._line, 0, text)
            self._line += 1

    def _header(self, *, tall: bool = False) -> None:
        """The header; a tall one is merged over two lines."""
        headers = [*["序号"] * self._first, *self._style.headers, *["备注"] * self._style.remark]
        for place, header in enumerate(headers):
            if tall:
                self._sheet.merge_range(self._line, place, self._line + 1, place, header, self._title_format)
            else:
                self._sheet.write_string(self._line, place, header)
        self._line += 2 if tall else 1

    def _data(self, frame: Frame, blank: np.ndarray) -> list[int]:
        """Write the rows; returns the line of each."""
        cells = [self._cells(frame.columns[column], column) for column in self._columns]
        lines = []
        for row, values in enumerate(zip(*cells, strict=True)):
            if self._style.repeat_after and row and row % self._style.repeat_after == 0:
                self._header()
            self._line += int(blank[row])
            if self._first:
                self._sheet.write_number(self._line, 0, row + 1)
            for place, value in enumerate(values, start=self._first):
                self._write(place, value)
            lines.append(self._line)
            self._line += 1
        return lines

    def _write(self, place: int, value: Cell) -> None:
        if value is None:
            return
        if isinstance(value, str):
            self._sheet.write_string(self._line, place, value)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._line, place, value, self._date)
        else:
            self._sheet.write_number(self._line, place, value)

    def _cells(self, values: Objects, column: Column) -> list[Cell]:
        if values.dtype.kind == "M":
            return list(values.astype(object))
        if column in _NUMBERS:
            return [float(value) if value and _TRUNCATED.fullmatch(value) else value for value in values]
        if column in self._style.numeric:
            return [_number(value) for value in values]
        return list(values)

    def _merge(self, frame: Frame, lines: list[int]) -> None:
        """Merge runs of equal cells that stand on lines without a gap."""
        for column in self._style.merged:
            place = self._columns.index(column) + self._first
            values: list[Any] = list(frame.columns[column])
            start = 0
            for row in range(1, len(values) + 1):
                goes_on = row < len(values) and values[row] == values[start] and lines[row] == lines[row - 1] + 1
                if not goes_on:
                    if row - start > 1 and values[start] is not None:
                        self._sheet.merge_range(lines[start], place, lines[row - 1], place, values[start])
                    start = row


def _number(value: Cell) -> Cell:
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value
