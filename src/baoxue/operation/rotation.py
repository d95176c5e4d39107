"""Changing the key: every protected value and every kept file is written anew under the active key.

It can be broken off at any moment and begun again: what is done is known by the number that each sealed value carries.
The system may be at work meanwhile: old keys stay in the key file, and whoever opens a value finds its key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from django.apps import apps
from django.db import connection, models, transaction

from baoxue.platform import storage
from baoxue.platform.crypto import KEY_AT, keyring
from baoxue.platform.fields import ProtectedTextField
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.progress import Progress, silent

_BATCH = 500


def protected_fields() -> Iterator[ProtectedTextField]:
    """Every field whose values lie sealed in the database."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ProtectedTextField):
                yield field


def rotate(*, progress: Progress = silent) -> dict[str, int]:
    """Seal anew what lies under older keys; gives the numbers of values and files that were."""
    done = {"values": 0, "files": 0}
    with acting_as(EVERYWHERE):
        for field in protected_fields():
            while count := _some(field):
                done["values"] += count
                progress(f"重新加密 {field.place}", done["values"])
    for name in storage.names():
        # A file may be given up between the listing and its turn.
        with suppress(FileNotFoundError):
            done["files"] += storage.seal_anew(name)
        progress("重新加密文件", done["files"])
    return done


def _some(field: ProtectedTextField) -> int:
    """One batch of one column, in one transaction; 0 when nothing is left."""
    ring, place = keyring(), field.place
    table, column = field.model._meta.db_table, field.column
    key = _key_of(field.model)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{key}", "{column}" FROM "{table}"'
            f' WHERE length("{column}") > 1 AND get_byte("{column}", {KEY_AT}) <> %s LIMIT {_BATCH} FOR UPDATE',
            [ring.active],
        )
        rows = [(pk, ring.seal(ring.open(bytes(sealed), place=place), place=place)) for pk, sealed in cursor.fetchall()]
        if rows:
            cursor.execute(
                f'UPDATE "{table}" SET "{column}" = anew.sealed'
                f" FROM (SELECT unnest(%s::text[]) AS pk, unnest(%s::bytea[]) AS sealed) AS anew"
                f' WHERE "{key}"::text = anew.pk',
                [[str(pk) for pk, _sealed in rows], [sealed for _pk, sealed in rows]],
            )
    return len(rows)


def _key_of(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)
