"""What people do with the running of the system."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.operation.archive import Manifest
from baoxue.operation.backup import back_up
from baoxue.operation.restoring import restore
from baoxue.operation.rotation import rotate
from baoxue.platform import jobs
from baoxue.platform.actor import Actor
from baoxue.platform.errors import ChangedMeanwhile, NotPermitted
from baoxue.platform.models import Job, JobState
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Capability
from baoxue.progress import Progress, silent

# What a person has done for themselves: no concern of who runs the comparisons.
OWN = frozenset({"audit.verify", "children.export"})
# Still to be done after a stop. An import or a comparison is begun anew on its own page.
LEFT_WHEN_STOPPED = frozenset({"audit.verify", "children.build", "children.export"})


def may_stop(job: Job, by: Actor) -> bool:
    """Whether somebody may stop a job: who asked for it, who runs comparisons at its place, who runs the system."""
    asked_for_it = job.account_id is not None and job.account_id == by.account_id
    return asked_for_it or _looks_after(job, by) or by.can(Capability.OPERATE, at=job.place_path)


def may_ask_again(job: Job, by: Actor) -> bool:
    """Whether a job came to nothing and somebody may have it done now: in the post that asked, or who looks after it."""
    # The job is done with the reach of who asks now: another post of the same person may see less.
    same_post = by.post_id is not None and job.actor.get("post_id") == by.post_id
    return came_to_nothing(job) and (same_post or _looks_after(job, by))


def came_to_nothing(job: Job) -> bool:
    """Whether a job failed, or was stopped while it is still to be done."""
    return job.state == JobState.FAILED or (job.state == JobState.CANCELLED and job.kind in LEFT_WHEN_STOPPED)


def _looks_after(job: Job, by: Actor) -> bool:
    return job.kind not in OWN and by.can(Capability.RUN_COMPARISON, at=job.place_path)


@transaction.atomic
def stop_job(*, job: Job, by: Actor, now: datetime) -> Job:
    """Let a job end at its next step, undoing what it has not finished. Raises NotPermitted."""
    if not may_stop(job, by):
        by.require(Capability.OPERATE, at=job.place_path)
    if not job.ended:
        jobs.ask_to_stop(job, now=now)
        record(AuditEvent.JOB_STOPPED, by=by, at=now, target=job, detail={"kind": job.kind})
    return Job.objects.get(pk=job.pk)


@transaction.atomic
def ask_again(*, job: Job, by: Actor, now: datetime) -> Job:
    """Have a job done that failed or was stopped. Raises NotPermitted, ChangedMeanwhile."""
    if came_to_nothing(job) and not may_ask_again(job, by):
        raise NotPermitted(Capability.RUN_COMPARISON)
    if not (came_to_nothing(job) and jobs.ask_again(job, by=by, now=now)):
        raise ChangedMeanwhile("这件事现在不用重新运行，请刷新页面。")
    record(AuditEvent.JOB_ASKED_AGAIN, by=by, at=now, target=job, detail={"kind": job.kind})
    return Job.objects.get(pk=job.pk)


def make_backup(*, target: Path, owner_url: str, by: Actor, now: datetime, progress: Progress = silent) -> Manifest:
    """Back the whole system up into a file. Raises NotPermitted, BackupRefused."""
    by.require(Capability.OPERATE, at="/")
    manifest = back_up(target, owner_url=owner_url, now=now, progress=progress)
    with acting_as(EVERYWHERE), transaction.atomic():
        detail = {"tables": len(manifest.tables), "files": len(manifest.files)}
        record(AuditEvent.BACKUP_MADE, by=by, at=now, detail=detail)
    return manifest


def restore_backup(*, source: Path, owner_url: str, by: Actor, now: datetime, progress: Progress = silent) -> Manifest:
    """Restore a backup into an empty system; the restored record tells of it.

    Raises NotPermitted, BackupDamaged, BackupRefused, RestoredDiffers.
    """
    by.require(Capability.OPERATE, at="/")
    manifest = restore(source, owner_url=owner_url, progress=progress)
    with acting_as(EVERYWHERE), transaction.atomic():
        record(AuditEvent.BACKUP_RESTORED, by=by, at=now, detail={"made_at": manifest.made_at})
    return manifest


def rotate_keys(*, by: Actor, now: datetime, progress: Progress = silent) -> dict[str, int]:
    """Seal everything anew under the active key; gives the numbers of values and files. Raises NotPermitted."""
    by.require(Capability.OPERATE, at="/")
    done = rotate(progress=progress)
    with acting_as(EVERYWHERE), transaction.atomic():
        record(AuditEvent.KEYS_ROTATED, by=by, at=now, detail=done)
    return done
