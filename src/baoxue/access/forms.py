"""What account administrators and owners of tokens fill in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from baoxue.platform.asking import day_field
from baoxue.policy.capabilities import Capability, Department, Role
from baoxue.policy.signin import TOKEN_DAYS, may_be_account_name


class PlaceField(forms.CharField):
    """A place by its code; the page offers those within reach in a list (`places`)."""

    def __init__(self) -> None:
        super().__init__(
            label="机构",
            max_length=20,
            help_text="填行政区划代码或学校标识码，也可以打字从列表里选。",
            widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
            error_messages={"required": "请填机构。"},
        )


class PersonForm(forms.Form):
    """What is known of a person."""

    name = forms.CharField(label="姓名", max_length=60, error_messages={"required": "请填姓名。"})
    phone = forms.CharField(label="电话", max_length=20, required=False, help_text="加密保存，只在账户管理里看得到。")


class NewAccountForm(PersonForm):
    """A new account."""

    username = forms.RegexField(
        label="账户名",
        regex=r"^[\w.@-]{3,60}$",
        help_text="登录时输入，3 位以上，可用字母、数字、汉字和 . _ @ -。不要用身份证件号。",
        error_messages={"required": "请填账户名。", "invalid": "账户名 3 位以上，只用字母、数字、汉字和 . _ @ -。"},
    )
    place = PlaceField()
    field_order = ("name", "username", "place", "phone")

    def clean_username(self) -> str:
        """An account name stands in the audit record and on pages: it must be no identity number."""
        username = str(self.cleaned_data["username"])
        if not may_be_account_name(username):
            raise forms.ValidationError("账户名不要用身份证件号。")
        return username


class AccountForm(PersonForm):
    """Corrections of an account."""

    oidc_subject = forms.CharField(
        label="统一身份标识",
        max_length=200,
        required=False,
        help_text="在本局统一身份认证里的 sub，填了就可以用统一身份登录到这个账户。",
    )


class PostForm(forms.Form):
    """A post to give."""

    role = forms.ChoiceField(label="岗位", choices=[(role.value, role.label) for role in Role])
    place = PlaceField()
    department = forms.ChoiceField(
        label="部门",
        required=False,
        choices=[("", "不是部门联络员"), *((department.value, department.label) for department in Department)],
    )
    valid_from = day_field("从哪天起")
    valid_to = day_field("到哪天止", required=False, help_text="含当天；不填就一直有效。")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = today


class TokenForm(forms.Form):
    """A token to make."""

    name = forms.CharField(
        label="给什么程序用", max_length=60, error_messages={"required": "请写明给什么程序用，以后好认。"}
    )
    capabilities = forms.MultipleChoiceField(
        label="可以做什么",
        widget=forms.CheckboxSelectMultiple,
        help_text="只选程序用得到的。",
        error_messages={"required": "请至少选一项。"},
    )
    days = forms.TypedChoiceField(label="有效期", coerce=int, choices=[(days, f"{days} 天") for days in TOKEN_DAYS])

    def __init__(self, *args: Any, capabilities: Iterable[Capability], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = sorted(set(capabilities) - {Capability.USE_TOKENS}, key=list(Capability).index)
        self.fields["capabilities"].choices = [(c.value, c.label) for c in offered]  # type: ignore[attr-defined]
