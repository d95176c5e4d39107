"""数据接入: how the registers stand, and the wizard by which a file becomes a snapshot."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baoxue.access.request import ActingRequest
from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import county_of, place_of
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.errors import InputRefused
from baoxue.platform.gate import page
from baoxue.policy.capabilities import Capability
from baoxue.policy.registers import Register
from baoxue.registers import actions, downloads, queries
from baoxue.registers.correcting import OPEN, TAKEN
from baoxue.registers.errors import ReasonMissing, SameFileAgain
from baoxue.registers.forms import CorrectionForm, DropForm, ReasonForm, SecondLookForm
from baoxue.registers.models import Import, ImportState

STEPS = ("放入文件", "认出来了", "看收哪些、退哪些", "确认")
PAGE = 20
REJECTS_PAGE = 50
_MAY_LOOK = (Capability.IMPORT_REGISTER, Capability.CONFIRM_UNUSUAL_IMPORT, Capability.SEE_COMPARISON)
_MAY_ACT = (Capability.IMPORT_REGISTER, Capability.CONFIRM_UNUSUAL_IMPORT)
_TYPES = {
    "csv": ("text/csv; charset=utf-8", downloads.rejects_csv),
    "xlsx": (downloads.XLSX, downloads.rejects_xlsx),
}


@require_safe
@page(*_MAY_LOOK)
def imports(request: ActingRequest) -> HttpResponse:
    """How the registers stand, and every import, the newest first."""
    by = request.actor
    chosen = request.GET.get("register", "")
    listed = queries.imports_of(by)
    if chosen in set(Register):
        listed = listed.filter(register=chosen)
    place = _own_place(by)
    context = {
        "place": place,
        "standings": [] if place is None else queries.standings(place, by, today=clock.today()),
        "page": Paginator(listed, PAGE).get_page(request.GET.get("page")),
        "register": chosen,
        "register_choices": [(register.value, register.label) for register in queries.registers_of(by)],
        "may_import": by.can(Capability.IMPORT_REGISTER),
        "waiting": [*queries.to_confirm(by)[:PAGE], *queries.to_look_again(by)[:PAGE]],
        "many_counties": place is None,
    }
    return render(request, "registers/imports.html", context)


@require_safe
@page(*_MAY_LOOK)
def snapshots(request: ActingRequest) -> HttpResponse:
    """Every snapshot of a register, the newest day first."""
    by = request.actor
    chosen = request.GET.get("register", "")
    register = Register(chosen) if chosen in set(Register) else None
    context = {
        "page": Paginator(queries.snapshots_of(by, register=register), PAGE).get_page(request.GET.get("page")),
        "register": chosen,
        "label": "" if register is None else register.label,
        "register_choices": [(register.value, register.label) for register in queries.registers_of(by)],
    }
    return render(request, "registers/snapshots.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Capability.IMPORT_REGISTER)
def new(request: ActingRequest) -> HttpResponse:
    """Step 1: a file, and which register it is."""
    by, today = request.actor, clock.today()
    county = county_of(by.scope.path)
    if county is None:
        raise Http404
    replaces = _replaced(request)
    given: dict[str, Any] = {"registers": queries.registers_of(by), "today": today}
    same: uuid.UUID | None = None
    if request.method == "POST":
        form = DropForm(request.POST, request.FILES, **given)
        if form.is_valid():
            try:
                started = actions.start_import(
                    file=form.cleaned_data["file"].file,
                    file_name=form.cleaned_data["file"].name,
                    register=Register(form.cleaned_data["register"]),
                    county=county,
                    as_of=form.cleaned_data["as_of"],
                    by=by,
                    now=clock.now(),
                    replaces=replaces,
                )
            except InputRefused as refusal:
                form.add_error(refusal.field or None, refusal.sentence)
            except SameFileAgain as refusal:
                form.add_error(None, refusal.sentence)
                same = refusal.import_id
            else:
                return redirect("registers:import", pk=started.pk)
    else:
        form = DropForm(initial=_begin_with(request, replaces), **given)
    place = _own_place(by)
    context = {
        "form": form,
        "steps": STEPS,
        "same": same,
        "replaces": replaces,
        "place": place,
        "standings": [] if place is None else queries.standings(place, by, today=today),
    }
    return render(request, "registers/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Capability.IMPORT_REGISTER)
def correct(request: ActingRequest, pk: uuid.UUID) -> HttpResponse:
    """Step 1 of a correction: a file of the rejected rows of an import, corrected."""
    corrected, by = _brought(request, pk), request.actor
    posted = request.method == "POST"
    form = CorrectionForm(request.POST, request.FILES) if posted else CorrectionForm()
    same: uuid.UUID | None = None
    if posted and form.is_valid():
        try:
            started = actions.start_correction(
                file=form.cleaned_data["file"].file,
                file_name=form.cleaned_data["file"].name,
                corrects=corrected,
                by=by,
                now=clock.now(),
            )
        except InputRefused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        except SameFileAgain as refusal:
            form.add_error(None, refusal.sentence)
            same = refusal.import_id
        else:
            return redirect("registers:import", pk=started.pk)
    context = {"form": form, "steps": STEPS, "same": same, "corrected": corrected}
    return render(request, "registers/correct.html", context, status=422 if form.errors else 200)


@require_POST
@page(Capability.IMPORT_REGISTER)
def gather(request: ActingRequest) -> HttpResponse:
    """Put the county's register together from what schools brought."""
    by, register = request.actor, request.POST.get("register", "")
    county = county_of(by.scope.path)
    if county is None or register not in set(Register):
        raise Http404
    started = actions.gather_schools(
        county=county, register=Register(register), as_of=clock.today(), by=by, now=clock.now()
    )
    return redirect("registers:import", pk=started.pk)


