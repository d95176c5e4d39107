"""The rules of the comparison as data: what makes two rows exactly the same child, which pairs are worth a look, and how
each pair is compared. An engine executes them; nothing here knows which.

Conditions are SQL over two people, `l` and `r` (columns of `people.py`), and mean the same when l and r are exchanged;
`alike` says that the first characters in which two names differ look alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from baoxue.policy.registers import Register

RULES_VERSION = "2026.1"


@dataclass(frozen=True, slots=True)
class ExactRule:
    """Two rows with equal `key` (a column of people; null never equal) are one child where `guard` holds.

    What stands twice on a side is left to the model. `method` goes to links.csv, `words` to the evidence.
    """

    method: str
    key: str
    guard: str
    words: str


@dataclass(frozen=True, slots=True)
class Block:
    """Pairs whose `left` and `right` expressions are equal are candidates; null never equal."""

    left: str
    right: str

    @staticmethod
    def same(*columns: str) -> Block:
        """Both sides by the same columns."""
        return Block(_tuple("l", columns), _tuple("r", columns))


def _tuple(side: str, columns: tuple[str, ...]) -> str:
    named = [f"{side}.{column}" for column in columns]
    return named[0] if len(named) == 1 else f"nullif(concat_ws('|', {', '.join(named)}), '')"


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """Two rows of one register with equal `key` (null never equal) are one child where `guard` holds."""

    key: str
    guard: str
    words: str


@dataclass(frozen=True, slots=True)
class Level:
    """One way two values can relate, tested in order: `condition` holds, and `slow`, a condition that takes long to test.

    `same`, `sibling`, `other` are the shares of this level among pairs of one child, of two children of one household,
    and of strangers, used where a county's own data cannot tell (measured on synthetic counties made with other seeds
    than those of the benchmarks). `words` goes to the evidence, empty where the level says nothing worth telling.
    """

    code: str
    condition: str
    same: float
    sibling: float
    other: float
    words: str = ""
    slow: str = "true"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question asked of a pair. `known`: both sides have a value; else the answer is `missing` and weighs nothing."""

    field: str
    known: str
    levels: tuple[Level, ...]
    frequency: str | None = None


@dataclass(frozen=True, slots=True)
class PairTask:
    """How two registers are linked. `many`: a child may have several rows on the right (a list of categories)."""

    left: Register
    right: Register
    exact: tuple[ExactRule, ...]
    blocks: tuple[Block, ...]
    comparisons: tuple[Comparison, ...]
    many: bool = False


# ---- comparisons ---------------------------------------------------------------------------------------------------


def _ends_meet(column: str, first: int, last: int, shortest: int) -> str:
    """Whether two strings have the `first` characters or the `last` ones in common, or one has fewer than `shortest`.

    It is so where one character is changed, lost or added, if `first` + `last` is no more than `shortest`, and where two
    are exchanged, if it is less.
    """
    begin, end = (
        f"{end}(l.{column}, {size}) = {end}(r.{column}, {size})" for end, size in (("left", first), ("right", last))
    )
    return f"({begin} or {end} or length(l.{column}) < {shortest} or length(r.{column}) < {shortest})"


