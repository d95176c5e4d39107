"""Sentences that tell a clerk why a line is there and what to ask first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from baoxue.policy.attendance import Attendance
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.householdstatus import HouseholdStatus
from baoxue.policy.registers import Register
from baoxue.policy.studentstatus import StudentStatus, in_force

Facts = Mapping[str, Any]

_IN_FORCE = frozenset(status.value for status in StudentStatus if in_force(status))
_FEW_PLACES = 4
_DIFFERS = {"name": "姓名", "id_number": "证件号", "birth_date": "出生日期", "sex": "性别"}


_UNCLEAR = "；户籍的“户口状态”看不出是正常、死亡注销还是迁出，请先向派出所核实户口"
_ALARMS = frozenset({FindingKind.NEVER_ENROLLED, FindingKind.ABSENT})


def reason(kind: FindingKind, facts: Facts) -> str:
    """One sentence in Chinese; no identity number in it."""
    sentence = _SENTENCES[kind](facts)
    unclear = facts["household_status"] == HouseholdStatus.UNCLEAR.value and facts["decision"] == Decision.REVIEW.value
    return sentence + _UNCLEAR if unclear and kind in _ALARMS else sentence


def _percent(confidence: float | None) -> str:
    return "不高" if confidence is None else f"{min(confidence, 0.999) * 100:.3g}%"


def _doubt(facts: Facts) -> str:
    """What may explain the finding away."""
    if facts["near_words"]:
        return f"；有一条相近的记录（{facts['near_words'].replace('; ', '，')}），请对照核实"
    return ""


def _never_enrolled(facts: Facts) -> str:
    if facts["student_row"] is not None and facts["hs_decision"] == "review":
        return (
            f"户籍第 {facts['household_row']} 行与学籍第 {facts['student_row']} 行可能是同一人"
            f"（把握 {_percent(facts['hs_confidence'])}：{facts['link_words'].replace('; ', '，')}），请核实；若不是，则查不到学籍"
        )
    if facts["roll_row"] is not None and facts["hr_decision"] == "review":
        return f"查不到学籍；与花名册第 {facts['roll_row']} 行可能是同一人（把握 {_percent(facts['hr_confidence'])}），请核实"
    if facts["household_row"] is None:
        return f"{_list_name(facts)}中有此人，户籍、学籍、花名册都查不到，请入户核实{_doubt(facts)}"
    if facts["student_status"] is not None:
        state = StudentStatus(facts["student_status"]).label
        return f"学籍第 {facts['student_row']} 行的状态是“{state}”，没有找到接收学校，也不在任何花名册上，请核实去向{_doubt(facts)}"
    if facts["elsewhere_row"] is not None:
        state = StudentStatus(facts["elsewhere_status"] or StudentStatus.ENROLLED).label
        return f"本县查不到学籍，县外学籍第 {facts['elsewhere_row']} 行的状态是“{state}”，请核实现在是否就读"
    if facts["school_age"] is None:
        return f"户籍在册，出生日期缺失或不一致，可能是学龄儿童；查不到学籍，也不在任何花名册上{_doubt(facts)}"
    return f"户籍在册的学龄儿童，查不到学籍，也不在任何花名册上{_doubt(facts)}"


def _list_name(facts: Facts) -> str:
    return "脱贫户名单" if facts["poverty_row"] is not None else "特殊群体名单"


def _absent(facts: Facts) -> str:
    school = facts["school_name"] or "学校"
    if facts["attendance"] in (Attendance.ABSENT.value, Attendance.NO_SHOW.value):
        since = f"，自 {facts['absent_since']:%Y-%m-%d} 起" if facts["absent_since"] else ""
        return f"有学籍，{school}花名册标为“{Attendance(facts['attendance']).label}”{since}，请核实去向"
    if facts["roll_row"] is not None:
        return (
            f"与花名册第 {facts['roll_row']} 行可能是同一人（把握 {_percent(facts['sr_confidence'])}），请核实是否在校"
        )
    if not facts["roll_handed_in"]:
        return f"有学籍，但{school}没有交花名册，无法核对是否在校，请先向学校要花名册"
    if facts["student_status"] is not None and facts["student_status"] not in _IN_FORCE:
        state = StudentStatus(facts["student_status"]).label
        return f"学籍状态是“{state}”，不在任何花名册上，义务教育阶段不得这样终止学籍，请向{school}核实去向"
    if facts["student_status"] == StudentStatus.DROPPED_OUT.value:
        return f"学籍状态是“{StudentStatus.DROPPED_OUT.label}”，不在任何花名册上，请向{school}核实去向{_doubt(facts)}"
    return f"有学籍，不在任何花名册上，请向{school}核实{_doubt(facts)}"


def _enrolled_elsewhere(facts: Facts) -> str:
    if facts["student_status"] in _IN_FORCE:
        return (
            f"本县有学籍，不在本县任何花名册上；在县外学籍第 {facts['elsewhere_row']} 行找到就读记录（{_said(facts)}），"
            "请确认在读并办理转学"
        )
    return f"户籍在本县，在县外学籍第 {facts['elsewhere_row']} 行找到就读记录（{_said(facts)}），请确认在读"


def _said(facts: Facts) -> str:
    return str(facts["link_words"] or "").replace("; ", "，")


def _unregistered(facts: Facts) -> str:
    school = facts["school_name"] or "学校"
    away = facts["attendance"] in (Attendance.ABSENT.value, Attendance.NO_SHOW.value)
    note = f"，且标为“{Attendance(facts['attendance']).label}”" if away else ""
    if facts["student_status"] is not None:
        return (
            f"在{school}花名册上{note}，但学籍状态是“{StudentStatus(facts['student_status']).label}”，请恢复或办理学籍"
        )
    return f"在{school}花名册上{note}，查不到学籍，请补办学籍{_doubt(facts)}"


def _no_household(facts: Facts) -> str:
    return f"有学籍，本县户籍中查不到，可能是外来随迁，也可能身份信息有误{_doubt(facts)}"


def _duplicate(facts: Facts) -> str:
    label = Register(facts["register"]).label
    return f"{label}第 {facts['extra_row']} 行与第 {facts['primary_row']} 行是同一人（{facts['evidence']}），请核实后保留一条"


def _mismatch(facts: Facts) -> str:
    fields = "；".join(_one_difference(field, facts) for field in facts["differs"].split(";"))
    return f"各册中是同一个孩子，但{fields}。请改正有误的一册"


_SIDES = (("h", Register.HOUSEHOLD.label), ("s", Register.STUDENT.label), ("r", Register.ROLL.label))
_SEX = {"M": "男", "F": "女"}


def _one_difference(field: str, facts: Facts) -> str:
    """What each register says; of a number only where it differs from the first, for it must not be shown."""
    said = [(label, facts[f"{side}_{field}"]) for side, label in _SIDES if facts[f"{side}_{field}"] is not None]
    if field == "id_number":
        first_label, first = said[0]
        others = [f"{label}{_where_numbers_differ(first, number)}" for label, number in said[1:] if number != first]
        return f"证件号不一致（与{first_label}相比，{'，'.join(others)}）"
    shown = "、".join(f"{label}“{_SEX.get(str(value), value)}”" for label, value in said)
    return f"{_DIFFERS[field]}不一致（{shown}）"


def _where_numbers_differ(one: str, other: str) -> str:
    if len(one) != len(other):
        return f"位数不同（{len(one)} 位和 {len(other)} 位）"
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True), start=1) if a != b]
    if len(places) > _FEW_PLACES:
        return "完全不同"
    return f"第 {'、'.join(str(place) for place in places)} 位不同"


def _deceased(facts: Facts) -> str:
    where = "有学籍" if facts["student_row"] is not None else "在花名册上"
    return f"户籍已因死亡注销，仍{where}，请核实后注销学籍，或更正户籍"


_SENTENCES: dict[FindingKind, Callable[[Facts], str]] = {
    FindingKind.NEVER_ENROLLED: _never_enrolled,
    FindingKind.ABSENT: _absent,
    FindingKind.ENROLLED_ELSEWHERE: _enrolled_elsewhere,
    FindingKind.ATTENDING_UNREGISTERED: _unregistered,
    FindingKind.NO_HOUSEHOLD: _no_household,
    FindingKind.DUPLICATE_STUDENT: _duplicate,
    FindingKind.DUPLICATE_HOUSEHOLD: _duplicate,
    FindingKind.IDENTITY_MISMATCH: _mismatch,
    FindingKind.DECEASED_ON_ROLL: _deceased,
}
