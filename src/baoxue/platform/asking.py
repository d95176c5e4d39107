"""What pages are asked with: days in forms, filters in addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from django import forms

_LONGEST = 60


def day_field(label: str, **more: Any) -> forms.DateField:
    """A day as `2025-09-20`."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    errors = {"required": "请填日期。", "invalid": "日期要写成 2025-09-20 的样子。"}
    return forms.DateField(label=label, widget=widget, error_messages=errors, **more)


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters of a list, texts each; "" = not filtered by. Lists name theirs as fields of a subclass."""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """The filters among the values of a query."""
        return cls(**{part.name: str(said.get(part.name, "")).strip()[:_LONGEST] for part in fields(cls)})

    def in_force(self) -> dict[str, str]:
        """Those that are set."""
        return {part.name: value for part in fields(self) if (value := getattr(self, part.name))}
