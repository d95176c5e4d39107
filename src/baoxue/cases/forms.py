"""What people fill in about a case: one form per act."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from baoxue.cases.actions.ladder import steps_of
from baoxue.cases.models import Case, Pause
from baoxue.cases.models.duty import DutyState
from baoxue.jurisdictions.codelists import codes_at
from baoxue.platform.asking import day_field
from baoxue.policy.capabilities import Department
from baoxue.policy.casecodes import (
    AttemptResult,
    EvidenceKind,
    LeadSource,
    Met,
    ReturnWay,
    SuspensionKind,
    VerificationResult,
)
from baoxue.policy.casestages import Clock
from baoxue.policy.closing import ClosingReason
from baoxue.policy.codelists import CodeList
from baoxue.policy.labelled import Labelled
from baoxue.policy.ladder import LadderStep, ServiceWay


def _choices(kind: type[Labelled]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in kind]


def _text(label: str, *, rows: int = 0, longest: int = 500, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, max_length=longest, widget=widget, error_messages={"required": "请填写。"}, **more
    )


def _one(label: str, kind: type[Labelled], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", "请选"), *_choices(kind)], error_messages={"required": "请选一项。"}, **more
    )


class CaseForm(forms.Form):
    """An act on a case. `version`: of the case as it was looked at, so that nobody overwrites what another did meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("version", case.version)
        super().__init__(*args, **kwargs)
        for name, code_list in self.lists.items():
            codes = codes_at(case.county, code_list, on=today)
            self.fields[name].choices = [("", "请选"), *((code.code, code.label) for code in codes)]  # type: ignore[attr-defined]

    lists: dict[str, CodeList] = {}  # noqa: RUF012  (class constant)


class ReasonForm(CaseForm):
    """An act that needs no more than a word why."""

    reason = _text("说明", rows=3, required=False)


class VerifyForm(CaseForm):
    """A verification result."""

    result = _one("核查结果", VerificationResult)
    verified_on = day_field("核查日期")
    words = _text("怎么核查的（问了谁、看到什么）", rows=3)


class DropoutForm(CaseForm):
    """The facts a confirmation rests on."""

    lists = {"reason": CodeList.DROPOUT_REASON, "whereabouts": CodeList.WHEREABOUTS}  # noqa: RUF012
    on = day_field("辍学（失学）日期")
    reason = forms.ChoiceField(label="原因", error_messages={"required": "请选一项。"})
    whereabouts = forms.ChoiceField(label="去向", error_messages={"required": "请选一项。"})
    basis = _text("认定依据", rows=3)


class PersuasionForm(CaseForm):
    """One persuasion."""

    lists = {"measure": CodeList.MEASURE}  # noqa: RUF012
    day = day_field("哪一天")
    time = forms.TimeField(label="几点", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                           error_messages={"required": "请填时间。", "invalid": "时间要写成 15:20 的样子。"})  # fmt: skip
    measure = forms.ChoiceField(label="怎么去的", error_messages={"required": "请选一项。"})
    went = _text("谁去的", help_text="一行一个人：姓名 单位 职务，用空格隔开。", rows=2)
    met = forms.MultipleChoiceField(
        label="见到谁", choices=_choices(Met), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选见到了谁；没有人在家也要选。"},
    )  # fmt: skip
    place = _text("地点", required=False)
    talk = _text("谈话要点", rows=4, longest=4000)
    child_says = _text("孩子说", rows=2, required=False)
    family_says = _text("家长说", rows=2, required=False)
    result = _one("结果", AttemptResult)
    promised_on = day_field("答应哪天返校", required=False)
    next_step = _text("约定的下一步", required=False)
    next_on = day_field("下一步哪天", required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)


class EvidenceForm(CaseForm):
    """A proof."""

    kind = _one("佐证种类", EvidenceKind)
    words = _text("在哪里看到什么", rows=2, required=False)
    file = forms.FileField(label="照片或 PDF", required=False)


class OwnerForm(CaseForm):
    """The person who answers for the child."""

    name = _text("主责人姓名", longest=60)
    unit = _text("单位", longest=80)
    title = _text("职务", longest=40, required=False)
    phone = _text("电话", longest=30, required=False)


class PlacementForm(CaseForm):
    """Where the child returns to."""

    way = _one("复学方式", ReturnWay)
    school_name = _text("学校", longest=120)
    school_code = _text("学校标识码", longest=20, required=False)
    class_name = _text("班级", longest=80, required=False)
    on = day_field("复学日期")


class SeenForm(CaseForm):
    """The first day at school."""

    seen_on = day_field("到校日期")


class SuspendForm(CaseForm):
    """A rest approved."""

    kind = _one("缓学还是休学", SuspensionKind)
    until = day_field("批准到哪天")
    reason = _text("原因", rows=2)


class ClosureForm(CaseForm):
    """An application for 销号."""

    closing = _one("销号原因", ClosingReason)
    reason = _text("说明", rows=3, required=False)


class IssueForm(CaseForm):
    """A document of the ladder: those open today."""

    step = forms.ChoiceField(label="哪一份文书", error_messages={"required": "请选一份。"})
    number = _text("文号", longest=60, help_text="如：双教控劝字〔2025〕12号")

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        super().__init__(*args, case=case, today=today, **kwargs)
        steps = steps_of(case, today=today, penalty_article="")
        open_now = [(step.value, step.label) for step, judged in steps.items() if judged.open]
        self.fields["step"].choices = [("", "请选"), *open_now]  # type: ignore[attr-defined]
        closed = [f"《{step.label}》{judged.why}" for step, judged in steps.items() if not judged.open]
        self.fields["step"].help_text = "还不能开的：" + " ".join(closed) if closed else ""


