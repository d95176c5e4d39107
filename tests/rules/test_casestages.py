"""The transition table of a case: one test for each of its rows, then what must hold of all ways together."""

from __future__ import annotations

import inspect
import re
import sys
from itertools import pairwise

import pytest

from baoxue.policy.capabilities import ROLES, Capability, Level, Role
from baoxue.policy.casestages import (
    BY_CODE,
    ENDS,
    OPENING_CLOCKS,
    OUT_OF_SCHOOL,
    SHOWN,
    TRANSITIONS,
    WAYS_BACK,
    CaseStage,
    Clock,
    Need,
    Transition,
    drawn_as,
    from_stage,
)
from baoxue.policy.duties import MUST_RUN, RULES

S, N, K, C = CaseStage, Need, Clock, Capability

UNCONFIRMED_OR_OUT = {S.SUSPECTED, S.NEVER_ENROLLED, S.DROPOUT, S.PERSUADING, S.LEGAL_LADDER}
AFTER_RETURN = {S.RETURNED, S.OBSERVING, S.CLOSURE_APPLIED, S.COUNTY_REVIEW}
CODES = [transition.code for transition in TRANSITIONS]
NOT_ENDS = [stage for stage in CaseStage if stage not in ENDS]


def levels_of(transition: Transition) -> set[Level]:
    """Levels at which some post may make a transition."""
    return {level for rule in ROLES.values() if rule.capabilities & transition.who for level in rule.levels}


def roles_of(transition: Transition) -> set[Role]:
    """Posts that may make a transition."""
    return {role for role, rule in ROLES.items() if rule.capabilities & transition.who}


def ways(stage: CaseStage) -> set[CaseStage]:
    """Stages one step away. Where a way leads back, all stages it can have come from."""
    return {target for transition in from_stage(stage) for target in targets(transition)}


def targets(transition: Transition) -> set[CaseStage]:
    """Stages a transition can lead to."""
    if transition.to is not None:
        return {transition.to}
    if transition.sources == {S.SUSPENDED}:
        return {stage for other in TRANSITIONS if other.to is S.SUSPENDED for stage in other.sources}
    return {stage for other in TRANSITIONS if other.to is S.CLOSURE_APPLIED for stage in other.sources}


# One test for each row.


def test_whoever_verified_that_a_child_is_out_of_school_enters_it_as_suspected() -> None:
    row = BY_CODE["find_suspected"]
    assert (row.sources, row.to) == ({S.VERIFYING}, S.SUSPECTED)
    assert levels_of(row) == {Level.SCHOOL, Level.TOWNSHIP, Level.COUNTY}
    assert row.needs == (N.OUT_OF_SCHOOL_RESULT,)
    assert {K.CONFIRM, K.PERSUADE} <= {*row.starts}


def test_only_the_county_confirms_that_a_child_was_never_enrolled_and_by_a_second_person() -> None:
    row = BY_CODE["find_never_enrolled"]
    assert (row.sources, row.to) == ({S.VERIFYING}, S.NEVER_ENROLLED)
    assert levels_of(row) == {Level.COUNTY}
    assert {N.OUT_OF_SCHOOL_RESULT, N.DROPOUT_FACTS, N.OTHER_PERSON} == {*row.needs}
    assert K.PAIR_UP in row.starts


def test_a_case_is_excluded_only_at_the_county_on_a_result_that_excludes_with_its_proof_by_a_second_person() -> None:
    row = BY_CODE["exclude"]
    assert (row.sources, row.to) == ({S.VERIFYING, S.SUSPECTED}, S.EXCLUDED)
    assert levels_of(row) == {Level.COUNTY}
    assert {N.EXCLUDING_RESULT, N.RESULT_EVIDENCE, N.OTHER_PERSON} == {*row.needs}


def test_only_a_second_person_at_the_county_confirms_a_dropout_and_never_the_system() -> None:
    row = BY_CODE["confirm_dropout"]
    assert (row.sources, row.to) == ({S.SUSPECTED}, S.DROPOUT)
    assert levels_of(row) == {Level.COUNTY}
    assert {N.OUT_OF_SCHOOL_RESULT, N.DROPOUT_FACTS, N.OTHER_PERSON} == {*row.needs}
    assert not row.by_system