NAME = Comparison(
    "name",
    "l.name is not null and r.name is not null",
    (
        Level("equal", "l.name = r.name", 0.80, 1e-5, 1e-4, "姓名一致"),
        Level("variant", "l.simple = r.simple", 0.01, 1e-6, 1e-5, "繁简异体"),
        Level("homophone", "l.sound = r.sound", 0.06, 1e-4, 1e-4, "同音异字"),
        Level(
            "lookalike", f"length(l.simple) = length(r.simple) and {_ends_meet('simple', 1, 1, 2)}",
            0.03, 0.002, 4e-4, "形近字", "levenshtein(l.simple, r.simple) = 1 and alike",
        ),
        Level("near_sound", "l.near_sound = r.near_sound", 0.01, 2e-4, 1e-4, "音近"),
        Level(
            "swapped",
            "length(l.simple) = length(r.simple) and contains(r.simple, left(l.simple, 1)) "
            "and contains(r.simple, right(l.simple, 1))",
            0.005, 2e-4, 2e-5, "字序颠倒",
            "damerau_levenshtein(l.simple, r.simple) = 1 and levenshtein(l.simple, r.simple) = 2",
        ),
        Level(
            "part",
            "least(length(l.simple), length(r.simple)) >= 2 and length(l.simple) <> length(r.simple) "
            f"and {_ends_meet('simple', 1, 1, 2)}",
            0.02, 0.01, 2e-3, "姓名多字或少字",
            "(levenshtein(l.simple, r.simple) = 1 or starts_with(l.simple, r.simple) or starts_with(r.simple, l.simple))",
        ),
        Level(
            "one_off",
            f"least(length(l.simple), length(r.simple)) >= 3 and {_ends_meet('simple', 1, 1, 2)}",
            0.03, 0.12, 8e-3, "姓名一字不同", "levenshtein(l.simple, r.simple) = 1",
        ),
        Level("given", "l.given_sound = r.given_sound", 0.01, 1e-3, 1e-3, "名同姓不同"),
        Level("surname", "l.surname_sound = r.surname_sound", 0.02, 0.80, 0.04, "姓同名不同"),
        Level("differ", "true", 0.005, 0.06, 0.94, "姓名不同"),
    ),
    frequency="sound",
)  # fmt: skip


def _on_birth(condition: str) -> str:
    """A condition on two birth dates `{a}`, `{b}`: the written ones, or one written and one out of the other's number.

    Not the dates of both numbers, and no number's date where the numbers are equal: that the numbers agree is counted apart.
    """
    written = condition.format(a="l.birth", b="r.birth")
    crossed = " or ".join(
        f"coalesce({condition.format(a=a, b=b)}, false)"
        for a, b in (("l.birth", "r.number_birth"), ("l.number_birth", "r.birth"))
    )
    return f"coalesce({written}, false) or (l.number is distinct from r.number and ({crossed}))"


BIRTH = Comparison(
    "birth",
    # A date out of a number speaks for a pair; against it, it would only say again that the numbers differ.
    "l.written_month is not null and r.written_month is not null or " + _on_birth("{a} = {b}"),
    (
        Level("equal", _on_birth("{a} = {b}"), 0.90, 0.02, 2.5e-4, "出生日期一致"),
        Level(
            "swapped",
            _on_birth("year({a}) = year({b}) and month({a}) = day({b}) and day({a}) = month({b})"),
            0.015, 2e-4, 2e-4, "月和日对调",
        ),
        Level(
            "lunar",
            "coalesce(l.birth_solar in (r.birth, r.number_birth), false) "
            "or coalesce(r.birth_solar in (l.birth, l.number_birth), false)",
            0.015, 3e-4, 3e-4, "一农历一公历",
        ),
        Level("next_day", _on_birth("abs(date_diff('day', {a}, {b})) = 1"), 0.01, 5e-4, 5e-4, "出生日期差一天"),
        Level(
            "month_only",
            "coalesce(l.written_month = r.written_month, false) and (l.birth is null or r.birth is null)",
            0.005, 6e-3, 8e-3, "出生年月一致",
        ),
        Level(
            "day",
            _on_birth("year({a}) = year({b}) and month({a}) = month({b})"),
            0.02, 6e-3, 8e-3, "出生月份一致，日不同",
        ),
        Level(
            "year",
            _on_birth("abs(year({a}) - year({b})) = 1 and month({a}) = month({b}) and day({a}) = day({b})"),
            0.012, 5e-4, 5e-4, "出生年差一年",
        ),
        Level("month", _on_birth("year({a}) = year({b}) and day({a}) = day({b})"), 0.012, 3e-3, 3e-3, "出生月不同"),
        Level("month_day", _on_birth("month({a}) = month({b}) and day({a}) = day({b})"), 0.004, 3e-3, 3e-3, "出生年不同，月日一致"),
        Level("differ", "true", 0.01, 0.97, 0.985, "出生日期不同"),
    ),
)  # fmt: skip

_NUMBERS = "l.number is not null and r.number is not null"
_BOTH_VALID = "l.number_valid and r.number_valid"

