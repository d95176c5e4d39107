"""Pages of the frame itself: workbench, messages, help, the day looked at, and what stands where a page is not."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from baoxue.access.request import ActingRequest
from baoxue.notifications.actions import looked
from baoxue.notifications.queries import last_look, notices_of
from baoxue.platform import clock
from baoxue.platform.asof import look_at
from baoxue.platform.gate import page, public
from baoxue.web import messages, overview, tasks
from baoxue.web.settingsplaces import GROUPS
from baoxue.web.shell import may_open


@require_safe
@page()
def workbench(request: ActingRequest) -> HttpResponse:
    """What this post has to do, and how the things stand that it answers for."""
    today = clock.today()
    place = request.post_in_force.jurisdiction
    desk = tasks.Desk(request.actor, place, today=today)
    own, waiting_for = tasks.parted(desk.tasks())
    context = {
        "heading": tasks.heading_of(own),
        "groups": tasks.grouped(own),
        "waiting": waiting_for,
        "standings": desk.standings,
        "ledgers": desk.ledgers,
        "own_page": tasks.own_page(request.actor),
        "counties": overview.counties_now(request.actor, place),
    }
    return render(request, "web/workbench.html", context)


@require_safe
@page()
def waiting(request: ActingRequest) -> HttpResponse:
    """Counts beside the navigation; fetched by every page once it shows, so that no page waits for them."""
    unread = messages.unread(request.actor)
    desk = tasks.Desk(request.actor, request.post_in_force.jurisdiction, today=clock.today())
    context = {"waiting": tasks.waiting_by_way(desk.tasks()), "unread": unread}
    return render(request, "web/waiting.html", context)


@require_safe
@page()
def own_messages(request: ActingRequest) -> HttpResponse:
    """What one was told, and what the system was asked to do and how far it is."""
    by = request.actor
    context = {
        "page": Paginator(notices_of(by), messages.SHOWN).get_page(request.GET.get("page")),
        "jobs": messages.of(by),
        "since": last_look(by),
    }
    looked(by=by, now=clock.now())
    return render(request, "web/messages.html", context)


@require_safe
@page()
def help_page(request: ActingRequest) -> HttpResponse:
    """Keys, and what people ask most."""
    return render(request, "web/help.html")


@require_safe
@page()
def settings(request: ActingRequest) -> HttpResponse:
    """What this post may see and set."""
    offered = ((name, [one for one in group if may_open(request.actor, one.address)]) for name, group in GROUPS)
    return render(request, "web/settings.html", {"groups": [(name, group) for name, group in offered if group]})


@require_POST
@page()
def as_of(request: ActingRequest) -> HttpResponse:
    """Look at another day from now on, or at today again."""
    today = clock.today()
    day = today if "today" in request.POST else _day(request.POST.get("day", ""), today=today)
    if day is None:
        sentence = "日期要写成 2025-09-20 的样子，不能晚于今天。"
        return render(request, "web/refused.html", {"title": "没有这一天的数据", "sentence": sentence}, status=400)
    look_at(request.session, day, today=today)
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe else "/")


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or none for this post: the same answer for both."""
    sentence = "没有这一页，或者当前岗位看不到它。"
    return _stand_in(
        request, "没有找到", sentence, "有几个岗位的，换个岗位再试；网址是别人发来的，请他看看有没有抄错。", 404
    )


@public
def not_permitted(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refused by the framework itself."""
    return _stand_in(request, "不能办", "当前岗位不能办这件事。", "", 403)


@public
def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: usually one that stood open past a sign-out."""
    return _stand_in(request, "这一页放得太久了", "没有存上。请退回上一页，刷新以后再办一次。", "", 403)


@public
def defect(request: HttpRequest) -> HttpResponse:
    """A fault of ours: says what was kept, and asks no database."""
    return render(request, "web/defect.html", status=500)


def _stand_in(request: HttpRequest, title: str, sentence: str, more: str, status: int) -> HttpResponse:
    signed_in = getattr(request, "actor", None) is not None
    template = "web/refused.html" if signed_in else "web/refused_plain.html"
    return render(request, template, {"title": title, "sentence": sentence, "more": more}, status=status)


def _day(text: str, *, today: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day <= today else None
