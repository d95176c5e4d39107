"""Ages in templates."""

from __future__ import annotations

from datetime import date

from django import template

register = template.Library()


@register.filter
def age(birth: date | None, on: date) -> str:
    """Full years on a day; a dash where the birthday is not known."""
    return "—" if birth is None else str(on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)))
