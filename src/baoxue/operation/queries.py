"""How the system is, and how far its slow work is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, connection
from django.db.models import Max, QuerySet
from django.http import Http404

from baoxue import __version__
from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.models import Job, Worker
from baoxue.platform.owner import unapplied
from baoxue.platform.worker import GONE_AFTER


def readiness(*, now: datetime) -> dict[str, bool]:
    """Whether each part the system needs is there: database, migrations, a living worker."""
    try:
        migrated = not unapplied()
        worker = migrated and Worker.objects.filter(beat_at__gte=now - GONE_AFTER).exists()
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


@dataclass(frozen=True, slots=True)
class Installation:
    """What an operator sees of the installation: versions, size of the database in bytes, workers, the last backup."""

    version: str
    database_version: str
    database_size: int
    workers: list[Worker]
    last_backup: datetime | None


def installation(by: Actor, *, now: datetime) -> Installation:
    """How the installation is, without anything about people."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        database_version, size = cursor.fetchone()
    made = Entry.objects.visible_to(by).filter(event=AuditEvent.BACKUP_MADE.value)
    return Installation(
        version=__version__,
        database_version=database_version.split()[0],
        database_size=size,
        workers=list(Worker.objects.filter(beat_at__gte=clock.real(now) - GONE_AFTER).order_by("name")),
        last_backup=made.aggregate(last=Max("at"))["last"],
    )


def recent_jobs(by: Actor) -> QuerySet[Job]:
    """The jobs within reach, the newest first: an operator sees their kind, state and times, never what they are about."""
    found: QuerySet[Job] = Job.objects.visible_to(by).order_by("-created_at", "pk")
    return found.only("pk", "kind", "state", "attempts", "code", "created_at", "started_at", "ended_at")