class ServeForm(CaseForm):
    """送达回证 of a document that was issued."""

    document = forms.ChoiceField(label="哪一份文书", error_messages={"required": "请选一份。"})
    on = day_field("送达日期")
    way = _one("怎么送的", ServiceWay)
    place = _text("在哪里送的", longest=200, required=False)
    received_by = _text("签收人", longest=60, required=False)
    relation = _text("和孩子的关系", longest=20, required=False)
    servers = _text("送达人（两位，用顿号隔开）", longest=120)
    refused_because = _text("拒收事由", longest=200, required=False)
    witness = _text("见证人", longest=60, required=False)

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        super().__init__(*args, case=case, today=today, **kwargs)
        waiting = case.documents.filter(served_on=None).order_by("issued_on", "pk")
        named = [(str(one.pk), f"{LadderStep(one.step).label} {one.number}") for one in waiting]
        self.fields["document"].choices = [("", "请选"), *named]  # type: ignore[attr-defined]


class AidForm(CaseForm):
    """Help given to the family."""

    lists = {"kind": CodeList.AID_KIND}  # noqa: RUF012
    kind = forms.ChoiceField(label="帮什么", error_messages={"required": "请选一项。"})
    department = forms.ChoiceField(label="哪个部门", choices=[("", "教育部门"), *_choices(Department)], required=False)
    given_on = day_field("哪天")
    words = _text("帮了什么", rows=2)


class PlanForm(CaseForm):
    """一生一策: a new version."""

    situation = _text("现在的情况", rows=3, longest=2000, required=False)
    goal = _text("目标", rows=2, longest=2000)
    measures = _text("措施", rows=4, longest=2000)
    people = _text("谁来做", rows=2, longest=500, required=False)
    review_on = day_field("哪天回头看", required=False)


class PauseForm(CaseForm):
    """A request that a clock stand still."""

    duty = forms.ChoiceField(label="哪个时限", error_messages={"required": "请选一个。"})
    first_day = day_field("从哪天")
    last_day = day_field("到哪天")
    reason = _text("原因", rows=2)

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        super().__init__(*args, case=case, today=today, **kwargs)
        running = case.duties.filter(state=DutyState.OPEN).order_by("due_on", "pk")
        named = [(str(one.pk), f"{Clock(one.clock).label}（{one.due_on}到期）") for one in running]
        self.fields["duty"].choices = [("", "请选"), *named]  # type: ignore[attr-defined]


class AnswerPauseForm(CaseForm):
    """The answer to a request for a pause."""

    pause = forms.ChoiceField(label="哪个申请", error_messages={"required": "请选一个。"})
    approve = forms.ChoiceField(label="答复", choices=[("yes", "同意暂停"), ("no", "不同意，照走")])

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        super().__init__(*args, case=case, today=today, **kwargs)
        asked = Pause.objects.filter(duty__case=case, approved_at=None).select_related("duty").order_by("pk")
        named = [
            (
                str(one.pk),
                f"{Clock(one.duty.clock).label}：{one.first_day} 到 {one.last_day}，{one.by_name}：{one.reason}",
            )
            for one in asked
        ]
        self.fields["pause"].choices = [("", "请选"), *named]  # type: ignore[attr-defined]


class TakeBackForm(CaseForm):
    """A proof that counts no more."""

    evidence = forms.ChoiceField(label="撤回哪一份", error_messages={"required": "请选一份。"})

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        super().__init__(*args, case=case, today=today, **kwargs)
        there = case.evidence.filter(withdrawn_at=None).order_by("written_at", "pk")
        named = [(str(one.pk), f"{EvidenceKind(one.kind).label} {one.by_name} {one.words}") for one in there]
        self.fields["evidence"].choices = [("", "请选"), *named]  # type: ignore[attr-defined]


# What people tell; the other sources are found by the system, or come with lists.
_TOLD = (LeadSource.SCHOOL, LeadSource.TOWNSHIP, LeadSource.SWEEP, LeadSource.DEPARTMENT, LeadSource.REPORT,
         LeadSource.NOT_BACK)  # fmt: skip


class ReportForm(forms.Form):
    """Word that a child may be out of school. `key`: the same when it is sent twice."""

    name = _text("孩子的姓名", longest=100)
    source = forms.ChoiceField(label="从哪里知道的", choices=[(one.value, one.label) for one in _TOLD])
    found_on = day_field("哪天发现的")
    words = _text("听说、看到了什么", rows=3)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class AddChildForm(forms.Form):
    """A child that no register has."""

    sex = forms.ChoiceField(label="性别", choices=[("M", "男"), ("F", "女")])
    birth_date = day_field("出生日期", required=False)
    id_number = _text("身份证号", longest=18, required=False)
    guardian_name = _text("监护人", longest=60, required=False)
    phone = _text("电话", longest=30, required=False)
    address = _text("住在哪里", longest=200, required=False)


class SetAsideForm(forms.Form):
    """Why a lead is nothing."""

    answer = _text("为什么不成立", rows=2)
