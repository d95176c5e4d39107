"""The registers go in as an officer would bring them, and the comparison is run as she would run it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from baoxue.access.actors import actor_of
from baoxue.access.models import Post
from baoxue.cli.demonstration.making import LOOK_EVERY, DemonstrationFailed
from baoxue.comparison.actions import decide_finding, start_run
from baoxue.comparison.models import Finding, Run, RunState, Verdict
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.operation.actions import ask_again, may_ask_again
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.models import Job, JobState
from baoxue.platform.scope import acting_as
from baoxue.policy.capabilities import Role
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.registers import Register
from baoxue.policy.verdicts import VerdictKind
from baoxue.progress import Progress
from baoxue.registers.actions import confirm, read_again, start_import
from baoxue.registers.models import Import, ImportState, Snapshot

Look = Callable[[], None]
# Findings of each county that are called real, so that there are cases to look at.
_CASES = 12


def take_up_again(county: Jurisdiction) -> None:
    """Have done what an earlier start left as failed, or could not wait for."""
    officer = _officer_of(county)
    with acting_as(officer.scope), transaction.atomic():
        for job in Job.objects.filter(place_path=county.path, state__in=[JobState.FAILED, JobState.CANCELLED]):
            if may_ask_again(job, officer):
                ask_again(job=job, by=officer, now=clock.now())


def start_imports(county: Jurisdiction, files: dict[Register, Path], *, as_of: date) -> list[Import]:
    """Bring every register of a county that is not in yet; those that an earlier start brought go on."""
    officer = _officer_of(county)
    with acting_as(officer.scope), transaction.atomic():
        known = set(Snapshot.objects.filter(county=county, as_of=as_of).values_list("register", flat=True))
        return [
            _started(county, register, files[register], as_of, officer) for register in files if register not in known
        ]


def confirm_imports(county: Jurisdiction, imports: list[Import], *, progress: Progress, look: Look) -> None:
    """Confirm the imports of a county, each once it is read. Raises DemonstrationFailed."""
    officer = _officer_of(county)
    with acting_as(officer.scope):
        for position, imported in enumerate(imports):
            progress(f"{county.name}：接入{Register(imported.register).label}名册", position + 1, len(imports))
            assert imported.job_id is not None
            _ended(imported.job_id, look)
            with transaction.atomic():
                read = Import.objects.get(pk=imported.pk)
                if read.state != ImportState.CONFIRMED:
                    confirm(imported=read, reason="", by=officer, now=clock.now())


def compare(county: Jurisdiction, *, as_of: date) -> None:
    """Ask for the comparison of a county, unless an earlier start did; children and ledgers follow from it."""
    officer = _officer_of(county)
    with acting_as(officer.scope), transaction.atomic():
        if not Run.objects.filter(county=county, state__in=[RunState.WORKING, RunState.DONE]).exists():
            start_run(county=county, as_of=as_of, by=officer, now=clock.now())


def open_cases(county: Jurisdiction) -> None:
    """Call some of what the comparison is sure of real, as an officer would after asking: each becomes a case."""
    officer = _officer_of(county)
    with acting_as(officer.scope), transaction.atomic():
        if Verdict.objects.filter(county=county).exists():
            return
        sure = Finding.objects.filter(
            run__county=county, waits=True, settled_by=None, decision=Decision.AUTO,
            kind__in=[FindingKind.ABSENT, FindingKind.NEVER_ENROLLED],
        )  # fmt: skip
        for finding in sure.select_related("run__county").order_by("key")[:_CASES]:
            decide_finding(
                finding=finding, kind=VerdictKind.REAL, evidence="问过班主任和村委会，确实不在校（演示）", expires_on=None,
                by=officer, now=clock.now(),
            )  # fmt: skip


def wait_for_jobs(county: Jurisdiction, *, since: datetime, progress: Progress, look: Look) -> None:
    """Until nothing is left to do in a county. Raises DemonstrationFailed when something asked for `since` failed."""
    with acting_as(_officer_of(county).scope):
        while (job := _at_work(county, since)) is not None:
            look()
            progress(f"{county.name}：{job.step or '排队'}", job.done, job.total)
            time.sleep(LOOK_EVERY)


@transaction.atomic
def _at_work(county: Jurisdiction, since: datetime) -> Job | None:
    asked = Job.objects.filter(place_path=county.path, created_at__gte=since)
    failed = asked.filter(state__in=[JobState.REFUSED, JobState.FAILED]).first()
    if failed is not None:
        raise DemonstrationFailed(f"{failed.kind} 没有办成：{failed.sentence}")
    waiting = Job.objects.filter(place_path=county.path, state__in=[JobState.WAITING, JobState.RUNNING])
    first: Job | None = waiting.order_by("created_at").first()
    return first


def _officer_of(county: Jurisdiction) -> Actor:
    return actor_of(Post.objects.get(role=Role.COUNTY_OFFICER.value, jurisdiction=county))


def _started(county: Jurisdiction, register: Register, path: Path, as_of: date, officer: Actor) -> Import:
    open_one: Import | None = Import.objects.filter(
        county=county, register=register.value, as_of=as_of, state__in=[ImportState.READING, ImportState.PREVIEW]
    ).first()
    if open_one is not None:
        broke_off = open_one.state == ImportState.READING and (open_one.job is None or open_one.job.ended)
        return read_again(imported=open_one, by=officer, now=clock.now()) if broke_off else open_one
    with path.open("rb") as file:
        return start_import(
            file=file, file_name=path.name, register=register, county=county, as_of=as_of, by=officer, now=clock.now()
        )


def _ended(job_id: UUID, look: Look) -> Job:
    """A job, once it has ended well. Raises DemonstrationFailed."""
    while not (job := _now(job_id)).ended:
        look()
        time.sleep(LOOK_EVERY)
    if job.state != JobState.DONE:
        raise DemonstrationFailed(f"{job.kind} 没有办成：{job.sentence}")
    return job


@transaction.atomic
def _now(job_id: UUID) -> Job:
    return Job.objects.get(pk=job_id)
