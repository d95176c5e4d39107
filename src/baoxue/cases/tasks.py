"""What falls due daily with cases, and findings that become cases."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from baoxue.cases.actions import take_up_finding
from baoxue.cases.automatic import look_at_the_returned, resume_those_over, tell_of_duties
from baoxue.comparison.actions import TAKE_UP
from baoxue.comparison.models import Finding
from baoxue.platform import clock
from baoxue.platform.beats import daily
from baoxue.platform.jobs import Running, work


@daily("cases.duties", at=time(6, 0))
def fall_due(day: date, now: datetime) -> None:
    """Cases whose rest is over go on; who owes what is reminded, and what is late climbs."""
    resume_those_over(day=day, now=now)
    tell_of_duties(day=day, now=now)


@daily("cases.returned", at=time(6, 30))
def returned(day: date, now: datetime) -> None:
    """Returned and struck-off children are looked up in what registers said since."""
    look_at_the_returned(day=day, now=now)


@work(TAKE_UP)
def take_up(running: Running) -> dict[str, Any]:
    """A finding that a person called real becomes a lead, and its child has a case."""
    waiting = Finding.objects.visible_to(running.actor).select_related("run__county", "settled_by")
    lead = take_up_finding(finding=waiting.get(pk=running.arguments["finding"]), by=running.actor, now=clock.now())
    number = None if lead.case is None else lead.case.number
    return {"lead": lead.pk, "sentence": f"已开个案 {number}。" if number else "已列为线索，等人找到孩子的记录。"}
