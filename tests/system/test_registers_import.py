"""A register file on its way to a snapshot."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pyarrow.parquet as pq
import pytest
from tests.system.places import NOW, TODAY, Places, actor, make_places
from tests.system.registerfiles import household

from baoxue.audit.models import Entry
from baoxue.platform import jobs
from baoxue.platform.actor import Actor
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Role
from baoxue.policy.registers import Register
from baoxue.registers.actions import confirm, start_import
from baoxue.registers.models import Import, ImportState
from baoxue.registers.queries import latest_snapshots, opened_snapshot
from baoxue.registers.subjects import subjects_of

pytestmark = pytest.mark.django_db

AS_OF = date(2025, 9, 20)
EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Actor:
    return actor(Role.COUNTY_OFFICER, places.county)


def _start(
    places: Places, by: Actor, file: BytesIO, *, register: Register = Register.HOUSEHOLD, as_of: date = AS_OF,
    name: str = "名册.csv",
) -> Import:  # fmt: skip
    with acting_as(by.scope):
        return start_import(
            file=file, file_name=name, register=register, county=places.county, as_of=as_of, by=by, now=NOW
        )


def _read(imported: Import) -> Import:
    jobs.run_job(job_id=str(imported.job_id))
    with acting_as(EVERYTHING):
        return Import.objects.get(pk=imported.pk)


def _read_in(places: Places, by: Actor, file: BytesIO, **how: object) -> Import:
    return _read(_start(places, by, file, **how))  # type: ignore[arg-type]


def _taken(places: Places, by: Actor, file: BytesIO, **how: object) -> Import:
    with acting_as(by.scope):
        return confirm(imported=_read_in(places, by, file, **how), reason="", by=by, now=NOW)


def test_a_file_becomes_a_snapshot_that_opens_as_its_rows(places: Places, officer: Actor) -> None:
    imported = _read_in(places, officer, household(range(30)))
    assert imported.state == ImportState.PREVIEW
    assert (imported.report["accepted"], imported.report["rejected"]) == (30, 0)
    with acting_as(officer.scope):
        taken = confirm(imported=imported, reason="", by=officer, now=NOW)
        latest = latest_snapshots(places.county, as_of=TODAY, by=officer)
        assert taken.state == ImportState.CONFIRMED
        assert latest == {Register.HOUSEHOLD: taken.snapshot}
        with opened_snapshot(latest[Register.HOUSEHOLD]) as path:
            rows = pq.read_table(path)
        assert rows.num_rows == 30
        assert len(set(subjects_of(Register.HOUSEHOLD, rows))) == 30
        assert list(Entry.objects.order_by("pk").values_list("event", flat=True)) == [
            "import_started",
            "import_confirmed",
        ]
