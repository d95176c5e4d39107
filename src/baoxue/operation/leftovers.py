"""Kept files that nothing refers to: what a process left that was killed between keeping a file and noting it down."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import apps
from django.db import connection, models, transaction

from baoxue.platform import storage
from baoxue.platform.scope import EVERYWHERE, acting_as

# Work that keeps a file notes it down within hours.
LEFT_AFTER = timedelta(days=7)
_NAME = "[a-z_-]+/[0-9a-f]{32}"
_SHORTEST = 34


def forget_leftovers(*, now: datetime) -> int:
    """Remove kept files that no row names and that are a week old; gives their number.

    Every column that can hold a name is looked at, whatever table it is in: a file too many does no harm, one too few would.
    For the same reason nothing is removed where no row names any file at all.
    """
    kept = storage.names()
    if not kept:
        return 0
    named = _named()
    old = (now - LEFT_AFTER).timestamp()
    left = [name for name in kept if name not in named and (storage.folder() / name).stat().st_mtime < old]
    if not named:
        return 0
    for name in left:
        storage.forget(name)
    return len(left)


def _named() -> set[str]:
    with acting_as(EVERYWHERE), transaction.atomic(), connection.cursor() as cursor:
        found: set[str] = set()
        for model in apps.get_models():
            for column in _columns(model):
                cursor.execute(
                    f'SELECT DISTINCT (regexp_matches("{column}"::text, %s, \'g\'))[1] FROM "{model._meta.db_table}"',
                    [f"({_NAME})"],
                )
                found.update(row[0] for row in cursor.fetchall())
    return found


def _columns(model: type[models.Model]) -> list[str]:
    """The columns of a table that can hold the name of a kept file."""
    fields = [field for field in model._meta.get_fields() if isinstance(field, models.Field)]
    return [str(field.column) for field in fields if _can_hold(field)]


def _can_hold(field: models.Field) -> bool:  # type: ignore[type-arg]
    if isinstance(field, models.CharField):
        return field.max_length is None or field.max_length >= _SHORTEST
    return isinstance(field, models.TextField | models.JSONField)
