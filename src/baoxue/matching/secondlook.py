"""A second look before a family is alarmed: who seems to be at no school may stand there in a way that no pair of rows shows.

Linking compares rows two by two, each once: a row it has given to another child, or a pair in which name, birthday and
guardian all differ a little, it does not look at again. Here only the few children whom no roll shows are looked for, by
coarser signs. What is found changes no link: it is a question for a person, in place of an alarm.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

_COLUMNS = """p.row, p.simple, p.sound, p.surname_sound, p.sex, p.any_birth, p.birth, p.birth_month // 100 as birth_year,
    p.number, p.number_valid, p.guardian_sound, p.head_sound, p.phone, p.household_number, p.village, p.school, p.grade,
    p.class_key"""

# The registers of persons, as a clerk is sent to them.
_PLACES = {"household": "户籍", "student": "学籍", "roll": "花名册", "elsewhere": "县外学籍"}

# One row = one row of the four registers of persons, with its child (`part`) and what else that child has.
_SAID = " union all ".join(
    f"""select '{register}' as register, m.child as part, {_COLUMNS},
    c.household_row is not null as has_household, c.student_row is not null as has_record,
    coalesce(c.student_row, c.roll_row, c.elsewhere_row) is not null as schooled
    from people_{register} p join members m on m.register = '{register}' and m.row = p.row
    left join child_rows c on c.part = m.child"""
    for register in _PLACES
)

# One row = one row of a child who is on no roll here and has no record elsewhere.
_MISSED = """
select s.*, c.child from said s join child_rows c using (part)
where c.roll_row is null and c.elsewhere_row is null and s.register in ('household', 'student')
"""

_TWO_NUMBERS = "coalesce(a.number_valid and b.number_valid and a.number <> b.number, false)"
_ONE_BIRTHDAY = "(a.birth in (b.birth, b.any_birth) or a.any_birth in (b.birth, b.any_birth))"
_NEAR_IN_AGE = "abs(a.birth_year - b.birth_year) <= 1"
_ONE_FAMILY = (
    "(coalesce(a.guardian_sound in (b.guardian_sound, b.head_sound), false) "
    "or coalesce(a.head_sound in (b.guardian_sound, b.head_sound), false) or coalesce(a.phone = b.phone, false))"
)
_ONE_PLACE = "(coalesce(a.village = b.village, false) or coalesce(a.school = b.school, false))"
_ONE_CHARACTER = "list_has_any(string_split(substr(a.simple, 2), ''), string_split(substr(b.simple, 2), ''))"
_SURNAME = "a.surname_sound = b.surname_sound and a.sex = b.sex"
# A second entry of one household is a twin's; a child entered twice stands in two.
_ENTERED_TWICE = (
    "a.register = 'household' and b.register = 'household' and b.schooled and not a.number_valid "
    f"and a.household_number is distinct from b.household_number and {_ONE_FAMILY}"
)


@dataclass(frozen=True, slots=True)
class Look:
    """One sign by which row `b` of another child may be the missed child of row `a`, or explain it.

    `key`: what both must have in common; `condition`: what must hold besides. `confidence`: the share of such children who
    did attend, in 30 synthetic counties of 20,000 children that no benchmark uses.
    """

    key: str
    condition: str
    words: str
    confidence: float
    rows: str = "missed a join said b"


LOOKS = (
    # Outside the county many a child has a namesake born on the same day: there the family has to fit too.
    Look(
        "a.simple = b.simple",
        f"b.register <> 'household' and {_ONE_BIRTHDAY} "
        f"and (b.register <> 'elsewhere' and not {_TWO_NUMBERS} or {_ONE_FAMILY} or {_ONE_PLACE})",
        "姓名、出生日期一致",
        0.9,
    ),
    # A pupil who attends under the papers of an elder brother or sister.
    Look(
        "b.part = other.part",
        "a.register = 'student' and b.register = 'roll' and a.school = b.school and a.grade = b.grade "
        "and not exists (from said s where s.part = b.part and s.register = 'student' and s.school = b.school)",
        "同户的孩子在同校同年级就读而在该校没有学籍，可能借用了这份学籍",
        0.95,
        """missed a join said own on own.part = a.part and own.register = 'household'
        join said other on other.household_number = own.household_number join said b""",
    ),
    Look("a.sound = b.sound", f"{_ENTERED_TWICE} and {_NEAR_IN_AGE}", "姓名、家庭一致，可能重复登记", 0.85),
    Look(
        "a.any_birth = b.any_birth",
        f"{_ENTERED_TWICE} and {_SURNAME}",
        "出生日期、家庭一致，可能改名后重复登记",
        0.85,
    ),
    Look(
        _SURNAME,
        f"a.register = 'household' and b.register in ('student', 'roll') and not b.has_household "
        f"and not {_TWO_NUMBERS} and {_ONE_CHARACTER} "
        f"and ({_ONE_BIRTHDAY} or a.village = b.village and {_NEAR_IN_AGE})",
        "查不到户籍的学生，姓名相近，出生日期一致或同村",
        0.75,
    ),
    Look(
        "a.school = b.school and a.grade = b.grade and a.sex = b.sex",
        "a.register = 'student' and b.register = 'roll' and not b.has_record "
        f"and coalesce(a.class_key = b.class_key, true) and {_ONE_CHARACTER}",
        "查不到学籍的学生，同校同班，姓名相近",
        0.9,
    ),
)


def look_again(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `doubts` (child, words, confidence) from `child_rows`, `members` and the people of the registers."""
    connection.execute(f"create or replace temp table said as {_SAID}")
    connection.execute(f"create or replace temp table missed as {_MISSED}")
    found = " union all ".join(
        f"select a.child, b.register, b.row, '{look.words}' as words, {look.confidence} as confidence "
        f"from {look.rows} on {look.key} where a.part <> b.part and {look.condition}"
        for look in LOOKS
    )
    place = " ".join(f"when '{register}' then '{words}'" for register, words in _PLACES.items())
    connection.execute(
        f"""create or replace table doubts as
        select child, case register {place} end || '第 ' || row || ' 行：' || words as words, confidence from ({found})"""
    )
