"""销号: for what reason a case may be closed, and on what evidence.

Source: 教基厅函〔2024〕15号 (动态销号: closed only on proof); 教基〔2020〕5号 ("劝返一个、销号一个"); DOMAIN 4.5. 失联 is no
reason: it changes how the child is sought. 延缓入学 and 休学 suspend a case, they do not close it (义务教育法 11).
"""

from __future__ import annotations

from datetime import date

from baoxue.policy.casecodes import EvidenceKind, Ways, missing, ways
from baoxue.policy.labelled import Labelled

E = EvidenceKind


class ClosingReason(Labelled):
    """Why a child leaves the ledger."""

    RETURNED = "returned_stable", "已复学且稳定"
    HOMEBOUND = "homebound", "送教上门已落实"
    VOCATIONAL = "vocational", "普职融合、职校就读"
    ELSEWHERE = "elsewhere", "县外就读"
    COMPLETED = "completed", "完成义务教育"
    ABROAD = "abroad", "出国（境）"
    DECEASED = "deceased", "死亡"
    HOUSEHOLD_ERROR = "household_error", "户籍错误"
    MOVED_OUT = "moved_out", "户口迁出，接收地已确认"
    OVERAGE = "overage", "超龄，未完成义务教育"


EVIDENCE: dict[ClosingReason, Ways] = {
    ClosingReason.RETURNED: ways((E.ATTENDANCE_RECORD, E.SEAT_PHOTO, E.SCHOOL_SIGNATURE, E.SPOT_CHECK)),
    ClosingReason.HOMEBOUND: ways((E.EXPERT_OPINION, E.HOMEBOUND_PLAN, E.HOMEBOUND_RECORD)),
    ClosingReason.VOCATIONAL: ways((E.SCHOOLING_CERTIFICATE, E.NAME_LIST, E.ATTENDANCE_RECORD)),
    ClosingReason.ELSEWHERE: ways((E.STUDENT_NUMBER_SEEN,), (E.SCHOOLING_CERTIFICATE, E.PHONE_CHECK)),
    ClosingReason.COMPLETED: ways((E.DIPLOMA,)),
    ClosingReason.ABROAD: ways((E.EXIT_RECORD,), (E.GUARDIAN_STATEMENT, E.VILLAGE_CERTIFICATE)),
    ClosingReason.DECEASED: ways((E.DEATH_CERTIFICATE,)),
    ClosingReason.HOUSEHOLD_ERROR: ways((E.POLICE_CERTIFICATE,)),
    ClosingReason.MOVED_OUT: ways((E.RECEIVER_CONFIRMATION,)),
    ClosingReason.OVERAGE: ways((E.AGE_PROOF, E.SIGNED_RECORD)),
}

AFTER_RETURN = (ClosingReason.RETURNED, ClosingReason.HOMEBOUND, ClosingReason.VOCATIONAL)
"""Reasons that need a return and an observation first."""


def way_to_apply(reason: ClosingReason) -> str:
    """Code of the transition by which closure is applied for on this reason.

    A child who dies or goes abroad while it is observed is not observed to the end.
    """
    return "apply_closure" if reason in AFTER_RETURN else "apply_other_closure"


AGE_OF_DUTY_ENDS = 17
"""Full years from which a child who did not finish is closed as 超龄 and counted apart (DOMAIN 4.5; this project's own)."""


def evidence_needed(reason: ClosingReason, *, watched: bool) -> Ways:
    """The evidence of a reason. `watched`: special group or 脱贫户, each of whom is also looked up at home or at school."""
    if not watched or reason is ClosingReason.DECEASED:
        return EVIDENCE[reason]
    return tuple(one | {E.HOME_OR_SCHOOL_CHECK} for one in EVIDENCE[reason])


def evidence_missing(
    reason: ClosingReason, there: frozenset[EvidenceKind], *, watched: bool
) -> frozenset[EvidenceKind]:
    """What evidence is still missing; empty = the case may be closed for this reason."""
    return missing(evidence_needed(reason, watched=watched), there)


def may_be_overage(birth_date: date | None, *, today: date) -> bool:
    """Whether a child is of the age at which 超龄 can be a reason; never where the birth date is not known."""
    if birth_date is None:
        return False
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (not had_birthday) >= AGE_OF_DUTY_ENDS
