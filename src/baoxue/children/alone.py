"""Who changes which records of a county are which child comes one after the other: builds, merges, splits."""

from __future__ import annotations

from django.db import connection

from baoxue.jurisdictions.models import Jurisdiction


def alone_in(county: Jurisdiction) -> None:
    """Wait for whoever is at work on the records of a county; the others wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('children.build'), %s)", [county.pk])
