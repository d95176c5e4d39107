"""One child on two lines of one register, and two children who only look like one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baoxue.matching.duplicates import extra_rows, find_duplicates
from baoxue.policy.registers import Register

from .conftest import engines_over
from .registers import number, rows_of, text_table

Check = Callable[[str, Register], None]
GIRL, TWIN = number("2014-05-06", 122), number("2014-05-06", 124)


def _said(text: str) -> tuple[list[dict[str, str]], list[str]]:
    header, body = text_table(text)
    return [dict(zip(header[:-1], line[:-1], strict=True)) for line in body], [line[-1] for line in body]


@pytest.fixture
def one_child_on_every_engine() -> Check:
    """Lines of one register with the same letter in the last column are one child; every engine must say so."""

    def check(text: str, register: Register) -> None:
        said, letters = _said(text)
        found = {}
        for name, engine in engines_over({register: rows_of(said)}).by_name.items():
            child_of = {row: row for row in range(1, len(said) + 1)}
            child_of |= {duplicate.row: duplicate.primary_row for duplicate in find_duplicates(engine, register)}
            found[name] = [letters[child - 1] for child in child_of.values()], len(set(child_of.values()))
        assert found == dict.fromkeys(found, (letters, len(set(letters))))

    return check


@pytest.mark.parametrize("register", [Register.HOUSEHOLD, Register.STUDENT, Register.ROLL, Register.ELSEWHERE])
def test_one_number_is_one_child(register: Register, one_child_on_every_engine: Check) -> None:
    one_child_on_every_engine(
        f"""
        name   | birth_date | id_number | child
        王小芳 | 2014-05-06 | {GIRL}    | a
        王小芳 | 2014-05-06 | {GIRL}    | a
        王晓芳 | 2014-05-06 | {GIRL}    | a
        李小芳 | 2014-05-06 | {GIRL}    | a
        王大龙 | 2012-11-30 | {GIRL}    | b
        王小芳 | 2014-05-06 | {TWIN}    | c
        """,
        register,
    )


@pytest.mark.parametrize("register", [Register.HOUSEHOLD, Register.STUDENT, Register.ELSEWHERE])
def test_one_name_birthday_and_family_is_one_child_and_another_family_is_another(
    register: Register, one_child_on_every_engine: Check
) -> None:
    one_child_on_every_engine(
        f"""
        name   | birth_date | id_number | guardian_name | phone       | child
        王小芳 | 2014-05-06 |           | 王建国        |             | a
        王小芳 | 2014-05-06 | {GIRL}    | 王建郭        |             | a
        王小芳 | 2014-05-06 |           | 赵大勇        | 13800000001 | b
        王晓芳 | 2014-05-06 |           | 赵小勇        | 13800000001 | b
        王小芳 | 2014-05-06 |           |               |             | c
        张小芳 | 2014-05-06 |           | 王建国        |             | d
        """,
        register,
    )


def test_twins_of_one_family_are_two(one_child_on_every_engine: Check) -> None:
    one_child_on_every_engine(
        f"""
        name   | birth_date | id_number | guardian_name | phone       | household_number | child
        王小芳 | 2014-05-06 | {GIRL}    | 王建国        | 13800000001 | 7                | a
        王小丽 | 2014-05-06 | {TWIN}    | 王建国        | 13800000001 | 7                | b
        王小慧 | 2014-05-06 |           | 王建国        | 13800000001 | 7                | c
        """,
        Register.HOUSEHOLD,
    )


def test_a_birthday_mistyped_is_the_same_child_of_the_family_at_one_school_only(
    one_child_on_every_engine: Check,
) -> None:
    one_child_on_every_engine(
        """
        name   | birth_date | guardian_name | school_code | phone       | child
        王小芳 | 2014-05-06 | 王建国        | 3199000001  |             | a
        王小芳 | 2015-05-06 | 王建国        | 3199000001  |             | a
        王小芳 | 2014-05-16 | 王建国        | 3199000002  |             | d
        王小龙 | 2014-05-06 | 王建国        | 3199000001  | 13800000001 | b
        王小龙 | 2014-06-05 | 王建国        | 3199000002  | 13800000001 | b
        王小龙 | 2017-05-06 | 王建国        | 3199000001  | 13800000001 | c
        """,
        Register.STUDENT,
    )


def test_a_roll_may_have_two_children_of_one_name_and_birthday_at_two_schools(one_child_on_every_engine: Check) -> None:
    one_child_on_every_engine(
        """
        name   | birth_date | school_code | grade | child
        王小芳 | 2014-05-06 | 3199000001  | 5     | a
        王小芳 | 2014-05-06 | 3199000001  | 5     | a
        王小芳 | 2014-05-06 | 3199000001  | 4     | b
        王小芳 | 2014-05-06 | 3199000002  | 5     | c
        """,
        Register.ROLL,
    )


@pytest.mark.parametrize("register", [Register.POVERTY, Register.SPECIAL])
def test_lines_of_a_list_are_linked_one_by_one(register: Register, one_child_on_every_engine: Check) -> None:
    one_child_on_every_engine(
        f"""
        name   | birth_date | id_number | child
        王小芳 | 2014-05-06 | {GIRL}    | a
        王小芳 | 2014-05-06 | {GIRL}    | b
        """,
        register,
    )


@pytest.mark.parametrize(
    ("register", "column", "speaks", "silent"),
    [
        (Register.HOUSEHOLD, "household_status", "normal", "moved_out"),
        (Register.HOUSEHOLD, "household_status", "normal", "deceased"),
        (Register.HOUSEHOLD, "household_status", "deceased", "moved_out"),
        (Register.HOUSEHOLD, "household_status", "normal", "unclear"),
        (Register.HOUSEHOLD, "household_status", "unclear", "deceased"),
        (Register.STUDENT, "student_status", "enrolled", "study_leave"),
        (Register.STUDENT, "student_status", "study_leave", "transferred_out"),
        (Register.STUDENT, "student_status", "enrolled", "graduated"),
        (Register.ELSEWHERE, "student_status", "enrolled", "transferred_out"),
        (Register.ROLL, "attendance", "present", "absent"),
        (Register.ROLL, "attendance", "excused", "no_show"),
    ],
)
def test_the_record_in_force_speaks_for_the_child(register: Register, column: str, speaks: str, silent: str) -> None:
    child = {"name": "王小芳", "birth_date": "2014-05-06", "id_number": GIRL}
    engine = engines_over({register: rows_of([{**child, column: silent}, {**child, column: speaks}])}).by_name["duckdb"]
    duplicates = find_duplicates(engine, register)
    assert [(duplicate.row, duplicate.primary_row) for duplicate in duplicates] == [(1, 2)]
    assert extra_rows(duplicates).tolist() == [1]
