"""What a person decides about a case: suspected, never enrolled, dropout, excluded, resting."""

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
from baoxue.policy.casecodes import SuspensionKind


@dataclass(frozen=True, slots=True)
class DropoutFacts:
    """What a confirmation rests on: day, reason and whereabouts (codes of the lists in force), ground in words."""

    on: date
    reason: str
    whereabouts: str
    basis: str

    def check(self, *, today: date) -> None:
        """Raise InputRefused unless everything is said."""
        if self.on > today:
            raise InputRefused("辍学日期不能晚于今天。", field="dropout_on")
        if not self.reason:
            raise InputRefused("请选辍学原因。", field="dropout_reason")
        if not self.whereabouts:
            raise InputRefused("请选去向。", field="whereabouts")
        if len(self.basis.strip()) < 4:
            raise InputRefused("请写认定依据。", field="basis")

    def as_columns(self) -> dict[str, object]:
        """As the case keeps them."""
        return {
            "dropout_on": self.on, "dropout_reason": self.reason,
            "dropout_reason_words": self.basis.strip(), "whereabouts": self.whereabouts,
        }  # fmt: skip


@transaction.atomic
def find_suspected(*, case: Case, by: Actor, now: datetime, reason: str = "", version: int | None = None) -> Case:
    """Enter the child in the 疑似辍学学生台账, on a verification that says so."""
    return move(hold(case, version=version), "find_suspected", by=by, now=now, reason=reason)


@transaction.atomic
def confirm_dropout(*, case: Case, facts: DropoutFacts, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Confirm that the child has dropped out: a person signs, another than the one who proposed it."""
    facts.check(today=day_of(now))
    given = Given(dropout_facts=True)
    held = hold(case, version=version)
    return move(held, "confirm_dropout", by=by, now=now, given=given, reason=facts.basis, **facts.as_columns())


@transaction.atomic
def find_never_enrolled(
    *, case: Case, facts: DropoutFacts, by: Actor, now: datetime, version: int | None = None
) -> Case:
    """Confirm that the child was never enrolled (失学)."""
    facts.check(today=day_of(now))
    given = Given(dropout_facts=True)
    held = hold(case, version=version)
    return move(held, "find_never_enrolled", by=by, now=now, given=given, reason=facts.basis, **facts.as_columns())


@transaction.atomic
def exclude(*, case: Case, reason: str, by: Actor, now: datetime, version: int | None = None) -> Case:
    """End a case that turned out to be none, on the proof its verification result asks for."""
    return move(hold(case, version=version), "exclude", by=by, now=now, reason=reason)


@transaction.atomic
def suspend(
    *, case: Case, kind: SuspensionKind, until: date, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Case:
    """Let a case rest while entry is deferred or study is on leave; it comes back by itself when that is over."""
    given = Given(approved_until=until, clock_from=until)
    held = hold(case, version=version)
    changed = {"suspension": kind.value, "suspended_until": until}
    return move(held, "suspend", by=by, now=now, given=given, reason=reason, **changed)


@transaction.atomic
def resume(*, case: Case, reason: str, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Go on with a case that rested."""
    return move(hold(case, version=version), "resume", by=by, now=now, reason=reason)
