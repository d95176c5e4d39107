"""Acting as the owner of the database: for migrations, backups and restores, never in web or worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from baoxue.platform.settings import database


@contextmanager
def as_owner(url: str) -> Iterator[None]:
    """Let Django's connection be the owner's for a while. Nothing else may use it meanwhile."""
    before = dict(connection.settings_dict)
    _close()
    connection.settings_dict.update(database(url))
    connection.settings_dict["OPTIONS"].pop("pool")
    try:
        yield
    finally:
        _close()
        connection.settings_dict.update(before)


def migrate(url: str) -> int:
    """Bring the tables to the state the program expects; gives the number of migrations applied."""
    with as_owner(url):
        waiting = len(unapplied())
        if waiting:
            call_command("migrate", verbosity=0, interactive=False, stdout=StringIO())
    return waiting


def unapplied() -> list[str]:
    """Names of the migrations the database still lacks."""
    executor = MigrationExecutor(connections["default"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _close() -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
