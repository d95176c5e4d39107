"""What lies in the database, counted and summed, so that two databases can be compared."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its rows, a sum over all their values that does not depend on their order, and who may do what.

    `rights`: as PostgreSQL writes them, so that a record which may only be added to stays so. `walled`: row-level security.
    """

    rows: int
    checksum: str
    rights: list[str]
    walled: bool

    def to_json(self) -> dict[str, Any]:
        """For the manifest of a backup."""
        return asdict(self)


# Values are written as text to be summed: the same way on every server.
_SETTINGS = """
    SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL bytea_output = 'hex';
    SET LOCAL extra_float_digits = 1
"""
_TABLES = """
    SELECT relname, relrowsecurity,
           coalesce((SELECT array_agg(item::text ORDER BY item::text) FROM unnest(relacl) AS item), '{}')
    FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
_SUM = """
    SELECT count(*),
           coalesce(sum(('x' || encode(substring(sha256(convert_to(t::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint::numeric), 0)
    FROM public.{} AS t
"""


def tables(connection: psycopg.Connection[Any]) -> dict[str, Table]:
    """Every table of the system, as the owner sees it, in the transaction that is open."""
    connection.execute(_SETTINGS)
    found = {}
    for name, walled, rights in connection.execute(_TABLES).fetchall():
        row = connection.execute(sql.SQL(_SUM).format(sql.Identifier(name))).fetchone()
        assert row is not None
        found[name] = Table(row[0], str(row[1]), list(rights), walled)
    return found


def sequences(connection: psycopg.Connection[Any]) -> dict[str, int | None]:
    """Where every counter stands; None = not used yet."""
    rows = connection.execute(
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
    ).fetchall()
    return dict(rows)


def differences(expected: dict[str, Table], found: dict[str, Table]) -> list[str]:
    """Names of the tables that are not the same."""
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
