"""The clock. Pages, API, commands and tasks read it here and pass it on; nothing below them does."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant, aware."""
    return timezone.now()


def day_of(instant: datetime) -> date:
    """The day an instant falls on where duties are counted: Asia/Shanghai."""
    return instant.astimezone(ZONE).date()


def today() -> date:
    """Today in Asia/Shanghai."""
    return day_of(now())
