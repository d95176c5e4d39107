"""台账: the three ledgers on any day, what changed between two, their export."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baoxue.access.request import ActingRequest
from baoxue.children import actions, queries
from baoxue.children.columns import COLUMNS, chosen_columns
from baoxue.children.export import grade_words
from baoxue.children.models import Export
from baoxue.children.queries import Change, Filters, Moment
from baoxue.comparison.groups import groups_seen
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import within
from baoxue.platform import clock, storage
from baoxue.platform.actor import Actor
from baoxue.platform.asof import day_looked_at
from baoxue.platform.gate import page
from baoxue.policy.capabilities import Capability, Level
from baoxue.policy.ledgers import Ledger
from baoxue.policy.purposes import Purpose
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.schoolyear import SchoolStage, school_year_of
from baoxue.policy.specialgroup import SpecialGroup

PAGE = 50
_PART = 20
_LONGEST_START = 10
GONE = "各名册里都没有了"
AWAY = "不在本辖区了"


@require_safe
@page(Capability.SEE_CHILDREN)
def ledgers(request: ActingRequest) -> HttpResponse:
    """The way in: the first ledger."""
    return redirect("children:ledger", ledger=Ledger.SCHOOL_AGE.value)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Capability.SEE_CHILDREN)
def ledger(request: ActingRequest, ledger: str) -> HttpResponse:
    """One ledger: counts at the head, filters, a page of rows; or its change since another day."""
    which, by = _ledger(ledger), request.actor
    if request.method == "POST":
        return asked_for(request)
    queries.keep_no_number(request.GET.get("q", ""))
    counties = queries.counties_of(by)
    county = chosen_county(request, counties)
    if county is None:
        return render(request, "children/no_county.html", {"ledger": which})
    moment, filters = looked_at(request), Filters.of(request.GET)
    since = _day(request.GET.get("since", ""))
    # A post below the county does not see where a child went.
    gone = GONE if by.scope.covers(county.path) else AWAY
    context: dict[str, Any] = {
        "ledger": which,
        "county": county,
        "counties": counties,
        "moment": moment,
        "known": request.GET.get("known", ""),
        "since": since,
        "gone": gone,
        "filters": filters,
        "filtered": bool(filters.in_force()),
        "build": queries.last_build(county, as_of=moment.as_of),
        "school_year": f"{school_year_of(moment.as_of)}–{school_year_of(moment.as_of) + 1} 学年",
        "columns": chosen_columns(which, request.GET.getlist("col")),
        "all_columns": COLUMNS[which],
        "views": queries.views_of(by, which),
        "may_export": by.can(Capability.EXPORT_LEDGER),
        "purposes": list(Purpose) if by.can(Capability.REVEAL_NUMBER) else [],
        "query": _query(request),
        **_choices(by, county),
    }
    counts = queries.counts(by, county, moment)
    shown = queries.counts(by, county, moment, filters) if filters.in_force() else counts
    if filters.q:
        actions.searched(found=shown.of(which), kind=queries.kind_of(filters.q), by=by, now=clock.now())
    context |= {"tabs": _tabs(request, counts, which), "total": counts.of(which), "shown": shown.of(which)}
    if since is not None and since < moment.as_of:
        earlier = Moment(since, moment.known_at)
        found = queries.change(by, which, county=county, earlier=earlier, later=moment, filters=filters)
        context |= {"change": found, "left": _left(found, gone), "groups": _groups(found, request.GET.get("part", ""))}
        return render(request, "children/ledger_change.html", context)
    context["tiles"] = _tiles(request, which, shown.by_ledger[which])
    rows = queries.ledger(by, which, county=county, moment=moment, filters=filters)
    context |= page_of(request, rows)
    context["rows"] = queries.with_children(by, context["rows"])
    context["places"] = queries.names_of_places(row.home_path for row in context["rows"])
    return render(request, "children/ledger.html", context)


def asked_for(request: ActingRequest) -> HttpResponse:
    """Answer a search form: by name with the list that address has; by a whole number, which no address has, with the child."""
    by, text = request.actor, request.POST.get("q", "").strip()[:60]
    query = request.GET.copy()
    for name in ("q", "after", "start", "part"):
        query.pop(name, None)
    if queries.is_number(text):
        found = queries.search(by, text)
        actions.searched(found=found.count, kind="number", by=by, now=clock.now())
        if len(found.children) == 1:
            return redirect("children:child", child_id=found.children[0].pk)
        messages.info(request, "没有找到这个号码的孩子。")
    elif text:
        query["q"] = text
    return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def chosen_county(request: ActingRequest, counties: Sequence[Jurisdiction]) -> Jurisdiction | None:
    """The county of a request among those within reach: one's own, or the one asked for. Raises Http404."""
    code = request.GET.get("county", "")
    if not code:
        return counties[0] if counties else None
    found = next((county for county in counties if county.code == code), None)
    if found is None:
        raise Http404
    return found


