"""What templates need to write numbers, days and icons the same way everywhere (DESIGN: type, words)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from baoxue.platform import clock

register = template.Library()

UNKNOWN = "—"
_MASKED = re.compile(r"([^*]*)(\**)(.*)", re.DOTALL)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of `components/icons.html`, silent to screen readers: the word beside it says what it means."""
    return format_html('<svg class="i {}" aria-hidden="true"><use href="#i-{}"/></svg>', size, name)


@register.filter
def count(number: int | str | None) -> str:
    """43251 → 43,251; a minus is a minus sign; what is not known is a dash, never blank.

    Django gives "" for what a template asks of nothing.
    """
    return f"{number:,}".replace("-", "−") if isinstance(number, int) else UNKNOWN


@register.filter
def change(number: int | str | None) -> str:
    """As `count`, and a rise shows its sign."""
    return f"+{number:,}" if isinstance(number, int) and number > 0 else count(number)


@register.filter
def day(value: date | datetime | None) -> str:
    """For sentences: 9月20日, in another year 2024年9月20日."""
    if not value:
        return UNKNOWN
    on = _day_of(value)
    words = f"{on.month}月{on.day}日"
    return words if on.year == clock.today().year else f"{on.year}年{words}"


@register.filter
def weekday(value: date) -> str:
    """星期二."""
    return f"星期{'一二三四五六日'[value.weekday()]}"


@register.filter
def short_day(value: date | datetime | None) -> str:
    """For tables: 09-20, in another year 2024-09-20."""
    if not value:
        return UNKNOWN
    on = _day_of(value)
    return f"{on:%m-%d}" if on.year == clock.today().year else f"{on:%Y-%m-%d}"


@register.filter
def moment(value: datetime | None) -> str:
    """A day and a time of day, for tables: 10-14 15:20."""
    return f"{short_day(value)} {value.astimezone(clock.ZONE):%H:%M}" if value else UNKNOWN


@register.filter
def hidden_part(masked: str) -> tuple[str, str, str]:
    """A masked number in three: what shows at its beginning, the asterisks, what shows at its end."""
    first, stars, last = _MASKED.fullmatch(masked).groups()  # type: ignore[union-attr]
    return first, stars, last


@register.filter
def as_control(field: BoundField) -> SafeString:
    """The input of a form's field as the design draws it. What it is described by and whether it is wrong, Django says."""
    drawn_by_the_browser = isinstance(field.field.widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple)
    if drawn_by_the_browser:
        return field.as_widget()
    own = str(field.field.widget.attrs.get("class", ""))
    return field.as_widget(attrs={"class": " ".join(filter(None, ("inp", "bad" if field.errors else "", own)))})


@register.inclusion_tag("web/components/deadline.html")
def deadline(
    due: date,
    days_left: int,
    *,
    basis: str = "",
    paused_until: date | None = None,
    paused_why: str = "",
    done_on: date | None = None,
) -> dict[str, object]:
    """The chip of a deadline; its weight falls with urgency.

    `days_left` is counted by whoever knows the type of day: negative = overdue, and of what is done how late it was.
    `basis`: day type, place and year of the rule, e.g. 教学日算，云岫县 2025 规定. `paused_why`: reason and who approved.
    """
    on = day(due)
    if done_on is not None:
        state, words = "done", "按时" if days_left >= 0 else f"迟 {-days_left} 天"
    elif paused_until is not None:
        state, words = "hold", f"暂停到 {short_day(paused_until)}"
    elif days_left < 0:
        state, words = "over", f"逾期 {-days_left} 天"
    elif days_left == 0:
        state, words = "today", "今天"
    elif days_left <= 3:
        state, words = "soon", f"还有 {days_left} 天"
    else:
        state, words = "far", short_day(due)
    whole = "，".join(part for part in (f"{on}到期", basis, paused_why if state == "hold" else "") if part)
    return {"state": state, "words": words, "whole": whole}


@register.inclusion_tag("web/components/filter.html", takes_context=True)
def filter_chip(context: Any, label: str, name: str, value: str, choices: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A filter with its value inside, and the addresses of its other values and of taking it off.

    `name` of the query parameter; `value` in force, "" = none; `choices`: (value, words). The position in the list falls away.
    """
    query = context["request"].GET
    listed = [(code, words, _query(query, name, code)) for code, words in choices]
    chosen = next((words for code, words, _ in listed if code == value), "") if value else ""
    return {"label": label, "chosen": chosen, "choices": listed, "value": value, "without": _query(query, name, "")}


@register.inclusion_tag("web/components/sort_head.html", takes_context=True)
def sort_head(context: Any, words: str, code: str, order: str, css: str = "") -> dict[str, Any]:
    """The head of a column one can order by: `code`, or `-code` for the other way round; `order` is what is in force.

    Clicking the column in force turns it round. `css`: class of the head, e.g. num.
    """
    turned = f"-{code}" if order == code else code
    sorted_as = {code: "ascending", f"-{code}": "descending"}.get(order, "")
    address = _query(context["request"].GET, "order", turned)
    return {"words": words, "sorted_as": sorted_as, "address": address, "css": css}


def _query(query: QueryDict, name: str, value: str) -> str:
    changed = query.copy()
    for spent in ("page", "after", "start", "part", name):
        changed.pop(spent, None)
    if value:
        changed[name] = value
    return f"?{changed.urlencode()}"


def _day_of(value: date | datetime) -> date:
    return clock.day_of(value) if isinstance(value, datetime) else value
