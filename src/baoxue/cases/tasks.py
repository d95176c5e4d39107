"""What falls due daily with cases."""

from __future__ import annotations

from datetime import date, datetime, time

from baoxue.cases.automatic import look_at_the_returned, resume_those_over, tell_of_duties
from baoxue.platform.beats import daily


@daily("cases.duties", at=time(6, 0))
def fall_due(day: date, now: datetime) -> None:
    """Cases whose rest is over go on; who owes what is reminded, and what is late climbs."""
    resume_those_over(day=day, now=now)
    tell_of_duties(day=day, now=now)


@daily("cases.returned", at=time(6, 30))
def returned(day: date, now: datetime) -> None:
    """Returned and struck-off children are looked up in what registers said since."""
    look_at_the_returned(day=day, now=now)
