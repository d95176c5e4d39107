"""What is there: snapshots in force, imports on their way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import storage
from baoxue.platform.actor import Actor
from baoxue.policy.registers import Register
from baoxue.registers.models import Snapshot


def latest_snapshots(county: Jurisdiction, *, as_of: date, by: Actor) -> dict[Register, Snapshot]:
    """The newest snapshot of each register of a whole county that speaks of `as_of` or an earlier day."""
    newest = (
        Snapshot.objects.visible_to(by)
        .filter(county=county, place_path=county.path, as_of__lte=as_of)
        .order_by("register", "-as_of", "-created_at")
        .distinct("register")
    )
    return {Register(snapshot.register): snapshot for snapshot in newest}


def last_snapshot(place_path: str, register: Register, *, as_of: date) -> Snapshot | None:
    """The snapshot a new file of this place and day is compared with."""
    return (
        Snapshot.objects.filter(place_path=place_path, register=register.value, as_of__lte=as_of)
        .order_by("-as_of", "-created_at")
        .first()
    )


@contextmanager
def opened_snapshot(snapshot: Snapshot) -> Iterator[Path]:
    """A snapshot as a plain canonical Parquet file (`reading.canonical`) in a private folder, removed afterwards."""
    with storage.opened(snapshot.file, suffix=".parquet") as path:
        yield path
