"""A process that does jobs, one after the other, until it is asked to end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from baoxue.platform import beats, clock, jobs, storage
from baoxue.platform.models import Worker
from baoxue.platform.scope import EVERYWHERE, acting_as

log = structlog.get_logger(__name__)

# How long it waits at most before it looks by itself: at what waits, and at what fell silent.
_LOOK_EVERY = 5.0
# A worker whose last sign of life is older has ended.
GONE_AFTER = timedelta(seconds=60)
_AGAIN_AFTER = 1.0
_DAY = 86_400.0
# What falls due daily is looked for this often (seconds).
_BEATS_EVERY = 60.0


def work_until(asked_to_end: Callable[[], bool]) -> None:
    """Do jobs. Where the database goes away it waits for it to come back; a job that was cut off is tried again."""
    storage.tidy()
    log.info("worker.started", worker=jobs.worker_name())
    sweeping, daily = Sweeping(), DailyBeats()
    while not asked_to_end():
        try:
            _serve(asked_to_end, sweeping, daily)
        except (OperationalError, InterfaceError, psycopg.OperationalError) as error:
            log.warning("worker.database_lost", error=type(error).__name__)
            connection.close()
            time.sleep(_AGAIN_AFTER)
    Worker.objects.filter(name=jobs.worker_name()).delete()
    log.info("worker.ended", worker=jobs.worker_name())


@dataclass(slots=True)
class Sweeping:
    """Removes files that are left over or past their time: at the start and then once a day."""

    due_at: float = field(default_factory=time.monotonic)

    def look(self) -> None:
        """Do it if it is due."""
        if time.monotonic() < self.due_at:
            return
        with acting_as(EVERYWHERE), transaction.atomic():
            removed = storage.sweep(now=clock.real_now())
        self.due_at = time.monotonic() + _DAY
        log.info("storage.swept", removed=removed)


@dataclass(slots=True)
class DailyBeats:
    """Does what falls due daily: at the start, and then looked for every minute."""

    due_at: float = field(default_factory=time.monotonic)

    def look(self, asked_to_end: Callable[[], bool]) -> None:
        """Do what is due by now, one after the other; a day's work is not broken off, but no other is begun."""
        if time.monotonic() < self.due_at:
            return

        def goes_on() -> bool:
            _beat()
            return not asked_to_end()

        beats.do_due(now=clock.now, after_each=goes_on)
        self.due_at = time.monotonic() + _BEATS_EVERY


def _serve(asked_to_end: Callable[[], bool], sweeping: Sweeping, daily: DailyBeats) -> None:
    with jobs.connect_aside(autocommit=True) as waker:
        waker.execute(f"LISTEN {jobs.CHANNEL}")
        while not asked_to_end():
            _beat()
            jobs.rescue(now=clock.real_now())
            sweeping.look()
            daily.look(asked_to_end)
            beats.look_around(now=clock.now())
            while not asked_to_end() and _one(asked_to_end):
                _beat()
            _wait(waker, asked_to_end)


def _one(asked_to_end: Callable[[], bool]) -> bool:
    """Do the job that has waited longest; False when none waits."""
    job = jobs.claim_next(now=clock.now())
    if job is None:
        return False
    try:
        jobs.run(job, asked_to_end=asked_to_end)
    except jobs.JobFailed:
        # Its defect stands in the log; the next job gets a connection that knows nothing of it.
        connection.close()
    return True


def _beat() -> None:
    now = clock.real_now()
    Worker.objects.update_or_create(
        name=jobs.worker_name(), defaults={"beat_at": now}, create_defaults={"started_at": now, "beat_at": now}
    )
    Worker.objects.filter(beat_at__lt=now - 10 * GONE_AFTER).delete()


def _wait(waker: psycopg.Connection[object], asked_to_end: Callable[[], bool]) -> None:
    """Until something is asked for, or it is time to look by oneself. Short waits: a signal must not wait long."""
    until = time.monotonic() + _LOOK_EVERY
    while time.monotonic() < until and not asked_to_end():
        for _notice in waker.notifies(timeout=0.5, stop_after=1):
            return