def looked_at(request: ActingRequest) -> Moment:
    """The day of the session, and what was known on the evening of `known`, if that is asked for."""
    known = _day(request.GET.get("known", ""))
    evening = None if known is None else datetime.combine(known, time(23, 59, 59), tzinfo=clock.ZONE)
    return Moment(day_looked_at(request.session, today=clock.today()), evening)


def _ledger(code: str) -> Ledger:
    try:
        return Ledger(code)
    except ValueError:
        raise Http404 from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _query(request: ActingRequest, **other: str) -> str:
    query = request.GET.copy()
    for name in ("after", "start", "part"):
        query.pop(name, None)
    for name, value in other.items():
        query[name] = value
    return query.urlencode()


def _tabs(request: ActingRequest, counts: queries.Counts, which: Ledger) -> list[dict[str, Any]]:
    kept = {name: value for name in ("county", "since", "known") if (value := request.GET.get(name))}
    return [
        {
            "url": reverse("children:ledger", args=[ledger.value]) + (f"?{urlencode(kept)}" if kept else ""),
            "label": ledger.label,
            "count": counts.of(ledger),
            "current": ledger is which,
        }
        for ledger in Ledger
    ]


def _tiles(request: ActingRequest, which: Ledger, by_status: dict[str, int]) -> list[dict[str, Any]]:
    """The rows by 就学状况, the largest first; each opens its rows."""
    ordered = sorted(by_status.items(), key=lambda item: -item[1])
    return [
        {"label": SchoolingStatus(status).label, "count": count, "url": f"?{_query(request, status=status)}"}
        for status, count in ordered[:6]
    ] + ([{"label": "其他", "count": sum(count for _, count in ordered[6:]), "url": ""}] if ordered[6:] else [])


def page_of(request: ActingRequest, rows: Any, *, key: str = "child_id") -> dict[str, Any]:
    """A page of rows after a position; the next position is the key of the last row shown."""
    position = queries.position_of(rows, request.GET.get("after", ""), key=key)
    said = request.GET.get("start", "")
    start = int(said) if said.isdecimal() and len(said) < _LONGEST_START else 1
    found = queries.take(rows, position, PAGE + 1, key=key, named=bool(request.GET.get("q")))
    shown = found[:PAGE]
    following = ""
    if len(found) > PAGE:
        after = getattr(shown[-1], key)
        following = _query(request) + "&" + urlencode({"after": after, "start": start + PAGE})
    return {
        "rows": shown,
        "start": start if shown else 0,
        "end": start + len(shown) - 1 if shown else 0,
        "following": following,
        "first": f"?{_query(request)}" if position else "",
    }


def _choices(by: Actor, county: Jurisdiction) -> dict[str, Any]:
    reach = by.scope.path if by.scope.path.startswith(county.path) else county.path
    return {
        "townships": [(place.code, place.name) for place in within(reach, Level.TOWNSHIP)],
        "schools": [(place.code, place.name) for place in within(reach, Level.SCHOOL)],
        "stages": [(stage.value, stage.label) for stage in SchoolStage],
        "grades": [(str(grade), cast(str, grade_words(grade))) for grade in range(1, 10)],
        "sexes": [("M", "男"), ("F", "女")],
        "statuses": [(status.value, status.label) for status in SchoolingStatus],
        "poverties": [("1", "脱贫户"), ("0", "不是脱贫户")],
        "special": [(code, SpecialGroup(code).label) for code in groups_seen(by, SpecialGroup)],
    }


def _left(change: Change, gone: str) -> list[tuple[str, int]]:
    return [(SchoolingStatus(status).label if status else gone, count) for status, count in change.left]


