"""What the truth files say, and that the registers agree with it."""

from __future__ import annotations

import pytest

from baoxue.policy.registers import COLUMNS, Register
from baoxue.synth.fates import Fate

IN_CLASS = ("在校", "正常", "√", None, "到校", "在读")


@pytest.mark.parametrize("register", Register)
def test_every_row_of_a_register_has_its_line_of_truth(county, register):
    assert len(county.rows[register]) == len(county.child[register]) > 0


@pytest.mark.parametrize("register", Register)
def test_a_parquet_register_has_exactly_the_canonical_columns(county, register):
    assert list(county.rows[register][0]) == [spec.header for spec in COLUMNS[register].values()]


@pytest.mark.parametrize("status", Fate)
def test_every_status_occurs(county, status):
    assert county.of_status(status)


@pytest.mark.parametrize(
    ("status", "register"),
    [
        (Fate.NEVER_ENROLLED, Register.STUDENT),
        (Fate.NEVER_ENROLLED, Register.ROLL),
        (Fate.NEVER_ENROLLED, Register.ELSEWHERE),
        (Fate.ENROLLED_FAR, Register.ELSEWHERE),
        (Fate.ENROLLED_ELSEWHERE, Register.ROLL),
        (Fate.ATTENDING_UNREGISTERED, Register.STUDENT),
        (Fate.MIGRANT_HERE, Register.HOUSEHOLD),
        (Fate.DROPPED_OUT, Register.ELSEWHERE),
        (Fate.TOO_YOUNG, Register.STUDENT),
        (Fate.PAST_SCHOOL, Register.ROLL),
    ],
)
def test_children_of_a_status_are_in_no_such_register(county, status, register):
    assert not county.of_status(status) & set(county.child[register])


@pytest.mark.parametrize(
    ("status", "register"),
    [
        (Fate.NEVER_ENROLLED, Register.HOUSEHOLD),
        (Fate.ENROLLED_HERE, Register.HOUSEHOLD),
        (Fate.ENROLLED_HERE, Register.STUDENT),
        (Fate.ENROLLED_HERE, Register.ROLL),
        (Fate.ENROLLED_ELSEWHERE, Register.HOUSEHOLD),
        (Fate.ENROLLED_ELSEWHERE, Register.ELSEWHERE),
        (Fate.ATTENDING_UNREGISTERED, Register.ROLL),
        (Fate.MIGRANT_HERE, Register.STUDENT),
        (Fate.DROPPED_OUT, Register.STUDENT),
        (Fate.STUDY_LEAVE, Register.STUDENT),
        (Fate.DECEASED, Register.HOUSEHOLD),
    ],
)
def test_children_of_a_status_are_all_in_a_register(county, status, register):
    assert county.of_status(status) <= set(county.child[register])


def test_no_child_out_of_school_is_said_to_sit_in_class(county):
    out = county.of_status(Fate.DROPPED_OUT)
    says = {row["到校情况"] for row, child in county.pairs(Register.ROLL) if child["child"] in out}
    assert says
    assert not says & set(IN_CLASS)


def test_adults_of_poor_households_and_strangers_are_nobodys_rows(county):
    assert "" in county.child[Register.ELSEWHERE]
    assert "" not in county.child[Register.HOUSEHOLD]


def test_about_as_many_children_of_school_age_as_asked_for(county):
    local = [child for child in county.children.values() if child["local"] == "1" and child["school_age"] == "1"]
    assert len(local) == pytest.approx(3000, abs=5)


def test_some_children_stand_twice_in_the_household_and_the_student_register(county):
    assert len(set(county.child[Register.HOUSEHOLD])) < len(county.child[Register.HOUSEHOLD])
    assert len(set(county.child[Register.STUDENT])) < len(county.child[Register.STUDENT])