def test_persuasion_begins_once_somebody_answers_for_the_child() -> None:
    row = BY_CODE["begin_persuading"]
    assert (row.sources, row.to) == ({S.DROPOUT, S.NEVER_ENROLLED}, S.PERSUADING)
    assert row.needs == (N.OWNER,)
    assert row.starts == (K.PERSUADE,)


def test_the_legal_ladder_begins_after_persuasion_and_a_letter_served_whose_term_is_over() -> None:
    row = BY_CODE["begin_ladder"]
    assert (row.sources, row.to) == ({S.PERSUADING}, S.LEGAL_LADDER)
    assert {N.ATTEMPT, N.LETTER_SERVED} == {*row.needs}
    assert roles_of(row) == {Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER}


def test_whoever_may_order_leads_a_case_back_from_the_ladder_and_says_why() -> None:
    row = BY_CODE["back_to_persuading"]
    assert (row.sources, row.to) == ({S.LEGAL_LADDER}, S.PERSUADING)
    assert row.needs == (N.REASON,)
    assert row.who == BY_CODE["begin_ladder"].who


def test_a_child_returns_from_any_stage_out_of_school_with_its_placement() -> None:
    row = BY_CODE["return_to_school"]
    assert (row.sources, row.to) == (UNCONFIRMED_OR_OUT, S.RETURNED)
    assert row.needs == (N.PLACEMENT,)
    assert row.starts == (K.ARRIVE,)


def test_observation_begins_on_the_day_the_child_was_seen_at_school() -> None:
    row = BY_CODE["begin_observing"]
    assert (row.sources, row.to) == ({S.RETURNED}, S.OBSERVING)
    assert row.needs == (N.SEEN_AT_SCHOOL,)
    assert row.starts == (K.OBSERVE, K.FOLLOW_UP_1, K.FOLLOW_UP_2, K.FOLLOW_UP_3)


def test_a_returned_child_missing_again_is_persuaded_anew_in_the_same_case_also_by_the_system() -> None:
    row = BY_CODE["missing_again"]
    assert (row.sources, row.to) == (AFTER_RETURN, S.PERSUADING)
    assert row.by_system
    assert {K.CONTACT, K.FIRST_VISIT, K.PERSUADE} == {*row.starts}


def test_a_child_nobody_confirmed_as_dropout_is_only_suspected_when_it_is_missing_again() -> None:
    row = BY_CODE["suspected_again"]
    assert (row.sources, row.to) == (AFTER_RETURN, S.SUSPECTED)
    assert row.by_system
    assert {K.CONTACT, K.FIRST_VISIT, K.CONFIRM, K.PERSUADE} == {*row.starts}


def test_closure_is_applied_for_after_the_observation_on_whole_evidence() -> None:
    row = BY_CODE["apply_closure"]
    assert (row.sources, row.to) == ({S.OBSERVING}, S.CLOSURE_APPLIED)
    assert {N.OBSERVATION_OVER, N.CLOSING_EVIDENCE} == {*row.needs}
    assert Role.CLASS_TEACHER not in roles_of(row)


def test_who_dies_or_goes_abroad_need_not_return_nor_be_observed_to_the_end() -> None:
    row = BY_CODE["apply_other_closure"]
    assert (row.sources, row.to) == (UNCONFIRMED_OR_OUT | {S.RETURNED, S.OBSERVING}, S.CLOSURE_APPLIED)
    assert row.needs == (N.CLOSING_EVIDENCE,)


def test_an_application_is_taken_back_by_those_who_may_apply_before_it_is_taken_up() -> None:
    row = BY_CODE["withdraw_closure"]
    assert (row.sources, row.to) == ({S.CLOSURE_APPLIED}, None)
    assert row.needs == (N.REASON,)
    assert row.who == BY_CODE["apply_closure"].who


def test_who_applied_does_not_take_up_the_application() -> None:
    row = BY_CODE["take_up_closure"]
    assert (row.sources, row.to) == ({S.CLOSURE_APPLIED}, S.COUNTY_REVIEW)
    assert levels_of(row) == {Level.COUNTY}
    assert row.needs == (N.OTHER_PERSON,)
    assert row.starts == (K.REVIEW,)


def test_the_county_sends_an_application_back_with_a_reason_to_where_the_case_stood() -> None:
    row = BY_CODE["send_back_closure"]
    assert (row.sources, row.to) == ({S.CLOSURE_APPLIED, S.COUNTY_REVIEW}, None)
    assert levels_of(row) == {Level.COUNTY}
    assert {N.REASON, N.OTHER_PERSON} == {*row.needs}