def _groups(change: Change, part: str) -> list[dict[str, Any]]:
    """Who came in, who stayed, who left: the first of each, or more of the one that is asked for."""
    gone = sum(count for _, count in change.left)
    parts = (
        ("entered", "in", "期间新进", change.entered, change.rows_entered),
        ("stayed", "", "一直在", change.stayed, change.rows_stayed),
        ("left", "out", "期间离开", gone, change.rows_left),
    )
    return [
        {"code": code, "css": css, "label": label, "count": count, "rows": list(rows[: PAGE * 10 if part else _PART])}
        for code, css, label, count, rows in parts
        if part in ("", code)
    ]


@require_POST
@page(Capability.EXPORT_LEDGER)
def export(request: ActingRequest, ledger: str) -> HttpResponse:
    """Ask for the workbook of what is looked at."""
    which, by = _ledger(ledger), request.actor
    county = chosen_county(request, queries.counties_of(by))
    if county is None:
        raise Http404
    moment = looked_at(request)
    made = actions.start_export(
        ledger=which, county=county, as_of=moment.as_of, known_at=moment.known_at,
        query=Filters.of(request.GET).in_force(), purpose=_purpose(request), by=by, now=clock.now(),
    )  # fmt: skip
    return redirect("children:export", export_id=made.pk)


def _purpose(request: ActingRequest) -> Purpose | None:
    said = request.POST.get("purpose", "")
    try:
        return Purpose(said) if said else None
    except ValueError:
        raise Http404 from None


@require_safe
@page(Capability.EXPORT_LEDGER)
def exports(request: ActingRequest) -> HttpResponse:
    """What was exported lately by whoever looks."""
    own = Export.objects.visible_to(request.actor).filter(account_id=request.account.pk).order_by("-created_at")
    return render(request, "children/exports.html", {"exports": own[:PAGE], "now": clock.now()})


@require_safe
@page(Capability.EXPORT_LEDGER)
def one_export(request: ActingRequest, export_id: uuid.UUID) -> HttpResponse:
    """How far an export is, and the way to its file."""
    export = _own_export(request, export_id)
    purpose = export.query["purpose"]
    context = {"export": export, "label": Ledger(export.kind).label, "now": clock.now(),
               "purpose": Purpose(purpose).label if purpose else ""}  # fmt: skip
    part = "children/export_state.html" if request.headers.get("HX-Request") else "children/export.html"
    return render(request, part, context)


@require_safe
@page(Capability.EXPORT_LEDGER)
def export_file(request: ActingRequest, export_id: uuid.UUID) -> HttpResponse:
    """The file, opened block by block; on record."""
    export = _own_export(request, export_id)
    file = actions.download(export=export, by=request.actor, now=clock.now())
    answer = StreamingHttpResponse(
        storage.blocks(file), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{urlencode({'': export.file_name})[1:]}"
    answer["Cache-Control"] = "no-store"
    return cast(HttpResponse, answer)


def _own_export(request: ActingRequest, export_id: uuid.UUID) -> Export:
    found = Export.objects.visible_to(request.actor).filter(pk=export_id, account_id=request.account.pk).first()
    if found is None:
        raise Http404
    return cast(Export, found)


@require_POST
@page(Capability.SEE_CHILDREN)
def save_view(request: ActingRequest, ledger: str) -> HttpResponse:
    """Keep what is looked at under a name."""
    which = _ledger(ledger)
    kept = {name: str(value) for name, value in request.GET.items() if name not in queries.NOT_OF_A_VIEW}
    view = actions.save_view(ledger=which, name=request.POST.get("name", ""), query=kept, by=request.actor)
    messages.success(request, f"视图“{view.name}”存好了。")
    return redirect(f"{reverse('children:ledger', args=[which.value])}?{urlencode(kept)}")


@require_POST
@page(Capability.SEE_CHILDREN)
def drop_view(request: ActingRequest, view_id: int) -> HttpResponse:
    """Forget a saved view."""
    view = queries.own_views(request.actor).filter(pk=view_id).first()
    if view is None:
        raise Http404
    actions.drop_view(view=view, by=request.actor)
    messages.success(request, f"视图“{view.name}”删掉了。")
    return redirect("children:ledger", ledger=view.ledger)
