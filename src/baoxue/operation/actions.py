"""What people do with the running of the system."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.operation.archive import Manifest
from baoxue.operation.backup import back_up
from baoxue.operation.rotation import rotate
from baoxue.platform import jobs
from baoxue.platform.actor import Actor
from baoxue.platform.models import Job
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Capability
from baoxue.progress import Progress, silent


def may_stop(job: Job, by: Actor) -> bool:
    """Whether somebody may stop a job: who asked for it, who runs comparisons at its place, who runs the system."""
    asked_for_it = job.account_id is not None and job.account_id == by.account_id
    return asked_for_it or any(by.can(c, at=job.place_path) for c in (Capability.RUN_COMPARISON, Capability.OPERATE))


@transaction.atomic
def stop_job(*, job: Job, by: Actor, now: datetime) -> Job:
    """Let a job end at its next step, undoing what it has not finished. Raises NotPermitted."""
    if not may_stop(job, by):
        by.require(Capability.OPERATE, at=job.place_path)
    if not job.ended:
        jobs.ask_to_stop(job, now=now)
        record(AuditEvent.JOB_STOPPED, by=by, at=now, target=job, detail={"kind": job.kind})
    return Job.objects.get(pk=job.pk)


def make_backup(*, target: Path, owner_url: str, by: Actor, now: datetime, progress: Progress = silent) -> Manifest:
    """Back the whole system up into a file. Raises NotPermitted, BackupRefused."""
    by.require(Capability.OPERATE, at="/")
    manifest = back_up(target, owner_url=owner_url, now=now, progress=progress)
    with acting_as(EVERYWHERE), transaction.atomic():
        detail = {"tables": len(manifest.tables), "files": len(manifest.files)}
        record(AuditEvent.BACKUP_MADE, by=by, at=now, detail=detail)
    return manifest


def rotate_keys(*, by: Actor, now: datetime, progress: Progress = silent) -> dict[str, int]:
    """Seal everything anew under the active key; gives the numbers of values and files. Raises NotPermitted."""
    by.require(Capability.OPERATE, at="/")
    done = rotate(progress=progress)
    with acting_as(EVERYWHERE), transaction.atomic():
        record(AuditEvent.KEYS_ROTATED, by=by, at=now, detail=done)
    return done