@require_safe
@page(*_MAY_LOOK)
def one(request: ActingRequest, pk: uuid.UUID) -> HttpResponse:
    """Where an import stands: on to its step, or how it ended."""
    imported = _seen(request, pk)
    if imported.state == ImportState.PREVIEW:
        return redirect("registers:recognised", pk=pk)
    if imported.state == ImportState.SECOND_LOOK:
        return redirect("registers:confirm", pk=pk)
    return render(request, "registers/import.html", _frame(request, imported, step=_step_of(imported)))


@require_safe
@page(*_MAY_LOOK)
def progress(request: ActingRequest, pk: uuid.UUID) -> HttpResponse:
    """How far the reading is, fetched by the page every second; at its end the page goes on by itself."""
    imported = _seen(request, pk)
    if imported.state != ImportState.READING or imported.job is None or imported.job.ended:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = reverse("registers:import", args=[pk])
        return answer
    return render(request, "registers/progress.html", _frame(request, imported, step=1))


@require_safe
@page(*_MAY_LOOK)
def recognised(request: ActingRequest, pk: uuid.UUID) -> HttpResponse:
    """Step 2: columns, sheets, days, the first rows."""
    imported = _read(request, pk)
    return render(request, "registers/recognised.html", _frame(request, imported, step=2))


