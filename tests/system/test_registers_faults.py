"""Killed at any point, an import is whole or not there: processes of their own, ended with SIGKILL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.system.places import NOW, Places, make_places
from tests.system.registerfiles import household

from baoxue.platform import clock, jobs, storage
from baoxue.platform.actor import system_actor
from baoxue.platform.models import Job, JobState
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.registers import Register
from baoxue.registers.actions import confirm, start_import
from baoxue.registers.errors import DifferencesOutdated
from baoxue.registers.models import Import, ImportState, Snapshot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def places() -> Places:
    return make_places()


def _start(places: Places, people: int) -> Import:
    by = system_actor("试", path=places.county.path)
    with acting_as(by.scope):
        return start_import(
            file=BytesIO(household(range(people)).getvalue()), file_name="户籍.csv", register=Register.HOUSEHOLD,
            county=places.county, as_of=date(2025, 9, 20), by=by, now=NOW,
        )  # fmt: skip


def _now(imported: Import) -> Import:
    with acting_as(EVERYWHERE), transaction.atomic():
        found: Import = Import.objects.select_related("job").get(pk=imported.pk)
        return found


def _worker() -> subprocess.Popen[bytes]:
    """A worker on the database of the tests."""
    of = connection.settings_dict
    url = f"postgresql://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/{of['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-m", "baoxue", "worker"],
        env={**os.environ, "BAOXUE_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "baoxue.platform.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_reading_whose_worker_is_killed_is_done_by_the_next_one(places: Places) -> None:
    imported = _start(places, 2000)
    worker = _worker()
    try:
        _wait(lambda: _now(imported).job.state == JobState.RUNNING)  # type: ignore[union-attr]
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    cut_off = _now(imported)
    assert (cut_off.state, cut_off.canonical, cut_off.report) == (ImportState.READING, "", {})
    with acting_as(EVERYWHERE), transaction.atomic():
        Job.objects.filter(pk=imported.job_id).update(beat_at=clock.now() - 2 * jobs.SILENT_AFTER)
    assert jobs.rescue(now=clock.now()) == 1
    jobs.run_job(job_id=str(imported.job_id))
    assert _now(imported).report["accepted"] == 2000


def test_the_killed_workers_plain_files_are_gone_once_a_worker_starts(places: Places) -> None:
    # Whatever number the killed process had: in another container, ours may be the same.
    left = storage.scratch_folder() / f"{os.getpid()}-killed"
    left.mkdir()
    (left / "户籍.csv").write_text("plain", encoding="utf-8")
    storage.tidy()
    assert not left.exists()


def test_plain_files_of_a_process_at_work_stay(places: Places) -> None:
    with storage.scratch() as private:
        (private / "户籍.csv").write_text("plain", encoding="utf-8")
        storage.tidy()
        assert (private / "户籍.csv").exists()
    assert not private.exists()


def _confirm_and_be_killed(imported: Import, places: Places) -> None:
    by = system_actor("试", path=places.county.path)
    with acting_as(by.scope), transaction.atomic():
        confirm(imported=_now(imported), reason="", by=by, now=NOW)
        raise KeyboardInterrupt


def test_confirming_is_undone_as_a_whole(places: Places) -> None:
    imported = _start(places, 20)
    jobs.run_job(job_id=str(imported.job_id))
    with pytest.raises(KeyboardInterrupt):
        _confirm_and_be_killed(imported, places)
    with acting_as(EVERYWHERE), transaction.atomic():
        assert Snapshot.objects.count() == 0
    assert _now(imported).state == ImportState.PREVIEW


def test_files_that_no_row_names_are_swept_and_the_others_stay(places: Places) -> None:
    imported = _start(places, 20)
    left, _, _ = storage.keep(BytesIO(b"left over"), kind="uploads")
    fresh, _, _ = storage.keep(BytesIO(b"just begun"), kind="uploads")
    long_ago = (clock.now() - timedelta(days=2)).timestamp()
    for name in (left, imported.upload):
        os.utime(storage.folder() / name, (long_ago, long_ago))
    with acting_as(EVERYWHERE), transaction.atomic():
        storage.sweep(now=clock.now())
    kept: list[Path] = [storage.folder() / name for name in (imported.upload, fresh)]
    assert [path.exists() for path in kept] == [True, True]
    assert not (storage.folder() / left).exists()


def test_two_files_confirmed_at_the_same_moment_are_not_both_taken_unseen(places: Places) -> None:
    one, other = (_start(places, people) for people in (20, 30))
    jobs.run_job(job_id=str(one.job_id))
    jobs.run_job(job_id=str(other.job_id))
    by = system_actor("试", path=places.county.path)
    ended: list[str] = []

    def second() -> None:
        try:
            with acting_as(by.scope):
                confirm(imported=other, reason="", by=by, now=NOW)
            ended.append("taken")
        except DifferencesOutdated as refusal:
            ended.append(refusal.code)
        finally:
            connection.close()

    clerk = threading.Thread(target=second)
    with acting_as(by.scope), transaction.atomic():
        confirm(imported=one, reason="", by=by, now=NOW)
        clerk.start()
        clerk.join(0.5)
        assert ended == []
    clerk.join()
    assert ended == [DifferencesOutdated.code]
