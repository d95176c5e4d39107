"""Exact numbers of very large registers, a province's or the nation's: pairs out of files larger than memory.

The part of the comparison that must work at any size; the residue is compared county by county.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from baoxue.reading.canonical import aside_of

PAIRS = pa.schema([pa.field("left_row", pa.int32(), nullable=False), pa.field("right_row", pa.int32(), nullable=False)])

Rows = NDArray[np.int32]

_BATCH = 1 << 20

# One row = one accepted row with a valid number. Numbers and names stand as hashes, a fifth of their size. The first
# 17 digits packed into an integer would serve as well, but parsing them takes longer than the join it shortens
# (docs/develop/benchmarks.md). Two numbers with one hash would still have to agree in name or birth date: over 160
# million rows a side the chance of one wrong pair is below one in ten thousand.
_NUMBERED = """
select row, hash(id_number) as number, hash(name) as name, birth_date
from read_parquet('{file}') where id_state = 'valid' and id_number is not null
"""

# One row = two rows with one number that does not contradict name and birth date at once.
_TIED = """
copy (
    select l.row as left_row, r.row as right_row
    from ({left}) l join ({right}) r using (number)
    where not coalesce(l.name <> r.name and l.birth_date <> r.birth_date, false)
) to '{out}' (format parquet, compression lz4_raw)
"""


def tie_exactly(
    left: Path, right: Path, out: Path, *, memory: str = "1500MB", threads: int | None = None, scratch: Path
) -> int:
    """Pair the rows of two canonical Parquet files that carry one valid number; returns how many pairs there are.

    Needs the columns row, name, birth_date, id_number, id_state. A number that contradicts name and birth date ties
    nothing; a row that could be tied to several of the other side (a number written into several rows) is left out
    with all its pairs. `out` gets the columns of PAIRS, one to one, in no particular order, and appears when it is
    whole. `memory` bounds the join (the process takes some 300 MB more); what does not fit goes to a folder in
    `scratch`, which needs about 60 bytes a row and is removed. `threads`: all processors when None.
    """
    with tempfile.TemporaryDirectory(prefix="baoxue-tie-", dir=scratch) as folder:
        tied, aside = Path(folder) / "tied.parquet", aside_of(out, os.getpid())
        most = _join(left, right, tied, memory=memory, threads=threads or os.cpu_count() or 1, spill=Path(folder))
        try:
            written = _one_to_one(tied, aside, most)
            aside.replace(out)
        finally:
            aside.unlink(missing_ok=True)
    return written


def _join(left: Path, right: Path, tied: Path, *, memory: str, threads: int, spill: Path) -> tuple[int, int]:
    """Write the tied pairs; returns the highest row of each side."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": threads,
        "temp_directory": str(spill / "spill"),
        "preserve_insertion_order": False,
    }
    with duckdb.connect(config=config) as connection:
        sides = [_NUMBERED.format(file=_quoted(file)) for file in (left, right)]
        connection.execute(_TIED.format(left=sides[0], right=sides[1], out=_quoted(tied)))
        highest = f"select coalesce(max(left_row), 0), coalesce(max(right_row), 0) from read_parquet('{_quoted(tied)}')"
        ((most_left, most_right),) = connection.execute(highest).fetchall()
    return most_left, most_right


def _quoted(file: Path) -> str:
    return str(file).replace("'", "''")


def _one_to_one(tied: Path, out: Path, most: tuple[int, int]) -> int:
    """Keep the pairs whose rows stand in no other pair; returns how many."""
    times_left, times_right = (_times(tied, side, rows) for side, rows in enumerate(most))
    written = 0
    with pq.ParquetWriter(out, PAIRS, compression="lz4", use_dictionary=False) as writer:
        for left, right in _batches(tied):
            alone = (times_left[left] == 1) & (times_right[right] == 1)
            writer.write_batch(pa.record_batch([left[alone], right[alone]], schema=PAIRS))
            written += int(np.count_nonzero(alone))
    return written


def _times(tied: Path, side: int, most: int) -> NDArray[Any]:
    """In how many pairs each row of a side stands, at its number.

    One byte a row while that holds: where a count ran over, the sum is not that of the pairs, and all is counted anew.
    """
    for width in (np.uint8, np.uint32):
        times = np.zeros(most + 1, dtype=width)
        pairs = 0
        for batch in _batches(tied):
            np.add.at(times, batch[side], width(1))
            pairs += len(batch[side])
        if int(times.sum(dtype=np.int64)) == pairs:
            break
    return times


def _batches(tied: Path) -> Iterator[tuple[Rows, Rows]]:
    with pq.ParquetFile(tied) as file:
        for batch in file.iter_batches(_BATCH):
            yield batch.column("left_row").to_numpy(), batch.column("right_row").to_numpy()
