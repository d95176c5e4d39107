"""Who is looked for once more before a family is alarmed, and by which sign; what is linked already is given."""

from __future__ import annotations

import pytest

from baoxue.matching.children import make_children
from baoxue.matching.compared import Compared, keep
from baoxue.matching.linking import Link
from baoxue.matching.secondlook import look_again
from baoxue.policy.findings import Decision
from baoxue.policy.registers import Register

from .registers import AS_OF, Registers, connected, number, rows_of, text_table


def said(**tables: str) -> Registers:
    """Registers by name, each a table in text."""
    registers = {}
    for name, text in tables.items():
        header, lines = text_table(text)
        registers[Register(name)] = rows_of([dict(zip(header, line, strict=True)) for line in lines])
    return registers


def doubts(registers: Registers, *links: tuple[str, int, str, int]) -> list[str]:
    """Where to look for the child of the first line of the first register: `学籍第 1 行`.

    `links`: pairs of rows that are one child, as (register, row, register, row).
    """
    connection = connected(registers)
    sure = [
        Link(Register(left), one, Register(right), other, Decision.AUTO, 0.9999, "exact_id", "")
        for left, one, right, other in links
    ]
    keep(connection, Compared(links=sure))
    make_children(connection, sure, [], as_of=AS_OF, age_from=6, age_to=14)
    look_again(connection)
    found = connection.execute(
        f"""select distinct split_part(words, '：', 1)
        from doubts join child_rows using (child) where {next(iter(registers)).value}_row = 1 order by all"""
    ).fetchall()
    return [place for (place,) in found]


OWN, OTHER = number("2014-05-06", 11), number("2014-05-06", 342, region="990001")


@pytest.mark.parametrize(
    ("pupil", "expected"),
    [("李明轩 | 2014-05-06", ["花名册第 1 行"]), ("李明轩 | 2015-05-06", []), ("李明宣 | 2014-05-06", [])],
    ids=["namesake of the day", "of another year", "of another name"],
)
def test_who_has_the_name_and_birthday_of_a_pupil_is_not_surely_missing(pupil: str, expected: list[str]) -> None:
    """The pupil's place was given to another record: by mistake, maybe."""
    registers = said(
        household="""
            name   | birth_date
            李明轩 | 2014-05-06""",
        student="""
            name   | birth_date
            赵小凤 | 2014-05-06""",
        roll=f"""
            name   | birth_date
            {pupil}""",
    )
    assert doubts(registers, ("student", 1, "roll", 1)) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [("双河镇杉木村三组", ["学籍第 1 行"]), ("青山乡石桥村二组", [])],
    ids=["of the village", "of elsewhere"],
)
def test_a_namesake_of_another_sound_number_is_another_child_unless_of_the_place(
    place: str, expected: list[str]
) -> None:
    """The number may be a brother's or a guardian's, typed into the wrong line."""
    registers = said(
        household=f"""
            name   | birth_date | id_number | guardian_name | address
            李明轩 | 2014-05-06 | {OWN}     | 李建国        | 双河镇杉木村一组""",
        student=f"""
            name   | birth_date | id_number | guardian_name | address
            李明轩 | 2014-05-06 | {OTHER}   | 王大勇        | {place}""",
    )
    assert doubts(registers) == expected


@pytest.mark.parametrize(
    ("guardian", "expected"), [("李建国", ["县外学籍第 1 行"]), ("王大勇", [])], ids=["of the family", "of another"]
)
def test_outside_the_county_a_namesake_of_the_day_must_be_of_the_family(guardian: str, expected: list[str]) -> None:
    registers = said(
        household="""
            name   | birth_date | guardian_name
            李明轩 | 2014-05-06 | 李建国""",
        elsewhere=f"""
            name   | birth_date | guardian_name
            李明轩 | 2014-05-06 | {guardian}""",
    )
    assert doubts(registers) == expected


ELDER, YOUNGER = number("2010-02-08", 519), number("2013-10-14", 538)


