"""What people fill in about a comparison."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from baoxue.jurisdictions.models import Jurisdiction
from baoxue.policy.verdicts import VerdictKind, default_expiry


class StartForm(forms.Form):
    """A new comparison. `counties`: those the post may compare."""

    county = forms.ModelChoiceField(Jurisdiction.objects.none(), label="哪个县", empty_label=None)
    as_of = forms.DateField(
        label="截至哪一天",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="每一册用这一天以前最新的一份",
        error_messages={"required": "请选一天。", "invalid": "日期要写成 2025-09-20 的样子。"},
    )

    def __init__(self, *args: Any, counties: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["county"].queryset = counties  # type: ignore[attr-defined]


class VerdictForm(forms.Form):
    """An answer to a finding. Left empty, the answer holds as long as its kind does by default."""

    kind = forms.ChoiceField(
        label="核下来是什么情况", widget=forms.RadioSelect, error_messages={"required": "请选一种。"}
    )
    evidence = forms.CharField(
        label="依据",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="向谁核的、看到什么；以后复查的人要靠它",
        error_messages={"required": "请写一句依据。"},
    )
    expires_on = forms.DateField(
        label="有效到",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="不填：县外就读、延缓入学到本学年末，出国一年，其余一直有效",
        error_messages={"invalid": "日期要写成 2026-08-31 的样子。"},
    )

    def __init__(self, *args: Any, kinds: tuple[VerdictKind, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def until(self, *, today: date) -> date | None:
        """The day the answer holds to: as filled in, else by its kind."""
        filled: date | None = self.cleaned_data["expires_on"]
        return filled or default_expiry(VerdictKind(self.cleaned_data["kind"]), on=today)


class PairForm(forms.Form):
    """An answer about two records, by one key. `remember`: ticked = until a person says otherwise; else this year only."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in VerdictKind])
    evidence = forms.CharField(max_length=500, required=False)
    expires_on = forms.DateField(required=False)
