"""设置: places, calendar, and what limits hold here and where they come from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baoxue.jurisdictions import actions, codelists
from baoxue.jurisdictions.calendars import calendar_of, special_days_of, terms_of, weeks_of
from baoxue.jurisdictions.codelists import entries_at
from baoxue.jurisdictions.forms import (
    CodeEndForm,
    CodeForm,
    ParameterForm,
    PlaceForm,
    SpecialDayForm,
    TeachingPointForm,
    TermForm,
)
from baoxue.jurisdictions.models import CodeListEntry, Jurisdiction, ParameterVersion
from baoxue.jurisdictions.parameters import Value, parameters, set_parameter, upwards
from baoxue.jurisdictions.queries import above, place_of, schools_of, visible_place
from baoxue.platform import clock
from baoxue.platform.errors import InputRefused
from baoxue.platform.gate import ActorRequest, page
from baoxue.policy.calendar import DayKind, DayType
from baoxue.policy.capabilities import Capability, Level
from baoxue.policy.codelists import ADDED_AT, CodeList, base_codes
from baoxue.policy.parameters import PARAMETERS, PRESETS
from baoxue.policy.schoolyear import SchoolStage, Semester

_PAGE = 50
_MARKS = {DayKind.HOLIDAY.value: "休", DayKind.WORKDAY.value: "班", DayKind.NO_SCHOOL.value: "停"}


@require_safe
@page()
def own_place(request: ActorRequest) -> HttpResponse:
    """The place one's post is at."""
    return redirect("jurisdictions:place", _own_code(request))


@require_safe
@page()
def own_schools(request: ActorRequest) -> HttpResponse:
    """The schools where one's post is."""
    return redirect("jurisdictions:schools", _own_code(request))


@require_safe
@page()
def own_limits(request: ActorRequest) -> HttpResponse:
    """What applies where one's post is."""
    return redirect("jurisdictions:limits", _own_code(request))


@require_safe
@page()
def own_codes(request: ActorRequest) -> HttpResponse:
    """The code lists where one's post is."""
    return redirect("jurisdictions:codes", _own_code(request))


@require_safe
@page()
def own_calendar(request: ActorRequest) -> HttpResponse:
    """The calendar where one's post is."""
    return redirect("jurisdictions:calendar", _own_code(request))


@require_safe
@page()
def place(request: ActorRequest, place_code: str) -> HttpResponse:
    """One place: what it is, what lies under it."""
    here = _visible(request, place_code)
    return render(request, "jurisdictions/place.html", _of_place(request, here))


@require_http_methods(["GET", "POST"])
@page(Capability.MANAGE_JURISDICTIONS)
def add(request: ActorRequest, place_code: str) -> HttpResponse:
    """A new place under this one."""
    parent = _within_reach(request, place_code)
    form = PlaceForm(request.POST or None, levels=actions.levels_under(Level(parent.level)))

    def act(given: dict[str, Any]) -> str:
        actions.add_below(
            parent=parent, level=Level(given["level"]), code=given["code"], name=given["name"], by=request.actor,
            now=clock.now(),
        )  # fmt: skip
        return f"{given['name']} 已加在 {parent.name} 下面。"

    return _form_page(request, parent, form, act, title=f"在{parent.name}下面加一处", back="jurisdictions:place")


@require_safe
@page()
def schools(request: ActorRequest, place_code: str) -> HttpResponse:
    """The schools at or under a place."""
    here = _visible(request, place_code)
    words = request.GET.get("q", "").strip()
    found = schools_of(request.actor.scope.path if request.actor.scope.path.startswith(here.path) else here.path)
    if words:
        found = found.filter(Q(jurisdiction__name__contains=words) | Q(school_code__startswith=words))
    listed = Paginator(found.select_related("jurisdiction__parent"), _PAGE).get_page(request.GET.get("page"))
    return render(
        request, "jurisdictions/schools.html", {"place": here, "crumbs": above(here), "page": listed, "q": words}
    )


@require_safe
@page()
def limits(request: ActorRequest, place_code: str) -> HttpResponse:
    """What applies here, and where it came from."""
    here = _visible(request, place_code)
    groups: dict[str, list[Value]] = {}
    for value in parameters(here, on=clock.today()).values():
        groups.setdefault(value.parameter.group, []).append(value)
    changed = ParameterVersion.objects.filter(jurisdiction__path__in=upwards(here.path)).select_related("jurisdiction")
    context = {
        "place": here,
        "crumbs": above(here),
        "groups": groups.items(),
        "history": changed.order_by("-recorded_at", "-pk")[:_PAGE],
        "may_set": request.actor.can(Capability.SET_PARAMETERS, at=here.path),
    }
    return render(request, "jurisdictions/limits.html", context)


