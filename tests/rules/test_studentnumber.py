"""学籍号. The numbers are of nobody: no place has the region 990000."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.idnumber import IdState, check_digit, classify
from baoxue.policy.studentnumber import StudentNumberKind, parse_student_number, student_id_number

FIRST17 = "99000020140506123"
IDENTITY = FIRST17 + check_digit(FIRST17)
WRONG_CHECK = FIRST17 + check_digit(FIRST17[:16] + "4")


@pytest.mark.parametrize(
    "written",
    [
        f"G{IDENTITY}",
        f"g{IDENTITY}",
        f" G {IDENTITY[:6]} {IDENTITY[6:]} ",
        f"'G{IDENTITY}",
        f"Ｇ{IDENTITY}",
        f"G-{IDENTITY}",
    ],
)
def test_a_formal_number_is_g_and_the_identity_number_however_typed(written: str) -> None:
    found = parse_student_number(written)
    assert found is not None
    assert (found.number, found.kind, found.well_formed) == (f"G{IDENTITY}", StudentNumberKind.FORMAL, True)
    assert found.identity == classify(IDENTITY)


def test_a_number_made_by_the_system_holds_no_identity_number() -> None:
    found = parse_student_number(f"J{IDENTITY}")
    assert found is not None
    assert (found.kind, found.identity, found.well_formed) == (StudentNumberKind.J, None, True)


def test_a_temporary_number_tells_its_birth_date_but_its_digits_are_no_sure_identity() -> None:
    found = parse_student_number(f"L{IDENTITY}")
    assert found is not None
    assert found.identity is not None
    assert (found.kind, found.identity.birth_date) == (StudentNumberKind.TEMPORARY, date(2014, 5, 6))
    assert student_id_number(f"L{IDENTITY}") is None


def test_a_bare_identity_number_is_understood_but_not_well_formed() -> None:
    found = parse_student_number(IDENTITY)
    assert found is not None
    assert (found.kind, found.identity, found.well_formed) == (None, classify(IDENTITY), False)
    assert student_id_number(IDENTITY) == IDENTITY


def test_a_wrong_check_digit_is_well_formed_but_gives_no_identity_number() -> None:
    found = parse_student_number(f"G{WRONG_CHECK}")
    assert found is not None
    assert found.identity is not None
    assert (found.well_formed, found.identity.state) == (True, IdState.BAD_CHECK)
    assert student_id_number(f"G{WRONG_CHECK}") is None


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (f"G{IDENTITY[:-1]}", StudentNumberKind.FORMAL),
        (f"G{IDENTITY}1", StudentNumberKind.FORMAL),
        ("G99000020141306123X", StudentNumberKind.FORMAL),
        ("G123", StudentNumberKind.FORMAL),
        ("J2014", StudentNumberKind.J),
        ("2014050612", None),
        ("5.22626E+17", None),
    ],
)
def test_a_number_of_another_form_is_kept_but_not_well_formed(written: str, kind: StudentNumberKind | None) -> None:
    found = parse_student_number(written)
    assert found is not None
    assert (found.number, found.kind, found.well_formed) == (written, kind, False)
    assert student_id_number(written) is None


@pytest.mark.parametrize("written", ["", " ", "无", "暂无", "待办理", "/", "-", "0", "0000", "G"])
def test_an_empty_cell_or_a_word_for_none_is_no_student_number(written: str) -> None:
    assert parse_student_number(written) is None
    assert student_id_number(written) is None


@given(st.text(max_size=24))
def test_taking_a_student_number_apart_again_changes_nothing(text: str) -> None:
    found = parse_student_number(f"1{text}")
    assert found is not None
    assert parse_student_number(found.number) == found


@given(st.from_regex(r"[GJL]?[0-9]{17}[0-9X]", fullmatch=True))
def test_an_identity_number_comes_out_only_if_it_is_valid(written: str) -> None:
    identity = student_id_number(written)
    expected = classify(written[-18:])
    assert identity is None or (expected is not None and expected.state is IdState.VALID)
