"""Registers as Parquet files, under the canonical headers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.synth.kinds import Cell, Frame, Objects
from baoxue.synth.writing.paper import Paper

_DATED = (Register.HOUSEHOLD, Register.POVERTY, Register.ELSEWHERE)


@contextmanager
def parquet_paper(path: Path, register: Register) -> Iterator[Paper]:
    """A Parquet file; dates are dates where a system wrote them, text where people did, all else is text."""
    schema = pa.schema([(COLUMNS[register][column].header, _type(register, column)) for column in COLUMNS[register]])
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:
        yield _Parquet(writer, schema, register)


def _type(register: Register, column: Column) -> pa.DataType:
    return pa.date32() if column is Column.BIRTH_DATE and register in _DATED else pa.string()


class _Parquet:
    def __init__(self, writer: pyarrow.parquet.ParquetWriter, schema: pa.Schema, register: Register) -> None:
        self._writer = writer
        self._schema = schema
        self._register = register

    def add(self, frame: Frame) -> None:
        arrays = [_array(frame.columns[column], column) for column in COLUMNS[self._register]]
        self._writer.write_table(pa.table(arrays, schema=self._schema))


def _array(values: Objects, column: Column) -> pa.Array:
    if values.dtype.kind == "M":
        return pa.array(values)
    if column in (Column.BIRTH_DATE, Column.ABSENT_SINCE):
        return pa.array([as_text(value) for value in values], pa.string())
    return pa.array(values, pa.string())


def as_text(cell: Cell) -> str | None:
    """A cell as a file without types holds it."""
    if isinstance(cell, date):
        return cell.isoformat()
    return None if cell is None else str(cell)