def test_only_a_second_person_at_the_county_strikes_a_case_off() -> None:
    row = BY_CODE["close_case"]
    assert (row.sources, row.to) == ({S.COUNTY_REVIEW}, S.CLOSED)
    assert levels_of(row) == {Level.COUNTY}
    assert {N.CLOSING_EVIDENCE, N.OTHER_PERSON} == {*row.needs}
    assert not row.by_system


def test_deferral_and_study_leave_suspend_a_case_on_an_approved_form_with_an_end() -> None:
    row = BY_CODE["suspend"]
    assert (row.sources, row.to) == (UNCONFIRMED_OR_OUT | {S.VERIFYING}, S.SUSPENDED)
    assert {N.APPROVED_FORM, N.OTHER_PERSON} == {*row.needs}
    assert row.starts == (K.SUSPENSION,)


def test_a_suspended_case_goes_on_where_it_stood_when_the_time_is_over_also_by_the_system() -> None:
    row = BY_CODE["resume"]
    assert (row.sources, row.to) == ({S.SUSPENDED}, None)
    assert row.by_system
    assert {K.CONTACT, K.FIRST_VISIT} == {*row.starts}


def test_every_row_has_its_test() -> None:
    tested = re.findall(r'row = BY_CODE\["(\w+)"\]', inspect.getsource(sys.modules[__name__]))
    assert tested == CODES


# What holds of all ways together.


def test_every_stage_can_be_reached_from_the_first() -> None:
    reached, edge = {S.VERIFYING}, {S.VERIFYING}
    while edge:
        edge = {stage for at in edge for stage in ways(at)} - reached
        reached |= edge
    assert reached == {*CaseStage}


@pytest.mark.parametrize("end", sorted(ENDS))
def test_an_end_has_no_way_out(end: CaseStage) -> None:
    assert from_stage(end) == ()


@pytest.mark.parametrize("stage", NOT_ENDS)
def test_from_every_other_stage_an_end_can_be_reached(stage: CaseStage) -> None:
    reached, edge = {stage}, {stage}
    while edge:
        edge = {further for at in edge for further in ways(at)} - reached
        reached |= edge
    assert S.CLOSED in reached


def test_no_way_leads_to_closed_but_through_an_application_and_the_countys_review() -> None:
    assert [row.code for row in TRANSITIONS if S.CLOSED in targets(row)] == ["close_case"]
    assert {row.code for row in TRANSITIONS if S.COUNTY_REVIEW in targets(row)} == {"take_up_closure"}
    into_review = [row for row in TRANSITIONS if S.CLOSURE_APPLIED in targets(row)]
    assert into_review
    assert all(N.CLOSING_EVIDENCE in row.needs for row in into_review)


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.to in ENDS], ids=lambda row: row.code)
def test_no_case_ends_without_proof_and_a_second_person(row: Transition) -> None:
    assert N.OTHER_PERSON in row.needs
    assert {N.CLOSING_EVIDENCE, N.RESULT_EVIDENCE} & {*row.needs}


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.to in ENDS], ids=lambda row: row.code)
def test_the_system_ends_no_case(row: Transition) -> None:
    assert not row.by_system


def test_nobody_is_confirmed_out_of_school_without_facts_and_a_second_person() -> None:
    confirming = [row for row in TRANSITIONS if row.to in (S.DROPOUT, S.NEVER_ENROLLED)]
    assert [row.code for row in confirming] == ["find_never_enrolled", "confirm_dropout"]
    assert all({N.DROPOUT_FACTS, N.OTHER_PERSON} <= {*row.needs} for row in confirming)


def test_persuading_is_reached_only_by_a_child_confirmed_or_returned_once() -> None:
    assert {source for row in TRANSITIONS if row.to is S.PERSUADING for source in row.sources} == (
        {S.DROPOUT, S.NEVER_ENROLLED, S.LEGAL_LADDER} | AFTER_RETURN
    )


@pytest.mark.parametrize("code", CODES)
def test_whoever_may_make_a_transition_sees_cases(code: str) -> None:
    assert roles_of(BY_CODE[code])
    assert all(C.SEE_CASES in ROLES[role].capabilities for role in roles_of(BY_CODE[code]))


