"""What workers look after here."""

from __future__ import annotations

from datetime import datetime

from baoxue.notifications.sending import send_waiting
from baoxue.platform.beats import often


@often("notifications.deliveries")
def deliver(now: datetime) -> None:
    """Word of notices goes out."""
    send_waiting(now=now)
