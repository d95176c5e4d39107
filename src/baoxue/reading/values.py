"""From what a cell says to the value of a canonical column, one function per kind of column.

Each takes the text of a cell (never empty after folding) and whether the file held a number there, and returns a
`Value`. Applied to the distinct values of a column, not to every cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from baoxue.policy.attendance import attendance_of
from baoxue.policy.grade import grade_of
from baoxue.policy.householdstatus import HouseholdStatus, household_status_of
from baoxue.policy.idnumber import id_type_of, mask
from baoxue.policy.registers import Column
from baoxue.policy.schoolcode import school_code_of
from baoxue.policy.sex import sex_of
from baoxue.policy.specialgroup import special_groups_of
from baoxue.policy.studentnumber import parse_student_number
from baoxue.policy.studentstatus import student_status_of
from baoxue.policy.writtenforms import fold
from baoxue.reading.dates import read_date
from baoxue.reading.names import clean_name, mask_name
from baoxue.reading.report import Change


@dataclass(frozen=True, slots=True)
class Value:
    """`content` None: nothing usable, because of `problem`, or because the cell says that there is nothing."""

    content: str | int | bool | None
    changes: tuple[Change, ...] = ()
    problem: str | None = None


Normaliser = Callable[[str, bool], Value]

_FORMULA_TEXT = re.compile(r'=\s*"(.*)"')
_NOTHING_WORDS = (
    "- -- --- / // \\ 无 空 没有 暂无 不详 未知 不明 未填 待补 待定 待核实 N/A NA NULL NONE NAN #N/A #REF! #VALUE! "
    "#NAME? #NULL! 0000-00-00"
)
_NOTHING = frozenset(_NOTHING_WORDS.split())
_NOT_A_WORD = "不是能识别的写法"
_DECIMAL_CODE = re.compile(r"([0-9]+)\.0+")
_PHONE_MARKS = re.compile(r"[-()\u2010-\u2015]")
_YES_WORDS = "是 1 Y YES TRUE T √ ✓ ✔ 有 对 V"
_YES = frozenset(_YES_WORDS.split())
_NO_WORDS = "否 0 N NO FALSE F × ✗ ✘ 不是 无 没有 非 - / 不"
_NO = frozenset(_NO_WORDS.split())
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:年|级)?")


def unwrap(text: str) -> tuple[str, bool]:
    """Text without the signs that force a spreadsheet to leave it text (="…", a leading apostrophe)."""
    if match := _FORMULA_TEXT.fullmatch(text.strip()):
        return match[1].replace('""', '"'), True
    if text.startswith(("'", "\u2018", "\u2019")) and len(text) > 1:
        return text[1:], True
    return text, False


def folding(text: str, folded: str, *, number: bool) -> tuple[Change, ...]:
    """What folding did to a text."""
    if number:
        return (Change.NUMBER_CELL,)
    if text == folded:
        return ()
    if "".join(text.split()) == folded:
        return (Change.SPACES,)
    return (Change.CASE,) if text.isascii() else (Change.WIDTH,)


def is_nothing(folded: str) -> bool:
    """Whether a folded cell says that there is nothing to say."""
    return not folded or folded in _NOTHING


def as_text(text: str, number: bool) -> Value:
    """Any text."""
    folded = fold(text)
    return Value(None) if is_nothing(folded) else Value(folded, folding(text, folded, number=number))


def as_code_text(text: str, number: bool) -> Value:
    """A code of digits; `522626.0` is what a program makes of a column of numbers with gaps."""
    value = as_text(text, number)
    if isinstance(value.content, str) and (match := _DECIMAL_CODE.fullmatch(value.content)):
        return Value(match[1], (Change.NUMBER_CELL,))
    return value


def as_remark(text: str, number: bool) -> Value:
    """A remark keeps its spaces and its wording."""
    return Value(text.strip() or None)


def as_name(text: str, number: bool) -> Value:
    """The name of a head of household or a guardian."""
    name, changes = clean_name(text)
    return Value(name or None, tuple(changes))


def as_sex(text: str, number: bool) -> Value:
    """`M`, `F`; 0 and 9 of GB/T 2261.1 say that it is not known."""
    sex = sex_of(text)
    folded = fold(text)
    if sex is None:
        return Value(None, problem=None if is_nothing(folded) or folded in ("0", "9") else _NOT_A_WORD)
    return Value(sex)


def as_grade(text: str, number: bool) -> Value:
    """1–9, 0 before school, 10–12."""
    grade = grade_of(text)
    if grade is None:
        return Value(None, problem=None if is_nothing(fold(text)) else "看不出是几年级")
    return Value(grade)


def as_school_code(text: str, number: bool) -> Value:
    """Ten digits, or a code of the bureau's own as it is written."""
    code = school_code_of(text)
    if code is None:
        return as_text(text, number)
    return Value(code, folding(text, code, number=number))