@require_safe
@page(*_MAY_LOOK)
def rows(request: ActingRequest, pk: uuid.UUID) -> HttpResponse:
    """Step 3: what would be taken, what is rejected and why, what changes against the last snapshot."""
    imported = _read(request, pk)
    pages = Paginator(range(imported.report["rejected"]), REJECTS_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    first = (shown.number - 1) * REJECTS_PAGE
    context = _frame(request, imported, step=3) | {
        "page": shown,
        "rejected_rows": queries.rejects_of(imported, first=first, most=REJECTS_PAGE),
    }
    return render(request, "registers/rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(*_MAY_LOOK)
def confirmation(request: ActingRequest, pk: uuid.UUID) -> HttpResponse:
    """Step 4: take the rows; an unusual import asks its questions first."""
    imported = _read(request, pk)
    form: forms.Form = ReasonForm(request.POST if request.method == "POST" else None)
    if imported.state == ImportState.SECOND_LOOK:
        form = SecondLookForm()
    if request.method == "POST":
        try:
            done = actions.confirm(
                imported=imported, reason=request.POST.get("reason", ""), by=request.actor, now=clock.now()
            )
        except ReasonMissing as refusal:
            form.add_error("reason", refusal.sentence)
        else:
            messages.success(request, _said(done))
            return redirect("registers:import", pk=pk)
    context = _frame(request, imported, step=4) | {"form": form, "refused": request.method == "POST"}
    return render(request, "registers/confirm.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@page(Capability.CONFIRM_UNUSUAL_IMPORT)
def second_look(request: ActingRequest, pk: uuid.UUID) -> HttpResponse:
    """Take an unusual import after a second look."""
    imported = _read(request, pk)
    form = SecondLookForm(request.POST)
    if not form.is_valid():
        context = _frame(request, imported, step=4) | {"form": form, "refused": True}
        return render(request, "registers/confirm.html", context, status=422)
    done = actions.confirm_second_look(
        imported=imported, reason=form.cleaned_data["reason"], by=request.actor, now=clock.now()
    )
    messages.success(request, _said(done))
    return redirect("registers:import", pk=pk)


@require_POST
@page(Capability.IMPORT_REGISTER)
def again(request: ActingRequest, pk: uuid.UUID) -> HttpResponse:
    """Read the file again."""
    actions.read_again(imported=_seen(request, pk), by=request.actor, now=clock.now())
    return redirect("registers:import", pk=pk)


@require_POST
@page(*_MAY_ACT)
def give_up(request: ActingRequest, pk: uuid.UUID) -> HttpResponse:
    """Do not take it."""
    imported = _seen(request, pk)
    actions.cancel(imported=imported, by=request.actor, now=clock.now())
    messages.success(request, f"没有收“{imported.file_name}”，文件已删除。")
    return HttpResponseRedirect(reverse("registers:imports"))


@require_safe
@page(*_MAY_ACT)
def rejects(request: ActingRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """The rejected rows as a file, values masked."""
    imported = _seen(request, pk)
    if kind not in _TYPES or not imported.rejects:
        raise Http404
    content_type, make = _TYPES[kind]
    by, now = request.actor, clock.now()
    detail = {"what": "rejects", "rows": imported.report["rejected"]}
    record(AuditEvent.EXPORTED, by=by, at=now, target=imported, detail=detail)
    answer = HttpResponse(make(imported, by=by, now=now), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="rejects-{imported.register}-{imported.as_of}.{kind}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@page(Capability.IMPORT_REGISTER)
def originals(request: ActingRequest, pk: uuid.UUID) -> HttpResponse:
    """The rejected rows as they stood in the file, as a workbook to correct."""
    imported = _brought(request, pk)
    by, now = request.actor, clock.now()
    detail = {"what": "rejected_rows", "rows": imported.report["rejected"]}
    record(AuditEvent.EXPORTED, by=by, at=now, target=imported, detail=detail)
    answer = HttpResponse(downloads.originals_xlsx(imported, by=by, now=now), content_type=downloads.XLSX)
    answer["Content-Disposition"] = f'attachment; filename="rejected-{imported.register}-{imported.as_of}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer


def _brought(request: ActingRequest, pk: uuid.UUID) -> Import:
    """An import with rejected rows, for who may bring its register."""
    imported = _seen(request, pk)
    if not imported.originals or not queries.may_bring(request.actor, imported):
        raise Http404
    return imported


def _own_place(by: Actor) -> Jurisdiction | None:
    """The county or school whose registers stand at the head; None above counties."""
    county = county_of(by.scope.path)
    return place_of(by.scope.path) if county is not None else None


def _seen(request: HttpRequest, pk: uuid.UUID) -> Import:
    by: Actor = request.actor  # type: ignore[attr-defined]
    listed = Import.objects.visible_to(by).select_related(
        "county", "job", "snapshot", "compared_with", "replaces", "corrects"
    )
    found: Import = get_object_or_404(listed, pk=pk)
    return found


def _read(request: HttpRequest, pk: uuid.UUID) -> Import:
    """An import whose file has been read and not been given up."""
    imported = _seen(request, pk)
    if not imported.canonical:
        raise Http404
    return imported


def _frame(request: ActingRequest, imported: Import, *, step: int) -> dict[str, Any]:
    """What all steps of the wizard show."""
    by = request.actor
    state = ImportState(imported.state)
    return {
        "imported": imported,
        "report": imported.report,
        "steps": STEPS,
        "step": step,
        "state": state,
        "register_label": imported.list_name,
        "is_open": state in (ImportState.READING, ImportState.PREVIEW, ImportState.SECOND_LOOK),
        "broke_off": state is ImportState.READING and (imported.job is None or imported.job.ended),
        "may_import": by.can(Capability.IMPORT_REGISTER, at=imported.place_path),
        "may_correct": bool(imported.originals) and queries.may_bring(by, imported) and state in (*OPEN, *TAKEN),
        "corrections": imported.corrected_by.exclude(state__in=(ImportState.CANCELLED, ImportState.REFUSED)),
        "may_act": any(by.can(capability, at=imported.place_path) for capability in _MAY_ACT),
        "may_look_again": by.can(Capability.CONFIRM_UNUSUAL_IMPORT, at=imported.place_path),
        "may_compare": by.can(Capability.RUN_COMPARISON, at=imported.place_path),
        "is_first_person": by.account_id == imported.confirmed_by_id,
    }


def _step_of(imported: Import) -> int:
    """Where the wizard stands while there is nothing to preview."""
    return len(STEPS) + 1 if imported.state == ImportState.CONFIRMED else 1


def _said(done: Import) -> str:
    label = done.list_name
    if done.state == ImportState.SECOND_LOOK:
        return f"{label}名册交给另一人复看，看过才收下。"
    return f"收下 {done.report['accepted']:,} 行，{label}名册现在是 {done.as_of.month}月{done.as_of.day}日的。"


def _replaced(request: ActingRequest) -> Import | None:
    """The import a corrected file comes instead of, if one is named."""
    named = request.POST.get("replaces") or request.GET.get("replaces") or ""
    try:
        pk = uuid.UUID(named)
    except ValueError:
        return None
    found: Import | None = Import.objects.visible_to(request.actor).filter(pk=pk).first()
    return found


def _begin_with(request: ActingRequest, replaces: Import | None) -> dict[str, str | date]:
    if replaces is not None:
        return {"register": replaces.register, "as_of": replaces.as_of}
    return {"register": request.GET.get("register", "")}
