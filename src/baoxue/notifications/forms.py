"""What who looks after the system fills in to set a channel."""

from __future__ import annotations

from django import forms

from baoxue.access.forms import PlaceField
from baoxue.policy.notices import ChannelKind

_HELP = "群机器人填 Webhook 地址，从群机器人的设置里整个复制；邮件填邮箱，几个用逗号隔开。加密保存，存好以后不再显示。"


class ChannelForm(forms.Form):
    """A new channel."""

    place = PlaceField()
    kind = forms.ChoiceField(label="方式", choices=[(kind.value, kind.label) for kind in ChannelKind])
    name = forms.CharField(
        label="名称", max_length=60, help_text="如：教育局值班群", error_messages={"required": "请起个名称。"}
    )
    address = forms.CharField(
        label="地址",
        max_length=500,
        help_text=_HELP,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填地址。"},
    )


class ChannelChangeForm(forms.Form):
    """Corrections of a channel."""

    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请起个名称。"})
    address = forms.CharField(
        label="新地址",
        max_length=500,
        required=False,
        help_text="不填就还用原来的地址。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_active = forms.BooleanField(label="启用", required=False, help_text="停用以后，等着发的也不再发。")
