"""What workers look after here."""

from __future__ import annotations

from datetime import date, datetime, time

from baoxue.notifications.actions import forget_old
from baoxue.notifications.sending import send_waiting
from baoxue.platform.beats import daily, often


@daily("notifications.forget", at=time(3, 0))
def forget(_day: date, now: datetime) -> None:
    """What old notices said is cleared."""
    forget_old(now=now)


@often("notifications.deliveries")
def deliver(now: datetime) -> None:
    """Word of notices goes out."""
    send_waiting(now=now)
