"""What people fill in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from baoxue.policy.registers import Register


class DropForm(forms.Form):
    """A register file: which register it is, and of which day it speaks."""

    register = forms.ChoiceField(label="哪一本名册", error_messages={"required": "请选是哪一本名册。"})
    as_of = forms.DateField(
        label="数据截至日",
        help_text="名册说的是哪一天的情况，不是今天。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填数据截至日。", "invalid": "日期要写成 2025-09-20 的样子。"},
    )
    file = forms.FileField(
        label="文件",
        help_text=".xlsx、.xls、.csv 或 .parquet，原样放进来就行：标题、合计、几个工作表都认得。不超过 500 MB。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.parquet"}),
        error_messages={
            "required": "请选一个文件（不超过 500 MB）。",
            "empty": "文件是空的，请重新导出。",
            "invalid": "文件没有传上来，请再选一次。",
        },
        max_length=400,
    )

    def __init__(self, *args: Any, registers: Sequence[Register], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["register"].choices = [(r.value, f"{r.label}名册") for r in registers]  # type: ignore[attr-defined]
        self.fields["as_of"].initial = today
        self.fields["as_of"].widget.attrs["max"] = today.isoformat()


class CorrectionForm(forms.Form):
    """A file of rejected rows, corrected."""

    file = forms.FileField(
        label="改好的文件",
        help_text="下载的那个文件改好存下来就行；删掉改不好的行，表头不要动。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={
            "required": "请选改好的文件。",
            "empty": "文件是空的，请重新存一次。",
            "invalid": "文件没有传上来，请再选一次。",
        },
        max_length=400,
    )


class ReasonForm(forms.Form):
    """The answer to what is unusual."""

    reason = forms.CharField(
        label="为什么差这么多",
        help_text="写给复看的人：问过谁，是什么原因。",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原因。"},
    )


class SecondLookForm(forms.Form):
    """What the second look found."""

    reason = forms.CharField(
        label="核对了什么",
        help_text="数字、来源，还是问过部门。",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明您核对了什么。"},
    )
