"""Registers as CSV files, as systems and spreadsheets save them: GB18030, or UTF-8 with a mark."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import numpy as np

from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.synth.kinds import Frame, objects, stream
from baoxue.synth.writing.headers import write_headers
from baoxue.synth.writing.paper import Paper
from baoxue.synth.writing.parquetfile import as_text

_ENCODINGS = ("gb18030", "utf-8-sig", "utf-8")
_ENCODING_SHARES = (0.5, 0.35, 0.15)
# A tab behind long numbers keeps a spreadsheet from cutting them short; many systems write it.
_TAB_BEHIND_NUMBERS = 0.3
_LONG_NUMBERS = (Column.ID_NUMBER, Column.STUDENT_NUMBER, Column.GUARDIAN_ID_NUMBER)


@contextmanager
def csv_paper(path: Path, register: Register, seed: int) -> Iterator[Paper]:
    """A CSV file in an encoding and with headers drawn for the register and seed."""
    rng = stream(seed, "csv", register)
    encoding = _ENCODINGS[int(rng.choice(len(_ENCODINGS), p=_ENCODING_SHARES))]
    with path.open("w", encoding=encoding, newline="") as file:
        yield _Csv(file, register, write_headers(register, rng), tab=rng.random() < _TAB_BEHIND_NUMBERS)


class _Csv:
    def __init__(self, file: TextIO, register: Register, headers: list[str], *, tab: bool) -> None:
        self._writer = csv.writer(file, lineterminator="\r\n")
        self._register = register
        self._tab = tab
        self._writer.writerow(headers)

    def add(self, frame: Frame) -> None:
        columns = [self._texts(frame, column) for column in COLUMNS[self._register]]
        self._writer.writerows(zip(*columns, strict=True))

    def _texts(self, frame: Frame, column: Column) -> list[str | None]:
        values = frame.columns[column]
        if values.dtype.kind == "M":
            values = objects(None if np.isnat(value) else value.astype(object) for value in values)
        if self._tab and column in _LONG_NUMBERS:
            return [None if value is None else f"{value}\t" for value in values]
        return [as_text(value) for value in values]
