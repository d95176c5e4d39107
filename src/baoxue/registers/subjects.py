"""By what a register row is known again in later snapshots of the same register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from baoxue.platform.crypto import keyring
from baoxue.policy.idnumber import IdState, expand_fifteen
from baoxue.policy.registers import Column, Register
from baoxue.policy.studentnumber import parse_student_number, student_id_number

# Where a row without any sound number belongs: the first of these that it has. What changes every school year (grade,
# class) is not among them.
_WHERE: Mapping[Register, Sequence[Column]] = {
    Register.HOUSEHOLD: (Column.HOUSEHOLD_NUMBER, Column.HEAD_NAME, Column.GUARDIAN_NAME, Column.ADDRESS),
    Register.STUDENT: (Column.GUARDIAN_NAME, Column.SCHOOL_CODE, Column.SCHOOL_NAME),
    Register.ELSEWHERE: (Column.GUARDIAN_NAME, Column.SCHOOL_CODE, Column.SCHOOL_NAME),
    Register.ROLL: (Column.SCHOOL_CODE, Column.SCHOOL_NAME),
    Register.POVERTY: (Column.HOUSEHOLD_NUMBER, Column.HEAD_NAME, Column.ADDRESS),
    Register.SPECIAL: (Column.GUARDIAN_NAME, Column.CATEGORY),
}


def subjects_of(register: Register, table: pa.Table) -> list[bytes]:
    """Keyed hash (32 bytes) of each row of a canonical table, the same for the same person in later snapshots.

    It stands on the sound identity number, else on the student number, else on name, sex, birth and household, guardian
    or school. Rows of one person have one subject; so have rows without a number that nothing tells apart.
    """
    return keyring().digests(bases_of(register, table), kind=f"subject.{register.value}")


def bases_of(register: Register, table: pa.Table) -> list[str]:
    """What each row's subject stands on. Plain personal data: for use in memory, never to be kept."""
    numbers = _rows(table, Column.ID_NUMBER.value, "id_state", Column.ID_TYPE.value, Column.STUDENT_NUMBER.value)
    people = _rows(table, Column.NAME.value, Column.SEX.value, Column.BIRTH_DATE.value, "birth_month")
    where = _rows(table, *(column.value for column in _WHERE[register]))
    return [
        _by_number(*number) or _by_words(person, places)
        for number, person, places in zip(numbers, people, where, strict=True)
    ]


def _rows(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def _by_number(number: str | None, state: str | None, kind: str | None, student_number: str | None) -> str:
    if number and state == IdState.VALID:
        return f"id|{number}"
    if number and state == IdState.FIFTEEN:
        return f"id|{expand_fifteen(number)}"
    if number and state == IdState.OTHER:
        return f"document|{kind}|{number}"
    if not student_number:
        return ""
    inside = student_id_number(student_number)
    if inside is not None:
        return f"id|{inside}"
    parsed = parse_student_number(student_number)
    return f"student|{parsed.number}" if parsed is not None and parsed.well_formed else ""


def _by_words(person: tuple[str, str | None, date | None, int | None], places: Iterable[object]) -> str:
    name, sex, born, month = person
    birth = born.isoformat() if born is not None else month or ""
    place = next((place for place in places if place), "")
    return f"words|{name}|{sex or ''}|{birth}|{place}"
