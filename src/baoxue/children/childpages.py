"""儿童: find a child, one page per child, its whole number for a purpose, merging and splitting records; search."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baoxue.access.request import ActingRequest
from baoxue.children import actions, queries
from baoxue.children.ledgerpages import asked_for, chosen_county, looked_at, page_of
from baoxue.children.models import PROTECTED, Child, Doubt, Merge
from baoxue.children.saidrows import said_rows
from baoxue.children.timeline import timeline
from baoxue.comparison.models import Finding
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.errors import SystemRefusal
from baoxue.platform.gate import page
from baoxue.policy.capabilities import Capability
from baoxue.policy.purposes import Purpose

_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@page(Capability.SEE_CHILDREN)
def children(request: ActingRequest) -> HttpResponse:
    """The children of a county in the order of names, or those that are looked for."""
    by = request.actor
    if request.method == "POST":
        return asked_for(request)
    queries.keep_no_number(request.GET.get("q", ""))
    counties = queries.counties_of(by)
    county = chosen_county(request, counties)
    if county is None:
        return render(request, "children/no_county.html", {})
    text = request.GET.get("q", "").strip()[:60]
    rows = queries.children(by, county) if not text else queries.named(by, county, text).order_by("name_sort", "pk")
    context = page_of(request, rows.defer(*PROTECTED), key="pk")
    if text:
        actions.searched(found=len(context["rows"]), kind=queries.kind_of(text), by=by, now=clock.now())
    context |= {
        "county": county,
        "counties": counties,
        "q": text,
        "today": clock.today(),
        "doubts": queries.doubts_open(by).count(),
        "places": queries.names_of_places(row.home_path for row in context["rows"]),
    }
    return render(request, "children/children.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Capability.SEE_CHILDREN)
def search(request: ActingRequest) -> HttpResponse:
    """Children and schools by what a person types. That somebody searched goes on record, not for what."""
    sent = request.method == "POST"
    by, text = request.actor, (request.POST if sent else request.GET).get("q", "").strip()[:60]
    if not sent:
        queries.keep_no_number(text)
    elif not queries.is_number(text):
        return asked_for(request)
    context: dict[str, Any] = {"q": text, "today": clock.today()}
    if text:
        found = queries.search(by, text)
        actions.searched(found=found.count, kind=queries.kind_of(text), by=by, now=clock.now())
        if sent and len(found.children) == 1:
            return redirect("children:child", child_id=found.children[0].pk)
        context |= {"found": found, "places": queries.names_of_places(child.home_path for child in found.children)}
    return render(request, "children/search.html", context)


@require_safe
@page(Capability.SEE_CHILDREN)
def child(request: ActingRequest, child_id: uuid.UUID) -> HttpResponse:
    """One child: identity, years, groups, findings, rows, who saw its number."""
    by, moment = request.actor, looked_at(request)
    shown = _child(by, child_id)
    actions.view(child=shown, by=by, now=clock.now())
    schooling = queries.schooling_of(by, shown, moment)
    enrolments = queries.enrolments_of(by, shown, moment)
    groups = queries.groups_of(by, shown, moment)
    home = queries.names_of_places([shown.home_path]).get(shown.home_path, "")
    keys = [row.finding_key for row in schooling if row.finding_key]
    sources = queries.sources_of(by, shown)
    context = {
        "child": shown,
        "home": home,
        "moment": moment,
        "schooling": schooling,
        "enrolments": enrolments,
        "groups": groups,
        "timeline": timeline(schooling, enrolments, groups, home=home, today=moment.as_of),
        "sources": sources,
        "snapshots": queries.snapshots_of(by, sources),
        "findings": _findings(by, keys),
        "viewers": [(entry, _purpose(entry.detail)) for entry in queries.viewers_of(by, shown)],
        "doubts": queries.doubts_of(by, shown),
        "merges": Merge.objects.visible_to(by).filter(kept=shown).select_related("other").order_by("-at"),
        "may_reveal": by.can(Capability.REVEAL_NUMBER) and bool(shown.id_number),
        "may_edit": by.can(Capability.EDIT_CHILD),
        "may_compare": by.can(Capability.SEE_COMPARISON),
        "purposes": [(purpose.value, purpose.label) for purpose in Purpose],
    }
    return render(request, "children/child.html", context)


@require_POST
@page(Capability.REVEAL_NUMBER)
def reveal(request: ActingRequest, child_id: uuid.UUID) -> HttpResponse:
    """The whole number, for a minute, for a purpose."""
    shown = _child(request.actor, child_id)
    try:
        purpose = Purpose(request.POST.get("purpose", ""))
    except ValueError:
        raise Http404 from None
    number = actions.reveal(child=shown, purpose=purpose, by=request.actor, now=clock.now())
    part = "children/number.html" if request.headers.get("HX-Request") else "children/number_page.html"
    answer = render(request, part, {"child": shown, "number": number, "purpose": purpose})
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@page(Capability.SEE_CHILDREN)
def rows(request: ActingRequest, child_id: uuid.UUID) -> HttpResponse:
    """What the registers say of a child, side by side; opened from the snapshots when somebody asks."""
    by = request.actor
    shown = _child(by, child_id)
    sources = queries.sources_of(by, shown)
    snapshots = queries.snapshots_of(by, sources)
    if not snapshots:
        raise Http404
    actions.view(child=shown, by=by, now=clock.now(), part="rows")
    context = {"child": shown, "said": said_rows(sources, snapshots)}
    part = "children/rows.html" if request.headers.get("HX-Request") else "children/rows_page.html"
    return render(request, part, context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Capability.EDIT_CHILD)
def merge(request: ActingRequest, child_id: uuid.UUID) -> HttpResponse:
    """Two records side by side, and the act that makes them one."""
    by = request.actor
    kept = _child(by, child_id)
    other = _other(request, kept)
    refused = ""
    text = (request.POST.get("q", "") or request.GET.get("q", "")).strip()[:60]
    if request.method == "POST" and other is not None:
        try:
            actions.merge(kept=kept, other=other, reason=request.POST.get("reason", ""), by=by, now=clock.now())
        except SystemRefusal as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, f"合并好了，留下的是 {kept.name} 这一条。合并可以撤销。")
            return redirect("children:child", child_id=kept.pk)
    candidates = list(queries.named(by, kept.county, text).exclude(pk=kept.pk)[: queries.SHOWN]) if text else []
    if text:
        actions.searched(found=len(candidates), kind=queries.kind_of(text), by=by, now=clock.now())
    context = {"kept": kept, "other": other, "q": text, "candidates": candidates, "refused": refused,
               "today": clock.today(), "reason": request.POST.get("reason", "")}  # fmt: skip
    return render(request, "children/merge.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Capability.EDIT_CHILD)
def split(request: ActingRequest, child_id: uuid.UUID) -> HttpResponse:
    """Choose the register rows that are another child's."""
    by = request.actor
    shown = _child(by, child_id)
    refused = ""
    if request.method == "POST":
        chosen = [int(pk) for pk in request.POST.getlist("source") if pk.isdecimal()]
        try:
            done = actions.split(
                child=shown, sources=chosen, reason=request.POST.get("reason", ""), by=by, now=clock.now()
            )
        except SystemRefusal as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, "拆开了，选出的行成了单独的一条记录。拆分可以撤销。")
            return redirect("children:child", child_id=done.other_id)
    context = {"child": shown, "sources": queries.sources_of(by, shown), "refused": refused,
               "reason": request.POST.get("reason", "")}  # fmt: skip
    return render(request, "children/split.html", context, status=422 if refused else 200)


