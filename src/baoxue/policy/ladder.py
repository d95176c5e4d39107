"""依法控辍: the documents of the 四步法 and when each may be issued.

宣传教育 → 责令改正 → 行政处罚 → 申请强制执行或提起诉讼 (DOMAIN 4.4). The next document opens only when the last one is
served and its term is over. 责令 is an order, not a penalty (义务教育法 58); a penalty stays off until a county's legal
staff enter an article in force, since no national law sets one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from baoxue.policy.capabilities import Level
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
        StepRule(_T.LETTER, None, "letter_term", frozenset({_SCHOOL}), True, "义务教育法第5条、第11条；未成年人保护法第28条"),
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
        StepRule(_T.PENALTY, _T.ORDER, "demand_term", frozenset({_TOWNSHIP, _COUNTY}), True, "地方实施办法（须经法制人员录入）"),
        StepRule(_T.DEMAND, _T.ORDER, "demand_term", frozenset({_TOWNSHIP, _COUNTY}), True, "行政强制法第54条"),
        StepRule(_T.ENFORCEMENT, _T.DEMAND, "", frozenset({_TOWNSHIP, _COUNTY}), False, "行政强制法第53条"),
        StepRule(_T.COURT, _T.ORDER, "", frozenset({_TOWNSHIP}), False, "义务教育法第5条；未成年人保护法"),
    )
}  # fmt: skip


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
    if step in issued and rule.served and issued[step].served_on is None:
        return Openness(False, f"《{step.label}》已经开出，还没有送达回证。", clause)
    if rule.after is None:
        return Openness(True, "可以开。", clause)
    before = issued.get(rule.after)
    if before is None:
        return Openness(False, f"要先开《{rule.after.label}》。", clause)
    if before.served_on is None:
        return Openness(False, f"《{rule.after.label}》还没有送达回证。", clause)
    if before.term_ends is not None and today <= before.term_ends:
        return Openness(False, f"《{rule.after.label}》的期限到{_day(before.term_ends)}，期满以后才能开。", clause)
    return Openness(True, f"《{rule.after.label}》已送达，期限已满。", clause)


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
