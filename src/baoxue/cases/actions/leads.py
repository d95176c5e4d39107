"""Leads: told, joined to one child, taken into a case or set aside."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.cases import clocks, standing
from baoxue.cases.errors import ChildUnknown, LeadAnswered
from baoxue.cases.models import Case, CaseNumber, Lead, StageChange
from baoxue.cases.models.lead import LeadState
from baoxue.cases.moving import place_of, touch, written
from baoxue.children.models import Child
from baoxue.comparison.models import Finding
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform.actor import Actor
from baoxue.platform.clock import day_of
from baoxue.platform.errors import InputRefused
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Capability
from baoxue.policy.casecodes import LeadSource
from baoxue.policy.casestages import ENDS, NOTICE, OPENING_CLOCKS, CaseStage
from baoxue.policy.verdicts import VerdictKind


@transaction.atomic
def report_lead(
    *, county: Jurisdiction, child: Child | None, name: str, source: LeadSource, found_on: date, words: str, key: str,
    by: Actor, now: datetime, home_path: str = "", department: str = "", finding: Finding | None = None,
) -> Lead:  # fmt: skip
    """Tell that a child may be out of school. The same word told again (`key`) is counted, not listed twice.

    About a child with an open case it goes into that case at once. Raises NotPermitted, InputRefused.
    """
    home = child.home_path if child is not None else home_path or by.scope.path
    school = child.school_path if child is not None else ""
    place = home if by.scope.covers(home) else school or home
    by.require(Capability.WORK_CASE, at=place)
    if not name.strip():
        raise InputRefused("请写孩子的姓名。", field="name")
    if found_on > day_of(now):
        raise InputRefused("发现日期不能晚于今天。", field="found_on")
    lead, new = Lead.objects.get_or_create(
        county=county,
        key=key,
        defaults={
            "child": child, "name": name.strip(), "source": source.value, "department": department, "found_on": found_on,
            "words": words.strip(), "finding": finding, "home_path": home, "school_path": school, **written(by, now),
        },
    )  # fmt: skip
    if not new:
        Lead.objects.filter(pk=lead.pk).update(times=F("times") + 1)
        lead.refresh_from_db()
        return lead
    record(AuditEvent.LEAD_REPORTED, by=by, at=now, target=lead, place_path=place, detail={"source": source.value})
    case = None if child is None else open_case_of(child)
    if case is not None:
        _join(lead, case, by=by, now=now)
    return lead


@transaction.atomic
def open_case(*, lead: Lead, by: Actor, now: datetime, child: Child | None = None) -> Case:
    """Take a lead into the case of its child: the open one, or a new one at 核实, linked to the last closed one.

    `child`: whom it is about, where the lead did not say. Raises NotPermitted, ChildUnknown, LeadAnswered.
    """
    by.require(Capability.WORK_CASE, at=lead.home_path if by.scope.covers(lead.home_path) else lead.school_path)
    lead = Lead.objects.select_for_update(of=("self",)).select_related("county").get(pk=lead.pk)
    if lead.state != LeadState.OPEN:
        raise LeadAnswered(f"{lead.answered_by_name}已经处理过这条线索：{LeadState(lead.state).label}。")
    child = child or lead.child
    if child is None:
        raise ChildUnknown
    # Two leads about one child, opened at once, make one case.
    child = Child.objects.select_for_update(of=("self",)).get(pk=child.pk)
    case = open_case_of(child) or _new_case(child, lead.county, by=by, now=now)
    Lead.objects.filter(pk=lead.pk).update(child=child, home_path=child.home_path, school_path=child.school_path)
    _join(lead, case, by=by, now=now)
    return case


@transaction.atomic
def take_up_finding(*, finding: Finding, by: Actor, now: datetime) -> Lead:
    """Make a lead of a finding that a person answered as 属实, and open its case where the child's record is known.

    Raises NotPermitted, InputRefused.
    """
    if finding.settled_by is None or finding.settled_by.kind != VerdictKind.REAL:
        raise InputRefused("这条线索还没有人定为“属实”，不能交办。")
    child = Child.objects.filter(
        sources__subject=finding.subject, sources__recorded_to=None, county=finding.run.county, merged_into=None
    ).first()
    lead = report_lead(
        county=finding.run.county, child=child, name=finding.name, source=LeadSource.COMPARISON,
        found_on=finding.run.as_of, words=finding.reason, key=f"finding:{finding.subject.hex()[:32]}:{finding.kind}",
        finding=finding, home_path=finding.home_path, by=by, now=now,
    )  # fmt: skip
    if child is not None and lead.state == LeadState.OPEN:
        open_case(lead=lead, by=by, now=now)
        lead.refresh_from_db()
    return lead


@transaction.atomic
def set_aside(*, lead: Lead, answer: str, by: Actor, now: datetime) -> Lead:
    """Say that a lead is nothing, and why. Raises NotPermitted, InputRefused, LeadAnswered."""
    by.require(Capability.DECIDE_CASE, at=lead.county.path)
    if len(answer.strip()) < 2:
        raise InputRefused("请写一句为什么不成立。", field="answer")
    changed = Lead.objects.filter(pk=lead.pk, state=LeadState.OPEN).update(
        state=LeadState.SET_ASIDE, answered_at=now, answered_by_name=by.name, answer=answer.strip()
    )
    lead = Lead.objects.get(pk=lead.pk)
    if changed != 1:
        raise LeadAnswered(f"{lead.answered_by_name}已经处理过这条线索：{LeadState(lead.state).label}。")
    record(AuditEvent.LEAD_SET_ASIDE, by=by, at=now, target=lead, place_path=lead.home_path)
    return lead


def open_case_of(child: Child) -> Case | None:
    """The open case of a child."""
    return Case.objects.filter(child=child).exclude(stage__in=ENDS).select_related("county", "child").first()


def _join(lead: Lead, case: Case, *, by: Actor, now: datetime) -> None:
    Lead.objects.filter(pk=lead.pk).update(
        state=LeadState.IN_CASE, case=case, answered_at=now, answered_by_name=by.name
    )
    lead.refresh_from_db()


def _new_case(child: Child, county: Jurisdiction, *, by: Actor, now: datetime) -> Case:
    on = day_of(now)
    closed = Case.objects.filter(child=child, stage=CaseStage.CLOSED).order_by("-closed_on").first()
    case = Case.objects.create(
        number=_next_number(county, on.year), county=county, child=child, stage=CaseStage.VERIFYING.value,
        stage_since=now, opened_at=now, limits=clocks.limits_now(county, on=on),
        times_before=Case.objects.filter(child=child, dropout_on__isnull=False).count(),
        **_copied_from(child),
    )  # fmt: skip
    StageChange.objects.create(
        case=case, home_path=case.home_path, school_path=case.school_path, transition="open",
        to_stage=case.stage, clause=f"{NOTICE}：快速发现与响应", version=case.version, **written(by, now),
    )  # fmt: skip
    clocks.start(case, OPENING_CLOCKS, on=on)
    standing.tell_ledgers(case, CaseStage.VERIFYING, on=on, now=now)
    record(AuditEvent.CASE_OPENED, by=by, at=now, target=case, place_path=place_of(case, by))
    if closed is not None and closed.refuted_at is None:
        Case.objects.filter(pk=closed.pk).update(refuted_at=now)
        Case.objects.filter(pk=case.pk).update(previous=closed)
    return touch(case)


def _copied_from(child: Child) -> dict[str, object]:
    township = Jurisdiction.objects.filter(path=child.home_path).values_list("name", flat=True).first()
    return {
        "home_path": child.home_path, "school_path": child.school_path, "name": child.name, "name_sort": child.name_sort,
        "sex": child.sex, "birth_date": child.birth_date, "id_masked": child.id_masked, "school_name": child.school_name,
        "grade": child.grade, "class_name": child.class_name, "place_name": township or "",
        "watched": child.poverty_household or bool(child.groups), "poverty_household": child.poverty_household,
    }  # fmt: skip


def _next_number(county: Jurisdiction, year: int) -> str:
    # The count is the county's, whoever opens the case.
    with acting_as(EVERYWHERE):
        return _counted_on(county, year)


def _counted_on(county: Jurisdiction, year: int) -> str:
    CaseNumber.objects.get_or_create(county=county, year=year, defaults={"place_path": county.path})
    count = CaseNumber.objects.select_for_update().get(county=county, year=year)
    CaseNumber.objects.filter(pk=count.pk).update(last=count.last + 1)
    return f"{year}-{count.last + 1:04d}"
