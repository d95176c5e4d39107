"""Whether what a transition of the table asks for is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from baoxue.cases import clocks
from baoxue.cases.errors import EvidenceMissing, NeedMissing, SamePerson
from baoxue.cases.models import Attempt, Case, Evidence, Responsible, ServedDocument, StageChange, Verification
from baoxue.platform.actor import Actor
from baoxue.policy.casecodes import (
    EVIDENCE_OF_RESULT,
    OUT_OF_SCHOOL_RESULTS,
    OUTCOMES,
    EvidenceKind,
    Outcome,
    VerificationResult,
    missing,
)
from baoxue.policy.casestages import CaseStage, Need, Transition
from baoxue.policy.closing import ClosingReason, evidence_missing
from baoxue.policy.duties import due_day
from baoxue.policy.ladder import LadderStep


@dataclass(frozen=True, slots=True)
class Given:
    """What an act brings with it. `clock_from`: day the clocks of the transition are counted from, None = today."""

    dropout_facts: bool = False
    placement: bool = False
    seen_on: date | None = None
    approved_until: date | None = None
    closing: ClosingReason | None = None
    clock_from: date | None = None


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True)
class _Asked:
    transition: Transition
    case: Case
    given: Given
    by: Actor
    today: date
    reason: str

    def refuse(self, need: Need, sentence: str = "") -> NeedMissing:
        return NeedMissing(self.transition, need, sentence)


def check_needs(transition: Transition, case: Case, given: Given, *, by: Actor, today: date, reason: str) -> None:
    """Raise NeedMissing, EvidenceMissing or SamePerson for the first need that is not there."""
    asked = _Asked(transition, case, given, by, today, reason)
    for need in transition.needs:
        _CHECKS[need](asked)


def latest_result(case: Case) -> Verification | None:
    """The verification that counts."""
    return Verification.objects.filter(case=case).order_by("-written_at", "-pk").first()


def evidence_there(case: Case) -> frozenset[EvidenceKind]:
    """The kinds of proof a case has, those taken back left out."""
    kinds = Evidence.objects.filter(case=case, withdrawn_at=None).values_list("kind", flat=True)
    return frozenset(EvidenceKind(kind) for kind in kinds)


def observation_ends(case: Case) -> date | None:
    """First day on which 销号 may be applied for after a return; None: the child was not seen at school yet."""
    if case.seen_at_school_on is None:
        return None
    limit = clocks.limit_of(case, "observation")
    return due_day(case.seen_at_school_on, limit, clocks.calendar_for(case, case.seen_at_school_on)).on


def _outcome(case: Case) -> Outcome | None:
    latest = latest_result(case)
    return None if latest is None else OUTCOMES[VerificationResult(latest.result)]


def _verification(asked: _Asked) -> None:
    if latest_result(asked.case) is None:
        raise asked.refuse(Need.VERIFICATION)


def _out_of_school(asked: _Asked) -> None:
    latest = latest_result(asked.case)
    if latest is None or VerificationResult(latest.result) not in OUT_OF_SCHOOL_RESULTS:
        raise asked.refuse(
            Need.OUT_OF_SCHOOL_RESULT,
            "先要有核查结果，而且结果是属实（如打工、在私塾、因病因残不能到校）或者找不到人。",
        )


def _excluding(asked: _Asked) -> None:
    if _outcome(asked.case) is not Outcome.EXCLUDES:
        raise asked.refuse(Need.EXCLUDING_RESULT, "现有的核查结果不能排除：失联、属实、缓学休学都不排除。")


def _result_evidence(asked: _Asked) -> None:
    latest = latest_result(asked.case)
    if latest is None:
        raise asked.refuse(Need.VERIFICATION)
    absent = missing(EVIDENCE_OF_RESULT.get(VerificationResult(latest.result), ()), evidence_there(asked.case))
    if absent:
        raise EvidenceMissing(absent)


def _other_person(asked: _Asked) -> None:
    """Nobody decides on what they brought forward themselves."""
    who, what = _brought_forward(asked)
    if who is not None and who == asked.by.account_id:
        raise SamePerson(what)


def _brought_forward(asked: _Asked) -> tuple[int | None, str]:
    case = asked.case
    if case.stage in (CaseStage.CLOSURE_APPLIED, CaseStage.COUNTY_REVIEW):
        return case.applied_by_id, "销号申请"
    if asked.transition.code == "confirm_dropout":
        proposed = StageChange.objects.filter(case=case, transition="find_suspected").order_by("-version").first()
        if proposed is not None:
            return proposed.by_id, "“列为疑似辍学”"
    latest = latest_result(case)
    return (None, "") if latest is None else (latest.by_id, "核查结果")


def _dropout_facts(asked: _Asked) -> None:
    if not asked.given.dropout_facts:
        raise asked.refuse(Need.DROPOUT_FACTS)


def _owner(asked: _Asked) -> None:
    if not Responsible.objects.filter(case=asked.case, is_owner=True, last_day=None).exists():
        raise asked.refuse(Need.OWNER, "先要明确主责人：在“责任人”里写上姓名、单位。")


def _attempt(asked: _Asked) -> None:
    if not Attempt.objects.filter(case=asked.case).exists():
        raise asked.refuse(Need.ATTEMPT)


def _letter_served(asked: _Asked) -> None:
    letter = ServedDocument.objects.filter(case=asked.case, step=LadderStep.LETTER.value, served_on__isnull=False)
    latest = letter.order_by("-issued_on", "-pk").first()
    if latest is None or (latest.term_ends is not None and asked.today <= latest.term_ends):
        raise asked.refuse(Need.LETTER_SERVED, "先要送达《义务教育劝学通知书》，而且期限已满。")


def _placement(asked: _Asked) -> None:
    if not asked.given.placement:
        raise asked.refuse(Need.PLACEMENT)


def _seen(asked: _Asked) -> None:
    if asked.given.seen_on is None or asked.given.seen_on > asked.today:
        raise asked.refuse(Need.SEEN_AT_SCHOOL, "请写孩子到校的日期，不能晚于今天。")


def _observed(asked: _Asked) -> None:
    ends = observation_ends(asked.case)
    if ends is None or asked.today < ends:
        until = "还没有开始" if ends is None else f"到{ends.year}年{ends.month}月{ends.day}日满"
        raise asked.refuse(Need.OBSERVATION_OVER, f"观察期{until}，期满以后才能申请销号。")


def _closing_evidence(asked: _Asked) -> None:
    reason = asked.given.closing or (ClosingReason(asked.case.closing_reason) if asked.case.closing_reason else None)
    if reason is None:
        raise asked.refuse(Need.CLOSING_EVIDENCE, "请选销号原因。")
    absent = evidence_missing(reason, evidence_there(asked.case), watched=asked.case.watched)
    if absent:
        raise EvidenceMissing(absent)


def _approved_form(asked: _Asked) -> None:
    if asked.given.approved_until is None or asked.given.approved_until <= asked.today:
        raise asked.refuse(Need.APPROVED_FORM, "请写批准的截止日期，要晚于今天。")
    if EvidenceKind.APPROVED_FORM not in evidence_there(asked.case):
        raise EvidenceMissing([EvidenceKind.APPROVED_FORM])


def _reason(asked: _Asked) -> None:
    if len(asked.reason.strip()) < 2:
        raise asked.refuse(Need.REASON, "请写一句原因。")


_CHECKS: dict[Need, Callable[[_Asked], None]] = {
    Need.VERIFICATION: _verification,
    Need.OUT_OF_SCHOOL_RESULT: _out_of_school,
    Need.EXCLUDING_RESULT: _excluding,
    Need.RESULT_EVIDENCE: _result_evidence,
    Need.OTHER_PERSON: _other_person,
    Need.DROPOUT_FACTS: _dropout_facts,
    Need.OWNER: _owner,
    Need.ATTEMPT: _attempt,
    Need.LETTER_SERVED: _letter_served,
    Need.PLACEMENT: _placement,
    Need.SEEN_AT_SCHOOL: _seen,
    Need.OBSERVATION_OVER: _observed,
    Need.CLOSING_EVIDENCE: _closing_evidence,
    Need.APPROVED_FORM: _approved_form,
    Need.REASON: _reason,
}
