"""The stages of a case and the one table of its transitions: code, tests and the manual's drawing read these rows.

Source: 教基厅函〔2024〕15号 (快速发现与响应、劝返复学、动态销号: found, verified, persuaded, returned, closed only on proof and
by a second person); 义务教育法 11, 13, 58; 未成年人保护法 28. The chain as a whole is this project's reading of county
practice (DOMAIN, 4.1); that a person confirms a dropout and closes a case is 个人信息保护法 24.
"""

from __future__ import annotations

from dataclasses import dataclass

from baoxue.policy.capabilities import Capability
from baoxue.policy.labelled import Labelled


class CaseStage(Labelled):
    """Where a case stands. Exactly one at any moment."""

    VERIFYING = "verifying", "核实"
    SUSPECTED = "suspected_dropout", "疑似辍学"
    NEVER_ENROLLED = "never_enrolled", "失学"
    EXCLUDED = "excluded", "排除"
    DROPOUT = "dropout", "辍学"
    PERSUADING = "persuading", "劝返"
    LEGAL_LADDER = "legal_ladder", "依法控辍"
    RETURNED = "returned", "复学"
    OBSERVING = "observing", "观察"
    CLOSURE_APPLIED = "closure_applied", "销号申请"
    COUNTY_REVIEW = "county_review", "县级复核"
    CLOSED = "closed", "已销号"
    SUSPENDED = "suspended", "缓学休学"


class Need(Labelled):
    """What a transition asks for before it is made; `cases` knows how to look each up."""

    VERIFICATION = "verification", "核查结果"
    OUT_OF_SCHOOL_RESULT = "out_of_school_result", "核查结果属实或者找不到人"
    EXCLUDING_RESULT = "excluding_result", "可以排除的核查结果"
    RESULT_EVIDENCE = "result_evidence", "核查结果要求的佐证"
    OTHER_PERSON = "other_person", "由另一人办"
    DROPOUT_FACTS = "dropout_facts", "辍学日期、原因、去向和认定依据"
    OWNER = "owner", "主责人"
    ATTEMPT = "attempt", "至少一次劝返记录"
    LETTER_SERVED = "letter_served", "劝学通知书已送达且期满"
    PLACEMENT = "placement", "复学安置"
    SEEN_AT_SCHOOL = "seen_at_school", "到校日期"
    CLOSING_EVIDENCE = "closing_evidence", "销号原因要求的全部佐证"
    OBSERVATION_OVER = "observation_over", "观察期满"
    APPROVED_FORM = "approved_form", "批准表和截止日期"
    REASON = "reason", "原因"


class Clock(Labelled):
    """A limit that a transition sets going (`policy.duties`)."""

    CONTACT = "contact", "联系监护人"
    FIRST_VISIT = "first_visit", "首次家访"
    VERIFY = "verify", "报核查结果"
    CONFIRM = "confirm", "认定或排除"
    PAIR_UP = "pair_up", "明确包保责任人"
    PERSUADE = "persuade", "劝返"
    PROMISE = "promise", "看是否按承诺到校"
    LADDER = "ladder", "看文书期满"
    ARRIVE = "arrive", "确认到校"
    OBSERVE = "observe", "观察期满，申请销号"
    FOLLOW_UP_1 = "follow_up_1", "第一次回访"
    FOLLOW_UP_2 = "follow_up_2", "第二次回访"
    FOLLOW_UP_3 = "follow_up_3", "第三次回访"
    TAKE_UP = "take_up", "受理销号申请"
    REVIEW = "review", "复核销号"
    SUSPENSION = "suspension", "缓学休学到期"
    RECHECK = "recheck", "再找一次失联的孩子"


