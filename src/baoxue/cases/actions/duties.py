"""Pauses of a duty's clock, and the named chain of people who answer for a child."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.cases import clocks
from baoxue.cases.errors import SamePerson
from baoxue.cases.models import Case, Duty, Pause, Responsible
from baoxue.cases.models.duty import DutyState
from baoxue.cases.moving import hold, place_of, touch, written
from baoxue.platform.actor import Actor
from baoxue.platform.clock import day_of
from baoxue.platform.errors import ChangedMeanwhile, InputRefused
from baoxue.policy.capabilities import Capability
from baoxue.policy.casestages import Clock
from baoxue.policy.duties import Line

_LONGEST_PAUSE = timedelta(days=92)


@transaction.atomic
def ask_pause(*, duty: Duty, first: date, last: date, reason: str, by: Actor, now: datetime) -> Pause:
    """Ask that a duty's clock stand still for some days. Until another person approves, it runs.

    Raises NotPermitted, InputRefused.
    """
    by.require(Capability.WORK_CASE, at=place_of(duty.case, by))
    if len(reason.strip()) < 4:
        raise InputRefused("请写暂停的原因。", field="reason")
    if last < first or last - first > _LONGEST_PAUSE:
        raise InputRefused("暂停要有起止日期，最长三个月。", field="last_day")
    if last < day_of(now):
        raise InputRefused("不能补批已经过去的日子。", field="last_day")
    asked = Pause.objects.create(
        duty=duty, home_path=duty.home_path, school_path=duty.school_path, first_day=first, last_day=last,
        reason=reason.strip(), **written(by, now),
    )  # fmt: skip
    record(AuditEvent.PAUSE_ASKED, by=by, at=now, target=duty.case, place_path=place_of(duty.case, by),
           detail={"clock": duty.clock})  # fmt: skip
    return asked


@transaction.atomic
def answer_pause(*, pause: Pause, approve: bool, by: Actor, now: datetime) -> Pause:
    """Approve or refuse a pause. Raises NotPermitted, SamePerson, ChangedMeanwhile."""
    duty = Duty.objects.select_for_update(of=("self",)).select_related("case__county").get(pk=pause.duty_id)
    by.require(Capability.APPROVE_PAUSE, at=duty.case.county.path)
    if pause.by_id == by.account_id:
        raise SamePerson("暂停申请")
    changed = Pause.objects.filter(pk=pause.pk, approved_at=None, refused=False).update(
        approved_at=now, approved_by_id=by.account_id, approved_by_name=by.name, refused=not approve
    )
    if changed != 1:
        raise ChangedMeanwhile("这个暂停申请刚有人答复过。")
    if approve and duty.state == DutyState.OPEN:
        clocks.pause(duty, duty.case, first=pause.first_day, last=pause.last_day)
        clocks.show_first(duty.case)
    record(AuditEvent.PAUSE_ANSWERED, by=by, at=now, target=duty.case, place_path=duty.case.county.path,
           detail={"clock": duty.clock, "approved": approve})  # fmt: skip
    return Pause.objects.get(pk=pause.pk)


@transaction.atomic
def name_responsible(
    *, case: Case, line: Line, title: str, name: str, unit: str, phone: str, is_owner: bool, by: Actor, now: datetime,
    account_id: int | None = None,
) -> Responsible:  # fmt: skip
    """Name a person of the child's chain; a new 主责人 takes the place of the one before. Raises NotPermitted, InputRefused."""
    by.require(Capability.WORK_CASE, at=place_of(case, by))
    if not (name.strip() and unit.strip()):
        raise InputRefused("请写责任人的姓名和单位。", field="name")
    case, on = hold(case, version=None), day_of(now)
    if is_owner:
        Responsible.objects.filter(case=case, is_owner=True, last_day=None).update(last_day=on)
    named = Responsible.objects.create(
        case=case, home_path=case.home_path, school_path=case.school_path, line=line.value, title=title.strip(),
        name=name.strip(), unit=unit.strip(), phone=phone.strip(), account_id=account_id, is_owner=is_owner,
        first_day=on, **written(by, now),
    )  # fmt: skip
    if is_owner:
        clocks.end(case, (Clock.PAIR_UP,), by=by, on=on)
    record(AuditEvent.RESPONSIBLE_NAMED, by=by, at=now, target=case, place_path=place_of(case, by),
           detail={"line": line.value, "owner": is_owner})  # fmt: skip
    touch(case, **({"owner_name": name.strip()} if is_owner else {}))
    return named


@transaction.atomic
def relieve(*, responsible: Responsible, by: Actor, now: datetime) -> Responsible:
    """Let a person of the chain go. The owner is not let go without another: name the new one instead."""
    by.require(Capability.WORK_CASE, at=place_of(responsible.case, by))
    if responsible.is_owner:
        raise InputRefused("主责人不能空着。请直接写上新的主责人。")
    Responsible.objects.filter(pk=responsible.pk, last_day=None).update(last_day=day_of(now))
    record(AuditEvent.RESPONSIBLE_RELIEVED, by=by, at=now, target=responsible.case,
           place_path=place_of(responsible.case, by), detail={"line": responsible.line})  # fmt: skip
    touch(hold(responsible.case, version=None))
    return Responsible.objects.get(pk=responsible.pk)
