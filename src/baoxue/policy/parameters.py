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


_ABSENCE, _CASE, _LADDER, _DUTY = "缺勤", "个案", "依法控辍", "提醒和督办"
_REPORT, _LINE, _IMPORT = "报告", "控制线", "数据接入"

PARAMETERS: dict[str, Parameter] = {
    parameter.code: parameter
    for parameter in (
        _days("absence_contact", "未请假，联系监护人", 1, DayType.SCHOOL, _ABSENCE),
        _days("absence_visit", "未请假，家访", 2, DayType.SCHOOL, _ABSENCE),
        _days("absence_report", "未请假，报县教育局和乡镇", 3, DayType.SCHOOL, _ABSENCE),
        _days("suspected_after", "未请假，列为疑似辍学", 5, DayType.SCHOOL, _ABSENCE),
        _days("dropout_after", "未请假，可以认定辍学", 30, DayType.CALENDAR, _ABSENCE),
        _days("verify_within", "线索核实", 7, DayType.CALENDAR, _CASE),
        _days("case_contact", "线索，联系监护人", 1, DayType.CALENDAR, _CASE),
        _days("case_visit", "线索，首次家访", 2, DayType.CALENDAR, _CASE),
        _days("suspected_at_most", "在疑似台账最长停留", 30, DayType.CALENDAR, _CASE),
        _days("persuasion_every", "两次劝返最长间隔", 7, DayType.CALENDAR, _CASE),
        _days("pair_up", "认定后明确包保责任人", 7, DayType.CALENDAR, _CASE),
        _days("promise_grace", "承诺返校日以后，看是否到校", 1, DayType.SCHOOL, _CASE),
        _days("recheck_every", "失联的孩子，多久再找一次", 30, DayType.CALENDAR, _CASE),
        _days("arrive_within", "复学以后，确认到校", 3, DayType.SCHOOL, _CASE),
        _days("follow_up_1", "到校后第一次回访", 7, DayType.CALENDAR, _CASE),
        _days("follow_up_2", "到校后第二次回访", 30, DayType.CALENDAR, _CASE),
        _days("follow_up_3", "到校后第三次回访", 90, DayType.CALENDAR, _CASE),
        _days("take_up_within", "受理销号申请", 3, DayType.WORKING, _CASE),
        _days("review_within", "县级复核销号", 5, DayType.WORKING, _CASE),
        _days("suspension_grace", "缓学、休学期满以后接着办", 1, DayType.CALENDAR, _CASE),
        _days("letter_term", "劝学通知书期限", 7, DayType.CALENDAR, _LADDER, "义务教育劝学通知书范本（7 日内）"),
        _days("notice_term", "限期返校通知书期限", 6, DayType.CALENDAR, _LADDER),
        _days("order_term", "责令限期改正期限", 7, DayType.CALENDAR, _LADDER),
        _days("penalty_term", "行政处罚决定履行期限", 15, DayType.CALENDAR, _LADDER, "行政处罚法第67条"),
        # 行政强制法 69: its limits of ten days or less are working days.
        _days("demand_term", "催告期限", 10, DayType.WORKING, _LADDER, "行政强制法第54条、第69条"),
        _days("ladder_grace", "文书期满以后，走下一步", 2, DayType.WORKING, _LADDER),
        _days("remind_before", "到期前几天提醒", 1, DayType.CALENDAR, _DUTY),
        _days("escalate_every", "逾期后每隔几天往上报一级", 3, DayType.CALENDAR, _DUTY),
        _days("referral_accept", "部门签收转办", 2, DayType.WORKING, _DUTY),
        _days("referral_answer", "部门答复转办", 10, DayType.WORKING, _DUTY),
        _days("assistance_answer", "外县答复协查函", 10, DayType.WORKING, _DUTY),
        _days("observation", "复学后稳定观察", 30, DayType.SCHOOL, _CASE),
        _days("closure_grace", "观察期满以后，申请销号", 5, DayType.WORKING, _CASE),
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