@require_http_methods(["GET", "POST"])
@page(Capability.SET_PARAMETERS)
def set_limit(request: ActorRequest, place_code: str, parameter_code: str) -> HttpResponse:
    """Set one parameter here."""
    here = _within_reach(request, place_code)
    known = PARAMETERS.get(parameter_code)
    if known is None:
        raise Http404
    now_in_force = parameters(here, on=clock.today(), codes=(parameter_code,))[parameter_code]
    initial = {"value": now_in_force.value, "day_type": now_in_force.day_type, "valid_from": clock.today()}
    form = ParameterForm(request.POST or None, known=known, initial=initial)

    def act(given: dict[str, Any]) -> str:
        day_type = DayType(given["day_type"]) if given.get("day_type") else None
        set_parameter(
            place=here, code=parameter_code, value=given["value"], day_type=day_type, document=given["document"],
            valid_from=given["valid_from"], by=request.actor, now=clock.now(),
        )  # fmt: skip
        return f"“{known.label}”从 {given['valid_from']:%Y-%m-%d} 起是 {given['value']:g} {known.unit.label}。"

    context = {"presets": [preset for preset in PRESETS if preset.code == parameter_code], "value": now_in_force}
    return _form_page(request, here, form, act, title=f"{known.label}", back="jurisdictions:limits", more=context)


@require_safe
@page()
def codes(request: ActorRequest, place_code: str) -> HttpResponse:
    """The code lists as they are here: base codes, and what was added here and above."""
    here, today = _visible(request, place_code), clock.today()
    added: dict[str, list[CodeListEntry]] = {}
    for entry in entries_at(here):
        added.setdefault(entry.code_list, []).append(entry)
    may_add = request.actor.can(Capability.SET_PARAMETERS, at=here.path) and Level(here.level) in ADDED_AT
    context = {
        "place": here,
        "crumbs": above(here),
        "lists": [(known, base_codes(known), added.get(known.value, [])) for known in CodeList],
        "today": today,
        "may_add": may_add,
    }
    return render(request, "jurisdictions/codes.html", context)


@require_http_methods(["GET", "POST"])
@page(Capability.SET_PARAMETERS)
def add_code(request: ActorRequest, place_code: str, code_list: str) -> HttpResponse:
    """Add a code to a list here."""
    here = _within_reach(request, place_code)
    if code_list not in set(CodeList):
        raise Http404
    known = CodeList(code_list)

    def act(given: dict[str, Any]) -> str:
        codelists.add_code(place=here, code_list=known, **given, by=request.actor, now=clock.now())
        return f"“{known.label}”加了 {given['code']} {given['label']}。"

    form = CodeForm(request.POST or None, code_list=known, initial={"valid_from": clock.today()})
    return _form_page(request, here, form, act, title=f"{known.label}：加一个代码", back="jurisdictions:codes")


@require_http_methods(["GET", "POST"])
@page(Capability.SET_PARAMETERS)
def end_code(request: ActorRequest, place_code: str, code_entry_id: int) -> HttpResponse:
    """Let a code of this place be chosen no more."""
    here = _within_reach(request, place_code)
    entry = get_object_or_404(CodeListEntry.objects.select_related("jurisdiction"), pk=code_entry_id, jurisdiction=here)

    def act(given: dict[str, Any]) -> str:
        codelists.end_code(entry=entry, last_day=given["last_day"], by=request.actor, now=clock.now())
        return f"{entry.code} {entry.label} 用到 {given['last_day']:%Y-%m-%d} 为止。"

    form = CodeEndForm(request.POST or None, initial={"last_day": clock.today()})
    title = f"停用代码 {entry.code} {entry.label}"
    return _form_page(request, here, form, act, title=title, back="jurisdictions:codes")


@require_safe
@page()
def calendar(request: ActorRequest, place_code: str) -> HttpResponse:
    """Terms, and every day of a school year: school, work, free."""
    here = _visible(request, place_code)
    today = clock.today()
    year = _year(request.GET.get("year"), default=today.year if today.month >= 8 else today.year - 1)
    first, last = date(year, 8, 1), date(year + 1, 7, 31)
    special = special_days_of(here, first, last)
    days = calendar_of(here, first, last)
    context = {
        "place": here,
        "crumbs": above(here),
        "year": year,
        "last_year": year - 1,
        "next_year": year + 1,
        "weekdays": "一二三四五六日",
        "terms": [term for term in terms_of(here) if term.school_year == year],
        "special": special.values(),
        "months": [
            {
                "name": f"{month.year}年{month.month}月",
                "weeks": [
                    [
                        {"day": day, "school": days.is_school_day(day), "work": days.is_working_day(day),
                         "special": special.get(day), "mark": _MARKS[special[day].kind] if day in special else "",
                         "inside": day.month == month.month, "today": day == today}
                        for day in week
                    ]
                    for week in weeks_of(month.year, month.month)
                ],
            }
            for month in (date(year + (number > 12), (number - 1) % 12 + 1, 1) for number in range(8, 20))
        ],
        "school_days": [
            (term, days.count(term.first_day, term.last_day, day_type=DayType.SCHOOL))
            for term in terms_of(here)
            if term.school_year == year
        ],
        "may_set": request.actor.can(Capability.SET_PARAMETERS, at=here.path),
    }  # fmt: skip
    return render(request, "jurisdictions/calendar.html", context)


