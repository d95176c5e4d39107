"""Rows of a register file as they stand in it: to be given back to whoever has to correct them.

Only what would be lost when a few rows stand in a file of their own is written out: a header that was recognised by the
content of its column, what the sheet says once for all its rows, days whose order of day and month the whole column told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.policy.writtenforms import fold
from baoxue.reading.cells import Batch, Cells, Sheet, text_list
from baoxue.reading.dates import read_date
from baoxue.reading.headers import find_header
from baoxue.reading.make import Plan
from baoxue.reading.report import Recognised
from baoxue.reading.values import Value, unwrap

HEADER_ROW = 0
"""The `row` of a sheet's header line; data rows are numbered from 1 through the whole file."""

AS_WRITTEN = pa.schema(
    [
        pa.field("sheet", pa.string()),
        pa.field("row", pa.int32(), nullable=False),
        pa.field("line", pa.int32(), nullable=False),
        pa.field("cells", pa.list_(pa.string()), nullable=False),
        # Places of cells that hold a number in the file. They stay numbers: a long one has lost digits, and as a text it
        # would be believed.
        pa.field("numbers", pa.list_(pa.int32()), nullable=False),
    ]
)
"""One row a line of the file; cells right of the header's come last."""

Choice = tuple[Batch, npt.NDArray[np.intp], npt.NDArray[np.int32]]


def header_as_written(sheet: Sheet, plan: Plan, register: Register) -> pa.Table:
    """The header as one line."""
    found = find_header(sheet.top, sheet.merged, register)
    names = [] if found is None else list(found.names)
    places = plan.layout.places
    names += [""] * (max(place.index for place in places.values()) + 1 - len(names))
    for column, place in places.items():
        if place.recognised is Recognised.CONTENT and column in COLUMNS[register]:
            names[place.index] = column.label(register)
    names += [column.label(register) for column in plan.constants]
    return _table(plan.sheet, [(HEADER_ROW, max(plan.layout.last_header_line, 0) + 1, names, [])])


def rows_as_written(choices: Iterator[Choice], plan: Plan, width: int) -> Iterator[pa.Table]:
    """Chosen rows of a sheet whose header has `width` cells, what the sheet says once among them."""
    said_once = [_text(column, value) for column, value in plan.constants.items()]
    for batch, places, numbers in choices:
        columns = [_column(batch, plan, place, places) for place in range(min(batch.width, width - len(said_once)))]
        texts = list(zip(*(text_list(cells) for cells in columns), strict=True))
        missing = [""] * (width - len(said_once) - len(columns))
        rows = []
        for i, (place, number) in enumerate(zip(places.tolist(), numbers.tolist(), strict=True)):
            held = [at for at, cells in enumerate(columns) if cells.number is not None and cells.number[i]]
            cells = [*texts[i], *missing, *said_once, *batch.beyond.get(place, ())]
            rows.append((number, int(batch.line[place]), cells, held))
        yield _table(plan.sheet, rows)


def _table(sheet: str | None, rows: Sequence[tuple[int, int, list[str], list[int]]]) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    return pa.table([[sheet] * len(rows), *map(list, columns)], schema=AS_WRITTEN)


def _column(batch: Batch, plan: Plan, index: int, places: npt.NDArray[np.intp]) -> Cells:
    cells = batch.value(index).take(places)
    column = next(
        (c for c in plan.day_orders if c in plan.layout.places and plan.layout.places[c].index == index), None
    )
    if column is None:
        return cells
    number = np.zeros(len(places), np.bool_) if cells.number is None else cells.number.copy()
    texts = text_list(cells)
    for i, text in enumerate(texts):
        plain, _ = unwrap(text)
        found = read_date(plain, number=bool(number[i]), order=plan.day_orders[column], date_1904=plan.date_1904)
        if fold(plain) and found.day is not None:
            texts[i], number[i] = found.day.isoformat(), False
    return Cells(pa.array(texts, pa.string()), number)


def _text(column: Column, value: Value) -> str:
    if column is Column.CATEGORY:
        return "、".join(SpecialGroup(code).label for code in str(value.content).split(";"))
    return str(value.content)
