"""The canonical file: its columns, their types, and how it is written."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from baoxue.policy.registers import Column
from baoxue.reading.errors import OutputFailed, shown

_TEXT = pa.string()
_SCHEMA = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("sheet", _TEXT),
        pa.field("line", pa.int32(), nullable=False),
        pa.field("name", _TEXT, nullable=False),
        pa.field("sex", _TEXT),
        pa.field("birth_date", pa.date32()),
        pa.field("birth_month", pa.int32()),
        pa.field("id_type", _TEXT),
        pa.field("id_number", _TEXT),
        pa.field("id_state", _TEXT),
        pa.field("student_number", _TEXT),
        pa.field("school_code", _TEXT),
        pa.field("school_name", _TEXT),
        pa.field("class_name", _TEXT),
        pa.field("grade", pa.int8()),
        pa.field("admission", pa.int32()),
        pa.field("student_status", _TEXT),
        pa.field("attendance", _TEXT),
        pa.field("absent_since", pa.date32()),
        pa.field("household_number", _TEXT),
        pa.field("head_name", _TEXT),
        pa.field("relation_to_head", _TEXT),
        pa.field("address", _TEXT),
        pa.field("region_code", _TEXT),
        pa.field("guardian_name", _TEXT),
        pa.field("guardian_id_number", _TEXT),
        pa.field("phone", _TEXT),
        pa.field("household_status", _TEXT),
        pa.field("household_type", _TEXT),
        pa.field("category", _TEXT),
        pa.field("migrant_child", pa.bool_()),
        pa.field("left_behind_child", pa.bool_()),
        pa.field("remark", _TEXT),
    ]
)
# Values that repeat: worth a dictionary in the file. The others would only be hashed in vain.
_REPEATING = (
    "sheet sex birth_date birth_month id_type id_state school_code school_name class_name grade admission "
    "student_status attendance absent_since relation_to_head region_code household_status household_type category"
)


def schema_of(columns: Collection[Column] | None) -> pa.Schema:
    """The full schema, or the narrow one: `row`, `id_state`, the chosen columns; a birth date brings its month."""
    if columns is None:
        return _SCHEMA
    chosen = {"row", "id_state", *(column.value for column in columns)}
    if Column.BIRTH_DATE in columns:
        chosen.add("birth_month")
    return pa.schema([field for field in _SCHEMA if field.name in chosen])


class CanonicalWriter:
    """Writes beside the wanted place and moves the whole file there at the end; nothing half done is left."""

    def __init__(self, out: Path, schema: pa.Schema) -> None:
        self._out = out
        self._aside = aside_of(out, os.getpid())
        self._schema = schema
        repeating = [name for name in _REPEATING.split() if name in schema.names]
        with _refused(out):
            self._writer = pq.ParquetWriter(self._aside, schema, compression="lz4", use_dictionary=repeating)

    def write(self, table: pa.Table) -> None:
        """Add rows."""
        if not table.num_rows:
            return
        with _refused(self._out):
            self._writer.write_table(table, row_group_size=max(1, table.num_rows))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with _refused(self._out):
                self._writer.close()
                if kind is None:
                    self._aside.replace(self._out)
        finally:
            self._aside.unlink(missing_ok=True)


@contextmanager
def _refused(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputFailed(f"写不出读取结果 {shown(out)}（{error.strerror}），请检查磁盘空间和权限。") from error


def aside_of(out: Path, pid: int) -> Path:
    """Where the process `pid` writes before it moves the file to `out`."""
    return out.with_name(f".{out.name}.{pid}.part")
