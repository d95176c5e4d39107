"""Kept files that nothing refers to go after a week; no other file ever goes."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.system.places import NOW, Places, make_places

from baoxue.operation.leftovers import LEFT_AFTER, forget_leftovers
from baoxue.platform import storage
from baoxue.platform.models import Job
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.registers.models import Import, Snapshot

pytestmark = pytest.mark.django_db
OLD = NOW - LEFT_AFTER - timedelta(hours=1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def places() -> Places:
    return make_places()


def _kept(at: Any = OLD) -> str:
    name = storage.keep(io.BytesIO(b"rows"), kind="snapshots")[0]
    os.utime(storage.folder() / name, times=(at.timestamp(), at.timestamp()))
    return name


def _snapshot(places: Places, file: str) -> Snapshot:
    with acting_as(EVERYWHERE):
        return Snapshot.objects.create(
            county=places.county, place_path=places.county.path, register="household", as_of=NOW.date(), rows=1,
            sha256="0" * 64, file=file, created_at=NOW, created_by="试",
        )  # fmt: skip


def test_a_file_that_no_row_names_goes_after_a_week(places: Places) -> None:
    kept, left, new = _kept(), _kept(), _kept(NOW)
    _snapshot(places, kept)
    assert forget_leftovers(now=NOW) == 1
    assert storage.names() == sorted([kept, new])
    assert left not in storage.names()


def test_a_file_stays_whichever_column_names_it(places: Places) -> None:
    upload, in_arguments = _kept(), _kept()
    with acting_as(EVERYWHERE):
        Import.objects.create(
            county=places.county, place_path=places.county.path, register="roll", as_of=NOW.date(), state="preview",
            file_name="x.xlsx", upload=upload, upload_sha256="0" * 64, upload_size=1, created_at=NOW, created_by_name="试",
        )  # fmt: skip
        Job.objects.create(kind="k", place_path="/", created_at=NOW, arguments={"files": [in_arguments]})
    assert forget_leftovers(now=NOW) == 0
    assert storage.names() == sorted([upload, in_arguments])


def test_where_no_row_names_a_file_none_goes() -> None:
    kept = _kept()
    assert forget_leftovers(now=NOW) == 0
    assert storage.names() == [kept]
