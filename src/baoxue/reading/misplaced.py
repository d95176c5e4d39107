"""Cells typed into each other's columns: what is beyond doubt is put right before anything else looks at the row.

A number that tells a birth date is an identity number wherever it stands, and nothing else is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from baoxue.policy.idnumber import IdNumber, IdState
from baoxue.policy.registers import Column
from baoxue.policy.writtenforms import fold
from baoxue.reading.cells import Cells
from baoxue.reading.content import names_share
from baoxue.reading.dates import read_date
from baoxue.reading.identity import classify_cell
from baoxue.reading.values import unwrap

# Fewer digits are a date, with or without a time.
_SHORTEST = 15
_LONG_NUMBER = r"(?:[0-9０-９]\s*){15}"
_HAN = re.compile(r"[\u3400-\u9fff]{2,15}")
# What people write where a number is lacking (无证, 未办理, 待补, 同上), and what stands there in a line that has slipped
# (长子, 岑巩县, 三年级): no names, unless they begin with a usual surname.
_NO_NAME = re.compile("[证号无未待暂办补缺空不没同上见县省区市镇乡村组校班级户长次子女男]")


class Misplaced(StrEnum):
    """What stood in the wrong column."""

    NAME_AND_NUMBER = "name_and_number"
    BIRTH_AND_NUMBER = "birth_and_number"
    NUMBER_AS_BIRTH = "number_as_birth"


# How each is warned of, as `SheetWarnings.add` takes it.
WARNINGS = {
    Misplaced.NAME_AND_NUMBER: "有 {count} 行把姓名和证件号填反了，已对调读取，请核对原表。",
    Misplaced.BIRTH_AND_NUMBER: "有 {count} 行把出生日期和证件号填反了，已对调读取，请核对原表。",
    Misplaced.NUMBER_AS_BIRTH: "有 {count} 行把证件号填在出生日期一列，已归到证件号并由它得出出生日期，请核对原表。",
}


# Which columns a mistake has touched.
TOUCHED = {
    Misplaced.NAME_AND_NUMBER: (Column.NAME, Column.ID_NUMBER),
    Misplaced.BIRTH_AND_NUMBER: (Column.BIRTH_DATE, Column.ID_NUMBER),
    Misplaced.NUMBER_AS_BIRTH: (Column.BIRTH_DATE, Column.ID_NUMBER),
}


@dataclass(slots=True)
class Righted:
    """The columns in which something was put right, and in how many rows by each kind of mistake."""

    cells: dict[Column, Cells] = field(default_factory=dict)
    rows: dict[Misplaced, int] = field(default_factory=dict)


def put_right(name: Cells, cells_of: Callable[[Column], Cells | None], *, dates: bool) -> Righted:
    """Put right the rows of a batch. `cells_of` gives the other columns of the same rows; `dates`: birth dates too."""
    righted = Righted()
    rows = _Rows(len(name.text), cells_of)
    rows.edited[Column.NAME] = _Edited(name)
    for row in _with_long_number(name):
        if _tells_birth(rows.number_at(Column.NAME, row)) and _is_name(rows.text_at(Column.ID_NUMBER, row)):
            rows.exchange(Column.NAME, Column.ID_NUMBER, row)
            _count(righted, Misplaced.NAME_AND_NUMBER)
    births = cells_of(Column.BIRTH_DATE) if dates else None
    for row in _with_long_number(births) if births is not None else ():
        found = rows.number_at(Column.BIRTH_DATE, row)
        if found is None or found.state is not IdState.VALID or found.birth_date is None:
            continue
        if rows.number_at(Column.ID_NUMBER, row) is None:
            rows.exchange(Column.BIRTH_DATE, Column.ID_NUMBER, row)
            rows.write(Column.BIRTH_DATE, row, found.birth_date.isoformat())
            _count(righted, Misplaced.NUMBER_AS_BIRTH)
        elif read_date(unwrap(rows.text_at(Column.ID_NUMBER, row))[0]).day is not None:
            rows.exchange(Column.BIRTH_DATE, Column.ID_NUMBER, row)
            _count(righted, Misplaced.BIRTH_AND_NUMBER)
    if righted.rows:
        righted.cells = {column: edited.cells() for column, edited in rows.edited.items() if edited.changed}
    return righted


def _count(righted: Righted, mistake: Misplaced) -> None:
    righted.rows[mistake] = righted.rows.get(mistake, 0) + 1


def _with_long_number(cells: Cells) -> Iterator[int]:
    """Places of cells that hold as many digits as only a number of a document has."""
    long = pc.fill_null(pc.greater_equal(pc.binary_length(cells.text), _SHORTEST), False).to_numpy(zero_copy_only=False)
    places: npt.NDArray[np.intp] = np.flatnonzero(long)
    if len(places):
        matching = pc.match_substring_regex(cells.text.take(pa.array(places)), _LONG_NUMBER)
        places = places[matching.to_numpy(zero_copy_only=False)]
    yield from places.tolist()


def _tells_birth(number: IdNumber | None) -> bool:
    return number is not None and number.birth_date is not None


def _is_name(text: str) -> bool:
    folded = fold(text)
    # 苗族 and 白族 begin with a surname too.
    if folded.endswith("族"):
        return False
    return names_share([folded]) == 1.0 or (_HAN.fullmatch(folded) is not None and not _NO_NAME.search(folded))


class _Edited:
    """A column of which some cells are changed; copied only when one is."""

    def __init__(self, original: Cells) -> None:
        self._original = original
        self.changed: dict[int, tuple[str, bool]] = {}

    def at(self, row: int) -> tuple[str, bool]:
        """Text, and whether it is a number, as `Cells` has them."""
        if row in self.changed:
            return self.changed[row]
        number = self._original.number is not None and bool(self._original.number[row])
        return self._original.text[row].as_py() or "", number

    def cells(self) -> Cells:
        """The column with its changes."""
        rows = sorted(self.changed)
        mask = np.zeros(len(self._original.text), dtype=np.bool_)
        mask[rows] = True
        texts = pa.array([self.changed[row][0] for row in rows], pa.string())
        number = np.zeros_like(mask) if self._original.number is None else self._original.number.copy()
        number[rows] = [self.changed[row][1] for row in rows]
        text = pc.replace_with_mask(self._original.text, pa.array(mask), texts)
        return Cells(text, number if number.any() else None)


class _Rows:
    """The rows of a batch, of which some cells change places."""

    def __init__(self, size: int, cells_of: Callable[[Column], Cells | None]) -> None:
        self._size, self._cells_of = size, cells_of
        self.edited: dict[Column, _Edited] = {}

    def _column(self, column: Column) -> _Edited:
        if column not in self.edited:
            # A sheet without the column gets it where a row has something for it.
            cells = self._cells_of(column) or Cells(pa.nulls(self._size, pa.string()))
            self.edited[column] = _Edited(cells)
        return self.edited[column]

    def text_at(self, column: Column, row: int) -> str:
        return self._column(column).at(row)[0]

    def number_at(self, column: Column, row: int) -> IdNumber | None:
        text, number = self._column(column).at(row)
        return classify_cell(text, number=number)[0]

    def exchange(self, one: Column, other: Column, row: int) -> None:
        first, second = self._column(one), self._column(other)
        first.changed[row], second.changed[row] = second.at(row), first.at(row)

    def write(self, column: Column, row: int, text: str) -> None:
        self._column(column).changed[row] = (text, False)
