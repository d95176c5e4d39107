"""What falls due daily: a function for each, called once for each day, in order, however often a worker is killed.

A room registers its functions in its `tasks.py`:

    @daily("cases.duties", at=time(6, 0))
    def fall_due(day: date, now: datetime) -> None: ...

A function gets the day it is for and this instant. It works in one transaction, together with the row (`Beat`) that says the
day is done: killed anywhere, it runs again or not at all. It sees all rows, acts as a named part of the system and puts on
record what it does. A day that was missed is done later, before the days after it; an installation begins with the day of
its first look.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Max

from baoxue.platform.clock import ZONE, day_of
from baoxue.platform.logs import trace_of
from baoxue.platform.models import Beat
from baoxue.platform.scope import EVERYWHERE, acting_as

log = structlog.get_logger(__name__)

Work = Callable[[date, datetime], None]
Round = Callable[[datetime], None]
_DAY = timedelta(days=1)
# Of the advisory lock under which one beat after the other is done; any number that is nobody else's.
_LOCK = 5_226_260


@dataclass(frozen=True, slots=True)
class Daily:
    """`at`: the time of day in Asia/Shanghai from which on the day's work is due."""

    name: str
    at: time
    work: Work

    def instant(self, day: date) -> datetime:
        """When the work of a day is due."""
        return datetime.combine(day, self.at, tzinfo=ZONE)


@dataclass(frozen=True, slots=True)
class Due:
    """The next day of a beat, and from when on it is due."""

    daily: Daily
    day: date
    instant: datetime


class BeatFailed(Exception):
    """The work of a day ended by a defect, which is its cause; nothing of it stands, and it stays due."""

    def __init__(self, due: Due) -> None:
        super().__init__(f"{due.daily.name} {due.day}")
        self.name = due.daily.name
        self.day = due.day


_daily: dict[str, Daily] = {}
_rounds: dict[str, Round] = {}


def daily(name: str, *, at: time) -> Callable[[Work], Work]:
    """Register what is done for each day."""

    def register(work: Work) -> Work:
        _daily[name] = Daily(name, at, work)
        return work

    return register


def often(name: str) -> Callable[[Round], Round]:
    """Register what every worker looks after every few seconds, with this instant.

    It must be safe on several workers at once, and killed anywhere; it sees all rows and is outside of any transaction.
    """

    def register(look: Round) -> Round:
        _rounds[name] = look
        return look

    return register


def look_around(*, now: datetime) -> None:
    """Do what is registered as `often`."""
    for look in _rounds.values():
        with acting_as(EVERYWHERE):
            look(now)


def next_due(*, passing_over: Collection[str] = ()) -> Due | None:
    """What is due first of all, now or later; None when there is nothing daily, or it has not begun."""
    last = dict(Beat.objects.values_list("name").annotate(Max("day")))
    found = [
        Due(one, day := last[one.name] + _DAY, one.instant(day))
        for one in _daily.values()
        if one.name in last and one.name not in passing_over
    ]
    return min(found, key=lambda due: (due.instant, due.daily.name), default=None)


def behind(*, now: datetime) -> timedelta:
    """For how long the work that has waited longest is due; nothing when all is done."""
    due = next_due()
    return timedelta(0) if due is None else max(timedelta(0), now - due.instant)


def begin(*, now: datetime) -> None:
    """Let what is new begin with today: the day before counts as done."""
    known = set(Beat.objects.values_list("name", flat=True).distinct())
    new = [Beat(name=name, day=day_of(now) - _DAY, done_at=now) for name in _daily.keys() - known]
    if new:
        Beat.objects.bulk_create(new, ignore_conflicts=True)


def do_next(*, now: datetime, wait: bool = False, passing_over: Collection[str] = ()) -> Due | None:
    """Do what has been due for longest; None when nothing is due, or another process is at it (unless `wait`).

    Raises BeatFailed. Must not be called inside a transaction: what is done for a day stands by itself.
    """
    with acting_as(EVERYWHERE), transaction.atomic(durable=True):
        if not _locked(wait=wait):
            return None
        begin(now=now)
        due = next_due(passing_over=passing_over)
        if due is None or due.instant > now:
            return None
        # Nobody else is at it under the lock; without one, this row would let only one of them through.
        Beat.objects.create(name=due.daily.name, day=due.day, done_at=now)
        try:
            due.daily.work(due.day, now)
        except (OperationalError, InterfaceError, psycopg.OperationalError):
            raise
        except Exception as error:
            raise BeatFailed(due) from error
    log.info("beat.done", name=due.daily.name, day=str(due.day))
    return due


def do_due(*, now: Callable[[], datetime], after_each: Callable[[], bool]) -> None:
    """Do all that is due, one after the other, as long as `after_each` is true; what fails is left for the next time."""
    failed: set[str] = set()
    while after_each():
        try:
            if do_next(now=now(), passing_over=failed) is None:
                return
        except BeatFailed as failure:
            # Its place in the code goes to the log, but no values; the other beats go on.
            failed.add(failure.name)
            cause = failure.__cause__
            assert cause is not None
            error = type(cause).__name__
            log.error("beat.failed", name=failure.name, day=str(failure.day), error=error, trace=trace_of(cause))


def _locked(*, wait: bool) -> bool:
    """Be the only one, until the transaction ends."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
