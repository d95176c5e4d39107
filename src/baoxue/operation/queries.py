"""How the system is, and how far its slow work is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError
from django.http import Http404

from baoxue.platform.actor import Actor
from baoxue.platform.models import Job, Worker
from baoxue.platform.owner import unapplied
from baoxue.platform.worker import GONE_AFTER


def readiness(*, now: datetime) -> dict[str, bool]:
    """Whether each part the system needs is there: database, migrations, a living worker."""
    try:
        migrated = not unapplied()
        worker = Worker.objects.filter(beat_at__gte=now - GONE_AFTER).exists()
    except OperationalError:
        return {"database": False, "migrations": False, "worker": False}
    return {"database": True, "migrations": migrated, "worker": worker}


def job_of(by: Actor, job_id: uuid.UUID) -> Job:
    """A job within somebody's reach. Raises Http404."""
    job: Job | None = Job.objects.visible_to(by).filter(pk=job_id).first()
    if job is None:
        raise Http404
    return job


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `percent`, `seconds_left`: of its present step; None where that is not known."""

    percent: int | None
    seconds_left: int | None


def progress_of(job: Job, *, now: datetime) -> Progress:
    """How far a running job is, judged by how fast its step went so far."""
    if job.ended or not job.total or not job.done:
        return Progress(None, None)
    share = min(job.done / job.total, 1.0)
    if job.step_at is None or share < 0.02:
        return Progress(round(share * 100), None)
    left = (now - job.step_at).total_seconds() * (1 - share) / share
    return Progress(round(share * 100), max(0, round(left)))