NUMBER = Comparison(
    "number",
    f"{_NUMBERS} and {_BOTH_VALID}",
    (
        Level("equal", "l.number = r.number", 0.60, 0.002, 1e-6, "证号一致"),
        Level("differ", "true", 0.40, 0.998, 1.0, "证号不同"),
    ),
)

# The birth part of a number repeats the birthday, which is compared by itself: what is left of a doubtful number are its
# region, sequence and check digit. The shares of strangers are those among strangers born on one day: with a three-digit
# sequence, one digit differs by chance in 0.4 % of them, two in 5 %, and the first digit of the sequence, which is all
# that a spreadsheet leaves of it, is the same in one of ten.
DOUBTFUL_NUMBER = Comparison(
    "doubtful_number",
    f"{_NUMBERS} and not ({_BOTH_VALID})",
    (
        Level("cut", "(l.number_cut or r.number_cut) and substr(l.number, 1, 15) = substr(r.number, 1, 15)",
              0.25, 0.02, 0.08, "证号前十五位一致，末位丢失"),
        Level("near", _ends_meet("number", 12, 2, 15), 0.45, 0.004, 0.004, "证号至多一位之差",
              "damerau_levenshtein(l.number, r.number) <= 1"),
        Level("region", "not (l.number_cut or r.number_cut) and length(l.number) = 18 and length(r.number) = 18 "
              "and substr(l.number, 7) = substr(r.number, 7)",
              0.03, 1e-4, 1e-4, "证号后十二位一致"),
        Level("tail", "not (l.number_cut or r.number_cut) and length(l.number) = 18 and length(r.number) = 18 "
              "and substr(l.number, 15) = substr(r.number, 15)",
              0.04, 3e-4, 3e-4, "证号末四位一致"),
        Level("two_off", "true", 0.08, 0.05, 0.05, "证号两位之差", "levenshtein(l.number, r.number) = 2"),
        Level("wrong", "true", 0.15, 0.92, 0.87, "证号不符"),
    ),
)  # fmt: skip

GUARDIAN = Comparison(
    "guardian",
    "coalesce(l.guardian, l.head) is not null and coalesce(r.guardian, r.head) is not null",
    (
        Level("equal", "coalesce(l.guardian = r.guardian, false) or coalesce(l.head = r.guardian, false) "
              "or coalesce(l.guardian = r.head, false) or coalesce(l.head = r.head, false)",
              0.65, 0.60, 1e-4, "监护人一致"),
        Level("homophone", "coalesce(l.guardian_sound = r.guardian_sound, false) "
              "or coalesce(l.head_sound = r.guardian_sound, false) or coalesce(l.guardian_sound = r.head_sound, false)",
              0.04, 0.04, 3e-4, "监护人同音"),
        Level("one_off", f"length(l.guardian) >= 2 and length(r.guardian) >= 2 and {_ends_meet('guardian', 1, 1, 2)}",
              0.05, 0.05, 0.02, "监护人一字不同", "levenshtein(l.guardian, r.guardian) = 1"),
        Level("surname", "left(l.guardian, 1) = left(r.guardian, 1)", 0.10, 0.12, 0.05, ""),
        Level("differ", "true", 0.16, 0.19, 0.93, ""),
    ),
)  # fmt: skip

_ONE_GUARDIAN = (
    "(coalesce(l.guardian_sound = r.guardian_sound, false) or coalesce(l.head_sound = r.guardian_sound, false) "
    "or coalesce(l.guardian_sound = r.head_sound, false))"
)
_PHONES = "l.phone is not null and r.phone is not null"


def _phone(field: str, known: str, same: tuple[float, float, float]) -> Comparison:
    return Comparison(
        field,
        known,
        (
            Level("equal", "l.phone = r.phone", same[0], same[0] * 0.9, 1e-5, "电话一致"),
            Level(
                "near",
                _ends_meet("phone", 3, 3, 7),
                same[1],
                same[1],
                1e-5,
                "电话一位之差",
                "damerau_levenshtein(l.phone, r.phone) = 1",
            ),
            Level("differ", "true", same[2], same[2], 1.0),
        ),
    )