def as_student_number(text: str, number: bool) -> Value:
    """As written, folded."""
    parsed = parse_student_number(text)
    if parsed is None:
        return Value(None)
    return Value(parsed.number, folding(text, parsed.number, number=number))


def as_phone(text: str, number: bool) -> Value:
    """Digits, without country code, spaces and hyphens."""
    folded = fold(text)
    if is_nothing(folded):
        return Value(None)
    phone = _PHONE_MARKS.sub("", _DECIMAL_CODE.sub(r"\1", folded))
    phone = re.sub(r"^(?:\+|00)?86(?=1[3-9][0-9]{9}$)", "", phone)
    return Value(phone or None, folding(text, phone, number=number))


def as_admission(text: str, number: bool) -> Value:
    """yyyymm; a year alone is its September, when the school year begins (义务教育法 11)."""
    folded = fold(text).removesuffix(".0")
    if is_nothing(folded):
        return Value(None)
    if match := _YEAR.fullmatch(folded):
        return Value(int(match[1]) * 100 + 9, (Change.DATE_FORM,))
    found = read_date(text, number=number)
    return Value(found.month, (found.change,) if found.change else (), found.problem)


def as_yes_no(text: str, number: bool) -> Value:
    """True, False; wordings such as 非留守儿童, 父母双方外出, 随迁子女."""
    folded = fold(text)
    if not folded:
        return Value(None)
    if folded in _YES:
        return Value(True)
    if folded in _NO or folded.startswith(("非", "不是", "否")):
        return Value(False)
    if any(word in folded for word in ("留守", "随迁", "外出", "流动", "务工", "是")):
        return Value(True)
    return Value(None, problem=None if is_nothing(folded) else _NOT_A_WORD)


def as_category(text: str, number: bool) -> Value:
    """Special groups joined with `;`."""
    groups = special_groups_of(text)
    if not groups:
        return Value(None, problem=None if is_nothing(fold(text)) else "不是已知的特殊群体类别")
    return Value(";".join(group.value for group in groups))


def as_household_status(text: str, number: bool) -> Value:
    """The state of the entry; what cannot be read is kept as unclear, because it may well say that the child is gone."""
    value = _as_code(household_status_of)(text, number)
    return value if value.problem is None else Value(HouseholdStatus.UNCLEAR.value, problem=value.problem)


def _as_code(meaning: Callable[[str], str | None]) -> Normaliser:
    """A column of words that stand for the members of an enumeration."""

    def normalise(text: str, number: bool) -> Value:
        found = meaning(text.removesuffix(".0") if number else text)
        if found is None:
            return Value(None, problem=None if is_nothing(fold(text)) else _NOT_A_WORD)
        return Value(str(found))

    return normalise


NORMALISERS: dict[Column, Normaliser] = {
    Column.SEX: as_sex,
    Column.ID_TYPE: _as_code(id_type_of),
    Column.HOUSEHOLD_NUMBER: as_code_text,
    Column.HEAD_NAME: as_name,
    Column.RELATION_TO_HEAD: as_text,
    Column.ADDRESS: as_text,
    Column.REGION_CODE: as_code_text,
    Column.GUARDIAN_NAME: as_name,
    Column.PHONE: as_phone,
    Column.HOUSEHOLD_STATUS: as_household_status,
    Column.STUDENT_NUMBER: as_student_number,
    Column.SCHOOL_CODE: as_school_code,
    Column.SCHOOL_NAME: as_text,
    Column.GRADE: as_grade,
    Column.CLASS_NAME: as_text,
    Column.ADMISSION: as_admission,
    Column.STUDENT_STATUS: _as_code(student_status_of),
    Column.MIGRANT_CHILD: as_yes_no,
    Column.LEFT_BEHIND_CHILD: as_yes_no,
    Column.ATTENDANCE: _as_code(attendance_of),
    Column.HOUSEHOLD_TYPE: as_text,
    Column.CATEGORY: as_category,
}

_NUMBERS = frozenset({Column.ID_NUMBER, Column.GUARDIAN_ID_NUMBER, Column.STUDENT_NUMBER, Column.PHONE})
_NAMES = frozenset({Column.NAME, Column.HEAD_NAME, Column.GUARDIAN_NAME})


def masked(text: str, column: Column) -> str:
    """A cell as a report may show it: names by their first character, numbers by `mask`, dates by their year."""
    folded = fold(text)
    if column in _NAMES:
        return mask_name(folded)
    if column in _NUMBERS or sum(c.isdigit() for c in folded) > 8:
        return mask(folded)
    # One character at most of anything that may be a name in the wrong column.
    kept = 4 if folded[:4].isdigit() else 1
    return folded[:kept] + "*" * min(8, len(folded) - kept)
