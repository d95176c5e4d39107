"""What people do with the running of the system."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.platform import jobs
from baoxue.platform.actor import Actor
from baoxue.platform.models import Job
from baoxue.policy.capabilities import Capability


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
