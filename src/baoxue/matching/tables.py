"""Putting rows that Python made into tables of the connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa


def put(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table | dict[str, Any]) -> None:
    """Make (or make anew) the table `name` of an Arrow table or of columns (NumPy arrays)."""
    connection.register("incoming", rows)
    connection.execute(f"create or replace table {name} as select * from incoming")
    connection.unregister("incoming")


def arrow(schema: pa.Schema, rows: Sequence[Sequence[object]]) -> pa.Table:
    """An Arrow table of rows of values; members of enumerations become their codes."""
    columns: Sequence[Sequence[object]] = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [
        pa.array([None if v is None else str(v) for v in column] if pa.types.is_string(kind) else column, type=kind)
        for column, kind in zip(columns, schema.types, strict=True)
    ]
    return pa.table(arrays, schema=schema)
