"""销号: applied for by one person, taken up, reviewed and decided by another, on proof."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from baoxue.cases.errors import StageRefused
from baoxue.cases.models import Case
from baoxue.cases.moving import hold, move
from baoxue.cases.needs import Given
from baoxue.platform.actor import Actor
from baoxue.platform.clock import day_of
from baoxue.platform.errors import InputRefused
from baoxue.policy.casestages import CaseStage
from baoxue.policy.closing import AFTER_RETURN, ClosingReason, may_be_overage, way_to_apply


@transaction.atomic
def apply_closure(
    *, case: Case, closing: ClosingReason, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Case:
    """Apply for striking the child off, for a reason and on its evidence.

    After a return it takes the observation; other reasons (abroad, deceased, …) need no return.
    """
    held = hold(case, version=version)
    observed = CaseStage(held.stage) is CaseStage.OBSERVING
    if (closing in AFTER_RETURN) and not observed:
        raise StageRefused(CaseStage(held.stage), f"以“{closing.label}”申请销号")
    if closing is ClosingReason.OVERAGE and not may_be_overage(held.birth_date, today=day_of(now)):
        raise InputRefused("还不到超龄的年龄，不能以“超龄”销号。", field="closing")
    changed: dict[str, Any] = {
        "closing_reason": closing.value, "applied_at": now, "applied_by_id": by.account_id, "applied_by_name": by.name,
    }  # fmt: skip
    return move(held, way_to_apply(closing), by=by, now=now, given=Given(closing=closing), reason=reason, **changed)


@transaction.atomic
def withdraw_closure(*, case: Case, reason: str, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Take an application back."""
    return move(hold(case, version=version), "withdraw_closure", by=by, now=now, reason=reason, **_NOT_APPLIED)


@transaction.atomic
def take_up_closure(*, case: Case, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Take an application up for the county's review."""
    return move(hold(case, version=version), "take_up_closure", by=by, now=now)


@transaction.atomic
def send_back_closure(*, case: Case, reason: str, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Send an application back, with a reason."""
    return move(hold(case, version=version), "send_back_closure", by=by, now=now, reason=reason, **_NOT_APPLIED)


@transaction.atomic
def close_case(*, case: Case, reason: str, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Strike the child off the ledger (销号): by another person than the one who applied, on whole evidence."""
    held = hold(case, version=version)
    closed: dict[str, Any] = {"closed_on": day_of(now), "closed_by_id": by.account_id, "closed_by_name": by.name}
    return move(held, "close_case", by=by, now=now, reason=reason, **closed)


_NOT_APPLIED: dict[str, Any] = {"closing_reason": "", "applied_at": None, "applied_by_id": None, "applied_by_name": ""}