@require_POST
@page(Capability.EDIT_CHILD)
def undo(request: ActingRequest, merge_id: int) -> HttpResponse:
    """Take a merge or a split back."""
    done = Merge.objects.visible_to(request.actor).filter(pk=merge_id).select_related("kept", "other").first()
    if done is None:
        raise Http404
    actions.undo(done=done, by=request.actor, now=clock.now())
    messages.success(request, "撤销了，两条记录和原来一样。")
    return redirect("children:child", child_id=done.kept_id)


@require_safe
@page(Capability.EDIT_CHILD)
def doubts(request: ActingRequest) -> HttpResponse:
    """Pairs of records on which the last run and the records do not agree."""
    listed = Paginator(queries.doubts_open(request.actor), _PAGE).get_page(request.GET.get("page"))
    return render(request, "children/doubts.html", {"page": listed, "today": clock.today()})


@require_POST
@page(Capability.EDIT_CHILD)
def leave_apart(request: ActingRequest, doubt_id: int) -> HttpResponse:
    """Two records stay two."""
    doubt: Doubt | None = queries.doubts_open(request.actor).filter(pk=doubt_id).first()
    if doubt is None:
        raise Http404
    actions.leave_apart(doubt=doubt, by=request.actor, now=clock.now())
    messages.success(request, "记下了，这两条记录各是各的。")
    return redirect("children:doubts")


def _child(by: Actor, child_id: uuid.UUID) -> Child:
    found = queries.child_of(by, child_id)
    if found is None:
        raise Http404
    return found


def _findings(by: Actor, keys: Sequence[str]) -> QuerySet[Finding]:
    """The findings of a child, each as the newest run that made it has it."""
    rows: QuerySet[Finding] = Finding.objects.visible_to(by).filter(key__in=keys).select_related("settled_by")
    return rows.order_by("key", "-pk").distinct("key")


def _other(request: ActingRequest, kept: Child) -> Child | None:
    said = request.POST.get("other", "") or request.GET.get("with", "")
    if not said:
        return None
    try:
        other = _child(request.actor, uuid.UUID(said))
    except ValueError:
        raise Http404 from None
    return None if other.pk == kept.pk else other


def _purpose(detail: dict[str, Any]) -> str:
    code = detail.get("purpose", "")
    return Purpose(code).label if code in set(Purpose) else ""
