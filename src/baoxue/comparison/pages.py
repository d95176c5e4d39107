"""四查三比对: the runs, the picture of one, and the lists behind its numbers."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baoxue.access.request import ActingRequest
from baoxue.comparison import actions, lists, queries
from baoxue.comparison.forms import StartForm
from baoxue.comparison.groups import groups_seen
from baoxue.comparison.models import Run, RunState
from baoxue.comparison.picture import Picture, picture_of, queue_of, sources
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import within
from baoxue.matching.output.meeting import Combination
from baoxue.matching.output.wording import combination_words
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.gate import page
from baoxue.policy.capabilities import Capability, Level
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.registers.models import Snapshot
from baoxue.registers.queries import latest_lists

PAGE = 20
PEOPLE = 50
_SEE = Capability.SEE_COMPARISON
_RUN = Capability.RUN_COMPARISON
_COMBINATION = re.compile(r"[01]{3}")


def run_or_404(request: ActingRequest, run_id: uuid.UUID) -> Run:
    """The run an address names, if this post may see it."""
    found = queries.run_of(request.actor, run_id)
    if found is None:
        raise Http404
    return found


@require_safe
@page(_SEE)
def latest(request: ActingRequest) -> HttpResponse:
    """The newest comparison of the post's county; above counties, all of them."""
    counties = _counties(request.actor)
    newest = queries.latest_run(request.actor, county=counties[0]) if len(counties) == 1 else None
    return redirect("comparison:runs") if newest is None else redirect("comparison:run", run_id=newest.pk)


