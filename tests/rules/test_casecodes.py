"""The code lists of a case, and what a verification result leads to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy import casecodes
from baoxue.policy.casecodes import (
    EVIDENCE_OF_RESULT,
    OUT_OF_SCHOOL_RESULTS,
    OUTCOMES,
    VISITS,
    EvidenceKind,
    Measure,
    Outcome,
    VerificationResult,
    missing,
    ways,
)
from baoxue.policy.labelled import Labelled

V, E = VerificationResult, EvidenceKind
LISTS = [kind for kind in vars(casecodes).values() if isinstance(kind, type) and issubclass(kind, Labelled)]
EXCLUDING = [result for result, outcome in OUTCOMES.items() if outcome is Outcome.EXCLUDES]


@pytest.mark.parametrize("kind", [kind for kind in LISTS if kind is not Labelled], ids=lambda kind: kind.__name__)
def test_no_list_says_one_thing_twice(kind: type[Labelled]) -> None:
    labels = [member.label for member in kind]
    assert all(labels)
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("result", VerificationResult)
def test_every_result_leads_somewhere(result: VerificationResult) -> None:
    assert result in OUTCOMES


@pytest.mark.parametrize("result", EXCLUDING)
def test_every_result_that_excludes_asks_for_proof(result: VerificationResult) -> None:
    assert missing(EVIDENCE_OF_RESULT[result], frozenset())


@pytest.mark.parametrize("result", [V.MISSING, V.AWAY_UNREACHABLE])
def test_a_child_that_cannot_be_found_is_never_excluded_and_stays_to_be_sought(result: VerificationResult) -> None:
    assert OUTCOMES[result] is Outcome.STAYS_OPEN


@pytest.mark.parametrize("result", [V.MISSING, V.AWAY_UNREACHABLE, V.OUT_OF_SCHOOL, V.UNAPPROVED_SCHOOLING])
def test_a_child_that_cannot_be_found_goes_into_the_ledgers_like_one_that_was(result: VerificationResult) -> None:
    assert result in OUT_OF_SCHOOL_RESULTS


@pytest.mark.parametrize("result", [V.DEFERRED, V.STUDY_LEAVE])
def test_deferral_and_study_leave_suspend_and_do_not_exclude(result: VerificationResult) -> None:
    assert OUTCOMES[result] is Outcome.SUSPENDS


def test_illness_and_disability_are_never_a_reason_to_exclude() -> None:
    assert OUTCOMES[V.ILL_OR_DISABLED] is Outcome.OUT_OF_SCHOOL


def test_no_result_both_excludes_and_counts_as_out_of_school() -> None:
    assert not OUT_OF_SCHOOL_RESULTS & {*EXCLUDING}


@pytest.mark.parametrize(
    ("result", "there"),
    [
        (V.IN_PROVINCE_NO_RECORD, {E.SCHOOLING_CERTIFICATE, E.PHONE_CHECK}),
        (V.OUT_OF_PROVINCE_NO_RECORD, {E.SCHOOLING_CERTIFICATE, E.PHONE_CHECK}),
    ],
)
def test_a_child_who_learns_elsewhere_stays_open_until_its_number_is_seen_there(
    result: VerificationResult, there: set[EvidenceKind]
) -> None:
    assert missing(EVIDENCE_OF_RESULT[result], frozenset(there)) == {E.STUDENT_NUMBER_SEEN}


def test_a_call_is_no_visit_and_standing_at_the_door_is() -> None:
    assert Measure.CALL not in VISITS
    assert {Measure.TEACHER_VISIT, Measure.VILLAGE_VISIT, Measure.AT_WORKPLACE} <= VISITS


KINDS = st.frozensets(st.sampled_from(EvidenceKind))
ALTERNATIVES = st.lists(KINDS, min_size=1, max_size=4).map(tuple)


@given(alternatives=ALTERNATIVES, there=KINDS)
def test_what_is_missing_added_makes_the_evidence_whole(
    alternatives: tuple[frozenset[EvidenceKind], ...], there: frozenset[EvidenceKind]
) -> None:
    absent = missing(alternatives, there)
    assert not absent & there
    assert missing(alternatives, there | absent) == frozenset()


@given(alternatives=ALTERNATIVES, there=KINDS)
def test_the_evidence_is_whole_exactly_when_one_alternative_is(
    alternatives: tuple[frozenset[EvidenceKind], ...], there: frozenset[EvidenceKind]
) -> None:
    assert (not missing(alternatives, there)) is any(one <= there for one in alternatives)


def test_where_nothing_is_asked_for_nothing_is_missing() -> None:
    assert missing(ways(), frozenset()) == frozenset()


def test_of_two_alternatives_the_nearer_one_is_asked_for() -> None:
    either = ways((E.EXIT_RECORD,), (E.GUARDIAN_STATEMENT, E.VILLAGE_CERTIFICATE))
    assert missing(either, frozenset()) == {E.EXIT_RECORD}
