"""What the system does by itself: reminders and escalation, rests that end, returned children found missing again.

Each looks at stored facts and acts by a conditional update, so that a second run, a missed day or a killed worker changes
nothing (教基厅函〔2024〕15号: 快速发现与响应; 动态管理). It proposes and tells; a person decides what becomes of a case.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from baoxue.cases import clocks
from baoxue.cases.actions.deciding import resume
from baoxue.cases.actions.leads import open_case, report_lead
from baoxue.cases.actions.returning import missing_again
from baoxue.cases.models import Case, Duty, StageChange
from baoxue.cases.models.duty import DutyState
from baoxue.children.models import Source
from baoxue.comparison.models import Finding, Run, RunState
from baoxue.notifications.actions import notify
from baoxue.notifications.recipients import Recipient
from baoxue.platform.actor import Actor, system_actor
from baoxue.platform.clock import day_of
from baoxue.policy.capabilities import Role
from baoxue.policy.casecodes import LeadSource
from baoxue.policy.casestages import CaseStage, Clock
from baoxue.policy.duties import MomentKind
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.notices import NoticeKind

_NAME = "时限"
_RETURNED = (CaseStage.OBSERVING, CaseStage.CLOSURE_APPLIED, CaseStage.COUNTY_REVIEW)
_MISSING = (FindingKind.ABSENT, FindingKind.NEVER_ENROLLED)


def _system(case: Case) -> Actor:
    return system_actor(_NAME, path=case.county.path)


def page_of(case: Case) -> str:
    """Path of a case's page."""
    return f"/cases/{case.pk}/"


def tell_of_duties(*, day: date, now: datetime) -> int:
    """Make every moment due by a day that was not made yet, in order; gives their number.

    The step is written and the notice kept in one transaction, and a notice is told once under its key: whatever is killed,
    each reminder and each escalation goes out exactly once.
    """
    told = 0
    due = Duty.objects.filter(state=DutyState.OPEN, next_on__lte=day).select_related("case__county")
    for duty in due.order_by("next_on", "pk"):
        told += _tell(duty, day=day, now=now)
    return told


@transaction.atomic
def _tell(duty: Duty, *, day: date, now: datetime) -> int:
    case, told = duty.case, 0
    moments = clocks.moments_of(duty, case)
    while duty.moment < len(moments) and moments[duty.moment].on <= day:
        moment = moments[duty.moment]
        following = moments[duty.moment + 1].on if duty.moment + 1 < len(moments) else None
        step = Duty.objects.filter(pk=duty.pk, moment=duty.moment, state=DutyState.OPEN)
        if step.update(moment=F("moment") + 1, next_on=following) != 1:
            return told
        what = f"{Clock(duty.clock).label}（个案 {case.number}，{case.name}）{_on(duty.due_on)}到期"
        late = moment.kind is MomentKind.ESCALATION
        notify(
            to=Recipient.holders(moment.to, clocks.path_of_role(case, moment.to)),
            kind=NoticeKind.ESCALATION if late else NoticeKind.DUTY_SOON,
            sentence=f"{what}，还没有办，由{Role(duty.owner_role).label}负责，请督办。" if late else f"{what}。",
            url=page_of(case),
            key=f"duty:{duty.pk}:{duty.moment}",
            place_path=case.home_path,
            now=now,
        )
        duty.moment += 1
        told += 1
    return told


def resume_those_over(*, day: date, now: datetime) -> int:
    """Let cases go on whose deferral or leave has ended; gives their number."""
    over = Case.objects.filter(stage=CaseStage.SUSPENDED, suspended_until__lt=day).select_related("county")
    cases = list(over.order_by("suspended_until", "pk"))
    for case in cases:
        resume(case=case, reason=f"期限{_on(case.suspended_until)}已满", by=_system(case), now=now)
        _tell_owner(case, f"个案 {case.number}（{case.name}）缓学休学期满，请看孩子是否入学。", now=now)
    return len(cases)


