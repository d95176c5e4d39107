"""学籍号: the number of a student record.

Source: 教育部《中小学生学籍管理办法》 9 (学籍号以学生居民身份证号为基础, 一人一号, 籍随人走) and the rules
of the 学籍 system: a letter and eighteen characters. G + identity number; J + a number made after the same
pattern for a child without one (6 digits of the school's county, 8 of birth, 3 of sequence, check
character); L for a temporary record, where the eighteen are either the identity number not yet confirmed by
公安 or county, birth date and four random digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from baoxue.policy.idnumber import IdNumber, IdState, classify
from baoxue.policy.labelled import Labelled
from baoxue.policy.writtenforms import fold


class StudentNumberKind(Labelled):
    """By the leading letter."""

    FORMAL = "G", "正式学籍号"
    J = "J", "教育系统生成的学籍号"
    TEMPORARY = "L", "临时学籍号"


@dataclass(frozen=True, slots=True)
class StudentNumber:
    """A student number taken apart.

    `identity` is the identity number inside it, if there is one (never for J); `well_formed` says that
    letter, length and birth date are right, not that the check digit is (see `identity.state`).
    """

    number: str
    kind: StudentNumberKind | None
    identity: IdNumber | None
    well_formed: bool


_MARKS = re.compile(r"""['"`´‘’“”\-‐‑–—_]""")
_FORM = re.compile(r"([GJL])?([0-9]{17}[0-9X])")


def parse_student_number(text: str) -> StudentNumber | None:
    """Take a student number apart; None for an empty cell or a word meaning none (no digit but zero)."""
    # Folded again: what stood on either side of a mark can be one letter together.
    number = fold(_MARKS.sub("", fold(text))).strip(".,;")
    if not any("1" <= character <= "9" for character in number):
        return None
    match = _FORM.fullmatch(number)
    if match is None:
        kind = StudentNumberKind(number[0]) if number[0] in "GJL" else None
        return StudentNumber(number, kind, None, well_formed=False)
    kind = StudentNumberKind(match[1]) if match[1] else None
    inside = classify(match[2])
    well_formed = kind is not None and inside is not None and inside.birth_date is not None
    return StudentNumber(number, kind, None if kind is StudentNumberKind.J else inside, well_formed)


def student_id_number(student_number: str) -> str | None:
    """The valid identity number inside a student number, or None.

    Only after G or without a letter: the digits after L may be random, and one in eleven passes the check
    digit.
    """
    parsed = parse_student_number(student_number)
    if parsed is None or parsed.identity is None or parsed.kind is StudentNumberKind.TEMPORARY:
        return None
    return parsed.identity.number if parsed.identity.state is IdState.VALID else None
