"""The clock. Pages, API, commands and tasks read it here and pass it on; nothing below them does.

A demonstration, and only that, has a clock that can be put forward (`DemoClock`): `now` is what the system goes by, for
duties and terms, days and deadlines. `real_now` is the machine's, for what goes by it whatever the day is said to be: signs
of life of a process, one-time codes, how long a sign-in lasts.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from baoxue.platform.models import DemoClock

ZONE = ZoneInfo("Asia/Shanghai")
# A process looks at most this often (seconds) how far the clock of the demonstration was put forward.
LOOK_EVERY = 1.0
_NOT_AHEAD = timedelta(0)


@dataclass(slots=True)
class _Known:
    """What this process last saw of the demonstration's clock, and when (monotonic seconds)."""

    ahead: timedelta = _NOT_AHEAD
    seen_at: float = float("-inf")


_known = _Known()


def now() -> datetime:
    """This instant, aware, as the system goes by it."""
    return real_now() + ahead()


def real_now() -> datetime:
    """This instant on the machine's own clock."""
    return timezone.now()


def real(instant: datetime) -> datetime:
    """The machine's instant at which the system's clock says so."""
    return instant - ahead()


def day_of(instant: datetime) -> date:
    """The day an instant falls on where duties are counted: Asia/Shanghai."""
    return instant.astimezone(ZONE).date()


def today() -> date:
    """Today in Asia/Shanghai."""
    return day_of(now())


def ahead() -> timedelta:
    """How far the system's clock is ahead of the machine's: not at all but in a demonstration."""
    if not settings.DEMO:
        return _NOT_AHEAD
    # In a transaction that failed nothing can be asked any more.
    if time.monotonic() - _known.seen_at >= LOOK_EVERY and not connection.needs_rollback:
        _known.ahead = _kept()
        _known.seen_at = time.monotonic()
    return _known.ahead


def look_again() -> None:
    """Ask the database the next time, however lately it was asked."""
    _known.seen_at = float("-inf")


def put_forward(to: datetime) -> None:
    """Let the system's clock say `to` now, unless it is past that already. Raises RuntimeError outside a demonstration."""
    if not settings.DEMO:
        raise RuntimeError("only the clock of a demonstration can be moved")
    by = to - real_now()
    with transaction.atomic():
        DemoClock.objects.bulk_create([DemoClock(pk=1, ahead=_NOT_AHEAD)], ignore_conflicts=True)
        DemoClock.objects.filter(pk=1, ahead__lt=by).update(ahead=by)
    look_again()


def _kept() -> timedelta:
    try:
        with transaction.atomic():
            kept = DemoClock.objects.filter(pk=1).first()
    except ProgrammingError:
        return _NOT_AHEAD  # there are no tables yet
    return _NOT_AHEAD if kept is None else kept.ahead