@require_http_methods(["GET", "POST"])
@page(Capability.SET_PARAMETERS)
def add_term(request: ActorRequest, place_code: str) -> HttpResponse:
    """Enter a semester."""
    here = _within_reach(request, place_code)

    def act(given: dict[str, Any]) -> str:
        actions.set_term(
            place=here, school_year=given["school_year"], semester=Semester(given["semester"]),
            first_day=given["first_day"], last_day=given["last_day"], by=request.actor, now=clock.now(),
        )  # fmt: skip
        return "学期已填好，教学日重新算过。"

    return _form_page(request, here, TermForm(request.POST or None), act, title="填学期", back="jurisdictions:calendar")


@require_http_methods(["GET", "POST"])
@page(Capability.SET_PARAMETERS)
def add_special_day(request: ActorRequest, place_code: str) -> HttpResponse:
    """Enter a holiday, a day worked in exchange, a day without school."""
    here = _within_reach(request, place_code)

    def act(given: dict[str, Any]) -> str:
        actions.set_special_day(
            place=here, day=given["day"], kind=DayKind(given["kind"]), name=given["name"], document=given["document"],
            by=request.actor, now=clock.now(),
        )  # fmt: skip
        return f"{given['day']:%Y-%m-%d} 已改为{DayKind(given['kind']).label}。"

    form = SpecialDayForm(request.POST or None)
    return _form_page(request, here, form, act, title="填放假、调休或停课", back="jurisdictions:calendar")


@require_http_methods(["GET", "POST"])
@page(Capability.MANAGE_JURISDICTIONS)
def add_teaching_point(request: ActorRequest, place_code: str) -> HttpResponse:
    """A 教学点 of a school."""
    here = _within_reach(request, place_code)

    def act(given: dict[str, Any]) -> str:
        actions.add_teaching_point(
            place=here, code=given["code"], name=given["name"], by=request.actor, now=clock.now()
        )
        return f"教学点 {given['name']} 已加上。"

    form = TeachingPointForm(request.POST or None)
    return _form_page(request, here, form, act, title="加教学点", back="jurisdictions:place")


@require_POST
@page(Capability.MANAGE_JURISDICTIONS)
def rename(request: ActorRequest, place_code: str) -> HttpResponse:
    """Give a place another name."""
    here = _within_reach(request, place_code)
    actions.rename_place(place=here, name=request.POST.get("name", ""), by=request.actor, now=clock.now())
    messages.success(request, f"现在叫 {here.name}。")
    return redirect("jurisdictions:place", here.code)


def _of_place(request: ActorRequest, here: Jurisdiction) -> dict[str, Any]:
    reach = request.actor.scope
    inside = Jurisdiction.objects.filter(parent=here).order_by("valid_to", "level", "code")
    if not reach.covers(here.path):  # above one's own place only the way down to it shows
        inside = inside.filter(path__in=upwards(reach.path))
    school = getattr(here, "school", None) if here.level == Level.SCHOOL else None
    return {
        "place": here,
        "crumbs": above(here),
        "inside": Paginator(inside, _PAGE).get_page(request.GET.get("page")),
        "school": school,
        "stages": [] if school is None else [SchoolStage(stage).label for stage in school.stages],
        "points": [] if school is None else list(school.teaching_points.all()),
        "may_manage": request.actor.can(Capability.MANAGE_JURISDICTIONS, at=here.path),
        "may_add": bool(actions.levels_under(Level(here.level))),
    }


def _form_page(
    request: ActorRequest,
    here: Jurisdiction,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    *,
    title: str,
    back: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page with one form: what is refused comes back under its field, what is done is said on the page before."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act(form.cleaned_data)
        except InputRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, done)
            return redirect(back, here.code)
    context = {"place": here, "crumbs": above(here), "form": form, "title": title, "back": back, **(more or {})}
    status = 422 if request.method == "POST" else 200
    return render(request, "jurisdictions/form.html", context, status=status)


def _own_code(request: ActorRequest) -> str:
    here = place_of(request.actor.scope.path)
    assert here is not None
    return here.code


def _visible(request: ActorRequest, code: str) -> Jurisdiction:
    found = visible_place(code, request.actor)
    if found is None:
        raise Http404
    return found


def _within_reach(request: ActorRequest, code: str) -> Jurisdiction:
    found = _visible(request, code)
    if not request.actor.scope.covers(found.path):
        raise Http404
    return found


def _year(text: str | None, *, default: int) -> int:
    return int(text) if text and len(text) == 4 and text.isdecimal() and 2000 <= int(text) <= 2100 else default
