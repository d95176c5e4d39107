"""Return to school: placement, the first day, observation, missing again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from baoxue.cases.models import Case
from baoxue.cases.moving import hold, move
from baoxue.cases.needs import Given
from baoxue.platform.actor import Actor
from baoxue.platform.clock import day_of
from baoxue.platform.errors import InputRefused
from baoxue.policy.casecodes import ReturnWay


@dataclass(frozen=True, slots=True)
class Placement:
    """Where and how a child returns. `on`: the day."""

    way: ReturnWay
    school_code: str
    school_name: str
    class_name: str
    on: date

    def check(self, *, today: date) -> None:
        """Raise InputRefused unless the placement is whole."""
        if not self.school_name.strip():
            raise InputRefused("请写安置的学校。", field="school_name")
        if self.on > today:
            raise InputRefused("复学日期不能晚于今天；约好以后返校的，记在劝返记录的承诺日期里。", field="returned_on")


@transaction.atomic
def return_to_school(
    *, case: Case, placement: Placement, by: Actor, now: datetime, reason: str = "", version: int | None = None
) -> Case:
    """Write down that the child returns, and where it is placed."""
    placement.check(today=day_of(now))
    held = hold(case, version=version)
    changed = {
        "return_way": placement.way.value, "return_school_code": placement.school_code.strip(),
        "return_school_name": placement.school_name.strip(), "return_class_name": placement.class_name.strip(),
        "returned_on": placement.on, "seen_at_school_on": None,
    }  # fmt: skip
    given = Given(placement=True)
    return move(held, "return_to_school", by=by, now=now, given=given, reason=reason, **changed)


@transaction.atomic
def begin_observing(*, case: Case, seen_on: date, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Say that the child was seen at school; observation and the return visits are counted from that day."""
    held = hold(case, version=version)
    given = Given(seen_on=seen_on, clock_from=seen_on)
    if held.returned_on is not None and seen_on < held.returned_on:
        raise InputRefused("到校日期不能早于复学日期。", field="seen_on")
    return move(held, "begin_observing", by=by, now=now, given=given, seen_at_school_on=seen_on)


@transaction.atomic
def missing_again(*, case: Case, reason: str, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Take a returned child's case back: it is missing again before the case was closed."""
    held = hold(case, version=version)
    code = "suspected_again" if held.dropout_on is None else "missing_again"
    return move(held, code, by=by, now=now, reason=reason, seen_at_school_on=None)
