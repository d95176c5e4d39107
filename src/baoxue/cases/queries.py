"""Reading cases: lists by stage and deadline, one case with all that was done, what a post owes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from baoxue.cases.models import Attempt, Case, Duty, Lead
from baoxue.cases.models.duty import DutyState
from baoxue.cases.models.lead import LeadState
from baoxue.children.queries import beginning
from baoxue.platform.actor import Actor
from baoxue.platform.asking import Asked
from baoxue.policy.capabilities import Capability
from baoxue.policy.casecodes import VerificationResult
from baoxue.policy.casestages import ENDS, CaseStage, Clock, Transition, from_stage
from baoxue.policy.duties import FOLLOW_UPS

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Filters(Asked):
    """What of the cases is looked at; empty = all open ones. `due`: overdue, today or week; `mine`: owed by this post."""

    stage: str = ""
    due: str = ""
    mine: str = ""
    q: str = ""


def cases(by: Actor, filters: Filters, *, today: date) -> QuerySet[Case]:
    """The cases an actor sees, what is due first first; ended ones only where their stage is asked for."""
    rows: QuerySet[Case] = Case.objects.visible_to(by)
    rows = rows.filter(stage=filters.stage) if filters.stage in set(CaseStage) else rows.filter(ended_at=None)
    if filters.due == "overdue":
        rows = rows.filter(due_on__lt=today)
    elif filters.due == "today":
        rows = rows.filter(due_on=today)
    elif filters.due == "week":
        rows = rows.filter(due_on__range=(today, today + _WEEK))
    if filters.mine:
        rows = rows.filter(pk__in=owed(by).values("case"))
    if filters.q:
        rows = rows.filter(beginning("name", filters.q) | Q(number=filters.q))
    return rows.order_by("due_on", "pk")


def by_stage(by: Actor) -> list[tuple[CaseStage, int]]:
    """How many cases stand at each stage, in the order of the stages; stages without any are left out."""
    counted = Case.objects.visible_to(by).order_by().values_list("stage").annotate(Count("pk"))
    found = dict(counted)
    return [(stage, found[stage.value]) for stage in CaseStage if stage.value in found]


def case_of(by: Actor, case_id: UUID) -> Case | None:
    """A case within reach."""
    return Case.objects.visible_to(by).select_related("county", "child", "previous").filter(pk=case_id).first()


def owed(by: Actor) -> QuerySet[Duty]:
    """The open duties that the actor's post owes, what is due first first."""
    here = Duty.objects.visible_to(by).filter(state=DutyState.OPEN, owner_role=by.role, owner_path=by.scope.path)
    return here.select_related("case").order_by("due_on", "pk")


def leads_open(by: Actor) -> QuerySet[Lead]:
    """Leads nobody has dealt with."""
    return Lead.objects.visible_to(by).filter(state=LeadState.OPEN).order_by("-written_at", "-pk")


def acts_for(by: Actor, case: Case) -> list[Transition]:
    """The transitions of the table that this post may make from the stage the case is at."""
    place = case.home_path if by.scope.covers(case.home_path) else case.school_path
    ways = from_stage(CaseStage(case.stage))
    own = [way for way in ways if any(by.can(capability, at=place) for capability in way.who)]
    unconfirmed = "missing_again" if case.dropout_on is None else "suspected_again"
    return [way for way in own if way.code != unconfirmed]


def may_work(by: Actor, case: Case) -> bool:
    """Whether this post records verifications and persuasions of a case."""
    place = case.home_path if by.scope.covers(case.home_path) else case.school_path
    return by.can(Capability.WORK_CASE, at=place) and CaseStage(case.stage) not in ENDS


def follow_up_owed(case: Case) -> Clock | None:
    """The return visit that is due next, if any: what is recorded of a visit after the return answers it."""
    codes = [clock.value for clock in FOLLOW_UPS]
    first = Duty.objects.filter(case=case, state=DutyState.OPEN, clock__in=codes).order_by("due_on", "pk").first()
    return None if first is None else Clock(first.clock)


@dataclass(frozen=True, slots=True)
class Whole:
    """A case with all that was done: newest first, chain in order."""

    duties: list[Duty]
    attempts: list[Attempt]
    verifications: list[Any]
    evidence: list[Any]
    chain: list[Any]
    documents: list[Any]
    changes: list[Any]
    leads: list[Lead]
    aid: list[Any]
    plan: Any


def whole(case: Case) -> Whole:
    """Everything about a case: a query each."""
    attempts = list(case.persuasions.order_by("-nth"))
    for attempt in attempts:
        people = json.loads(attempt.went or "[]")
        attempt.people = "、".join(" ".join(filter(None, (p["unit"], p["title"], p["name"]))) for p in people)
    verifications = list(case.verifications.order_by("-written_at"))
    for verification in verifications:
        verification.label = f"{verification.result} {VerificationResult(verification.result).label}"
    return Whole(
        duties=list(case.duties.filter(state=DutyState.OPEN).order_by("due_on", "pk")),
        attempts=attempts,
        verifications=verifications,
        evidence=list(case.evidence.order_by("-written_at")),
        chain=list(case.chain.filter(last_day=None).order_by("-is_owner", "line", "pk")),
        documents=list(case.documents.order_by("-issued_on", "-pk")),
        changes=list(case.changes.order_by("-version")),
        leads=list(case.leads.order_by("-written_at")),
        aid=list(case.aid.order_by("-given_on", "-pk")),
        plan=case.plans.order_by("-version").first(),
    )
