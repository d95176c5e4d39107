"""The clock of a demonstration, put forward: a school year is played through in minutes, every day of it in its order."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.operation.errors import BackInTime, DayNotDone, TooFar
from baoxue.platform import beats, clock, jobs
from baoxue.platform.actor import Actor
from baoxue.platform.logs import trace_of
from baoxue.platform.models import Job, JobState
from baoxue.platform.scope import EVERYWHERE, acting_as

log = structlog.get_logger(__name__)

FARTHEST = timedelta(days=3 * 366)
_LOOK_AGAIN = 0.1


def move_clock(*, to: datetime, by: Actor) -> datetime:
    """Put the clock forward to an instant, over every instant on the way at which something falls due daily.

    At each it stands still until what is due is done, and every job it asked for. Outside of any transaction: what was
    done on a day stands, wherever this breaks off, and the next call goes on from there. Gives what the clock says at the
    end, when every process of the installation goes by it. Raises BackInTime, TooFar, DayNotDone.
    """
    before = clock.now()
    if to < before:
        raise BackInTime(f"现在是演示时间 {_said(before)}，不能拨回 {_said(to)}。")
    if to - before > FARTHEST:
        raise TooFar(f"一次最多拨 {FARTHEST.days} 天；请分几次拨。", field="now")
    with acting_as(EVERYWHERE):
        beats.begin(now=before)
        _do_due()
        while (due := beats.next_due()) is not None and due.instant <= to:
            clock.put_forward(due.instant)
            _do_due()
        clock.put_forward(to)
        _finish_jobs()
    _put_on_record(by)
    # Each process looks at most so often; then all of them have seen it.
    time.sleep(clock.LOOK_EVERY)
    return clock.now()


def _do_due() -> None:
    """Do everything due by now; what was asked for on the way is done before the next."""
    try:
        while beats.do_next(now=clock.now(), wait=True) is not None:
            _finish_jobs()
        # A worker may have been quicker, and asked for more.
        _finish_jobs()
    except beats.BeatFailed as failure:
        cause = failure.__cause__ or failure
        log.error("beat.failed", name=failure.name, error=type(cause).__name__, trace=trace_of(cause))
        raise DayNotDone(failure.name, failure.day) from failure


def _finish_jobs() -> None:
    """Until no job waits or runs. This process does what waits as well: it would only stand by otherwise."""
    while Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING]).exists():
        job = jobs.claim_next(now=clock.now())
        if job is not None:
            # How it failed stands with the job, as always.
            with suppress(jobs.JobFailed):
                jobs.run(job)
        else:
            time.sleep(_LOOK_AGAIN)
            jobs.rescue(now=clock.real_now())


@transaction.atomic
def _put_on_record(by: Actor) -> None:
    now = clock.now()
    record(AuditEvent.CLOCK_MOVED, by=by, at=now, detail={"day": clock.day_of(now).isoformat()})


def _said(instant: datetime) -> str:
    return f"{instant.astimezone(clock.ZONE):%Y-%m-%d %H:%M}"
