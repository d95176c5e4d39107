"""How two values relate: a table for every question, asked of every engine and of the judge."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baoxue.matching.rules import (
    ADDRESS,
    BIRTH,
    DOUBTFUL_NUMBER,
    GRADE,
    GUARDIAN,
    HOUSEHOLD_POVERTY,
    NAME,
    NUMBER,
    OTHER_PHONE,
    PHONE,
    SCHOOL,
    SEX,
    STUDENT_NUMBER,
    STUDENT_ROLL,
    Comparison,
)

from .registers import number

Check = Callable[..., None]


def test_names_by_writing_then_by_sound_then_by_shape(levels_on_every_engine: Check) -> None:
    levels_on_every_engine(
        """
        name             | name             | level
        王芳             | 王芳             | equal
        張偉             | 张伟             | variant
        李明             | 李鸣             | homophone
        陈晨             | 陈辰             | homophone
        王防             | 王妨             | homophone
        张炜             | 张伟             | homophone
        赵小凤           | 赵小风           | homophone
        李朋             | 李明             | lookalike
        赵晴             | 赵倩             | lookalike
        林岚             | 宁岚             | near_sound
        赵珊             | 赵三             | near_sound
        程英             | 陈英             | near_sound
        欧阳天佑         | 欧阳佑天         | swapped
        王小芳           | 小王芳           | swapped
        王芳             | 王芳芳           | part
        欧阳天           | 欧阳天佑         | part
        阿依努尔         | 阿依努尔·买买提 | part
        王小芳           | 王小龙           | one_off
        阿依努尔·买买提 | 阿依努尔·买买江 | one_off
        阿依努尔·买合提 | 阿依努尔·买台提 | one_off
        阿依努尔·买晴提 | 阿依努尔·买倩提 | lookalike
        阿依努尔·晴     | 阿依努尔·倩     | lookalike
        王晓丽           | 李小丽           | given
        王芳             | 李芳             | given
        王芳             | 王龙             | surname
        王小芳           | 王大龙           | surname
        王芳             | 李龙             | differ
        石               | 石芳             | surname
        """,
        NAME,
    )  # fmt: skip


def test_birthdays_by_their_usual_errors(levels_on_every_engine: Check) -> None:
    levels_on_every_engine(
        """
        name | birth_date | birth_month | name | birth_date | birth_month | level
        王芳 | 2014-05-06 |             | 王芳 | 2014-05-06 |             | equal
        王芳 | 2014-05-06 |             | 王芳 | 2014-06-05 |             | swapped
        王芳 | 2014-05-06 |             | 王芳 | 2014-04-08 |             | lunar
        王芳 | 2014-04-08 |             | 王芳 | 2014-05-06 |             | lunar
        王芳 | 2014-01-31 |             | 王芳 | 2014-01-01 |             | lunar
        王芳 | 2014-05-06 |             | 王芳 | 2014-05-07 |             | next_day
        王芳 | 2013-12-31 |             | 王芳 | 2014-01-01 |             | next_day
        王芳 | 2014-05-06 |             | 王芳 | 2014-05-20 |             | day
        王芳 | 2014-05-06 |             | 王芳 |            | 201405      | month_only
        王芳 |            | 201405      | 王芳 |            | 201405      | month_only
        王芳 |            | 201405      | 王芳 |            | 201406      | differ
        王芳 | 2014-05-06 |             | 王芳 | 2015-05-06 |             | year
        王芳 | 2014-05-06 |             | 王芳 | 2014-09-06 |             | month
        王芳 | 2014-05-06 |             | 王芳 | 2011-05-06 |             | month_day
        王芳 | 2014-05-06 |             | 王芳 | 2011-09-21 |             | differ
        王芳 | 2014-05-06 |             | 王芳 |            |             | missing
        王芳 |            |             | 王芳 |            |             | missing
        """,
        BIRTH,
    )


def test_a_birthday_may_stand_in_the_number_of_the_other_side(levels_on_every_engine: Check) -> None:
    """It speaks for a pair; that two numbers differ is told by the numbers."""
    own, other = number("2014-05-06"), number("2013-12-31")
    levels_on_every_engine(
        f"""
        name | birth_date | id_number | name | birth_date | id_number | level
        王芳 | 2014-05-06 |           | 王芳 |            | {own}     | equal
        王芳 |            | {own}     | 王芳 | 2014-05-06 |           | equal
        王芳 | 2014-06-05 |           | 王芳 |            | {own}     | missing
        王芳 | 2014-05-06 |           | 王芳 |            | {other}   | missing
        王芳 | 2014-05-06 | {other}   | 王芳 | 2013-12-31 |           | equal
        王芳 | 2014-05-06 | {own}     | 王芳 | 2014-05-20 | {own}     | day
        王芳 |            | {own}     | 王芳 |            | {own}     | missing
        王芳 |            | {own}     | 王芳 |            | {number("2014-05-06", 12)} | missing
        """,
        BIRTH,
    )


def test_two_sound_numbers_are_one_or_two(levels_on_every_engine: Check) -> None:
    own = number("2014-05-06", 11)
    levels_on_every_engine(
        f"""
        name | id_number | name | id_number                  | level
        王芳 | {own}     | 王芳 | {own}                      | equal
        王芳 | {own}     | 王芳 | {number("2014-05-06", 12)} | differ
        王芳 | {own}     | 王芳 | {own[:15]}000              | missing
        王芳 | {own}     | 王芳 |                            | missing
        王芳 | {own}     | 王芳 | E12345678                  | missing
        """,
        NUMBER,
    )


def test_a_doubtful_number_is_asked_for_what_is_left_of_it(levels_on_every_engine: Check) -> None:
    """Cut by a spreadsheet, a digit wrong, two exchanged, the place wrong, or another number altogether."""
    own = number("2014-05-06", 127)
    wrong = own[:16] + str((int(own[16]) + 1) % 10) + own[17]
    exchanged = own[:14] + own[15] + own[14] + own[16:]
    two_wrong = own[:8] + "89" + own[10:]
    twin = number("2014-05-06", 231)
    levels_on_every_engine(
        f"""
        name | id_number | name | id_number                    | level
        王芳 | {own}     | 王芳 | {own[:15]}000                | cut
        王芳 | {own}     | 王芳 | {own[:15]}                   | cut
        王芳 | {own}     | 王芳 | {twin[:15]}000               | wrong
        王芳 | {own}     | 王芳 | {wrong}                      | near
        王芳 | {wrong}   | 王芳 | {wrong}                      | near
        王芳 | {own}     | 王芳 | {exchanged}                  | near
        王芳 | {own}     | 王芳 | {own[:17]}                   | near
        王芳 | {own}     | 王芳 | {two_wrong}                  | tail
        王芳 | {own}     | 王芳 | 991122{own[6:]}              | region
        王芳 | {own}     | 王芳 | 9900002011111{own[13:]}      | tail
        王芳 | {wrong}   | 王芳 | {own[:6]}19{own[8:16]}{own[16]}{own[17]} | wrong
        王芳 | {wrong}   | 王芳 | {twin}                       | wrong
        王芳 | {own}     | 王芳 | {twin}                       | missing
        """,
        DOUBTFUL_NUMBER,
    )  # fmt: skip


def test_a_grown_ups_number_is_not_the_childs(levels_on_every_engine: Check) -> None:
    """A guardian's number in the child's column says nothing of the child."""
    guardian = number("1988-03-04", 21)
    levels_on_every_engine(
        f"""
        name | birth_date | id_number  | name | birth_date | id_number  | level
        王芳 | 2014-05-06 | {guardian} | 王芳 | 2014-05-06 | {guardian} | missing
        王芳 | 2014-05-06 | {guardian} | 李明 | 2011-09-21 | {guardian} | missing
        """,
        NUMBER,
    )


def test_guardians_by_any_grown_up_named(levels_on_every_engine: Check) -> None:
    levels_on_every_engine(
        """
        name | guardian_name | head_name | name | guardian_name | level
        王芳 | 王建国        |           | 王芳 | 王建国        | equal
        王芳 | 李秀英        | 王建国    | 王芳 | 王建国        | equal
        王芳 |               | 王建国    | 王芳 | 王建国        | equal
        王芳 | 王建国        |           | 王芳 | 王建郭        | homophone
        王芳 | 李秀英        | 王建国    | 王芳 | 王建郭        | homophone
        王芳 | 王建国        |           | 王芳 | 王建军        | one_off
        王芳 | 王建国        |           | 王芳 | 王国建        | surname
        王芳 | 王建国        |           | 王芳 | 李秀英        | differ
        王芳 | 王建国        |           | 王芳 |               | missing
        王芳 |               |           | 王芳 | 王建国        | missing
        """,
        GUARDIAN,
    )


def test_heads_of_two_lists_are_grown_ups_too(levels_on_every_engine: Check) -> None:
    levels_on_every_engine(
        """
        name | guardian_name | head_name | name | head_name | level
        王芳 | 李秀英        | 王建国    | 王芳 | 王建国    | equal
        王芳 | 李秀英        | 王建国    | 王芳 | 王建郭    | homophone
        王芳 | 李秀英        | 王建国    | 王芳 | 黄强      | differ
        """,
        GUARDIAN,
        HOUSEHOLD_POVERTY,
    )


@pytest.mark.parametrize(("comparison", "guardian"), [(PHONE, "王建国"), (OTHER_PHONE, "李秀英")], ids=["one", "other"])
def test_telephones_of_one_guardian_and_of_two_are_asked_apart(
    comparison: Comparison, guardian: str, levels_on_every_engine: Check
) -> None:
    levels_on_every_engine(
        f"""
        name | guardian_name | phone       | name | guardian_name | phone           | level
        王芳 | 王建国        | 13800000000 | 王芳 | {guardian}    | 13800000000     | equal
        王芳 | 王建国        | 13800000000 | 王芳 | {guardian}    | 008613800000000 | equal
        王芳 | 王建国        | 13800000000 | 王芳 | {guardian}    | 13800000001     | near
        王芳 | 王建国        | 13812000000 | 王芳 | {guardian}    | 13821000000     | near
        王芳 | 王建国        | 13800000000 | 王芳 | {guardian}    | 13912345678     | differ
        王芳 | 王建国        | 13800000000 | 王芳 | {guardian}    |                 | missing
        """,
        comparison,
    )


def test_addresses_without_their_county(levels_on_every_engine: Check) -> None:
    levels_on_every_engine(
        """
        name | address                         | name | address                               | level
        王芳 | 双河镇杉木村三组12号            | 王芳 | 某省某州某县双河镇杉木村三组12号      | equal
        王芳 | 双河镇杉木村第九村民组          | 王芳 | 双河镇杉木村9组                       | equal
        王芳 | 双河镇杉木村二十三组            | 王芳 | 双河镇杉木村23组                      | equal
        王芳 | 双河镇杉木村十组                | 王芳 | 双河镇杉木村10组                      | equal
        王芳 | 双河镇杉木村                    | 王芳 | 双河镇杉木村三组                      | within
        王芳 | 双河镇杉木村                    | 王芳 | 双河镇杉木村                          | within
        王芳 | 双河镇                          | 王芳 | 双河镇杉木村三组                      | town
        王芳 | 双河镇杉木村三组                | 王芳 | 双河镇杉木村四组                      | village
        王芳 | 双河镇杉木村三组                | 王芳 | 双河镇石桥村三组                      | town
        王芳 | 双河镇杉木村三组                | 王芳 | 青山乡石桥村一组                      | differ
        王芳 | 双河镇杉木村三组                | 王芳 |                                       | missing
        """,
        ADDRESS,
    )


def test_sex_by_the_column_or_by_the_number(levels_on_every_engine: Check) -> None:
    girl, boy = number("2014-05-06", 122), number("2014-05-06", 121)
    levels_on_every_engine(
        f"""
        name | sex | id_number | name | sex | id_number | level
        王芳 | F   |           | 王芳 | F   |           | equal
        王芳 | F   |           | 王芳 | M   |           | differ
        王芳 |     | {girl}    | 王芳 | F   |           | equal
        王芳 |     | {boy}     | 王芳 | F   |           | differ
        王芳 | M   | {girl}    | 王芳 | F   |           | differ
        王芳 |     |           | 王芳 | F   |           | missing
        """,
        SEX,
    )


def test_schools_by_code_or_by_the_name_of_a_code(levels_on_every_engine: Check) -> None:
    levels_on_every_engine(
        """
        name | school_code | school_name | name | school_code | school_name | level
        王芳 | 3199000001  | 双河小学    | 王芳 | 3199000001  | 双河小学    | equal
        王芳 | 3199000001  | 双河小学    | 王芳 |             | 双河小学    | equal
        王芳 | 3199000001  | 双河小学    | 王芳 | 3199000002  | 石桥小学    | differ
        王芳 |             | 山口小学    | 王芳 |             | 山口小学    | equal
        王芳 |             |             | 王芳 | 3199000001  |             | missing
        """,
        SCHOOL,
        STUDENT_ROLL,
    )


def test_a_schools_old_name_is_the_school_of_most_of_its_pupils(levels_on_every_engine: Check) -> None:
    """Five pupils of the old name are on record at one school; four of another are not enough."""
    old = "王{} | 3 | 3199000001 | 双河小学 | 王{} | 3 | | 双河希望小学 | equal"
    few = "李{} | 3 | 3199000002 | 石桥小学 | 李{} | 3 | | 石桥希望小学 | differ"
    header = "name | grade | school_code | school_name | name | grade | school_code | school_name | level"
    lines = [
        header,
        *(old.format(given, given) for given in "芳龙明伟强"),
        *(few.format(given, given) for given in "芳龙明伟"),
    ]
    levels_on_every_engine("\n".join(lines), SCHOOL, STUDENT_ROLL)


def test_a_class_is_one_however_it_is_written(levels_on_every_engine: Check) -> None:
    levels_on_every_engine(
        """
        name | grade | class_name | name | grade | class_name | level
        王芳 | 3     | 三(2)班    | 王芳 | 3     | 302        | class
        王芳 | 3     | 三(2)班    | 王芳 | 3     | 2班        | class
        王芳 | 3     | 02         | 王芳 | 3     | 三年级2班  | class
        王芳 | 3     | 三(2)班    | 王芳 | 3     | 三(3)班    | equal
        王芳 | 3     | 302        | 王芳 | 4     | 402        | near
        王芳 | 7     | 初一(12)班 | 王芳 | 7     | 712        | class
        王芳 | 5     | 十二班     | 王芳 | 5     | 512        | class
        王芳 | 5     | 十二班     | 王芳 | 5     | 2班        | equal
        王芳 | 5     | 五(十)班   | 王芳 | 5     | 10班       | class
        王芳 | 5     | 二十一班   | 王芳 | 5     | 五(21)班   | class
        王芳 | 7     | 2025级3班  | 王芳 | 7     | 七(3)班    | class
        王芳 | 3     | A班        | 王芳 | 3     | A班        | equal
        王芳 | 3     |            | 王芳 | 3     | 2班        | equal
        王芳 | 3     | 2班        | 王芳 | 5     | 2班        | differ
        王芳 |       | 2班        | 王芳 | 3     | 2班        | missing
        """,
        GRADE,
        STUDENT_ROLL,
    )


def test_student_numbers_that_are_no_identity_numbers(levels_on_every_engine: Check) -> None:
    levels_on_every_engine(
        f"""
        name | student_number              | name | student_number              | level
        王芳 | L99000020200001             | 王芳 | L99000020200001             | equal
        王芳 | L99000020200001             | 王芳 | L99000020200002             | near
        王芳 | L99000020200001             | 王芳 | L99000020200789             | differ
        王芳 | L99000020200001             | 王芳 |                             | missing
        王芳 | G{number("2014-05-06", 11)} | 王芳 | L99000020200001             | differ
        王芳 | G{number("2014-05-06", 11)} | 王芳 | G{number("2014-05-06", 11)} | missing
        """,
        STUDENT_NUMBER,
        STUDENT_ROLL,
    )
