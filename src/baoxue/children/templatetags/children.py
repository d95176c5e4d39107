"""How children are written in lists: sex and age, grade and class, groups, 就学状况."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template

from baoxue.children.export import grade_words
from baoxue.policy.householdstatus import HouseholdStatus
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.schoolyear import SchoolStage
from baoxue.policy.specialgroup import SpecialGroup

register = template.Library()

_TAGS = {
    SchoolingStatus.SUSPECTED_DROPOUT: "tag-amber",
    SchoolingStatus.TO_VERIFY: "tag-amber",
    SchoolingStatus.DROPOUT: "tag-red",
    SchoolingStatus.NEVER_ENROLLED: "tag-red",
    SchoolingStatus.ENROLLED: "tag-green",
    SchoolingStatus.HOMEBOUND: "tag-green",
}


@register.filter
def age_on(born: date | None, day: date) -> int | None:
    """Full years on a day."""
    return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@register.filter
def class_words(row: Any) -> str:
    """三年级 1班, for anything with a grade and a class; 未见学籍 where neither is known."""
    return " ".join(part for part in (grade_words(row.grade), row.class_name) if part)


@register.filter
def status_label(code: str) -> str:
    """The word for a 就学状况."""
    return SchoolingStatus(code).label if code else ""


@register.filter
def status_tag(code: str) -> str:
    """The look of its chip."""
    return _TAGS.get(SchoolingStatus(code), "tag-line")


@register.filter
def group_labels(codes: list[str]) -> list[str]:
    """The words for special groups."""
    return [SpecialGroup(code).label for code in codes]


@register.filter
def stage_label(code: str) -> str:
    """小学, 初中."""
    return SchoolStage(code).label if code else ""


@register.filter
def household_label(code: str) -> str:
    """The word for a 户口状态."""
    return HouseholdStatus(code).label if code else ""


@register.filter
def entry(names: dict[Any, Any], key: Any) -> Any:
    """A value of a dictionary by a key that is itself a value."""
    return names.get(key, "")


@register.filter
def querytext(query: dict[str, str]) -> str:
    """A saved query as part of an address."""
    return urlencode(query)


@register.filter
def unlocalized(number: float) -> str:
    """A number as SVG wants it, without signs between thousands."""
    return f"{number:g}"
