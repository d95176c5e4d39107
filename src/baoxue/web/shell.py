"""What every page's frame shows: the way to the other pages, post and place, the day looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from baoxue.access.request import Request
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.asof import day_looked_at
from baoxue.platform.gate import SIGNED_IN
from baoxue.policy.capabilities import Capability


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ten places of the product, and 设置. `key`: after G."""

    code: str
    label: str
    icon: str
    address: str
    key: str


WAYS = (
    Way("workbench", "工作台", "home", "/", "w"),
    Way("imports", "数据接入", "import", "/imports/", "i"),
    Way("comparisons", "四查三比对", "compare", "/comparisons/", "b"),
    Way("children", "儿童", "children", "/children/", "c"),
    Way("ledgers", "台账", "ledger", "/ledgers/", "t"),
    Way("cases", "个案", "folder", "/cases/", "a"),
    Way("reports", "报告", "report", "/reports/", "r"),
    Way("plans", "方案", "target", "/plans/", "p"),
    Way("coordination", "联控联保", "building", "/coordination/", "l"),
    Way("indicators", "监测", "chart", "/indicators/", "m"),
    Way("settings", "设置", "settings", "/settings/", "s"),
)
DENSITIES = (("comfy", "宽松"), ("standard", "标准"), ("tight", "紧凑"))
DENSITY_COOKIE = "baoxue_density"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame (`web/base.html`)."""
    acting = cast(Request, request)
    actor = getattr(acting, "actor", None)
    if actor is None:
        return {"actor": None, "account": getattr(acting, "account", None), "post_in_force": None}
    today = clock.today()
    looked_at = day_looked_at(acting.session, today=today)
    ways = [way for way in WAYS if may_open(actor, way.address)]
    return {
        "actor": actor,
        "account": acting.account,
        "post_in_force": acting.post_in_force,
        "posts": acting.posts,
        "ways": ways,
        "way_here": way_of(request.path, ways),
        "may_search": may_open(actor, "/search"),
        "looked_at": looked_at,
        "looked_at_is_past": looked_at != today,
        "today": today,
        "clock_is_ahead": clock.ahead() > timedelta(0),
        "densities": DENSITIES,
        "density": _density(request),
    }


def may_open(actor: Actor, address: str) -> bool:
    """Whether there is a page at an address and its gate lets this actor in."""
    try:
        needs: str | tuple[Capability, ...] = getattr(resolve(address).func, "needs", SIGNED_IN)
    except Resolver404:
        return False
    return isinstance(needs, str) or any(actor.can(need) for need in needs)


def way_of(path: str, ways: list[Way]) -> str:
    """Code of the place a page belongs to, "" where it belongs to none."""
    inside = [way for way in ways if path == way.address or (way.address != "/" and path.startswith(way.address))]
    return max(inside, key=lambda way: len(way.address)).code if inside else ""


def _density(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(DENSITY_COOKIE, "")
    return chosen if chosen in dict(DENSITIES) else "standard"
