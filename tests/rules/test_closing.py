"""销号: each reason with its evidence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.casecodes import EvidenceKind, VerificationResult
from baoxue.policy.casestages import BY_CODE, CaseStage, Need
from baoxue.policy.closing import (
    AFTER_RETURN,
    EVIDENCE,
    ClosingReason,
    evidence_missing,
    evidence_needed,
    may_be_overage,
    way_to_apply,
)

R, E = ClosingReason, EvidenceKind


@pytest.mark.parametrize("reason", ClosingReason)
@pytest.mark.parametrize("watched", [True, False])
def test_no_reason_closes_a_case_without_evidence(reason: ClosingReason, watched: bool) -> None:
    assert evidence_missing(reason, frozenset(), watched=watched)


@pytest.mark.parametrize("reason", ClosingReason)
def test_a_mere_note_closes_no_case(reason: ClosingReason) -> None:
    there = frozenset({E.OTHER, E.SIGNED_RECORD, E.GUARDIAN_STATEMENT})
    assert evidence_missing(reason, there, watched=False)


@pytest.mark.parametrize(
    ("reason", "there"),
    [
        (R.RETURNED, {E.ATTENDANCE_RECORD, E.SEAT_PHOTO, E.SCHOOL_SIGNATURE, E.SPOT_CHECK}),
        (R.HOMEBOUND, {E.EXPERT_OPINION, E.HOMEBOUND_PLAN, E.HOMEBOUND_RECORD}),
        (R.VOCATIONAL, {E.SCHOOLING_CERTIFICATE, E.NAME_LIST, E.ATTENDANCE_RECORD}),
        (R.ELSEWHERE, {E.STUDENT_NUMBER_SEEN}),
        (R.ELSEWHERE, {E.SCHOOLING_CERTIFICATE, E.PHONE_CHECK}),
        (R.COMPLETED, {E.DIPLOMA}),
        (R.ABROAD, {E.EXIT_RECORD}),
        (R.ABROAD, {E.GUARDIAN_STATEMENT, E.VILLAGE_CERTIFICATE}),
        (R.DECEASED, {E.DEATH_CERTIFICATE}),
        (R.HOUSEHOLD_ERROR, {E.POLICE_CERTIFICATE}),
        (R.MOVED_OUT, {E.RECEIVER_CONFIRMATION}),
        (R.OVERAGE, {E.AGE_PROOF, E.SIGNED_RECORD}),
    ],
)
def test_each_reason_takes_its_evidence_and_not_one_piece_less(reason: ClosingReason, there: set[EvidenceKind]) -> None:
    assert evidence_missing(reason, frozenset(there), watched=False) == frozenset()
    for piece in there:
        assert evidence_missing(reason, frozenset(there - {piece}), watched=False)


def test_every_reason_has_its_evidence_list() -> None:
    assert EVIDENCE.keys() == {*ClosingReason}


@pytest.mark.parametrize("reason", [reason for reason in ClosingReason if reason is not R.DECEASED])
def test_a_child_of_a_special_group_or_a_poor_household_is_also_looked_up(reason: ClosingReason) -> None:
    assert all(E.HOME_OR_SCHOOL_CHECK in way for way in evidence_needed(reason, watched=True))
    assert not any(E.HOME_OR_SCHOOL_CHECK in way for way in evidence_needed(reason, watched=False))


def test_nobody_is_sent_to_look_up_a_child_who_died() -> None:
    assert evidence_needed(R.DECEASED, watched=True) == evidence_needed(R.DECEASED, watched=False)


@pytest.mark.parametrize("result", [VerificationResult.MISSING, VerificationResult.AWAY_UNREACHABLE])
def test_that_a_child_cannot_be_found_is_no_reason_to_close(result: VerificationResult) -> None:
    assert not any(word in reason.label for reason in ClosingReason for word in ("失联", "失踪", "联系不上"))
    assert result.value not in {reason.value for reason in ClosingReason}


@given(there=st.frozensets(st.sampled_from([E.POLICE_REPORT, E.SERVICE_PROOF, E.APPROVED_FORM, E.OTHER])))
def test_a_report_to_the_police_a_served_letter_or_an_approved_form_close_nothing(
    there: frozenset[EvidenceKind],
) -> None:
    assert all(evidence_missing(reason, there, watched=False) for reason in ClosingReason)


def test_deferral_and_study_leave_are_no_reasons_to_close() -> None:
    assert not any(word in reason.label for reason in ClosingReason for word in ("缓", "休学"))


@pytest.mark.parametrize("reason", AFTER_RETURN)
def test_a_closure_that_rests_on_a_return_waits_for_the_observation(reason: ClosingReason) -> None:
    way = BY_CODE[way_to_apply(reason)]
    assert way.sources == {CaseStage.OBSERVING}
    assert Need.OBSERVATION_OVER in way.needs


@pytest.mark.parametrize("reason", [reason for reason in ClosingReason if reason not in AFTER_RETURN])
def test_any_other_closure_can_be_applied_for_while_the_child_is_out_or_observed(reason: ClosingReason) -> None:
    way = BY_CODE[way_to_apply(reason)]
    assert {CaseStage.PERSUADING, CaseStage.RETURNED, CaseStage.OBSERVING} <= way.sources
    assert Need.CLOSING_EVIDENCE in way.needs


@pytest.mark.parametrize(
    ("birth_date", "today", "may"),
    [
        (date(2009, 3, 2), date(2026, 3, 1), False),  # the day before
        (date(2009, 3, 2), date(2026, 3, 2), True),  # 17 today
        (date(2008, 2, 29), date(2025, 2, 28), False),  # born on a leap day: 17 on 1 March
        (date(2008, 2, 29), date(2025, 3, 1), True),
        (date(2012, 9, 1), date(2025, 9, 1), False),
        (None, date(2026, 3, 2), False),  # not known: never
    ],
)
def test_overage_is_a_reason_from_seventeen_and_never_where_the_birth_date_is_not_known(
    birth_date: date | None, today: date, may: bool
) -> None:
    assert may_be_overage(birth_date, today=today) is may