def look_at_the_returned(*, day: date, now: datetime) -> int:
    """Look returned and struck-off children up in the newest findings; gives how many are missing again.

    Before closure the same case goes back; after it a linked case opens, the closure is marked as refuted, and everybody
    who signed is told. Only what the comparison is sure of counts, of registers younger than the return.
    """
    found = 0
    for case in _back_at_school():
        finding = _missing_since(case)
        if finding is None:
            continue
        found += 1
        if case.stage == CaseStage.CLOSED:
            _open_linked(case, finding, now=now)
        else:
            reason = f"{_on(finding.run.as_of)}的在校名册里没有他：{finding.reason}"
            missing_again(case=case, reason=reason[:400], by=_system(case), now=now)
            _tell_signers(case, f"个案 {case.number}（{case.name}）复学后又不在校，已转回劝返。", now=now)
    return found


def _back_at_school() -> list[Case]:
    """Cases whose child was seen at school again, and of whom the newest comparison of the county is sure that it is missing."""
    back = Q(stage__in=[stage.value for stage in _RETURNED]) | Q(stage=CaseStage.CLOSED, refuted_at=None)
    newest = Run.objects.filter(state=RunState.DONE).order_by("county", "-as_of", "-created_at").distinct("county")
    missing = _sure().filter(run__in=newest.values("pk")).values("subject")
    children = Source.objects.filter(recorded_to=None, subject__in=missing).values("child")
    cases = Case.objects.filter(back, seen_at_school_on__isnull=False, child__in=children)
    return list(cases.select_related("county", "child").order_by("pk"))


def _missing_since(case: Case) -> Finding | None:
    """A sure finding that the child of a case is missing, of registers younger than its return and its closure."""
    since = max(filter(None, (case.seen_at_school_on, case.closed_on)))
    rows = case.child.sources.filter(recorded_to=None).values("subject")
    of_child = _sure().filter(run__county=case.county, run__as_of__gt=since, subject__in=rows)
    return of_child.select_related("run").order_by("-run__as_of", "-run__created_at").first()


def _sure() -> QuerySet[Finding]:
    """What the comparison is sure of and nobody has answered: children in no class."""
    kinds = [kind.value for kind in _MISSING]
    return Finding.objects.filter(waits=True, settled_by=None, decision=Decision.AUTO.value, kind__in=kinds)


@transaction.atomic
def _open_linked(case: Case, finding: Finding, *, now: datetime) -> None:
    by = _system(case)
    lead = report_lead(
        county=case.county, child=case.child, name=case.name, source=LeadSource.RECURRED, found_on=finding.run.as_of,
        words=finding.reason, key=f"recurred:{case.pk}", finding=finding, by=by, now=now,
    )  # fmt: skip
    if lead.case_id is None:
        opened = open_case(lead=lead, by=by, now=now)
        _tell_signers(case, f"{case.name}销号以后又不在校，已另开个案 {opened.number}，原销号不成立。", now=now)


def _tell_owner(case: Case, sentence: str, *, now: datetime) -> None:
    role = Role.RECORD_KEEPER if case.school_path else Role.TOWNSHIP_OFFICER
    to = [Recipient.holders(one, clocks.path_of_role(case, one)) for one in (role, Role.COUNTY_OFFICER)]
    notify(to=to, kind=NoticeKind.CASE_OPENED, sentence=sentence, url=page_of(case), place_path=case.home_path,
           key=f"case:{case.pk}:{case.version}", now=now)  # fmt: skip


def _tell_signers(case: Case, sentence: str, *, now: datetime) -> None:
    """Tell everybody who signed a step of a case, and the county."""
    signed = StageChange.objects.filter(case=case, by_id__isnull=False).values_list("by_id", flat=True).distinct()
    to = [*(Recipient.account(account) for account in signed), Recipient.holders(Role.COUNTY_OFFICER, case.county.path)]
    notify(to=to, kind=NoticeKind.CASE_DECIDED, sentence=sentence, url=page_of(case), place_path=case.home_path,
           key=f"missing:{case.pk}:{day_of(now)}", now=now)  # fmt: skip


def _on(day: date | None) -> str:
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"
