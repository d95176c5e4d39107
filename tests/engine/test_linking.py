"""Who is linked: what a number ties, what the model finds without one, and who must not be taken for another."""

from __future__ import annotations

from collections.abc import Callable

from baoxue.matching.rules import STUDENT_ROLL

from .registers import number

Check = Callable[..., None]

GIRL, TWIN, BROTHER, MOTHER = (
    number("2014-05-06", 122), number("2014-05-06", 124), number("2012-11-30", 213), number("1988-03-04", 24)
)  # fmt: skip


HOME, WANG = "guardian_name | phone | address", "王建国 | 13800000000 | 双河镇杉木村三组12号"


def test_a_number_ties_a_name_however_it_is_written(on_every_engine: Check) -> None:
    on_every_engine(
        f"""
        name | birth_date | id_number                  | name | birth_date | id_number                  | link
        李明 | 2014-05-06 | {number("2014-05-06", 11)} | 李明 | 2014-05-06 | {number("2014-05-06", 11)} | auto
        張偉 | 2014-05-06 | {number("2014-05-06", 13)} | 张伟 | 2014-05-06 | {number("2014-05-06", 13)} | auto
        王防 | 2013-01-02 | {number("2013-01-02", 15)} | 王芳 | 2013-01-02 | {number("2013-01-02", 15)} | auto
        赵敏 | 2013-06-02 | {number("2013-06-02", 18)} | 赵敏 | 2013-02-06 | {number("2013-06-02", 18)} | auto
        """
    )


def test_a_number_cut_short_by_excel_does_not_make_two_children_one(on_every_engine: Check) -> None:
    on_every_engine(
        """
        name | birth_date | id_number          | name | birth_date | id_number          | link
        李明 | 2014-05-06 | 990000201405060000 | 王芳 | 2013-01-02 | 990000201405060000 | none
        """
    )


def test_numbers_of_one_child_cut_short_or_mistyped_are_still_the_childs(on_every_engine: Check) -> None:
    wrong = BROTHER[:15] + str((int(BROTHER[15]) + 3) % 10) + BROTHER[16:]
    on_every_engine(
        f"""
        name   | birth_date | guardian_name | id_number | name   | birth_date | guardian_name | id_number      | link
        李小明 | 2014-05-06 | 李建国        | {GIRL}    | 李小明 | 2014-05-06 | 李建国        | {GIRL[:15]}000 | auto
        王晓芳 | 2012-11-30 | 王建军        | {wrong}   | 王晓芳 | 2012-11-30 | 王建军        | {BROTHER}      | auto
        """
    )


def test_a_siblings_number_typed_into_the_wrong_line_links_neither_child_wrongly(on_every_engine: Check) -> None:
    """The school wrote the brother's number on the sister's line: each is found by name and birthday."""
    on_every_engine(
        f"""
        name   | birth_date | {HOME} | id_number | name   | birth_date | {HOME} | id_number | link
        王小芳 | 2014-05-06 | {WANG} | {GIRL}    | 王小芳 | 2014-05-06 | {WANG} | {BROTHER} | auto
        王大龙 | 2012-11-30 | {WANG} | {BROTHER} | 王大龙 | 2012-11-30 | {WANG} |           | auto
        """
    )


def test_a_number_on_two_lines_ties_only_the_child_it_belongs_to(on_every_engine: Check) -> None:
    on_every_engine(
        f"""
        name   | birth_date | id_number | name   | birth_date | id_number | link
        王小芳 | 2014-05-06 | {GIRL}    | 王小芳 | 2014-05-06 | {GIRL}    | auto
               |            |           | 赵大龙 | 2012-11-30 | {GIRL}    | none
        """
    )


def test_a_twins_record_is_not_taken_for_the_childs_without_a_person(on_every_engine: Check) -> None:
    """All is theirs in common but the given name and the last digits; one of them has no record."""
    on_every_engine(
        f"""
        name   | birth_date | {HOME} | id_number | name   | birth_date | {HOME} | id_number | link
        王小芳 | 2014-05-06 | {WANG} | {GIRL}    | 王小丽 | 2014-05-06 | {WANG} | {TWIN}    | review
        """
    )


