"""个案: the list by deadline, one case with its next step, and a form for each act."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from baoxue.access.request import ActingRequest
from baoxue.cases import forms, queries
from baoxue.cases.acting import ACTS, Act, in_order, open_acts
from baoxue.cases.models import Case, Evidence
from baoxue.cases.needs import evidence_there, observation_ends
from baoxue.cases.queries import Filters
from baoxue.cases.viewing import open_evidence, view_case
from baoxue.children.queries import names_of_places
from baoxue.platform import clock, storage
from baoxue.platform.errors import InputRefused, SystemRefusal
from baoxue.platform.gate import page
from baoxue.policy.capabilities import Capability, Role
from baoxue.policy.casecodes import EvidenceKind
from baoxue.policy.casestages import SHOWN, CaseStage, Clock, drawn_as
from baoxue.policy.closing import ClosingReason, evidence_missing

_PAGE = 50
_DUE = (("overdue", "已逾期"), ("today", "今天"), ("week", "七天内"))


@require_safe
@page(Capability.SEE_CASES)
def cases(request: ActingRequest) -> HttpResponse:
    """The cases within reach, what is due first first."""
    today, filters = clock.today(), Filters.of(request.GET)
    rows = queries.cases(request.actor, filters, today=today)
    shown = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    for row in shown:
        row.days_left = None if row.due_on is None else (row.due_on - today).days  # type: ignore[attr-defined]
        row.due_words = Clock(row.due_clock).label if row.due_clock else ""  # type: ignore[attr-defined]
        row.due_whose = Role(row.due_role).label if row.due_role else ""  # type: ignore[attr-defined]
    context = {
        "page": shown, "filters": filters, "stages": queries.by_stage(request.actor), "dues": _DUE, "today": today,
        "leads": queries.leads_open(request.actor).count(),
        "stage_choices": [(stage.value, stage.label) for stage in CaseStage],
    }  # fmt: skip
    return render(request, "cases/cases.html", context)


@require_safe
@page(Capability.SEE_CASES)
def case(request: ActingRequest, case_id: uuid.UUID) -> HttpResponse:
    """One case: what is to be done next, by whom, and all that was done."""
    found, by, today = _found(request, case_id), request.actor, clock.today()
    view_case(case=found, by=by, now=clock.now())
    whole = queries.whole(found)
    places = names_of_places(duty.owner_path for duty in whole.duties)
    for duty in whole.duties:
        duty.days_left = (duty.due_on - today).days  # type: ignore[attr-defined]
        duty.whose = f"{places.get(duty.owner_path, '')}{Role(duty.owner_role).label}"  # type: ignore[attr-defined]
    first = whole.duties[0] if whole.duties else None
    acts, first_answers = in_order(open_acts(by, found), Clock(first.clock) if first else None)
    context = {
        "case": found, "whole": whole, "next": first, "today": today, "stepper": _stepper(found, whole),
        "acts": [(code, ACTS[code].label) for code in acts], "first_answers": first_answers,
        "missing": _missing(found), "observation_ends": observation_ends(found),
    }  # fmt: skip
    return render(request, "cases/case.html", context)


@require_safe
@page(Capability.SEE_CASES)
def evidence_file(request: ActingRequest, evidence_id: int) -> HttpResponse:
    """A file of proof, opened for whoever sees the case; that it was opened goes on record."""
    found = Evidence.objects.visible_to(request.actor).select_related("case").filter(pk=evidence_id).first()
    if found is None or not found.file:
        raise Http404
    open_evidence(evidence=found, by=request.actor, now=clock.now())
    answer = StreamingHttpResponse(storage.blocks(found.file), content_type=found.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, f"evidence-{found.pk}")
    answer["Cache-Control"] = "no-store"
    return cast(HttpResponse, answer)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Capability.WORK_CASE, Capability.DECIDE_CASE, Capability.REVIEW_CLOSURE, Capability.APPROVE_PAUSE)
def act(request: ActingRequest, case_id: uuid.UUID, act: str) -> HttpResponse:
    """The form of one act on a case, and the act itself."""
    found, by = _found(request, case_id), request.actor
    known = ACTS.get(act)
    if known is None or (act not in open_acts(by, found) and request.method != "POST"):
        raise Http404
    today = clock.today()
    if request.method != "POST":
        form = known.form(case=found, today=today, initial=_initial(today))
    else:
        form = known.form(request.POST, request.FILES, case=found, today=today)
        if form.is_valid() and _done(form, known, {"case": found, "by": by, "now": clock.now()}):
            messages.success(request, f"已{known.label}。")
            return redirect("cases:case", found.pk)
    status = 422 if form.is_bound else 200
    return render(request, "cases/act.html", {"case": found, "form": form, "known": known}, status=status)


def _done(form: forms.CaseForm, known: Act, common: dict[str, Any]) -> bool:
    """Do the act; what it refuses stands at its field, and nothing that was typed is lost."""
    try:
        known.do(dict(form.cleaned_data), common)
    except InputRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    except SystemRefusal as refusal:
        if refusal.status in (403, 404):
            raise
        form.add_error(None, refusal.sentence)
        return False
    return True


def _initial(today: date) -> dict[str, Any]:
    """What is known already: that it was today, in most cases."""
    return {"key": uuid.uuid4(), "day": today, "verified_on": today, "seen_on": today, "given_on": today}


def _found(request: ActingRequest, case_id: uuid.UUID) -> Case:
    found = queries.case_of(request.actor, case_id)
    if found is None:
        raise Http404
    return found


def _stepper(case: Case, whole: queries.Whole) -> list[dict[str, Any]]:
    """The eight stages: past ones with their day, the present one, and those to come."""
    days: dict[CaseStage, datetime] = {}
    for change in whole.changes:
        days[drawn_as(CaseStage(change.to_stage))] = change.written_at
    stage = CaseStage(case.stage)
    here = drawn_as(CaseStage(case.came_from) if stage is CaseStage.SUSPENDED else stage)
    place = SHOWN.index(here)
    return [
        {
            "label": one.label,
            "day": days.get(one),
            "state": "now" if one is here else "past" if at < place else "future",
        }
        for at, one in enumerate(SHOWN)
    ]


def _missing(case: Case) -> list[str]:
    """What evidence is missing for 销号 after a return, in words."""
    if case.stage not in (CaseStage.OBSERVING, CaseStage.CLOSURE_APPLIED, CaseStage.COUNTY_REVIEW):
        return []
    reason = ClosingReason(case.closing_reason) if case.closing_reason else ClosingReason.RETURNED
    absent = evidence_missing(reason, evidence_there(case), watched=case.watched)
    return [kind.label for kind in EvidenceKind if kind in absent]
