"""What a case says to the ledgers: 就学状况 of its child at each stage (教基厅函〔2024〕15号: three ledgers kept in step)."""

from __future__ import annotations

from datetime import date, datetime

from baoxue.cases.models import Case
from baoxue.cases.needs import latest_result
from baoxue.children.actions import SaidByCase, say_by_case
from baoxue.policy.casecodes import SuspensionKind, VerificationResult
from baoxue.policy.casestages import CaseStage
from baoxue.policy.closing import ClosingReason
from baoxue.policy.schoolingstatus import SchoolingStatus

St, V, R = SchoolingStatus, VerificationResult, ClosingReason

_AFTER_RESULT: dict[VerificationResult, SchoolingStatus] = {
    V.ATTENDING: St.ENROLLED, V.WRONG_DATA: St.ENROLLED, V.HOUSEHOLD_ERROR: St.MOVED_OUT, V.DECEASED: St.DECEASED,
    V.IN_PROVINCE_NO_RECORD: St.ELSEWHERE_CONFIRMED, V.OUT_OF_PROVINCE_NO_RECORD: St.ELSEWHERE_CONFIRMED,
    V.TRANSFERRED: St.ELSEWHERE_CONFIRMED, V.COMPLETED: St.COMPLETED, V.ABROAD: St.ABROAD,
    V.NOT_OF_AGE: St.COMPLETED, V.DUPLICATE: St.TO_VERIFY,
}  # fmt: skip
_AFTER_CLOSING: dict[ClosingReason, SchoolingStatus] = {
    R.RETURNED: St.ENROLLED, R.HOMEBOUND: St.HOMEBOUND, R.VOCATIONAL: St.ENROLLED, R.ELSEWHERE: St.ELSEWHERE_CONFIRMED,
    R.COMPLETED: St.COMPLETED, R.ABROAD: St.ABROAD, R.DECEASED: St.DECEASED, R.HOUSEHOLD_ERROR: St.MOVED_OUT,
    R.MOVED_OUT: St.MOVED_OUT, R.OVERAGE: St.COMPLETED,
}  # fmt: skip


def tell_ledgers(case: Case, stage: CaseStage, *, on: date, now: datetime) -> None:
    """Say to the ledgers how the child of a case stands, now that the case is at a stage."""
    said = SaidByCase(
        status_at(case, stage), suspected=_suspected(case, stage), reason=f"个案 {case.number}：{stage.label}"
    )
    say_by_case(child=case.child, said=said, holds=case.ended_at is None, on=on, now=now)


def status_at(case: Case, stage: CaseStage) -> SchoolingStatus:
    """就学状况 of the child of a case at a stage.

    A returned child stays in the 辍学学生台账 until it is struck off on proof; one that came back before anybody confirmed a
    dropout is 疑似 until then.
    """
    if stage is CaseStage.EXCLUDED:
        latest = latest_result(case)
        return St.TO_VERIFY if latest is None else _AFTER_RESULT.get(V(latest.result), St.TO_VERIFY)
    if stage is CaseStage.CLOSED:
        return _AFTER_CLOSING[R(case.closing_reason)]
    if stage is CaseStage.SUSPENDED:
        return St.DEFERRED if case.suspension == SuspensionKind.DEFERRED else St.STUDY_LEAVE
    if stage is CaseStage.VERIFYING:
        return St.TO_VERIFY
    if case.dropout_on is None:
        return St.SUSPECTED_DROPOUT
    return St.DROPOUT if case.school_path or case.grade else St.NEVER_ENROLLED


def _suspected(case: Case, stage: CaseStage) -> bool:
    """Whether the child stands in the 疑似辍学学生台账: from the first question until somebody confirms or excludes."""
    if stage in (CaseStage.EXCLUDED, CaseStage.CLOSED, CaseStage.SUSPENDED):
        return False
    return case.dropout_on is None