S, C, N, K = CaseStage, Capability, Need, Clock


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from stage to stage.

    `to`: None = back to where the case was suspended, or closure applied for (kept on the case). `label`: the act, as its
    button says. `who`: any of these capabilities. `needs`: all of these. `starts`: clocks set going. `clause`: on what
    ground. `by_system`: also made by the system itself, on facts.
    """

    code: str
    sources: frozenset[CaseStage]
    to: CaseStage | None
    label: str
    who: frozenset[Capability]
    needs: tuple[Need, ...]
    starts: tuple[Clock, ...]
    clause: str
    by_system: bool = False


NOTICE = "教基厅函〔2024〕15号"
_OUT = frozenset({S.SUSPECTED, S.NEVER_ENROLLED, S.DROPOUT, S.PERSUADING, S.LEGAL_LADDER})
_BACK = frozenset({S.RETURNED, S.OBSERVING, S.CLOSURE_APPLIED, S.COUNTY_REVIEW})
_WORK, _DECIDE = frozenset({C.WORK_CASE}), frozenset({C.DECIDE_CASE})
_VISITS = (K.CONTACT, K.FIRST_VISIT)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        "find_suspected", frozenset({S.VERIFYING}), S.SUSPECTED, "列为疑似辍学", _WORK,
        (N.OUT_OF_SCHOOL_RESULT,), (K.CONFIRM, K.PERSUADE), f"{NOTICE}：疑似辍学学生台账",
    ),
    Transition(
        "find_never_enrolled", frozenset({S.VERIFYING}), S.NEVER_ENROLLED, "认定失学", _DECIDE,
        (N.OUT_OF_SCHOOL_RESULT, N.DROPOUT_FACTS, N.OTHER_PERSON), (K.PAIR_UP, K.PERSUADE),
        f"{NOTICE}：辍学学生台账；义务教育法第11条",
    ),
    Transition(
        "exclude", frozenset({S.VERIFYING, S.SUSPECTED}), S.EXCLUDED, "排除", _DECIDE,
        (N.EXCLUDING_RESULT, N.RESULT_EVIDENCE, N.OTHER_PERSON), (), f"{NOTICE}：逐一核实",
    ),
    Transition(
        "confirm_dropout", frozenset({S.SUSPECTED}), S.DROPOUT, "认定辍学", _DECIDE,
        (N.OUT_OF_SCHOOL_RESULT, N.DROPOUT_FACTS, N.OTHER_PERSON), (K.PAIR_UP, K.PERSUADE),
        f"{NOTICE}：辍学学生台账；个人信息保护法第24条（由人认定）",
    ),
    Transition(
        "begin_persuading", frozenset({S.DROPOUT, S.NEVER_ENROLLED}), S.PERSUADING, "开始劝返", _WORK,
        (N.OWNER,), (K.PERSUADE,), f"{NOTICE}：劝返复学；未成年人保护法第28条",
    ),
    Transition(
        "begin_ladder", frozenset({S.PERSUADING}), S.LEGAL_LADDER, "转依法控辍", frozenset({C.ISSUE_ORDER}),
        (N.ATTEMPT, N.LETTER_SERVED), (K.PERSUADE,), "义务教育法第58条；四步法：宣传教育之后责令改正",
    ),
    Transition(
        "back_to_persuading", frozenset({S.LEGAL_LADDER}), S.PERSUADING, "转回劝返", frozenset({C.ISSUE_ORDER}),
        (N.REASON,), (K.PERSUADE,), "义务教育法第58条：先批评教育",
    ),
    Transition(
        "return_to_school", _OUT, S.RETURNED, "复学", _WORK,
        (N.PLACEMENT,), (K.ARRIVE,), f"{NOTICE}：劝返复学；教基〔2020〕5号（分类安置）",
    ),
    Transition(
        "begin_observing", frozenset({S.RETURNED}), S.OBSERVING, "已到校，开始观察", _WORK,
        (N.SEEN_AT_SCHOOL,), (K.OBSERVE, K.FOLLOW_UP_1, K.FOLLOW_UP_2, K.FOLLOW_UP_3), f"{NOTICE}：防止反复",
    ),
    Transition(
        "missing_again", _BACK, S.PERSUADING, "又没到校，转回劝返", _WORK,
        (N.REASON,), (*_VISITS, K.PERSUADE), f"{NOTICE}：动态管理", by_system=True,
    ),
    Transition(
        "suspected_again", _BACK, S.SUSPECTED, "又没到校，转回疑似", _WORK,
        (N.REASON,), (*_VISITS, K.CONFIRM, K.PERSUADE), f"{NOTICE}：动态管理（未经认定的仍是疑似）", by_system=True,
    ),
    Transition(
        "apply_closure", frozenset({S.OBSERVING}), S.CLOSURE_APPLIED, "申请销号", frozenset({C.APPLY_CLOSURE}),
        (N.OBSERVATION_OVER, N.CLOSING_EVIDENCE), (K.TAKE_UP,), f"{NOTICE}：动态销号，劝返一个、销号一个",
    ),
    Transition(
        "apply_other_closure", _OUT | {S.RETURNED, S.OBSERVING}, S.CLOSURE_APPLIED, "按其他原因申请销号",
        frozenset({C.APPLY_CLOSURE}), (N.CLOSING_EVIDENCE,), (K.TAKE_UP,), f"{NOTICE}：动态销号",
    ),
    Transition(
        "withdraw_closure", frozenset({S.CLOSURE_APPLIED}), None, "撤回销号申请", frozenset({C.APPLY_CLOSURE}),
        (N.REASON,), (), f"{NOTICE}：动态销号",
    ),
    Transition(
        "take_up_closure", frozenset({S.CLOSURE_APPLIED}), S.COUNTY_REVIEW, "受理，转县级复核",
        frozenset({C.REVIEW_CLOSURE}), (N.OTHER_PERSON,), (K.REVIEW,), f"{NOTICE}：动态销号，两人办理",
    ),
    Transition(
        "send_back_closure", frozenset({S.CLOSURE_APPLIED, S.COUNTY_REVIEW}), None, "退回",
        frozenset({C.REVIEW_CLOSURE}), (N.REASON, N.OTHER_PERSON), (), f"{NOTICE}：动态销号，两人办理",
    ),
    Transition(
        "close_case", frozenset({S.COUNTY_REVIEW}), S.CLOSED, "同意销号", frozenset({C.REVIEW_CLOSURE}),
        (N.CLOSING_EVIDENCE, N.OTHER_PERSON), (), f"{NOTICE}：动态销号，两人办理",
    ),
    Transition(
        "suspend", frozenset({S.VERIFYING, *_OUT}), S.SUSPENDED, "缓学或休学，暂停", _DECIDE,
        (N.APPROVED_FORM, N.OTHER_PERSON), (K.SUSPENSION,), "义务教育法第11条",
    ),
    Transition(
        "resume", frozenset({S.SUSPENDED}), None, "结束暂停，接着办", _DECIDE,
        (N.REASON,), _VISITS, "义务教育法第11条：期满应当入学", by_system=True,
    ),
)  # fmt: skip
"""Every way there is. A case begins at 核实; 排除 and 已销号 are its ends."""

BY_CODE = {transition.code: transition for transition in TRANSITIONS}
ENDS = frozenset({S.EXCLUDED, S.CLOSED})
WAYS_BACK = frozenset({S.SUSPENDED, S.CLOSURE_APPLIED})
"""Stages that lead back to where the case stood before them."""
OPENING_CLOCKS = (K.CONTACT, K.FIRST_VISIT, K.VERIFY)
OUT_OF_SCHOOL = frozenset({S.DROPOUT, S.NEVER_ENROLLED, S.PERSUADING, S.LEGAL_LADDER})
"""Confirmed by a person: the 辍学学生台账 holds these, and 复学 to 县级复核 until the case is closed."""
SHOWN = (S.VERIFYING, S.SUSPECTED, S.DROPOUT, S.PERSUADING, S.LEGAL_LADDER, S.RETURNED, S.OBSERVING, S.CLOSED)
"""The eight stages of the stepper (DESIGN, 4)."""
_DRAWN_AS = {
    S.NEVER_ENROLLED: S.DROPOUT, S.EXCLUDED: S.CLOSED, S.CLOSURE_APPLIED: S.OBSERVING, S.COUNTY_REVIEW: S.OBSERVING,
}  # fmt: skip


def drawn_as(stage: CaseStage) -> CaseStage:
    """The stage of the stepper a stage is drawn at; 缓学休学 is drawn where it was left, which only the case knows."""
    return _DRAWN_AS.get(stage, stage)


def from_stage(stage: CaseStage) -> tuple[Transition, ...]:
    """The ways out of a stage, in the order of the table."""
    return tuple(transition for transition in TRANSITIONS if stage in transition.sources)
