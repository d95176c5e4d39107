"""Deciding: two records side by side, one finding, and what was decided before."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baoxue.access.request import ActingRequest
from baoxue.comparison import actions, lists
from baoxue.comparison.forms import PairForm, VerdictForm
from baoxue.comparison.groups import groups_seen
from baoxue.comparison.models import Finding, Pair, RunState, Verdict
from baoxue.comparison.pages import run_or_404
from baoxue.comparison.picture import queue_of
from baoxue.comparison.sidebyside import household_of, lines_of, weights_of
from baoxue.platform import clock
from baoxue.platform.errors import InputRefused
from baoxue.platform.gate import page
from baoxue.policy.capabilities import Capability
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.policy.verdicts import ON_PAIRS, VerdictKind, on_finding

PAGE = 20
_SEE = Capability.SEE_COMPARISON
_DECIDE = Capability.DECIDE_PAIR


@require_safe
@page(_DECIDE)
def queue(request: ActingRequest, run_id: uuid.UUID) -> HttpResponse:
    """To the next pair that waits; when none does, what is done and what comes next."""
    run = run_or_404(request, run_id)
    if run.state != RunState.DONE:
        raise Http404
    after = request.GET.get("after", "0")
    waiting = lists.next_pair(run, request.actor, after=int(after) if after.isdecimal() and len(after) < 10 else 0)
    if waiting is not None:
        return redirect("comparison:pair", pair_id=waiting.pk)
    context = {
        "run": run,
        "queue": queue_of(run, request.actor),
        "aside": lists.pairs(run, request.actor).filter(verdict__kind=VerdictKind.CANNOT_TELL)[:PAGE],
    }
    return render(request, "comparison/queue_empty.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(_DECIDE)
def pair(request: ActingRequest, pair_id: int) -> HttpResponse:
    """Two records side by side; one key decides."""
    by = request.actor
    seen: Pair = get_object_or_404(Pair.objects.visible_to(by).select_related("run__county", "verdict"), pk=pair_id)
    if request.method == "POST":
        return _decide(request, seen)
    run = seen.run
    following = lists.next_pair(run, by, after=seen.position)
    snapshots = {snapshot.register: snapshot for snapshot in run.snapshots.all()}
    context: dict[str, Any] = {
        "pair": seen,
        "run": run,
        "queue": queue_of(run, by),
        "lines": lines_of(seen),
        "weights": weights_of(seen),
        "mates": household_of(seen),
        "former": lists.former_verdicts(seen, by)[:5],
        "sides": [
            (Register(side).label, snapshots.get(side), row)
            for side, row in ((seen.left, seen.left_row), (seen.right, seen.right_row))
        ],
        "percent": round(min(max(seen.confidence, 0.01), 0.99) * 100),
        "buttons": _buttons(seen),
        "following": following if following is not None and following.pk != seen.pk else None,
        "neighbours": _neighbours(seen, by),
        "undoable": lists.last_decision(run, by),
    }
    return render(request, "comparison/pair.html", context)


def _buttons(pair: Pair) -> list[dict[str, str]]:
    alone = f"不连；{pair.name}按查不到记录列出" if pair.left == Register.HOUSEHOLD else "不连，各算各的"
    effects = ("连起来，写错的一册转去更正", "兄弟姐妹或双胞胎，不连", alone, "可写一句，转学校问")
    return [
        {"key": str(key), "code": kind.value, "label": kind.label, "effect": effect}
        for key, (kind, effect) in enumerate(zip(ON_PAIRS, effects, strict=True), start=1)
    ]


def _neighbours(pair: Pair, by: Any) -> dict[str, Pair | None]:
    around = lists.pairs(pair.run, by)
    return {
        "before": around.filter(position__lt=pair.position).last(),
        "after": around.filter(position__gt=pair.position).first(),
    }


def _decide(request: ActingRequest, seen: Pair) -> HttpResponse:
    form = PairForm(request.POST)
    if not form.is_valid():
        raise InputRefused("没有存上：不知道选的是哪一个，请再选一次。")
    said = form.cleaned_data
    kind = VerdictKind(said["kind"])
    expires: date | None = said["expires_on"]
    actions.decide_pair(
        pair=seen, kind=kind, evidence=said["evidence"], expires_on=expires, by=request.actor, now=clock.now()
    )
    messages.success(request, f"第 {seen.position} 对定为“{kind.label}”。按 Z 撤销")
    return redirect(f"{reverse('comparison:pairs', kwargs={'run_id': seen.run_id})}?after={seen.position}")


@require_POST
@page(_DECIDE)
def undo(request: ActingRequest, run_id: uuid.UUID) -> HttpResponse:
    """Take back this person's newest answer in this run, and show the pair again."""
    run = run_or_404(request, run_id)
    last = lists.last_decision(run, request.actor)
    if last is None:
        messages.info(request, "没有可以撤销的了")
        return redirect("comparison:pairs", run_id=run_id)
    again = last.pairs.filter(run=run).first()
    actions.withdraw(verdict=last, by=request.actor, now=clock.now())
    messages.success(request, "已撤销，请再看一次")
    return (
        redirect("comparison:pairs", run_id=run_id) if again is None else redirect("comparison:pair", pair_id=again.pk)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(_SEE)
def finding(request: ActingRequest, finding_id: int) -> HttpResponse:
    """One finding: what it rests on, and the answer to it."""
    by = request.actor
    seen: Finding = get_object_or_404(
        Finding.objects.visible_to(by).select_related("run__county", "settled_by"), pk=finding_id
    )
    kind = FindingKind(seen.kind)
    may_decide = by.can(_DECIDE, at=seen.run.place_path)
    form = VerdictForm(request.POST or None, kinds=on_finding(kind))
    if request.method == "POST":
        by.require(_DECIDE, at=seen.run.place_path)
        if form.is_valid():
            chosen = VerdictKind(form.cleaned_data["kind"])
            actions.decide_finding(
                finding=seen,
                kind=chosen,
                evidence=form.cleaned_data["evidence"],
                expires_on=form.until(today=clock.today()),
                by=by,
                now=clock.now(),
            )
            messages.success(request, f"{seen.name}：已定为“{chosen.label}”")
            return redirect(f"{reverse('comparison:run', kwargs={'run_id': seen.run_id})}?kind={seen.kind}")
    about = lists.pairs(seen.run, by).filter(_touching(seen))
    context = {
        "finding": seen,
        "run": seen.run,
        "form": form,
        "may_decide": may_decide,
        "groups": [SpecialGroup(code).label for code in groups_seen(by, seen.special_groups)],
        "rows": [(Register(code).label, row) for code, row in seen.rows.items()],
        "pairs": about if may_decide else [],
        "percent": round(seen.confidence * 100),
    }
    return render(request, "comparison/finding.html", context)


def _touching(finding: Finding) -> Q:
    touching = Q(pk__in=[])
    for register, row in finding.rows.items():
        touching |= Q(left=register, left_row=row) | Q(right=register, right_row=row)
    return touching


@require_safe
@page(_SEE)
def verdicts(request: ActingRequest) -> HttpResponse:
    """What was decided and holds."""
    about = request.GET.get("about", "")
    context = {
        "page": Paginator(lists.verdicts(request.actor, about=about), PAGE).get_page(request.GET.get("page")),
        "about": about,
        "about_choices": [("pairs", "两条记录"), ("findings", "发现")],
        "may_decide": request.actor.can(_DECIDE),
        "today": clock.today(),
    }
    return render(request, "comparison/verdicts.html", context)


@require_POST
@page(_DECIDE)
def withdraw(request: ActingRequest, verdict_id: int) -> HttpResponse:
    """Take an answer back."""
    held: Verdict = get_object_or_404(Verdict.objects.visible_to(request.actor).select_related("county"), pk=verdict_id)
    actions.withdraw(verdict=held, by=request.actor, now=clock.now())
    messages.success(request, f"已撤回：{held.name}“{VerdictKind(held.kind).label}”")
    return redirect("comparison:verdicts")
