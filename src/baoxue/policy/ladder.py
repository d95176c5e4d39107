"""依法控辍: the documents of the 四步法 and when each may be issued.

宣传教育 → 责令改正 → 行政处罚 → 申请强制执行或提起诉讼 (DOMAIN 4.4). The next document opens only when the last one is
served and its term is over. 责令 is an order, not a penalty (义务教育法 58); a penalty stays off until a county's legal
staff enter an article in force, since no national law sets one. A clue to child labour is no step: it is referred at once.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from baoxue.policy.calendar import Calendar
from baoxue.policy.capabilities import Level
from baoxue.policy.duties import Limit, due_day
from baoxue.policy.labelled import Labelled


class LadderStep(Labelled):
    """One document of the ladder, in its order."""

    LETTER = "persuasion_letter", "义务教育劝学通知书"
    REPORT = "written_report", "辍学学生书面报告"
    NOTICE = "attendance_notice", "限期返校（入学）通知书"
    ORDER = "rectification_order", "责令限期改正通知书"
    ADMONITION = "admonition", "劝诫（训诫）记录"
    PENALTY = "penalty", "行政处罚决定书"
    DEMAND = "demand", "履行行政决定催告书"
    ENFORCEMENT = "enforcement", "强制执行申请书"
    COURT = "court_action", "民事起诉状"


class ServiceWay(Labelled):
    """How a document reached the guardian (民事诉讼法 on service)."""

    IN_PERSON = "in_person", "直接送达"
    LEFT = "left", "留置送达"
    POST = "post", "邮寄送达"
    ELECTRONIC = "electronic", "电子送达（本人同意）"
    PUBLIC = "public", "公告送达"


@dataclass(frozen=True, slots=True)
class StepRule:
    """`after`: must be served, with its term over. `term`: parameter of the days it leaves, "" = none.

    `issuers`: levels that may issue it. `served`: whether the guardian is served with it (送达回证).
    """

    step: LadderStep
    after: LadderStep | None
    term: str
    issuers: frozenset[Level]
    served: bool
    clause: str


_SCHOOL, _TOWNSHIP, _COUNTY = Level.SCHOOL, Level.TOWNSHIP, Level.COUNTY
_T = LadderStep

STEPS: dict[LadderStep, StepRule] = {
    rule.step: rule
    for rule in (
        # A child who was never enrolled has no school: the township, which organises enrolment, writes to its guardian.
        StepRule(
            _T.LETTER, None, "letter_term", frozenset({_SCHOOL, _TOWNSHIP}), True,
            "义务教育法第5条、第11条、第13条；未成年人保护法第28条",
        ),
        StepRule(_T.REPORT, _T.LETTER, "", frozenset({_SCHOOL}), False, "未成年人保护法第28条"),
        StepRule(_T.NOTICE, _T.LETTER, "notice_term", frozenset({_TOWNSHIP}), True, "义务教育法第13条、第58条"),
        StepRule(
            _T.ORDER, _T.NOTICE, "order_term", frozenset({_TOWNSHIP, _COUNTY}), True,
            "义务教育法第58条；未成年人保护法第83条",
        ),
        StepRule(
            _T.ADMONITION, _T.LETTER, "", frozenset({_TOWNSHIP, _COUNTY}), False,
            "未成年人保护法第118条；家庭教育促进法第49条",
        ),
        StepRule(_T.PENALTY, _T.ORDER, "penalty_term", frozenset({_TOWNSHIP, _COUNTY}), True, "地方实施办法（须经法制人员录入）"),
        StepRule(_T.DEMAND, _T.ORDER, "demand_term", frozenset({_TOWNSHIP, _COUNTY}), True, "行政强制法第54条"),
        StepRule(_T.ENFORCEMENT, _T.DEMAND, "", frozenset({_TOWNSHIP, _COUNTY}), False, "行政强制法第53条"),
        StepRule(_T.COURT, _T.ORDER, "", frozenset({_TOWNSHIP}), False, "义务教育法第5条；未成年人保护法"),
    )
}  # fmt: skip

APPEAL_MONTHS = 6
"""Months from service in which a decision can be sued against (行政诉讼法 46; the 60 days of 行政复议法 20 lie within)."""
ENFORCEMENT_MONTHS = 3
"""Months after that in which a court can be asked to enforce it (行政强制法 53)."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A document of a case. `served_on`: None until the 送达回证 is there; `term_ends`: last day it leaves, None = no term."""

    step: LadderStep
    served_on: date | None
    term_ends: date | None


