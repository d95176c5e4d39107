"""Cells as they stand in a file: columns of text, with a note of which cells held a number.

Everything behind this module sees the same thing whatever the format was: a batch of lines, each column an Arrow
array of strings (null or empty where the cell is empty).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]
Lines = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Cells:
    """One column of a batch. `number` marks cells the file holds as numbers; None when there are none."""

    text: pa.StringArray
    number: Mask | None = None

    def take(self, indices: npt.NDArray[np.intp]) -> Cells:
        """The cells at these places."""
        number = None if self.number is None else self.number[indices]
        return Cells(self.text.take(pa.array(indices)), number)


@dataclass(slots=True)
class Batch:
    """`size` consecutive lines of a sheet, `width` cells each.

    `load` gives a column by its place; `filled` the same with merged cells filled in, where it differs. `beyond`:
    what stands right of the last column, by line, where anything does. `first_line` numbers the first line as the
    program that opened the file shows it; whoever puts the batches in order sets it.
    """

    size: int
    width: int
    load: Callable[[int], Cells]
    filled: dict[int, Cells] = field(default_factory=dict)
    beyond: Mapping[int, Sequence[str]] = field(default_factory=dict)
    first_line: int = 0

    def __len__(self) -> int:
        return self.size

    @property
    def line(self) -> Lines:
        """The number of every line."""
        return np.arange(self.first_line, self.first_line + self.size, dtype=np.int32)

    def value(self, column: int) -> Cells:
        """A column with merged cells filled in."""
        return self.filled.get(column) or self.load(column)


Piece = Callable[[], Batch]


@dataclass(frozen=True, slots=True)
class MergedRange:
    """Zero-based corners, both included; `top` counts lines of the sheet."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(Protocol):
    """One table of a file: a worksheet, or the whole of a csv or parquet file."""

    name: str | None
    merged: Sequence[MergedRange]

    @property
    def top(self) -> list[list[str]]:
        """The first lines as text, for finding the header; row i of it is line i of the sheet."""

    def sample(self, after: int) -> list[Cells]:
        """Every column of the first some thousand lines below line `after` (-1: from the first)."""

    def first_line(self, after: int) -> int:
        """The number of the first line below line `after`."""

    def pieces(self, after: int, wanted: frozenset[int]) -> Iterator[Piece]:
        """All lines below line `after`, in order, in pieces that may be read by any thread.

        `wanted`: columns that will surely be loaded.
        """


@dataclass(slots=True)
class Opened:
    """A file opened: its sheets in order, and what was found on the way. `left_out`: sheet name and why."""

    sheets: Sequence[Sheet]
    left_out: list[tuple[str, str]] = field(default_factory=list)
    encoding: str | None = None
    warnings: list[str] = field(default_factory=list)
    date_1904: bool = False


def text_of_number(value: float) -> str:
    """A number as a person would have typed it: no exponent, no `.0`.

    The shortest text that reads back as the same number: an 18-digit number typed into a cell ends in zeros here,
    as it does on the screen, not in the digits of its binary neighbour.
    """
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_of(value: object) -> str:
    """A workbook cell as text; dates in ISO form, with the time only where there is one."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return text_of_number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def cells_of(values: Sequence[Any]) -> Cells:
    """A column of workbook cells."""
    try:
        return Cells(pa.array(values, type=pa.string()))
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        pass  # something else than text among them
    number = np.fromiter((type(v) is float or type(v) is int for v in values), dtype=np.bool_, count=len(values))
    text = pa.array([_encodable(text_of(v)) for v in values], type=pa.string())
    return Cells(text, number if number.any() else None)


def _encodable(text: str) -> str:
    # A workbook can hold half of a surrogate pair, which no UTF-8 file can.
    return text.encode("utf-8", "replace").decode("utf-8")


def cells_of_arrow(column: pa.ChunkedArray | pa.Array) -> Cells:
    """A column of a parquet file, whatever its type."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_string(kind):
        return Cells(array)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return Cells(array.cast(pa.string()))
    if pa.types.is_null(kind):
        return Cells(pa.nulls(len(array), pa.string()))
    if pa.types.is_boolean(kind):
        return Cells(pc.if_else(array, pa.scalar("是"), pa.scalar("否")))
    if pa.types.is_date(kind):
        return Cells(array.cast(pa.date32()).cast(pa.string()))
    if pa.types.is_integer(kind):
        return Cells(array.cast(pa.string()), np.ones(len(array), dtype=np.bool_))
    return cells_of([_plain(v) for v in array.to_pylist()])


def _plain(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value


def text_list(cells: Cells) -> list[str]:
    """The texts, empty for null."""
    return [value or "" for value in cells.text.to_pylist()]
