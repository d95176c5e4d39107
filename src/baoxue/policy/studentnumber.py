"""学籍号: the number of a student record.

Source: 教育部《中小学生学籍管理办法》(学籍号以学生居民身份证号为基础, 一人一号, 籍随人走).
"""

from __future__ import annotations

from dataclasses import dataclass

from baoxue.policy.idnumber import IdNumber
from baoxue.policy.labelled import Labelled


class StudentNumberKind(Labelled):
    """By the leading letter."""

    FORMAL = "G", "正式学籍号"
    J = "J", "教育系统生成的学籍号"
    TEMPORARY = "L", "临时学籍号"


@dataclass(frozen=True, slots=True)
class StudentNumber:
    """A student number taken apart; `identity` is the identity number inside it, if there is one."""

    number: str
    kind: StudentNumberKind | None
    identity: IdNumber | None
    well_formed: bool


def parse_student_number(text: str) -> StudentNumber | None:
    """Take a student number apart; None for an empty cell or a word meaning none."""
    raise NotImplementedError


def student_id_number(student_number: str) -> str | None:
    """The valid identity number inside a student number, or None."""
    raise NotImplementedError
