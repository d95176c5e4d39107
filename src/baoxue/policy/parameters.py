"""The parameters a place can set: limits in days, thresholds, control lines.

Each has a default of this project's, which holds where no place has set another; the numbers of real places and where they
were found stand in PRESETS, for a county to choose from. Nothing here is "the rule": the document a place names is.
"""

from __future__ import annotations

from dataclasses import dataclass

from baoxue.policy.calendar import DayType
from baoxue.policy.labelled import Labelled


class Unit(Labelled):
    """What the value of a parameter counts."""

    DAYS = "days", "天"
    PERCENT = "percent", "%"
    DAY_OF_MONTH = "day_of_month", "日"
    TIMES = "times", "次"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `least`, `most`: what may be entered. `day_type`: only where `unit` is days."""

    code: str
    label: str
    unit: Unit
    default: float
    day_type: DayType | None
    least: float
    most: float
    clause: str
    group: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A value in force somewhere: of which parameter, where, and the document it was read in."""

    code: str
    place: str
    value: float
    day_type: DayType | None
    document: str


_OWN = "本系统缺省值，没有文件依据，请按本地文件改"


def _days(code: str, label: str, default: int, day_type: DayType, group: str, clause: str = _OWN) -> Parameter:
    return Parameter(code, label, Unit.DAYS, default, day_type, 0, 400, clause, group)


def _percent(code: str, label: str, default: float, group: str, clause: str = _OWN) -> Parameter:
    return Parameter(code, label, Unit.PERCENT, default, None, 0, 100, clause, group)


_ABSENCE, _CASE, _REPORT, _LINE, _IMPORT = "缺勤", "个案", "报告", "控制线", "数据接入"

PARAMETERS: dict[str, Parameter] = {
    parameter.code: parameter
    for parameter in (
        _days("absence_contact", "未请假，联系监护人", 1, DayType.SCHOOL, _ABSENCE),
        _days("absence_visit", "未请假，家访", 2, DayType.SCHOOL, _ABSENCE),
        _days("absence_report", "未请假，报县教育局和乡镇", 3, DayType.SCHOOL, _ABSENCE),
        _days("suspected_after", "未请假，列为疑似辍学", 5, DayType.SCHOOL, _ABSENCE),
        _days("dropout_after", "未请假，可以认定辍学", 30, DayType.CALENDAR, _ABSENCE),
        _days("verify_within", "线索核实", 7, DayType.CALENDAR, _CASE),
        _days("suspected_at_most", "在疑似台账最长停留", 30, DayType.CALENDAR, _CASE),
        _days("persuasion_every", "两次劝返最长间隔", 7, DayType.CALENDAR, _CASE),
        _days("observation", "复学后稳定观察", 30, DayType.SCHOOL, _CASE),
        _days("transfer_answer", "转学、移交对方答复", 10, DayType.WORKING, _CASE, "教基〔2025〕1号"),
        Parameter("monthly_report_day", "学校月报截止日", Unit.DAY_OF_MONTH, 3, None, 1, 28, _OWN, _REPORT),
        _percent("control_primary", "小学年辍学率控制线", 0.6, _LINE, "县域义务教育基本均衡评估口径"),
        _percent("control_junior", "初中年辍学率控制线", 1.8, _LINE, "县域义务教育基本均衡评估口径"),
        _percent("import_fewer_rows", "名册行数减少到多少要复看", 5, _IMPORT),
        _percent("import_changed_rows", "名册变动到多少要复看", 10, _IMPORT),
        _percent("import_gone_rows", "名册换掉多少人要复看", 20, _IMPORT),
    )
}

_S = DayType.SCHOOL
PRESETS: tuple[Preset, ...] = (
    Preset("absence_report", "云南省", 3, _S, "云政办规〔2022〕5号"),
    Preset("absence_visit", "上海市崇明区", 1, _S, "长江小学学生辍学报告制度"),
    Preset("absence_report", "上海市崇明区", 3, _S, "长江小学学生辍学报告制度"),
    Preset("absence_report", "广东省", 5, _S, "粤教基〔2009〕3号"),
    Preset("dropout_after", "辽宁省", 28, DayType.CALENDAR, "辽宁省义务教育阶段学生学籍管理办法实施细则"),
)
