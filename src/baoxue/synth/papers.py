"""Files: how a register gets from the generator to paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.synth.kinds import Frame
from baoxue.synth.world import World


class Paper(Protocol):
    """A register file that is being written."""

    def add(self, frame: Frame) -> None:
        """Write the next rows."""


@contextmanager
def open_paper(path: Path, register: Register, world: World, format: str) -> Iterator[Paper]:
    """Open a register file for writing."""
    with parquet_paper(path, register) as paper:
        yield paper


class _Parquet:
    def __init__(self, writer: pyarrow.parquet.ParquetWriter, register: Register) -> None:
        self._writer = writer
        self._register = register

    def add(self, frame: Frame) -> None:
        arrays = [_arrow(frame.columns[column]) for column in COLUMNS[self._register]]
        self._writer.write_table(pa.table(arrays, schema=_schema(self._register)))


def _arrow(values: np.ndarray) -> pa.Array:
    return pa.array(values) if values.dtype.kind == "M" else pa.array(values, pa.string())


def _schema(register: Register) -> pa.Schema:
    days = (Column.BIRTH_DATE, Column.ABSENT_SINCE)
    return pa.schema(
        [
            (spec.header, pa.date32() if column in days else pa.string())
            for column, spec in COLUMNS[register].items()
        ]
    )


@contextmanager
def parquet_paper(path: Path, register: Register) -> Iterator[Paper]:
    """A Parquet file under the canonical headers."""
    with pyarrow.parquet.ParquetWriter(path, _schema(register)) as writer:
        yield _Parquet(writer, register)