@pytest.mark.parametrize(
    ("grade", "household", "expected"),
    [("6", "H1", ["花名册第 1 行"]), ("2", "H1", []), ("6", "H2", [])],
    ids=["a brother's papers", "another grade", "another household"],
)
def test_a_pupil_may_attend_under_the_papers_of_an_elder_brother(
    grade: str, household: str, expected: list[str]
) -> None:
    """The brother's record has nobody in class, and a child of his household sits there without a record."""
    registers = said(
        household=f"""
            name   | birth_date | id_number | household_number | sex
            李子阳 | 2010-02-08 | {ELDER}   | H1               | M
            李思   | 2013-10-14 | {YOUNGER} | {household}      | F""",
        student=f"""
            name   | birth_date | id_number | school_code | grade | sex
            李子阳 | 2010-02-08 | {ELDER}   | 3199000001  | 6     | M""",
        roll=f"""
            name   | birth_date | id_number | school_code | grade   | sex
            李思   | 2013-10-14 | {YOUNGER} | 3199000001  | {grade} | F""",
    )
    assert doubts(registers, ("household", 1, "student", 1), ("household", 2, "roll", 1)) == expected


@pytest.mark.parametrize(
    ("name", "birth", "home", "guardian", "expected"),
    [
        ("刘楠", "2014-03-28", "H2", "刘明平", ["户籍第 2 行"]),
        ("刘子轩", "2014-05-06", "H2", "刘明平", ["户籍第 2 行"]),
        ("刘子轩", "2014-05-06", "H1", "刘明平", []),
        ("刘楠", "2014-03-28", "H2", "刘大勇", []),
        ("刘楠", "2017-03-28", "H2", "刘明平", []),
    ],
    ids=["another date", "another name", "a twin", "another family", "a younger namesake"],
)
def test_a_child_entered_twice_is_in_school_by_its_other_entry(
    name: str, birth: str, home: str, guardian: str, expected: list[str]
) -> None:
    registers = said(
        household=f"""
            name   | birth_date | id_number | household_number | guardian_name | address          | sex
            {name} | {birth}    |           | {home}           | {guardian}    | 青山乡石桥村二组 | M
            刘楠   | 2014-05-06 | {OWN}     | H1               | 刘明平        | 双河镇杉木村一组 | M""",
        student=f"""
            name   | birth_date | id_number
            刘楠   | 2014-05-06 | {OWN}""",
    )
    assert doubts(registers, ("household", 2, "student", 1)) == expected


@pytest.mark.parametrize(
    ("name", "birth", "place", "expected"),
    [
        ("费启轩", "2014-08-20", "双河镇杉木村三组", ["学籍第 1 行"]),
        ("费启轩", "2014-05-06", "青山乡石桥村二组", ["学籍第 1 行"]),
        ("费启轩", "2014-08-20", "青山乡石桥村二组", []),
        ("费启明", "2014-08-20", "双河镇杉木村三组", []),
        ("王启轩", "2014-08-20", "双河镇杉木村三组", []),
    ],
    ids=["of the village", "of the birthday", "neither", "another name", "another surname"],
)
def test_a_pupil_without_a_household_may_be_the_child_without_a_record(
    name: str, birth: str, place: str, expected: list[str]
) -> None:
    registers = said(
        household="""
            name   | birth_date | guardian_name | address          | sex
            费阿轩 | 2014-05-06 | 费春明        | 双河镇杉木村一组 | M""",
        student=f"""
            name   | birth_date | guardian_name | address | sex
            {name} | {birth}    | 梁春萍        | {place} | M""",
    )
    assert doubts(registers) == expected


@pytest.mark.parametrize(
    ("name", "school_class", "expected"),
    [("你宇轩", "六(2)班", ["花名册第 1 行"]), ("你宇轩", "六(3)班", []), ("你小明", "六(2)班", [])],
    ids=["of the class", "of another class", "of another name"],
)
def test_a_pupil_without_a_record_may_be_the_one_whom_the_class_misses(
    name: str, school_class: str, expected: list[str]
) -> None:
    registers = said(
        student="""
            name   | birth_date | school_code | grade | class_name | sex
            李轩轩 | 2012-11-30 | 3199000001  | 6     | 2班        | M""",
        roll=f"""
            name   | school_code | grade | class_name     | sex
            {name} | 3199000001  | 6     | {school_class} | M""",
    )
    assert doubts(registers) == expected


def test_a_child_in_class_is_not_looked_for() -> None:
    """Though another record has its name and birthday."""
    child = "name | birth_date\n李明轩 | 2014-05-06"
    registers = said(household=child, student=f"{child}\n李明轩 | 2014-05-06", roll=child)
    assert doubts(registers, ("household", 1, "student", 1), ("student", 1, "roll", 1)) == []
