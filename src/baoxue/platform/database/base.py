"""The backend (`ENGINE = "baoxue.platform.database"`).

A middleware cannot do this: with ATOMIC_REQUESTS the transaction begins after the middlewares have run. The setting is
local to its transaction, so no pooled connection carries it to the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from baoxue.platform.scope import NOTHING, Scope, current


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL with row-level security by scope."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(_in_a_transaction)

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        scope = current()
        if not autocommit and scope is not None:
            _set_config(self, scope.as_settings())


def _in_a_transaction(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Give a command outside of any transaction one of its own: without one it would have no scope, and see no row.

    Jobs live outside of transactions; that a query of theirs finds nothing must never be for want of a scope.
    """
    wrapper = context["connection"]
    if current() is None or wrapper.in_atomic_block or not wrapper.get_autocommit():
        return execute(sql, params, many, context)
    with transaction.atomic(using=wrapper.alias):
        return execute(sql, params, many, context)


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
