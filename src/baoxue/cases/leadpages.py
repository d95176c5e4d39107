"""线索: what waits, whom it is about, and what becomes of it; a form to report one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baoxue.access.request import ActingRequest
from baoxue.cases import actions, queries
from baoxue.cases.forms import AddChildForm, ReportForm, SetAsideForm
from baoxue.cases.models import Lead
from baoxue.children.actions import add_by_hand
from baoxue.children.models import Child
from baoxue.children.queries import child_of, named
from baoxue.jurisdictions.queries import county_of
from baoxue.platform import clock
from baoxue.platform.errors import InputRefused
from baoxue.platform.gate import page
from baoxue.policy.capabilities import Capability
from baoxue.policy.casecodes import LeadSource

_PAGE, _CANDIDATES = 50, 8


@require_safe
@page(Capability.SEE_CASES)
def leads(request: ActingRequest) -> HttpResponse:
    """Leads nobody has dealt with."""
    shown = Paginator(queries.leads_open(request.actor), _PAGE).get_page(request.GET.get("page"))
    return render(request, "cases/leads.html", {"page": shown, "may_open": request.actor.can(Capability.WORK_CASE)})


@require_http_methods(["GET", "HEAD", "POST"])
@page(Capability.WORK_CASE)
def report(request: ActingRequest) -> HttpResponse:
    """Report that a child may be out of school. Whose record it is, is asked next."""
    by, county = request.actor, county_of(request.actor.scope.path)
    if county is None:
        raise Http404
    form = ReportForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        source = LeadSource(said["source"])
        try:
            lead = actions.report_lead(
                county=county, child=None, name=said["name"], source=source, found_on=said["found_on"],
                words=said["words"], key=f"told:{said['key']}", by=by, now=clock.now(),
            )  # fmt: skip
        except InputRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, "线索已记下。请看是哪个孩子。")
            return redirect("cases:lead", lead.pk)
    return render(request, "cases/report.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@page(Capability.SEE_CASES)
def lead(request: ActingRequest, lead_id: int) -> HttpResponse:
    """One lead: which child it may be about, and what can be done with it."""
    return _shown(request, _lead(request, lead_id))


@require_POST
@page(Capability.WORK_CASE)
def open_lead(request: ActingRequest, lead_id: int) -> HttpResponse:
    """Take a lead into its child's case; `child`: whom it is about, where it did not say."""
    found, child = _lead(request, lead_id), None
    if request.POST.get("child"):
        child = _chosen(request)
    opened = actions.open_case(lead=found, child=child, by=request.actor, now=clock.now())
    return redirect("cases:case", opened.pk)


@require_POST
@page(Capability.WORK_CASE)
def add_child(request: ActingRequest, lead_id: int) -> HttpResponse:
    """Make a record of a child no register has, and open its case."""
    found, form = _lead(request, lead_id), AddChildForm(request.POST)
    if form.is_valid():
        try:
            child = add_by_hand(
                county=found.county, home_path=found.home_path, name=found.name, **form.cleaned_data, by=request.actor,
                now=clock.now(),
            )  # fmt: skip
        except InputRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            opened = actions.open_case(lead=found, child=child, by=request.actor, now=clock.now())
            messages.success(request, "已补录，已开个案。")
            return redirect("cases:case", opened.pk)
    return _shown(request, found, add=form)


@require_POST
@page(Capability.DECIDE_CASE)
def set_lead_aside(request: ActingRequest, lead_id: int) -> HttpResponse:
    """Say that a lead is nothing, and why."""
    found, form = _lead(request, lead_id), SetAsideForm(request.POST)
    if form.is_valid():
        try:
            actions.set_aside(lead=found, answer=form.cleaned_data["answer"], by=request.actor, now=clock.now())
        except InputRefused as refusal:
            form.add_error("answer", refusal.sentence)
        else:
            messages.success(request, "线索已放下，原因记着。")
            return redirect("cases:leads")
    return _shown(request, found, aside=form)


def _shown(request: ActingRequest, lead: Lead, **bound: forms.Form) -> HttpResponse:
    by = request.actor
    candidates = [] if lead.child_id else list(named(by, lead.county, lead.name)[:_CANDIDATES])
    context: dict[str, Any] = {
        "lead": lead, "candidates": candidates, "today": clock.today(), "may_open": by.can(Capability.WORK_CASE),
        "may_set_aside": by.can(Capability.DECIDE_CASE), "add": AddChildForm(), "aside": SetAsideForm(), **bound,
    }  # fmt: skip
    return render(request, "cases/lead.html", context, status=422 if bound else 200)


def _lead(request: ActingRequest, lead_id: int) -> Lead:
    """A lead within reach, also one that somebody dealt with meanwhile: acts on it say who did."""
    visible = Lead.objects.visible_to(request.actor).select_related("county", "case")
    found: Lead | None = visible.filter(pk=lead_id).first()
    if found is None:
        raise Http404
    return found


def _chosen(request: ActingRequest) -> Child:
    try:
        found = child_of(request.actor, request.POST["child"])
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