@pytest.mark.parametrize("code", CODES)
def test_city_and_province_look_on_and_move_no_case(code: str) -> None:
    assert levels_of(BY_CODE[code]) <= {Level.SCHOOL, Level.TOWNSHIP, Level.COUNTY}


@pytest.mark.parametrize("code", CODES)
def test_where_two_people_are_asked_for_two_posts_of_a_county_can_be_two_people(code: str) -> None:
    row = BY_CODE[code]
    needed = C.WORK_CASE if row.who == {C.DECIDE_CASE} else C.APPLY_CLOSURE
    brought_forward = {role for role, rule in ROLES.items() if needed in rule.capabilities}
    assert N.OTHER_PERSON not in row.needs or len(brought_forward | roles_of(row)) > 1


@pytest.mark.parametrize("code", CODES)
def test_each_row_names_its_ground_and_its_act(code: str) -> None:
    row = BY_CODE[code]
    assert re.search(r"第\d+条|〔\d{4}〕\d+号", row.clause)
    assert re.search(r"[\u4e00-\u9fff]{2}", row.label)


def test_one_stage_offers_no_two_acts_under_one_name() -> None:
    for stage in CaseStage:
        labels = [row.label for row in from_stage(stage)]
        assert len(labels) == len(set(labels)), stage


def test_each_code_stands_once() -> None:
    assert len(BY_CODE) == len(TRANSITIONS)


def test_only_stages_that_remember_where_the_case_stood_lead_back() -> None:
    back = {source for row in TRANSITIONS if row.to is None for source in row.sources}
    assert back == WAYS_BACK | {S.COUNTY_REVIEW}
    # Review is entered from the application alone, and no way leads from one resting stage into another: what the case
    # remembers is never written over before it is used.
    assert all(row.sources == {S.CLOSURE_APPLIED} for row in TRANSITIONS if row.to is S.COUNTY_REVIEW)
    assert not any(row.sources & (WAYS_BACK | {S.COUNTY_REVIEW}) for row in TRANSITIONS if row.to in WAYS_BACK)


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.code)
def test_every_clock_a_transition_starts_runs_in_the_stage_it_leads_to(row: Transition) -> None:
    for clock in row.starts:
        assert targets(row) <= RULES[clock].lives_in, clock


def test_every_clock_has_a_rule_and_something_that_starts_it_or_a_reason_of_its_own() -> None:
    started = {clock for row in TRANSITIONS for clock in row.starts} | {*OPENING_CLOCKS}
    assert {*RULES} == {*Clock}
    # A promise, a served document and a child that cannot be found start theirs: acts within a stage.
    assert {*Clock} - started == {K.PROMISE, K.LADDER, K.RECHECK}


def test_no_open_case_is_without_a_clock_and_no_ended_one_has_to_run_any() -> None:
    assert MUST_RUN.keys() == {*NOT_ENDS}
    assert all(MUST_RUN.values())


@pytest.mark.parametrize("stage", NOT_ENDS)
def test_the_clocks_that_must_run_in_a_stage_live_in_it(stage: CaseStage) -> None:
    assert all(stage in RULES[clock].lives_in for clock in MUST_RUN[stage])


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.to not in (*ENDS, None)], ids=lambda row: row.code)
def test_a_transition_starts_the_clocks_its_stage_must_run(row: Transition) -> None:
    assert row.to is not None
    assert {*MUST_RUN[row.to]} <= {*row.starts}


def test_a_case_begins_with_contact_a_visit_and_a_result_by_a_day() -> None:
    assert OPENING_CLOCKS == (K.CONTACT, K.FIRST_VISIT, K.VERIFY)
    assert all(S.VERIFYING in RULES[clock].lives_in for clock in OPENING_CLOCKS)


def test_those_out_of_school_are_the_ones_somebody_confirmed() -> None:
    assert UNCONFIRMED_OR_OUT - {S.SUSPECTED} == OUT_OF_SCHOOL


@pytest.mark.parametrize("stage", [stage for stage in CaseStage if stage is not S.SUSPENDED])
def test_every_stage_is_drawn_at_one_of_the_eight(stage: CaseStage) -> None:
    assert drawn_as(stage) in SHOWN
    assert stage not in SHOWN or drawn_as(stage) is stage


def test_the_eight_stages_are_drawn_in_the_order_a_case_goes() -> None:
    order = list(CaseStage)
    assert all(order.index(one) < order.index(next_one) for one, next_one in pairwise(SHOWN))