@dataclass(frozen=True, slots=True)
class Openness:
    """Whether a step may be issued; `why`: one sentence, also when it may; `clause` that decides."""

    open: bool
    why: str
    clause: str


def openness(step: LadderStep, issued: Mapping[LadderStep, Issued], *, today: date, penalty_article: str) -> Openness:
    """Say whether a step of the ladder is open on a day.

    `issued`: the latest document of each step. `penalty_article`: the article in force a county entered, "" = none.
    """
    rule = STEPS[step]
    if step is LadderStep.PENALTY and not penalty_article:
        return Openness(
            False, "没有录入现行有效的处罚条款，不能作行政处罚。由县法制人员在设置里录入后才能用。", rule.clause
        )
    clause = penalty_article if step is LadderStep.PENALTY else rule.clause
    shut = _itself(rule, issued.get(step), today=today) or _before(rule, issued, today=today)
    if not shut and step is LadderStep.ENFORCEMENT:
        shut = _time_to_ask_a_court(issued, today=today)
    if shut:
        return Openness(False, shut, clause)
    if step is LadderStep.PENALTY:
        return Openness(True, "可以开。开之前要先书面告知，听取陈述和申辩（行政处罚法第44条、第45条）。", clause)
    if rule.after is None:
        return Openness(True, "可以开。", clause)
    return Openness(True, f"《{_after(rule, issued).label}》已送达，期限已满。", clause)


def term_ends(served_on: date, limit: Limit, calendar: Calendar) -> date:
    """Last day of the term a served document leaves, the day of service not counted; on a day off, the next working day."""
    return due_day(served_on, limit, calendar).on


def _itself(rule: StepRule, latest: Issued | None, *, today: date) -> str:
    if latest is None or not rule.served:
        return ""
    if latest.served_on is None:
        return f"《{rule.step.label}》已经开出，还没有送达回证。"
    if latest.term_ends is not None and today <= latest.term_ends:
        return f"《{rule.step.label}》已经送达，期限到{_day(latest.term_ends)}，期满以前不用再开。"
    return ""


def _after(rule: StepRule, issued: Mapping[LadderStep, Issued]) -> LadderStep:
    """What must come before: a demand is made on the decision there is, the penalty where one was issued."""
    assert rule.after is not None
    if rule.step is LadderStep.DEMAND and LadderStep.PENALTY in issued:
        return LadderStep.PENALTY
    return rule.after


def _before(rule: StepRule, issued: Mapping[LadderStep, Issued], *, today: date) -> str:
    if rule.after is None:
        return ""
    after = _after(rule, issued)
    before = issued.get(after)
    if before is None:
        return f"要先开《{after.label}》。"
    if before.served_on is None:
        return f"《{after.label}》还没有送达回证。"
    if before.term_ends is not None and today <= before.term_ends:
        return f"《{after.label}》的期限到{_day(before.term_ends)}，期满以后才能开。"
    return ""


def _time_to_ask_a_court(issued: Mapping[LadderStep, Issued], *, today: date) -> str:
    decision = issued.get(LadderStep.PENALTY) or issued.get(LadderStep.ORDER)
    if decision is None or decision.served_on is None:
        return f"《{LadderStep.ORDER.label}》还没有送达回证。"
    opens = _months_after(decision.served_on, APPEAL_MONTHS)
    closes = _months_after(opens, ENFORCEMENT_MONTHS)
    if today <= opens:
        return f"对方到{_day(opens)}为止可以复议、起诉；期满没有复议、起诉又不履行的，才能申请强制执行。"
    if today > closes:
        return f"申请强制执行的期限到{_day(closes)}为止，已经过了。"
    return ""


def _months_after(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
