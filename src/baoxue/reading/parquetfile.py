"""Parquet files as one sheet, read row group by row group so that any size fits in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from baoxue.reading.cells import Batch, Cells, MergedRange, Opened, Piece, cells_of_arrow
from baoxue.reading.errors import FileDamaged, shown

SAMPLE_LINES = 3_000
# A row group larger than this is read through in pieces; a smaller one column by column as needed.
LARGE_GROUP = 1 << 20
PIECE_LINES = 1 << 18


class ParquetSheet:
    """The one table of a parquet file. Its names stand in no line: line 1 is the first row."""

    def __init__(self, path: Path) -> None:
        self.name: str | None = None
        self.merged: Sequence[MergedRange] = ()
        self._path = path
        self._local = threading.local()
        self._schema = self._file().schema_arrow
        self._names = list(self._schema.names)

    @property
    def top(self) -> list[list[str]]:
        return [self._names]

    def sample(self, after: int) -> list[Cells]:
        batch = next(self._file().iter_batches(batch_size=SAMPLE_LINES), None)
        if batch is None:
            return [Cells(pa.array([], pa.string())) for _ in self._names]
        return [cells_of_arrow(column) for column in batch.columns]

    def first_line(self, after: int) -> int:
        return after + 1

    def pieces(self, after: int, wanted: frozenset[int]) -> Iterator[Piece]:
        metadata = self._file().metadata
        for group in range(metadata.num_row_groups):
            count = metadata.row_group(group).num_rows
            if count > LARGE_GROUP:
                yield from self._pieces_of_large(group, sorted(wanted))
            elif count:
                yield partial(Batch, count, len(self._names), _GroupLoader(self, group))

    def _pieces_of_large(self, group: int, wanted: list[int]) -> Iterator[Piece]:
        names = [self._names[index] for index in wanted]
        pieces = self._file().iter_batches(batch_size=PIECE_LINES, row_groups=[group], columns=names)
        for number, piece in enumerate(pieces):
            made = {index: cells_of_arrow(piece.column(self._names[index])) for index in wanted}
            yield partial(Batch, piece.num_rows, len(self._names), _PieceLoader(self, group, number, made))

    def column_of_group(self, group: int, column: int) -> Cells:
        """One column of one row group."""
        table = self._file().read_row_group(group, columns=[self._names[column]], use_threads=False)
        return cells_of_arrow(table.column(0))

    def column_of_piece(self, group: int, number: int, column: int) -> Cells:
        """One column of one piece of a large row group, which is read up to there."""
        name = self._names[column]
        pieces = self._file().iter_batches(batch_size=PIECE_LINES, row_groups=[group], columns=[name])
        return cells_of_arrow(next(piece for place, piece in enumerate(pieces) if place == number).column(0))

    def _file(self) -> pq.ParquetFile:
        # A reader is not safe to share between threads.
        if not hasattr(self._local, "file"):
            self._local.file = pq.ParquetFile(self._path)
        opened: pq.ParquetFile = self._local.file
        return opened


class _GroupLoader:
    def __init__(self, sheet: ParquetSheet, group: int) -> None:
        self._sheet, self._group = sheet, group
        self._made: dict[int, Cells] = {}

    def __call__(self, column: int) -> Cells:
        if column not in self._made:
            self._made[column] = self._sheet.column_of_group(self._group, column)
        return self._made[column]


class _PieceLoader:
    def __init__(self, sheet: ParquetSheet, group: int, number: int, made: dict[int, Cells]) -> None:
        self._sheet, self._group, self._number, self._made = sheet, group, number, made

    def __call__(self, column: int) -> Cells:
        if column not in self._made:
            self._made[column] = self._sheet.column_of_piece(self._group, self._number, column)
        return self._made[column]


def open_parquet(path: Path) -> Opened:
    """Open a parquet file. Raises FileDamaged when it is cut short or is none."""
    try:
        return Opened(sheets=[ParquetSheet(path)])
    except (pa.ArrowException, OSError) as error:
        raise FileDamaged(f"{shown(path)} 不完整或已损坏，请重新导出或重新拷贝。") from error
