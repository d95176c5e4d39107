"""What people fill in to keep places, calendar and parameters."""

from __future__ import annotations

from typing import Any

from django import forms

from baoxue.platform.asking import day_field
from baoxue.policy.calendar import DayKind, DayType
from baoxue.policy.capabilities import Level
from baoxue.policy.codelists import LONGEST_CODE, CodeList, base_codes
from baoxue.policy.parameters import Parameter
from baoxue.policy.schoolyear import Semester


class ParameterForm(forms.Form):
    """A value of a parameter, on what ground, from when."""

    value = forms.FloatField(label="改为", error_messages={"required": "请填数值。", "invalid": "请填数字。"})
    day_type = forms.ChoiceField(label="怎么算天数", choices=[(d.value, d.label) for d in DayType], required=False)
    document = forms.CharField(
        label="依据",
        help_text="文件名称和文号；没有文件就写谁、哪天决定的。",
        max_length=160,
        error_messages={"required": "请写明依据。"},
    )
    valid_from = day_field("从哪天起")

    def __init__(self, *args: Any, known: Parameter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = f"改为（{known.unit.label}）"
        self.fields["value"].widget.attrs.update(min=known.least, max=known.most, step="any")
        if known.day_type is None:
            del self.fields["day_type"]


class CodeForm(forms.Form):
    """A code added to a list."""

    code = forms.CharField(
        label="代码", help_text="本地文件里的代码；没有就自己编一个，如 R03-1。用过的不能再用。", max_length=LONGEST_CODE,
        error_messages={"required": "请填代码。", "max_length": f"代码最多 {LONGEST_CODE} 个字符。"},
    )  # fmt: skip
    label = forms.CharField(
        label="名称", max_length=40, error_messages={"required": "请填名称。", "max_length": "名称最多 40 个字。"}
    )
    means = forms.ChoiceField(
        label="归到", help_text="规则和统计按系统自带的这一项走。",
        error_messages={"required": "请选归到哪一项。", "invalid_choice": "请选归到哪一项。"},
    )  # fmt: skip
    document = forms.CharField(
        label="依据",
        help_text="文件名称和文号；没有文件就写谁、哪天决定的。",
        max_length=160,
        error_messages={"required": "请写明依据。"},
    )
    valid_from = day_field("从哪天起")

    def __init__(self, *args: Any, code_list: CodeList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(known.code, known.choice) for known in base_codes(code_list)]
        self.fields["means"].choices = [("", "请选择"), *listed]  # type: ignore[attr-defined]


class CodeEndForm(forms.Form):
    """The last day on which a code may be chosen."""

    last_day = day_field("最后一天", help_text="这天以后不能再选；已经记下的不变。")


class TermForm(forms.Form):
    """One semester."""

    school_year = forms.IntegerField(
        label="学年", help_text="写开始的那一年，如 2025。", min_value=2000, max_value=2100,
        error_messages={"required": "请填学年。", "invalid": "学年写成四位数字。"},
    )  # fmt: skip
    semester = forms.ChoiceField(label="学期", choices=[(s.value, s.label) for s in Semester])
    first_day = day_field("第一天上课")
    last_day = day_field("最后一天上课")


class SpecialDayForm(forms.Form):
    """A day that is not what its weekday says."""

    day = day_field("哪一天")
    kind = forms.ChoiceField(label="是什么", choices=[(k.value, k.label) for k in DayKind])
    name = forms.CharField(label="名称", max_length=40, required=False)
    document = forms.CharField(label="依据", max_length=120, error_messages={"required": "请写明依据的通知。"})


class PlaceForm(forms.Form):
    """A place under another."""

    level = forms.ChoiceField(label="是什么")
    code = forms.CharField(
        label="代码",
        help_text="学校填 10 位标识码；乡镇填 9 位区划代码；没有官方代码的自己编一个。",
        max_length=20,
        error_messages={"required": "请填代码。"},
    )
    name = forms.CharField(label="名称", max_length=80, error_messages={"required": "请填名称。"})

    def __init__(self, *args: Any, levels: list[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(level.value, level.label) for level in levels]  # type: ignore[attr-defined]


class TeachingPointForm(forms.Form):
    """A 教学点 of a school."""

    code = forms.CharField(label="代码", max_length=12, error_messages={"required": "请填代码。"})
    name = forms.CharField(label="名称", max_length=80, error_messages={"required": "请填名称。"})
