"""A register from a file to a snapshot within one command; its job runs here, unless a worker is quicker."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import county_by_code
from baoxue.platform import clock, jobs
from baoxue.platform.actor import Actor, system_actor
from baoxue.platform.models import Job
from baoxue.platform.scope import acting_as
from baoxue.policy.registers import Register
from baoxue.progress import Progress
from baoxue.reading.errors import FileMissing, shown
from baoxue.refusal import Refusal
from baoxue.registers.actions import confirm, confirm_second_look, start_import
from baoxue.registers.errors import SameFileAgain
from baoxue.registers.models import Import, ImportState

_LOOK_EVERY = 0.2


class CountyNotHere(Refusal):
    """The county is not in this installation's tree."""

    code = "county-not-in-tree"


class ImportNotTaken(Refusal):
    """The file was not read, or what it would change asks for a reason."""

    code = "import-not-taken"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the file. `reasons`: why rows were rejected, with their number."""

    import_id: str
    snapshot_id: str
    register: str
    rows: int
    accepted: int
    rejected: int
    reasons: list[tuple[str, int]]
    differences: dict[str, Any]
    unusual: bool

    def to_json(self) -> dict[str, Any]:
        """Plain data; nobody is named."""
        return asdict(self)


def import_now(
    path: Path,
    register: Register,
    *,
    county_code: str,
    as_of: date,
    unusual_reason: str | None,
    progress: Progress,
) -> Taken:
    """Bring a file in and confirm it. What an earlier run began goes on where it stood.

    `unusual_reason`: answers the questions of an unusual import, and stands for the second look too; None = such a one is
    refused. Raises a Refusal.
    """
    county = county_by_code(county_code)
    if county is None:
        raise CountyNotHere(f"系统里还没有代码为 {county_code} 的县，请先在设置里建好。")
    if not path.is_file():
        raise FileMissing(f"没有找到文件 {shown(path)}。")
    by = system_actor("命令行", path=county.path)
    with acting_as(by.scope):
        imported = _begun(path, register, county, as_of, by)
        if imported.job_id is not None and imported.state == ImportState.READING:
            _read(imported.job_id, progress)
        return _confirmed(imported, by, unusual_reason)


def _begun(path: Path, register: Register, county: Jurisdiction, as_of: date, by: Actor) -> Import:
    try:
        with transaction.atomic(), path.open("rb") as file:
            return start_import(
                file=file, file_name=path.name, register=register, county=county, as_of=as_of, by=by, now=clock.now()
            )
    except SameFileAgain as refusal:
        with transaction.atomic():
            found: Import = Import.objects.get(pk=refusal.import_id)
        if found.state == ImportState.CONFIRMED:
            raise
        return found


def _read(job_id: Any, progress: Progress) -> None:
    """Run the job, and tell how far it is until it has ended. An interrupted command stops it."""
    with _at_work(str(job_id)) as worker:
        try:
            while not (job := _now(job_id)).ended:
                progress(job.step or "等着开始", job.done, job.total)
                worker.join(_LOOK_EVERY)
        except KeyboardInterrupt:
            with transaction.atomic():
                jobs.ask_to_stop(_now(job_id), now=clock.now())
            raise


@contextmanager
def _at_work(job_id: str) -> Iterator[threading.Thread]:
    def work() -> None:
        try:
            jobs.run_job(job_id=job_id)
        except jobs.JobFailed:
            pass  # the job itself says so
        finally:
            connection.close()

    worker = threading.Thread(target=work, name="import")
    worker.start()
    try:
        yield worker
    finally:
        worker.join()


@transaction.atomic
def _now(job_id: Any) -> Job:
    return Job.objects.get(pk=job_id)


@transaction.atomic
def _confirmed(imported: Import, by: Actor, unusual_reason: str | None) -> Taken:
    imported = Import.objects.select_related("job").get(pk=imported.pk)
    if imported.state in (ImportState.READING, ImportState.REFUSED, ImportState.CANCELLED):
        job = imported.job
        raise ImportNotTaken(imported.sentence or ("" if job is None else job.sentence) or "文件没有读完，请再试一次。")
    if imported.unusual and unusual_reason is None:
        questions = "".join(imported.differences["questions"])
        raise ImportNotTaken(f"{questions}没有收下；问清楚以后，加上 --confirm-unusual 和原因再运行一次。")
    if imported.state == ImportState.PREVIEW:
        imported = confirm(imported=imported, reason=unusual_reason or "", by=by, now=clock.now())
    if imported.state == ImportState.SECOND_LOOK:
        imported = confirm_second_look(imported=imported, reason=unusual_reason or "", by=by, now=clock.now())
    report = imported.report
    return Taken(
        import_id=str(imported.pk),
        snapshot_id=str(imported.snapshot_id),
        register=imported.register,
        rows=report["rows"],
        accepted=report["accepted"],
        rejected=report["rejected"],
        reasons=[(reason, times) for reason, times in report["reasons"]],
        differences=imported.differences,
        unusual=imported.unusual,
    )
