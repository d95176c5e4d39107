"""Many rows of a worksheet, fast: the database writes their XML into a workbook made beforehand.

Writing cell by cell in Python takes five times as long. All the rest of the workbook is made with xlsxwriter;
the first row of data stands in it as blank cells that carry the styles, and gives way to the rows.
Source of the form: ECMA-376 part 1, 18.3.1.4 (c), 18.3.1.53 (is), 22.9.2.19 (ST_Xstring: `_x005F_`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import duckdb
import numpy as np
import pyarrow as pa
from xlsxwriter.utility import xl_col_to_name

from baoxue.matching.output.ledger_columns import Kind

_BATCH = 10_000
_MAX_TEXT = 32_767
"""Characters a cell holds; Excel calls a workbook with more in one cell damaged."""

_LEVEL = 3
"""Of deflate: level 6 takes twice the time for 8 % less (measured on a ledger of 55,000 rows)."""

_MANY = 500_000
"""Rows from which on the XML of a sheet may pass 2 GB, where a zip needs its 64-bit form."""

_START = (1980, 1, 1, 0, 0, 0)
"""Date of every part: the same input must give the same bytes."""


@dataclass(frozen=True, slots=True)
class SheetRows:
    """Rows for a sheet: `select` gives them with their `position` from 1; `cells`: (column, value, kind)."""

    first_row: int
    count: int
    select: str
    cells: Sequence[tuple[int, str, Kind]]


def fill(
    connection: duckdb.DuckDBPyConnection, skeleton: Path, workbook: Path, sheets: Mapping[str, SheetRows]
) -> None:
    """Copy the workbook `skeleton` to `workbook` and put rows into its parts `xl/worksheets/sheetN.xml`."""
    with ZipFile(skeleton) as source, ZipFile(workbook, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as target:
        for name in source.namelist():
            part = ZipInfo(name, _START)
            part.compress_type = ZIP_DEFLATED
            rows = sheets.get(name)
            with target.open(part, "w", force_zip64=rows is not None and rows.count > _MANY) as file:
                content = source.read(name)
                if rows is None:
                    file.write(content)
                    continue
                head, styles, tail = _opened(content.decode(), rows.first_row)
                file.write(head.encode())
                for chunk in _written(connection, rows, styles):
                    file.write(chunk)
                file.write(tail.encode())


def _opened(sheet: str, row: int) -> tuple[str, dict[int, str], str]:
    """What stands before and after the row of blank cells, and the style of each column in it."""
    found = re.search(rf'<row r="{row}".*?</row>', sheet, re.DOTALL)
    assert found, "the skeleton has a row of blank cells"
    styles = re.findall(rf'<c r="[A-Z]+{row}" s="(\d+)"', found[0])
    return sheet[: found.start()], dict(enumerate(styles)), sheet[found.end() :]


def _written(connection: duckdb.DuckDBPyConnection, rows: SheetRows, styles: dict[int, str]) -> Iterator[memoryview]:
    cells = ", ".join(_cell(xl_col_to_name(at), styles[at], value, kind) for at, value, kind in rows.cells)
    numbered = f"SELECT *, (position + {rows.first_row - 1})::VARCHAR AS r FROM ({rows.select})"
    # In pieces, so that only a piece is sorted and held at a time: the XML of a row is ten times its values.
    for after in range(0, rows.count, _BATCH):
        select = f"""
            SELECT concat('<row r="', r, '">', {cells}, '</row>') AS xml
            FROM ({numbered}) WHERE position > {after} AND position <= {after + _BATCH}
            ORDER BY position
        """
        for batch in connection.sql(select).to_arrow_reader(_BATCH):
            yield _text_of(batch.column(0))


def _text_of(column: pa.Array) -> memoryview:
    """All the texts of a column without nulls, one after the other, as they already lie in memory."""
    _, offsets, data = column.buffers()
    width = np.int32 if pa.types.is_string(column.type) else np.int64
    ends = np.frombuffer(offsets, dtype=width)
    return memoryview(data)[ends[column.offset] : ends[column.offset + len(column)]]


def _cell(letters: str, style: str, value: str, kind: Kind) -> str:
    """SQL of one cell's XML; NULL, which `concat` leaves out, when there is nothing to write."""
    start = f'\'<c r="{letters}\' || r || \'" s="{style}"'
    if kind in (Kind.TEXT, Kind.NAME):
        text = _escaped(f"nullif(left({value}::VARCHAR, {_MAX_TEXT}), '')")
        return f"""{start} t="inlineStr"><is><t xml:space="preserve">' || {text} || '</t></is></c>'"""
    number = f"({value} - DATE '1899-12-30')" if kind is Kind.DATE else value
    return f"{start}><v>' || {number} || '</v></c>'"


def _escaped(text: str) -> str:
    """SQL of a text as XML may hold it: without the characters XML forbids; `_x0041_` does not become `A`."""
    harmless = f"replace(replace(replace({text}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
    forbidden = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
    cleaned = f"regexp_replace({harmless}, '{forbidden}', '', 'g')"
    thorough = f"regexp_replace({cleaned}, '_(x[0-9A-Fa-f]{{4}}_)', '_x005F_\\1', 'g')"
    # Few texts need them, and two replacements in every cell would cost more than all the rest.
    return f"CASE WHEN regexp_matches({text}, '{forbidden}|_x') THEN {thorough} ELSE {harmless} END"
