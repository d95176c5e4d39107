"""The backend (`ENGINE = "baoxue.platform.database"`).

A middleware cannot do this: with ATOMIC_REQUESTS the transaction begins after the middlewares have run. The setting is
local to its transaction, so no pooled connection carries it to the next one.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from baoxue.platform.scope import NOTHING, Scope, current


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL with row-level security by scope."""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        scope = current()
        if not autocommit and scope is not None:
            _set_config(self, scope.as_settings())


def tell(scope: Scope | None) -> None:
    """Put a scope in force inside the transaction that is open; nothing to do outside of one.

    A transaction that failed takes no more commands: its settings end with it.
    """
    if not connection.in_atomic_block or connection.connection is None or connection.needs_rollback:
        return
    if connection.connection.info.transaction_status != TransactionStatus.INERROR:
        _set_config(connection, NOTHING if scope is None else scope.as_settings())


def _set_config(wrapper: Any, settings: dict[str, str]) -> None:
    calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    values: list[Any] = [part for pair in settings.items() for part in pair]
    with wrapper.connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", values)
