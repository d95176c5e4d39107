"""Putting many new rows into a table at once, ten times as fast as the framework's own way.

PostgreSQL takes no COPY into a table with row-level security from who does not own it: the rows go into a temporary table,
and from there through the wall.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert(rows: Sequence[models.Model]) -> int:
    """Insert rows of one model, whose keys the database makes; gives their number. Needs an open transaction."""
    if not rows:
        return 0
    meta = rows[0]._meta
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")
        with cursor.copy(f"COPY incoming ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([_value(field, row) for field in fields])
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM incoming")
        inserted = int(cursor.rowcount)
        cursor.execute("DROP TABLE incoming")
    return inserted


def _value(field: Any, row: models.Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
