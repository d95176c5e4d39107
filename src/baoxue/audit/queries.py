"""Reading the audit record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.platform.actor import Actor
from baoxue.platform.clock import ZONE


@dataclass(frozen=True, slots=True)
class Asked:
    """What an auditor looks for; "" and None leave a thing open.

    `event`: code. `words`: part of the actor's name, or the whole network address. `first`, `last`: days, both included.
    `target_type`, `target_id`: what it was done to. `before`: only entries with a smaller id (the page before this one).
    """

    event: str = ""
    words: str = ""
    first: date | None = None
    last: date | None = None
    target_type: str = ""
    target_id: str = ""
    before: int | None = None


def entries(by: Actor, asked: Asked) -> QuerySet[Entry]:
    """The entries within an auditor's reach, the newest first."""
    found = Entry.objects.visible_to(by).order_by("-id")
    if asked.event in set(AuditEvent):
        found = found.filter(event=asked.event)
    if asked.words:
        found = found.filter(actor_name__contains=asked.words) | found.filter(address=asked.words)
    if asked.first is not None:
        found = found.filter(at__gte=_begin(asked.first))
    if asked.last is not None:
        found = found.filter(at__lt=_begin(asked.last + timedelta(days=1)))
    if asked.target_type:
        found = found.filter(target_type=asked.target_type)
    if asked.target_id:
        found = found.filter(target_id=asked.target_id)
    if asked.before is not None:
        found = found.filter(id__lt=asked.before)
    return found


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZONE)