# Where one register names the mother and the other the father, the telephones differ for the same reason: counted apart.
PHONE = _phone("phone", f"{_PHONES} and {_ONE_GUARDIAN}", (0.7, 0.03, 0.27))
OTHER_PHONE = _phone("other_phone", f"{_PHONES} and not {_ONE_GUARDIAN}", (0.2, 0.01, 0.79))

ADDRESS = Comparison(
    "address",
    "l.place is not null and r.place is not null",
    (
        Level("equal", "l.place = r.place and regexp_matches(l.place, '[0-9]')", 0.30, 0.28, 4e-4, "住址一致"),
        Level("within", "least(length(l.place), length(r.place)) >= 4 "
              "and (contains(l.place, r.place) or contains(r.place, l.place))", 0.30, 0.28, 3e-3, "住址一致"),
        Level("village", "l.village = r.village", 0.2, 0.2, 6e-3, "同村"),
        Level("town", "true", 0.10, 0.12, 0.07, "", "(l.town = r.town or jaccard(l.place, r.place) >= 0.6)"),
        Level("differ", "true", 0.15, 0.18, 0.92, ""),
    ),
)  # fmt: skip

SEX = Comparison(
    "sex",
    "l.sex is not null and r.sex is not null",
    (
        Level("equal", "l.sex = r.sex", 0.99, 0.5, 0.5),
        Level("differ", "true", 0.01, 0.5, 0.5, "性别不同"),
    ),
)

SCHOOL = Comparison(
    "school",
    "l.school is not null and r.school is not null",
    (
        Level("equal", "l.school = r.school", 0.96, 0.4, 0.03, "同一学校"),
        Level("differ", "true", 0.04, 0.6, 0.97, "学校不同"),
    ),
)

GRADE = Comparison(
    "grade",
    "l.grade is not null and r.grade is not null",
    (
        Level("class", "l.grade = r.grade and l.class_key = r.class_key", 0.75, 0.02, 0.03, "同年级同班"),
        Level("equal", "l.grade = r.grade", 0.20, 0.05, 0.08, "同年级"),
        Level("near", "abs(l.grade - r.grade) = 1", 0.03, 0.2, 0.2, "年级差一年"),
        Level("differ", "true", 0.02, 0.73, 0.69, "年级不同"),
    ),
)

STUDENT_NUMBER = Comparison(
    "student_number",
    # Where both sides have a sound identity number, their own or the one in a 学籍号, that number has been compared; the
    # 学籍号 mostly repeats it. Asking both made no difference to any link or finding of ten synthetic counties.
    "l.student_number is not null and r.student_number is not null and (l.inner_id_key is null or r.inner_id_key is null)",
    (
        Level("equal", "l.student_number = r.student_number", 0.3, 0.02, 1e-6, "学籍号一致"),
        Level(
            "near",
            _ends_meet("student_number", 12, 2, 15),
            0.3,
            2e-3,
            2e-5,
            "学籍号一位之差",
            "damerau_levenshtein(l.student_number, r.student_number) = 1",
        ),
        Level("differ", "true", 0.4, 0.98, 1.0, "学籍号不同"),
    ),
)

# ---- exact rules ---------------------------------------------------------------------------------------------------

# A number that contradicts the name is left to the model: it may be a sibling's, typed into the wrong line. A name that
# only sounds alike must come with the same birthday: sisters are called 子涵 and 紫涵.
# The written dates: that of a number would only say again that the numbers are equal.
_BIRTH_EQUAL = "(l.birth is null or r.birth is null or l.birth = r.birth)"
_BIRTH_NEAR = f"({_BIRTH_EQUAL} or abs(date_diff('day', l.birth, r.birth)) <= 400)"
_SAME_PERSON = f"(l.simple = r.simple and {_BIRTH_NEAR} or l.sound = r.sound and {_BIRTH_EQUAL})"
EXACT_ID = ExactRule("exact_id", "id_key", _SAME_PERSON, "证号一致")
# Who shares a number shows how often one child's other facts disagree: all of them, so without a guard.
TEACHING = ExactRule("teaching", "id_key", "true", "")
EXACT_INNER_ID = ExactRule("exact_id", "inner_id_key", _SAME_PERSON, "学籍号中的证号一致")
# A child without a number in the household register may have one on a list that knows the child.
EXACT_BORROWED_ID = ExactRule("exact_listed_id", "borrowed_key", _SAME_PERSON, "名单上的证号一致")
EXACT_STUDENT_NUMBER = ExactRule("exact_student_number", "student_number", _SAME_PERSON, "学籍号一致")
EXACT_SCHOOL_NAME_BIRTH = ExactRule(
    "exact_school_name_birth",
    "school_name_birth",
    "(l.id_key is null or r.id_key is null or l.id_key = r.id_key)",
    "同校同名同出生日期",
)

