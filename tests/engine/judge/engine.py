"""An engine that goes through every pair of rows and asks in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from baoxue.matching.engine import Pairs, Side
from baoxue.matching.keys import alike_characters
from baoxue.matching.model import Evidence
from baoxue.matching.rules import Block, Comparison, DuplicateRule, ExactRule
from baoxue.policy.registers import Register

from .levels import LEVELS
from .people import PUPILS, Person, Row, keys_of_names, schools_by_name

Guard = Callable[[Person, Person], bool]


def _births_equal(p: Person, q: Person) -> bool:
    """No two birth dates, or one; the number's own date says nothing where the numbers are equal."""
    return p.birth is None or q.birth is None or p.birth == q.birth


def _births_near(p: Person, q: Person) -> bool:
    """The same birth date but for a slip of a year at most."""
    return _births_equal(p, q) or (p.birth is not None and q.birth is not None and abs((p.birth - q.birth).days) <= 400)


def _one_person(p: Person, q: Person) -> bool:
    """Sisters are called 子涵 and 紫涵: a name that only sounds alike must come with the same birthday."""
    return (p.simple == q.simple and _births_near(p, q)) or (p.sound == q.sound and _births_equal(p, q))


def _renamed(p: Person, q: Person) -> bool:
    """The same person, or one that has taken the other parent's surname."""
    return _one_person(p, q) or (p.given_sound == q.given_sound and p.birth is not None and p.birth == q.birth)


def _no_two_numbers(p: Person, q: Person) -> bool:
    return p.id_key is None or q.id_key is None or p.id_key == q.id_key


def _no_two_sound_numbers(p: Person, q: Person) -> bool:
    return not (p.number_valid and q.number_valid and p.number != q.number)


def _same(a: Any, b: Any) -> bool:
    return a is not None and a == b


def _one_family(p: Person, q: Person) -> bool:
    shared = ((person.guardian_sound, person.phone, person.household_number) for person in (p, q))
    return any(_same(a, b) for a, b in zip(*shared, strict=True))


def _one_family_and_number(p: Person, q: Person) -> bool:
    return _no_two_sound_numbers(p, q) and _one_family(p, q)


def _one_place(p: Person, q: Person) -> bool:
    return _same(p.village, q.village) or _same(p.school, q.school)


def _one_line_or_guardian_of_one_place(p: Person, q: Person) -> bool:
    one_line = _same(p.phone, q.phone) or _same(p.household_number, q.household_number)
    one_guardian = _same(p.guardian_sound, q.guardian_sound) and _one_place(p, q)
    return _no_two_sound_numbers(p, q) and (one_line or one_guardian)


def _births_mistyped(p: Person, q: Person) -> bool:
    """One month, or one day a year apart, or month and day exchanged."""
    if _same(p.written_month, q.written_month):
        return True
    if p.birth is None or q.birth is None:
        return False
    one_day = (p.birth.month, p.birth.day) == (q.birth.month, q.birth.day)
    exchanged = (p.birth.month, p.birth.day) == (q.birth.day, q.birth.month)
    return (one_day and abs(p.birth.year - q.birth.year) == 1) or (exchanged and p.birth.year == q.birth.year)


def _one_number_mistyped_birth(p: Person, q: Person) -> bool:
    return _no_two_sound_numbers(p, q) and _births_mistyped(p, q)


def _one_place_mistyped_birth(p: Person, q: Person) -> bool:
    return _one_number_mistyped_birth(p, q) and _one_place(p, q)


def _one_number_one_grade(p: Person, q: Person) -> bool:
    return _no_two_sound_numbers(p, q) and (p.grade is None or q.grade is None or p.grade == q.grade)


# What must hold besides the equal key, by the method of a rule and by the words of a rule of duplicates.
EXACT: dict[str, Guard] = {
    "exact_id": _one_person,
    "exact_listed_id": _one_person,
    "exact_student_number": _one_person,
    "exact_school_name_birth": _no_two_numbers,
    "teaching": lambda p, q: True,
}
DUPLICATE: dict[str, Guard] = {
    "证号一致": _renamed,
    "学籍号一致": _one_person,
    "姓名、出生日期、家庭一致": _one_family_and_number,
    "姓名同音，出生日期、家庭一致": _one_line_or_guardian_of_one_place,
    "姓名、电话一致，出生日期相近": _one_number_mistyped_birth,
    "姓名、监护人、住地一致，出生日期相近": _one_place_mistyped_birth,
    "同校同名同出生日期": _one_number_one_grade,
}