@require_safe
@page(_SEE)
def runs(request: ActingRequest) -> HttpResponse:
    """Every comparison, the latest day first."""
    context = {
        "page": Paginator(queries.runs(request.actor), PAGE).get_page(request.GET.get("page")),
        "may_run": request.actor.can(_RUN),
        "several": len(_counties(request.actor)) != 1,
    }
    return render(request, "comparison/runs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(_RUN)
def new(request: ActingRequest) -> HttpResponse:
    """Start a comparison: which registers it will use, and of which day."""
    by = request.actor
    counties = within(by.scope.path, Level.COUNTY)
    first = counties.first()
    form = StartForm(
        request.POST or None, counties=counties, initial={"county": first, "as_of": _newest_day(first, by)}
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        started = actions.start_run(county=asked["county"], as_of=asked["as_of"], by=by, now=clock.now())
        return redirect("comparison:run", run_id=started.pk)
    found = {} if first is None else latest_lists(first, as_of=clock.today(), by=by)
    needed = [
        (register.label if snapshot is None else snapshot.list_name, snapshot, register in actions.NEEDED)
        for register in Register
        for snapshot in found.get(register, [None])
    ]
    context = {
        "form": form,
        "several": counties.count() > 1,
        "registers": needed,
        "ready": all(register in found for register in actions.NEEDED),
    }
    return render(request, "comparison/new.html", context)


@require_safe
@page(_SEE)
def run(request: ActingRequest, run_id: uuid.UUID) -> HttpResponse:
    """One comparison: at work, ended without a result, or its picture and what it found."""
    found = run_or_404(request, run_id)
    by = request.actor
    context: dict[str, Any] = {"run": found, "may_run": by.can(_RUN, at=found.place_path)}
    if found.state == RunState.WORKING and not queries.broke_off(found):
        return render(request, "comparison/working.html", context)
    if found.state != RunState.DONE:
        return render(request, "comparison/ended.html", context)
    picture = picture_of(found, by)
    context |= {
        "picture": picture,
        "registers": sources(picture),
        "queue": queue_of(found, by),
        "may_decide": by.can(Capability.DECIDE_PAIR, at=found.place_path),
        "newer": _newer(found, by),
        "answered": found.verdicts.filter(withdrawn_at=None).exclude(kind="cannot_tell").exists(),
        "elapsed": sum(found.summary.get("seconds", {}).values()),
        "ages": found.summary.get("ages", {}),
        "alarms": picture.kinds["never_enrolled"].waiting + picture.kinds["absent"].waiting,
        "poor": picture.kinds["never_enrolled"].poor + picture.kinds["absent"].poor,
        **_finding_list(request, found, picture),
    }
    return render(request, "comparison/run.html", context)


@require_safe
@page(_SEE)
def findings(request: ActingRequest, run_id: uuid.UUID) -> HttpResponse:
    """The findings of a comparison, by filter. As a part of the page when htmx asks."""
    found = _finished(request, run_id)
    by = request.actor
    context = {
        "run": found,
        "may_decide": by.can(Capability.DECIDE_PAIR, at=found.place_path),
        **_finding_list(request, found, picture_of(found, by)),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "comparison/findings_part.html" if part else "comparison/findings.html", context)


def _finding_list(request: ActingRequest, run: Run, picture: Picture) -> dict[str, Any]:
    filters = lists.Filters.of(request.GET)
    kind = filters.kind
    if not kind and not filters.combination:
        first = next((of for of in picture.kinds.values() if of.waiting), picture.kinds["never_enrolled"])
        kind = first.code
        filters = lists.Filters.of({**request.GET.dict(), "kind": kind})
    townships = lists.townships(run)
    names = {place.path: place.name for place in townships}
    page_of = Paginator(lists.findings(run, request.actor, filters), PAGE).get_page(request.GET.get("page"))
    shown = [
        {
            "finding": finding,
            "township": names.get(finding.home_path, ""),
            "groups": _groups(groups_seen(request.actor, finding.special_groups)),
        }
        for finding in page_of
    ]
    return {
        "filters": filters,
        "page": page_of,
        "shown": shown,
        "tabs": _tabs(run, picture, kind),
        "explained": picture.kinds[kind].explained if kind else "",
        "combination_title": _title(filters.combination),
        "township_choices": [(place.code, place.name) for place in townships],
        "state_choices": [(code, label) for code, label in lists.STATES.items() if code != "waiting"],
        "poor_choices": [("1", "只看脱贫户")],
        "group_choices": [(code, SpecialGroup(code).label) for code in groups_seen(request.actor, SpecialGroup)],
        "on_day": run.as_of,
    }


def _tabs(run: Run, picture: Picture, kind: str) -> list[dict[str, Any]]:
    return [
        {
            "url": f"/comparisons/{run.pk}/?kind={of.code}#findings",
            "label": of.label,
            "count": of.waiting if of.waiting or not of.total else 0,
            "current": of.code == kind,
        }
        for of in picture.kinds.values()
        if of.total or of.code == kind
    ]


def _groups(codes: list[str]) -> list[str]:
    return [SpecialGroup(code).label for code in codes]


def _title(combination: str) -> str:
    if not combination:
        return ""
    household, student, roll = (sign == "1" for sign in combination)
    return combination_words(Combination(household, student, roll, 0, 0, 0, 0, 0, 0, 0))[0]


@require_safe
@page(_SEE)
def progress(request: ActingRequest, run_id: uuid.UUID) -> HttpResponse:
    """How far a comparison is, as a part of its page; when it has ended, the whole page is fetched anew."""
    found = run_or_404(request, run_id)
    if found.state != RunState.WORKING or queries.broke_off(found):
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    context = {"run": found, "may_run": request.actor.can(_RUN, at=found.place_path)}
    return render(request, "comparison/progress_part.html", context)


@require_POST
@page(_RUN)
def stop(request: ActingRequest, run_id: uuid.UUID) -> HttpResponse:
    """Stop a comparison at its next step."""
    actions.stop_run(run=run_or_404(request, run_id), by=request.actor, now=clock.now())
    return redirect("comparison:run", run_id=run_id)


@require_POST
@page(_RUN)
def again(request: ActingRequest, run_id: uuid.UUID) -> HttpResponse:
    """Compare the same snapshots again, with the verdicts of now."""
    found = run_or_404(request, run_id)
    snapshots = {Register(snapshot.register): snapshot for snapshot in found.snapshots.all()}
    started = actions.start_run(
        county=found.county, as_of=found.as_of, snapshots=snapshots, by=request.actor, now=clock.now()
    )
    return redirect("comparison:run", run_id=started.pk)


@require_safe
@page(_SEE)
def children(request: ActingRequest, run_id: uuid.UUID, combination: str) -> HttpResponse:
    """The children of one combination of registers: all, those who wait, or those who do not."""
    found = _finished(request, run_id)
    if not _COMBINATION.fullmatch(combination):
        raise Http404
    number = request.GET.get("page", "1")
    position = max(int(number), 1) if number.isdecimal() and len(number) < 7 else 1
    state = request.GET.get("state", "all")
    state = state if state in lists.STATES else "all"
    offset = (position - 1) * PEOPLE
    people = lists.people(found, request.actor, combination, state=state, offset=offset, limit=PEOPLE)
    context = {
        "run": found,
        "title": _title(combination),
        "combination": combination,
        "people": people,
        "state": "" if state == "all" else state,
        "state_choices": [(code, label) for code, label in lists.STATES.items() if code != "all"],
        "page": Paginator(range(people.count), PEOPLE).get_page(position),
    }
    return render(request, "comparison/children.html", context)


@require_safe
@page(_SEE)
def changes(request: ActingRequest, run_id: uuid.UUID) -> HttpResponse:
    """What waits now and did not before, and the other way round, against another run of the county."""
    found = _finished(request, run_id)
    by = request.actor
    others = queries.runs(by).filter(county=found.county_id, state=RunState.DONE).exclude(pk=found.pk)
    asked = request.GET.get("with", "")
    before = others.filter(pk=asked).first() if _is_uuid(asked) else lists.run_before(found, by)
    context: dict[str, Any] = {"run": found, "before": before, "others": others[:PAGE]}
    if before is not None:
        changed = lists.changes(found, before, by)
        context["groups"] = [
            ("new", "新出现", Paginator(changed.new, PAGE).get_page(request.GET.get("new"))),
            ("gone", "不再列出", Paginator(changed.gone, PAGE).get_page(request.GET.get("gone"))),
            ("still", "还在", Paginator(changed.still, PAGE).get_page(request.GET.get("still"))),
        ]
        context["expired"] = changed.expired[:PAGE]
        context["labels"] = {kind.value: kind.label for kind in FindingKind}
    return render(request, "comparison/changes.html", context)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _finished(request: ActingRequest, run_id: uuid.UUID) -> Run:
    found = run_or_404(request, run_id)
    if found.state != RunState.DONE:
        raise Http404
    return found


def _newer(run: Run, by: Actor) -> Run | None:
    newest = queries.latest_run(by, county=run.county)
    return newest if newest is not None and newest.created_at > run.created_at else None


def _counties(by: Actor) -> list[Jurisdiction]:
    return list(within(by.scope.path, Level.COUNTY)[:2])


def _newest_day(county: Jurisdiction | None, by: Actor) -> date:
    if county is None:
        return clock.today()
    found: date | None = (
        Snapshot.objects.visible_to(by).filter(county=county).order_by("-as_of").values_list("as_of", flat=True).first()
    )
    return found or clock.today()