# ---- duplicates inside a register ----------------------------------------------------------------------------------

# Two children of one name and birthday exist; two of one household, with one name, do not.
_ONE_NUMBER = "not (l.number_valid and r.number_valid and l.number <> r.number)"
_ONE_LINE = "l.phone = r.phone or l.household_number = r.household_number"
_ONE_FAMILY = f"({_ONE_LINE} or l.guardian_sound = r.guardian_sound)"
_RENAMED = f"({_SAME_PERSON} or l.given_sound = r.given_sound and l.birth = r.birth)"
_BY_NUMBER = (
    DuplicateRule("id_key", _RENAMED, "证号一致"),
    DuplicateRule("inner_id_key", _RENAMED, "证号一致"),
)
# In a large county two children of one name have guardians of one name: it takes the village or the school too.
_ONE_PLACE = "(l.village = r.village or l.school = r.school)"
_BIRTH_MISTYPED = (
    "(l.written_month = r.written_month or abs(year(l.birth) - year(r.birth)) = 1 and month(l.birth) = month(r.birth) "
    "and day(l.birth) = day(r.birth) or year(l.birth) = year(r.birth) and month(l.birth) = day(r.birth) "
    "and day(l.birth) = month(r.birth))"
)
_BY_FAMILY = (
    DuplicateRule("name_day", f"{_ONE_NUMBER} and {_ONE_FAMILY}", "姓名、出生日期、家庭一致"),
    DuplicateRule(
        "sound_day",
        f"{_ONE_NUMBER} and ({_ONE_LINE} or l.guardian_sound = r.guardian_sound and {_ONE_PLACE})",
        "姓名同音，出生日期、家庭一致",
    ),
    DuplicateRule("name_phone", f"{_ONE_NUMBER} and {_BIRTH_MISTYPED}", "姓名、电话一致，出生日期相近"),
    DuplicateRule(
        "name_guardian", f"{_ONE_NUMBER} and {_BIRTH_MISTYPED} and {_ONE_PLACE}", "姓名、监护人、住地一致，出生日期相近"
    ),
)
_BY_STUDENT_NUMBER = DuplicateRule("student_number", _SAME_PERSON, "学籍号一致")
_BY_CLASS = DuplicateRule(
    "school_name_birth", f"{_ONE_NUMBER} and coalesce(l.grade = r.grade, true)", "同校同名同出生日期"
)

DUPLICATES: dict[Register, tuple[DuplicateRule, ...]] = {
    Register.HOUSEHOLD: (*_BY_NUMBER, *_BY_FAMILY),
    Register.STUDENT: (*_BY_NUMBER, _BY_STUDENT_NUMBER, *_BY_FAMILY),
    Register.ROLL: (*_BY_NUMBER, _BY_STUDENT_NUMBER, _BY_CLASS),
    # A list may hold a child once for every category: its lines are linked one by one.
    Register.POVERTY: (),
    Register.SPECIAL: (),
    Register.ELSEWHERE: (*_BY_NUMBER, *_BY_FAMILY),
}

# ---- blocks --------------------------------------------------------------------------------------------------------

