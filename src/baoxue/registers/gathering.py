"""A county's register put together from its last snapshot and what schools brought since."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baoxue.policy.registers import Column

_CODE, _NAME = Column.SCHOOL_CODE.value, Column.SCHOOL_NAME.value


def gather(base: Path | None, brought: Sequence[tuple[str, str, Path]], out: Path) -> int:
    """Write the canonical file; gives its number of rows.

    `brought`: (code, name, canonical file) of each school, whose rows take the place of all that `base` has of it. Rows
    are numbered anew from 1; their sheet is the school they came from.
    """
    parts = [] if base is None else [_without(pq.read_table(base), [(code, name) for code, name, _ in brought])]
    parts += [_from(pq.read_table(path), name) for _, name, path in brought]
    rows = pa.concat_tables(parts)
    numbers = pa.array(range(1, rows.num_rows + 1), pa.int32())
    rows = rows.set_column(0, rows.schema.field("row"), numbers)
    pq.write_table(rows, out, compression="lz4")
    return int(rows.num_rows)


def _without(rows: pa.Table, schools: Sequence[tuple[str, str]]) -> pa.Table:
    codes, names = (pa.array(values, pa.string()) for values in zip(*schools, strict=True))
    by_code = pc.fill_null(pc.is_in(rows[_CODE], value_set=codes), False)
    by_name = pc.and_(pc.is_null(rows[_CODE]), pc.fill_null(pc.is_in(rows[_NAME], value_set=names), False))
    return rows.filter(pc.invert(pc.or_(by_code, by_name)))


def _from(rows: pa.Table, school: str) -> pa.Table:
    place = rows.schema.get_field_index("sheet")
    return rows.set_column(place, rows.schema.field("sheet"), pa.array([school] * rows.num_rows, pa.string()))
