"""What the registers together say of one child."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoxue.policy.attendance import Attendance, is_away
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.householdstatus import HouseholdStatus
from baoxue.policy.schooling import SchoolingFacts, judge_schooling
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.studentstatus import StudentStatus, expects_presence, in_force

HERE = SchoolingFacts(
    school_age=True, household=HouseholdStatus.NORMAL, record=StudentStatus.ENROLLED, roll=Attendance.PRESENT, grade=4
)
"""The usual child: in the household register, on record, in class."""
HOUSEHOLD_ONLY = replace(HERE, record=None, roll=None, grade=None)
ABSENT, NEVER, ELSEWHERE = FindingKind.ABSENT, FindingKind.NEVER_ENROLLED, FindingKind.ENROLLED_ELSEWHERE
UNREGISTERED, NO_HOUSEHOLD = FindingKind.ATTENDING_UNREGISTERED, FindingKind.NO_HOUSEHOLD
DECEASED_ON_ROLL = FindingKind.DECEASED_ON_ROLL
AUTO, REVIEW = Decision.AUTO, Decision.REVIEW
UNCLEAR = HouseholdStatus.UNCLEAR
S = StudentStatus


def found(facts: SchoolingFacts, **more: object) -> dict[FindingKind, Decision]:
    findings = judge_schooling(replace(facts, **more)).findings  # type: ignore[arg-type]
    assert len(findings) == len(dict(findings))
    return dict(findings)


def status(facts: SchoolingFacts, **more: object) -> SchoolingStatus | None:
    return judge_schooling(replace(facts, **more)).status  # type: ignore[arg-type]


def test_a_child_at_home_on_record_and_in_class_is_enrolled_and_no_finding() -> None:
    assert found(HERE) == {}
    assert status(HERE) is SchoolingStatus.ENROLLED


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"roll": None}, {ABSENT: AUTO}),
        ({"roll": None, "near_roll": True}, {ABSENT: REVIEW}),
        ({"roll": None, "roll_handed_in": False}, {ABSENT: REVIEW}),
        ({"roll": Attendance.ABSENT}, {ABSENT: AUTO}),
        ({"roll": Attendance.NO_SHOW}, {ABSENT: AUTO}),
        ({"roll": Attendance.ABSENT, "roll_sure": False}, {ABSENT: REVIEW}),
        ({"roll": Attendance.PRESENT, "roll_sure": False}, {ABSENT: REVIEW}),
        ({"roll": Attendance.EXCUSED}, {}),
        ({"roll": Attendance.HOMEBOUND}, {}),
        ({"roll": None, "record": S.SUSPENDED}, {ABSENT: AUTO}),
        ({"roll": None, "record": S.DROPPED_OUT}, {ABSENT: AUTO}),
        ({"roll": None, "record": S.STUDY_LEAVE}, {}),
        ({"roll": Attendance.ABSENT, "record": S.STUDY_LEAVE}, {}),
        ({"roll": None, "record": S.RETAINED}, {}),
        ({"roll": None, "record": S.HOMEBOUND}, {}),
        ({"roll": None, "record": S.DEFERRED}, {}),
        ({"roll": None, "grade": 9}, {ABSENT: AUTO}),
        ({"roll": None, "grade": None}, {ABSENT: AUTO}),
        ({"roll": None, "disabled": True}, {ABSENT: REVIEW}),
        ({"roll": Attendance.ABSENT, "disabled": True}, {ABSENT: AUTO}),
        ({"roll": None, "elsewhere": S.ENROLLED}, {ELSEWHERE: AUTO}),
        ({"roll": Attendance.ABSENT, "elsewhere": S.ENROLLED}, {ELSEWHERE: AUTO}),
        ({"roll": None, "elsewhere": S.ENROLLED, "elsewhere_sure": False}, {ELSEWHERE: REVIEW}),
        ({"roll": Attendance.PRESENT, "elsewhere": S.ENROLLED}, {}),
        ({"roll": None, "elsewhere": S.GRADUATED}, {ABSENT: REVIEW}),
        ({"roll": Attendance.ABSENT, "elsewhere": S.DROPPED_OUT}, {ABSENT: REVIEW}),
        ({"roll": None, "grade": 0}, {ABSENT: AUTO}),
        ({"roll": None, "grade": 0, "school_age": False}, {}),
        ({"roll": None, "grade": 10}, {}),
    ],
)
def test_a_record_in_force_of_compulsory_schooling_wants_its_child_in_class(
    more: dict[str, object], expected: dict[FindingKind, Decision]
) -> None:
    assert found(HERE, **more) == expected


@pytest.mark.parametrize("record", [S.LEFT_OTHER, S.WITHDRAWN, S.EXPELLED])
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"household": None}, {ABSENT: REVIEW}),
        ({"household": UNCLEAR}, {NEVER: REVIEW}),
        ({"household": HouseholdStatus.MOVED_OUT}, {ABSENT: REVIEW}),
        ({"household": None, "school_age": None}, {ABSENT: REVIEW}),
        ({"household": None, "school_age": False}, {}),
        ({"household": None, "elsewhere": S.ENROLLED}, {}),
        ({"household": HouseholdStatus.NORMAL}, {NEVER: AUTO}),
    ],
)
def test_a_record_may_not_end_in_silence_even_where_no_household_answers_for_the_child(
    record: S, more: dict[str, object], expected: dict[FindingKind, Decision]
) -> None:
    assert found(HOUSEHOLD_ONLY, record=record, grade=4, **more) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, {NEVER: AUTO}),
        ({"school_age": None}, {NEVER: REVIEW}),
        ({"school_age": False}, {}),
        ({"near_record": True}, {NEVER: REVIEW}),
        ({"near_roll": True}, {NEVER: REVIEW}),
        ({"household": HouseholdStatus.MOVED_OUT}, {}),
        ({"household": None}, {}),
        ({"household": None, "listed_only": True}, {NEVER: REVIEW}),
        ({"household": None, "listed_only": True, "school_age": None}, {}),
        ({"household": None, "listed_only": True, "school_age": False}, {}),
        ({"elsewhere": S.ENROLLED}, {ELSEWHERE: AUTO}),
        ({"elsewhere": S.STUDY_LEAVE}, {ELSEWHERE: AUTO}),
        ({"elsewhere": S.ENROLLED, "elsewhere_sure": False}, {ELSEWHERE: REVIEW}),
        ({"elsewhere": S.GRADUATED}, {NEVER: REVIEW}),
        ({"elsewhere": S.DROPPED_OUT}, {NEVER: REVIEW}),
        ({"record": S.TRANSFERRED_OUT, "grade": 4}, {NEVER: REVIEW}),
        ({"record": S.TRANSFERRED_OUT, "grade": 4, "elsewhere": S.ENROLLED}, {ELSEWHERE: AUTO}),
        ({"record": S.GRADUATED, "grade": 6}, {NEVER: REVIEW}),
        ({"record": S.GRADUATED, "grade": None}, {NEVER: REVIEW}),
        ({"record": S.COMPLETED, "grade": 8}, {NEVER: REVIEW}),
        ({"record": S.GRADUATED, "grade": 9}, {}),
        ({"record": S.COMPLETED, "grade": 9}, {}),
        ({"record": S.WITHDRAWN, "grade": 4}, {NEVER: AUTO}),
        ({"record": S.EXPELLED, "grade": 4}, {NEVER: AUTO}),
        ({"record": S.CANCELLED, "grade": 4}, {NEVER: AUTO}),
        ({"record": S.LEFT_OTHER, "grade": 4}, {NEVER: AUTO}),
        ({"record": S.DECEASED}, {NEVER: REVIEW}),
        ({"record": S.ABROAD}, {}),
        ({"record": S.ABROAD, "household_sure": False}, {NEVER: REVIEW}),
        ({"record": S.GRADUATED, "grade": 9, "household_sure": False}, {NEVER: REVIEW}),
        ({"record": S.ENROLLED, "roll": Attendance.PRESENT, "household_sure": False}, {NEVER: REVIEW}),
        ({"roll": Attendance.PRESENT, "household_sure": False}, {NEVER: REVIEW, UNREGISTERED: AUTO}),
    ],
)
def test_a_child_of_school_age_without_schooling_is_suspected_never_enrolled(
    more: dict[str, object], expected: dict[FindingKind, Decision]
) -> None:
    assert found(HOUSEHOLD_ONLY, **more) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"record": None}, {UNREGISTERED: AUTO}),
        ({"record": None, "roll": Attendance.ABSENT}, {UNREGISTERED: AUTO}),
        ({"record": None, "roll_sure": False}, {UNREGISTERED: REVIEW}),
        ({"record": None, "near_record": True}, {UNREGISTERED: REVIEW}),
        ({"record": S.TRANSFERRED_OUT}, {UNREGISTERED: AUTO}),
        ({"record": S.GRADUATED, "grade": 10}, {}),
        ({"record": None, "grade": 0}, {UNREGISTERED: AUTO}),
        ({"record": None, "grade": 0, "school_age": False}, {}),
        ({"record": None, "household": None}, {UNREGISTERED: AUTO}),
    ],
)
def test_a_child_in_class_needs_a_record_in_force(
    more: dict[str, object], expected: dict[FindingKind, Decision]
) -> None:
    assert found(HERE, **more) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"household": None}, {NO_HOUSEHOLD: AUTO}),
        ({"household": None, "near_household": True}, {NO_HOUSEHOLD: REVIEW}),
        ({"household": None, "grade": 10}, {}),
        ({"household": None, "record": S.GRADUATED, "roll": None}, {}),
        ({"household": HouseholdStatus.MOVED_OUT}, {}),
        ({"household": None, "roll": None}, {NO_HOUSEHOLD: AUTO, ABSENT: AUTO}),
        ({"household": None, "roll": None, "near_household": True}, {NO_HOUSEHOLD: REVIEW, ABSENT: REVIEW}),
    ],
)
def test_a_record_in_force_without_an_entry_of_the_county_is_listed(
    more: dict[str, object], expected: dict[FindingKind, Decision]
) -> None:
    assert found(HERE, **more) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"record": None, "roll": None, "grade": None}, {NEVER: REVIEW}),
        ({"roll": None}, {ABSENT: REVIEW}),
        ({"roll": Attendance.ABSENT}, {ABSENT: AUTO}),
        ({"record": None, "roll": None, "elsewhere": S.ENROLLED}, {ELSEWHERE: AUTO}),
        ({}, {}),
    ],
)
def test_who_may_be_gone_from_the_household_alarms_nobody_until_a_person_has_looked(
    more: dict[str, object], expected: dict[FindingKind, Decision]
) -> None:
    assert found(HERE, household=UNCLEAR, **more) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, {DECEASED_ON_ROLL: AUTO}),
        ({"household_sure": False}, {DECEASED_ON_ROLL: REVIEW}),
        ({"roll": None}, {DECEASED_ON_ROLL: AUTO}),
        ({"record": None}, {DECEASED_ON_ROLL: AUTO}),
        ({"record": S.DECEASED}, {DECEASED_ON_ROLL: AUTO}),
        ({"record": S.DECEASED, "roll": None}, {}),
        ({"record": None, "roll": None}, {}),
    ],
)
def test_an_entry_ended_by_death_ends_the_record_and_the_place_in_class(
    more: dict[str, object], expected: dict[FindingKind, Decision]
) -> None:
    dead = replace(HERE, household=HouseholdStatus.DECEASED)
    assert found(dead, **more) == expected
    assert status(dead, **more) is SchoolingStatus.DECEASED


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"roll": None}, SchoolingStatus.TO_VERIFY),
        ({"roll": Attendance.ABSENT}, SchoolingStatus.TO_VERIFY),
        ({"roll": Attendance.HOMEBOUND}, SchoolingStatus.HOMEBOUND),
        ({"record": S.HOMEBOUND, "roll": None}, SchoolingStatus.HOMEBOUND),
        ({"record": S.DEFERRED, "roll": None}, SchoolingStatus.DEFERRED),
        ({"record": S.STUDY_LEAVE, "roll": None}, SchoolingStatus.STUDY_LEAVE),
        ({"record": S.RETAINED, "roll": None}, SchoolingStatus.ENROLLED),
        ({"record": None}, SchoolingStatus.ATTENDING_UNREGISTERED),
        ({"record": S.TRANSFERRED_OUT}, SchoolingStatus.ATTENDING_UNREGISTERED),
        ({"record": None, "roll": None, "household": HouseholdStatus.MOVED_OUT}, SchoolingStatus.MOVED_OUT),
        ({"record": None, "roll": None, "elsewhere": S.ENROLLED}, SchoolingStatus.ELSEWHERE_UNCONFIRMED),
        ({"roll": None, "elsewhere": S.ENROLLED}, SchoolingStatus.ELSEWHERE_UNCONFIRMED),
        ({"elsewhere": S.ENROLLED}, SchoolingStatus.ENROLLED),
        ({"record": S.TRANSFERRED_OUT, "roll": None}, SchoolingStatus.TO_VERIFY),
        ({"record": S.GRADUATED, "roll": None, "grade": 9}, SchoolingStatus.COMPLETED),
        ({"record": S.DECEASED, "roll": None}, SchoolingStatus.TO_VERIFY),
        ({"record": S.ABROAD, "roll": None}, SchoolingStatus.ABROAD),
        ({"record": None, "roll": None}, SchoolingStatus.TO_VERIFY),
        ({"record": None, "roll": None, "school_age": False}, None),
        ({"household": None}, SchoolingStatus.ENROLLED),
    ],
)
def test_schooling_status_of_a_child(more: dict[str, object], expected: SchoolingStatus | None) -> None:
    assert status(HERE, **more) is expected


# ---- whatever the registers say --------------------------------------------------------------------------------------

anything = st.builds(
    SchoolingFacts,
    school_age=st.sampled_from((True, False, None)),
    household=st.sampled_from((*HouseholdStatus, None)),
    record=st.sampled_from((*StudentStatus, None)),
    roll=st.sampled_from((*Attendance, None)),
    elsewhere=st.sampled_from((*StudentStatus, None)),
    grade=st.sampled_from((None, 0, 1, 6, 9, 10)),
    household_sure=st.booleans(),
    roll_sure=st.booleans(),
    elsewhere_sure=st.booleans(),
    near_household=st.booleans(),
    near_record=st.booleans(),
    near_roll=st.booleans(),
    roll_handed_in=st.booleans(),
    listed_only=st.booleans(),
    disabled=st.booleans(),
)
many = settings(max_examples=400)
SURE = {
    "household_sure": True, "roll_sure": True, "elsewhere_sure": True, "near_household": False, "near_record": False,
    "near_roll": False, "roll_handed_in": True, "disabled": False,
}  # fmt: skip


@many
@given(anything)
def test_nothing_but_a_place_on_record_or_in_class_is_found_of_the_dead(facts: SchoolingFacts) -> None:
    assert set(found(facts, household=HouseholdStatus.DECEASED)) <= {DECEASED_ON_ROLL}


@many
@given(anything)
def test_the_living_are_never_found_dead(facts: SchoolingFacts) -> None:
    assert DECEASED_ON_ROLL not in found(facts, household=HouseholdStatus.NORMAL)


LEFT_FOR_GOOD = (S.DECEASED, S.ABROAD)
ENDED = [None, *(state for state in S if not in_force(state) and state not in LEFT_FOR_GOOD)]


@pytest.mark.parametrize("record", ENDED)
@given(anything)
def test_no_child_of_school_age_without_schooling_is_passed_over(record: S | None, facts: SchoolingFacts) -> None:
    """Out of force, on no roll, in grade eight at most: it is asked after, here or elsewhere."""
    unschooled = replace(facts, school_age=True, household=HouseholdStatus.NORMAL, record=record, roll=None, grade=8)
    assert set(found(unschooled)) & {NEVER, ELSEWHERE}


@pytest.mark.parametrize("record", LEFT_FOR_GOOD)
@given(anything)
def test_no_child_disappears_by_an_uncertain_link_to_a_record_that_ended(record: S, facts: SchoolingFacts) -> None:
    linked = replace(facts, school_age=True, household=HouseholdStatus.NORMAL, record=record, roll=None)
    assert found(linked, household_sure=False)


@many
@given(anything)
def test_no_child_away_from_class_without_leave_is_passed_over(facts: SchoolingFacts) -> None:
    away = replace(facts, household=HouseholdStatus.NORMAL, record=S.ENROLLED, roll=Attendance.ABSENT, grade=5)
    assert {ABSENT, ELSEWHERE} & set(found(away))


@many
@given(anything)
def test_who_is_on_record_as_a_dropout_elsewhere_is_not_schooled_there(facts: SchoolingFacts) -> None:
    assert ELSEWHERE not in found(facts, elsewhere=S.DROPPED_OUT)


@many
@given(anything)
def test_what_is_sure_stays_sure_or_goes_to_a_person_when_something_is_doubtful(facts: SchoolingFacts) -> None:
    """Doubt never turns a line that a person looks at into one that acts by itself."""
    clear = found(facts, **SURE)
    automatic = {kind for kind, decision in found(facts).items() if decision is AUTO}
    assert automatic <= {kind for kind, decision in clear.items() if decision is AUTO}


@many
@given(anything)
def test_doubt_hides_no_finding(facts: SchoolingFacts) -> None:
    assert set(found(facts, **SURE)) <= set(found(facts))


@many
@given(anything)
def test_a_child_to_be_verified_has_a_line_that_says_why(facts: SchoolingFacts) -> None:
    judged = judge_schooling(facts)
    assert judged.status is not SchoolingStatus.TO_VERIFY or {ABSENT, NEVER} & set(dict(judged.findings))


@many
@given(anything)
def test_enrolled_and_present_beyond_doubt_is_never_called_absent(facts: SchoolingFacts) -> None:
    present = replace(facts, roll=Attendance.PRESENT, **SURE)  # type: ignore[arg-type]
    assert ABSENT not in found(present)


PERSONS_JUDGEMENTS = {
    SchoolingStatus.ELSEWHERE_CONFIRMED, SchoolingStatus.SUSPECTED_DROPOUT, SchoolingStatus.DROPOUT,
    SchoolingStatus.NEVER_ENROLLED, SchoolingStatus.MISSING,
}  # fmt: skip


@many
@given(anything)
def test_the_comparison_declares_no_dropout(facts: SchoolingFacts) -> None:
    assert judge_schooling(facts).status not in PERSONS_JUDGEMENTS


@pytest.mark.parametrize(("record", "roll"), list(product([s for s in S if expects_presence(s)], [None, *Attendance])))
def test_absent_is_exactly_who_is_expected_and_missing_or_away(record: S, roll: Attendance | None) -> None:
    assert (ABSENT in found(HERE, record=record, roll=roll)) == (roll is None or is_away(roll))