_PERSON_BLOCKS = (
    Block.same("id_key"),
    Block.same("borrowed_key"),
    Block.same("sounds"),
    Block.same("village_day"),
    Block("l.name_month", "r.name_month"),
    Block("l.surname_day", "r.surname_day"),
    Block("l.given_day", "r.given_day"),
    Block("l.number_head", "r.number_head"),
    Block("l.number_tail", "r.number_tail"),
)
_FAMILY_BLOCKS = (
    Block("l.guardian_sex", "r.guardian_sex"),
    Block("l.head_sex", "r.guardian_sex"),
    Block("l.guardian_sex", "r.head_sex"),
    Block("l.phone", "r.phone"),
)
# Blocks that pay among rows left over on both sides; against a whole register they bring thousands of namesakes.
WIDE_BLOCKS = frozenset({Block.same("sounds"), *_FAMILY_BLOCKS[:3]})
_SCHOOL_BLOCKS = (
    Block("l.school_surname_grade", "r.school_surname_grade"),
    Block("l.school_given", "r.school_given"),
    Block("l.school_day", "r.school_day"),
    Block("l.student_number", "r.student_number"),
)

_FAMILY = (NAME, BIRTH, NUMBER, DOUBTFUL_NUMBER, GUARDIAN, PHONE, OTHER_PHONE, ADDRESS, SEX)

HOUSEHOLD_STUDENT = PairTask(
    Register.HOUSEHOLD,
    Register.STUDENT,
    (EXACT_ID, EXACT_INNER_ID, EXACT_BORROWED_ID),
    _PERSON_BLOCKS + _FAMILY_BLOCKS,
    _FAMILY,
)
STUDENT_ROLL = PairTask(
    Register.STUDENT,
    Register.ROLL,
    (EXACT_STUDENT_NUMBER, EXACT_ID, EXACT_INNER_ID, EXACT_SCHOOL_NAME_BIRTH),
    _PERSON_BLOCKS + _SCHOOL_BLOCKS,
    (NAME, BIRTH, NUMBER, DOUBTFUL_NUMBER, STUDENT_NUMBER, SCHOOL, GRADE, SEX),
)
HOUSEHOLD_ROLL = PairTask(
    Register.HOUSEHOLD,
    Register.ROLL,
    (EXACT_ID, EXACT_INNER_ID, EXACT_BORROWED_ID),
    _PERSON_BLOCKS,
    (NAME, BIRTH, NUMBER, DOUBTFUL_NUMBER, SEX),
)
HOUSEHOLD_POVERTY = PairTask(
    Register.HOUSEHOLD, Register.POVERTY, (EXACT_ID,), _PERSON_BLOCKS + _FAMILY_BLOCKS,
    (NAME, BIRTH, NUMBER, DOUBTFUL_NUMBER, GUARDIAN, ADDRESS, SEX),
    many=True,
)  # fmt: skip
HOUSEHOLD_SPECIAL = PairTask(
    Register.HOUSEHOLD, Register.SPECIAL, (EXACT_ID,), _PERSON_BLOCKS + _FAMILY_BLOCKS,
    (NAME, BIRTH, NUMBER, DOUBTFUL_NUMBER, GUARDIAN, SEX),
    many=True,
)  # fmt: skip
HOUSEHOLD_ELSEWHERE = PairTask(
    Register.HOUSEHOLD,
    Register.ELSEWHERE,
    (EXACT_ID, EXACT_INNER_ID),
    _PERSON_BLOCKS + _FAMILY_BLOCKS,
    _FAMILY,
)
# Pairs that no file shows: they only keep a child from outside, known from a list, from being taken for one more.
STUDENT_POVERTY = PairTask(
    Register.STUDENT,
    Register.POVERTY,
    (EXACT_ID, EXACT_INNER_ID),
    _PERSON_BLOCKS,
    (NAME, BIRTH, NUMBER, DOUBTFUL_NUMBER, GUARDIAN, ADDRESS, SEX),
    many=True,
)
STUDENT_SPECIAL = PairTask(
    Register.STUDENT,
    Register.SPECIAL,
    (EXACT_ID, EXACT_INNER_ID),
    _PERSON_BLOCKS + _FAMILY_BLOCKS,
    (NAME, BIRTH, NUMBER, DOUBTFUL_NUMBER, GUARDIAN, SEX),
    many=True,
)