class JudgeEngine:
    """The rules of the comparison over lists of rows."""

    def __init__(self, registers: Mapping[Register, Sequence[Row]], *, as_of: date) -> None:
        everyone = [row for rows in registers.values() for row in rows]
        named = {
            row[column] for row in everyone for column in ("name", "guardian_name", "head_name") if row.get(column)
        }
        names = keys_of_names(sorted(named))
        schools = schools_by_name(registers.get(Register.STUDENT, ()), registers.get(Register.ROLL, ()))
        oldest = date(as_of.year - 20, 1, 1)
        self.people = {
            register: [
                person
                for row in registers.get(register, ())
                if _takes_part(register, person := Person(register, row, names, schools, oldest), oldest)
            ]
            for register in Register
        }
        self._alike = {(pair["a"], pair["b"]) for pair in alike_characters(sorted(named)).to_pylist()}

    def person(self, register: Register, row: int) -> Person:
        return next(person for person in self.people[register] if person.row == row)

    def size(self, side: Side) -> int:
        return len(self._side(side))

    def duplicates(self, rule: DuplicateRule, register: Register) -> Pairs:
        guard, people = DUPLICATE[rule.words], self.people[register]
        return _pairs(
            (p, q)
            for i, p in enumerate(people)
            for q in people[i + 1 :]
            if _same(p[rule.key], q[rule.key]) and guard(p, q)
        )

    def exact(self, rule: ExactRule, left: Side, right: Side, *, many: bool = False) -> Pairs:
        guard = EXACT[rule.method]
        tied = [
            (p, q)
            for p in self._side(left)
            for q in self._side(right)
            if _same(p[rule.key], q[rule.key]) and guard(p, q)
        ]
        lefts, rights = Counter(p.row for p, _ in tied), Counter(q.row for _, q in tied)
        return _pairs((p, q) for p, q in tied if rights[q.row] == 1 and (many or lefts[p.row] == 1))

    def candidates(self, blocks: Sequence[Block], left: Side, right: Side) -> Pairs:
        keys = [(block.left.removeprefix("l."), block.right.removeprefix("r.")) for block in blocks]
        return _pairs(
            (p, q)
            for p in self._side(left)
            for q in self._side(right)
            if any(_same(p[mine], q[theirs]) for mine, theirs in keys)
        )

    def evidence(
        self,
        comparisons: Sequence[Comparison],
        left: Register,
        right: Register,
        pairs: Pairs,
        *,
        at_best: bool = False,  # the judge has all the time there is
    ) -> Evidence:
        lefts = {person.row: person for person in self.people[left]}
        rights = {person.row: person for person in self.people[right]}
        asked = [(lefts[p], rights[q]) for p, q in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)]
        said = Counter(person.sound for person in (*self.people[left], *self.people[right]))
        return Evidence(
            {
                comparison.field: np.array([self._level(comparison, p, q) for p, q in asked], dtype=np.int8)
                for comparison in comparisons
            },
            np.array([said[p.sound] / said.total() for p, _ in asked], dtype=np.float64),
        )

    def _level(self, comparison: Comparison, p: Person, q: Person) -> int:
        code = LEVELS[comparison.field](p, q, lambda a, b: (a, b) in self._alike)
        return -1 if code is None else [level.code for level in comparison.levels].index(code)

    def _side(self, side: Side) -> list[Person]:
        return [
            person
            for person in self.people[side.register]
            if person.row not in side.without and (side.only is None or person.row in side.only)
        ]


def _takes_part(register: Register, person: Person, oldest: date) -> bool:
    """Grown-ups of a household are not compared with pupils."""
    return register in PUPILS or person.any_birth is None or person.any_birth >= oldest


def _pairs(pairs: Any) -> Pairs:
    rows = [(p.row, q.row) for p, q in pairs]
    left, right = zip(*rows, strict=True) if rows else ((), ())
    return Pairs(np.array(left, dtype=np.int32), np.array(right, dtype=np.int32))