def test_twins_find_each_their_own_record_without_a_number(on_every_engine: Check) -> None:
    on_every_engine(
        f"""
        name   | birth_date | {HOME} | name   | birth_date | {HOME} | link
        王小芳 | 2014-05-06 | {WANG} | 王小芳 | 2014-05-06 | {WANG} | auto
        王小丽 | 2014-05-06 | {WANG} | 王小丽 | 2014-05-06 | {WANG} | auto
        """
    )


def test_a_child_that_changed_its_name_and_kept_its_number_is_found(on_every_engine: Check) -> None:
    """One number, birthday and family, another name: the same child, by the model and not by the number alone."""
    on_every_engine(
        f"""
        name   | birth_date | {HOME} | id_number | name   | birth_date | {HOME} | id_number | link
        王小芳 | 2014-05-06 | {WANG} | {GIRL}    | 李雨桐 | 2014-05-06 | {WANG} | {GIRL}    | auto
        """
    )


def test_a_guardians_number_in_the_childs_column_ties_no_siblings(on_every_engine: Check) -> None:
    """The mother's number stands on the lines of both her children, and nowhere ties one to the other."""
    on_every_engine(
        f"""
        name   | birth_date | guardian_name | id_number | name   | birth_date | guardian_name | id_number | link
        王小芳 | 2014-05-06 | 李秀英        | {MOTHER}  | 王小芳 | 2014-05-06 | 李秀英        | {MOTHER}  | auto
        王大龙 | 2012-11-30 | 李秀英        | {MOTHER}  | 王大龙 | 2012-11-30 | 李秀英        | {MOTHER}  | auto
        """
    )


def test_namesakes_of_another_number_are_not_one_child(on_every_engine: Check) -> None:
    other = number("2014-05-06", 342, region="990001")
    on_every_engine(
        f"""
        name   | birth_date | guardian_name | id_number | name   | birth_date | guardian_name | id_number | link
        王子轩 | 2014-05-06 | 王建国        | {GIRL}    | 王子轩 | 2014-05-06 | 赵大勇        | {other}   | none
        """
    )


def test_a_child_without_any_number_is_found_by_name_birthday_and_family(on_every_engine: Check) -> None:
    family = "王建国 | 13800000000"
    on_every_engine(
        f"""
        name   | birth_date | guardian_name | phone | name   | birth_date | guardian_name | phone | link
        王晓芳 | 2014-05-06 | {family} | 王晓芳 | 2014-05-06 | {family} | auto
        李明轩 | 2014-05-06 | {family} | 李明宣 | 2014-05-06 | {family} | auto
        赵雨涵 | 2014-05-06 | {family} | 赵雨涵 | 2014-04-08 | {family} | auto
        钱思远 | 2014-05-06 | {family} | 钱思远 | 2014-06-05 | {family} | auto
        孙一诺 | 2014-05-06 | {family} | 孙一诺 | 2014-05-07 | {family} | auto
        周子墨 | 2014-05-06 | {family} | 周子墨 | 2015-05-06 | {family} | auto
        """
    )


def test_a_roll_without_numbers_is_linked_by_school_name_and_birthday(on_every_engine: Check) -> None:
    on_every_engine(
        """
        name | birth_date | school_code | grade | name | birth_date | school_code | grade | link
        王芳 | 2014-05-06 | 3199000001  | 5     | 王芳 | 2014-05-06 | 3199000001  | 5     | auto
        """,
        STUDENT_ROLL,
    )


def test_a_student_number_ties_across_schools(on_every_engine: Check) -> None:
    on_every_engine(
        """
        name | birth_date | school_code | student_number  | name | birth_date | school_code | student_number  | link
        李明 | 2014-05-06 | 3199000001  | L99000020200002 | 李明 | 2014-05-06 | 3199000002  | L99000020200002 | auto
        """,
        STUDENT_ROLL,
    )


def test_the_identity_number_in_a_student_number_ties_like_any_other(on_every_engine: Check) -> None:
    on_every_engine(
        f"""
        name | birth_date | student_number | name | birth_date | id_number | link
        王芳 | 2014-05-06 | G{GIRL}        | 王芳 | 2014-05-06 | {GIRL}    | auto
        """,
        STUDENT_ROLL,
    )
