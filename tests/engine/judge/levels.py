"""How two people relate, question by question: the code of the level, or None where a side says nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from .people import Person

Alike = Callable[[str, str], bool]


def levenshtein(a: str, b: str) -> int:
    """Signs to change, add or take away."""
    line = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, line[0] = line[0], i
        for j, y in enumerate(b, start=1):
            before, line[j] = line[j], min(line[j] + 1, line[j - 1] + 1, before + (x != y))
    return line[-1]


def neighbours_exchanged(a: str, b: str) -> bool:
    """Whether one exchange of two signs side by side makes one of the other."""
    return a != b and any(a[:i] + a[i + 1] + a[i] + a[i + 2 :] == b for i in range(len(a) - 1))


def one_slip(a: str, b: str) -> bool:
    """One slip of a typist: a sign changed, added or left out, or two neighbours exchanged."""
    return levenshtein(a, b) == 1 or neighbours_exchanged(a, b)


def name(p: Person, q: Person, alike: Alike) -> str:
    a, b = p.simple, q.simple
    changed = [(x, y) for x, y in zip(a, b, strict=False) if x != y] if len(a) == len(b) else []
    if p.name == q.name:
        return "equal"
    if a == b:
        return "variant"
    if p.sound == q.sound:
        return "homophone"
    if len(changed) == 1 and alike(*changed[0]):
        return "lookalike"
    if p.near_sound == q.near_sound:
        return "near_sound"
    if neighbours_exchanged(a, b):
        return "swapped"
    return _name_in_part(p, q, one_changed=len(changed) == 1)


def _name_in_part(p: Person, q: Person, *, one_changed: bool) -> str:
    shorter, longer = sorted((p.simple, q.simple), key=len)
    lacking = len(longer) > len(shorter) and (longer.startswith(shorter) or levenshtein(shorter, longer) == 1)
    if len(shorter) >= 2 and lacking:
        return "part"
    if len(shorter) >= 3 and one_changed:
        return "one_off"
    if p.given_sound == q.given_sound:
        return "given"
    return "surname" if p.surname_sound == q.surname_sound else "differ"


def _births(p: Person, q: Person) -> list[tuple[date, date]]:
    """Birth dates held against each other: the written ones; a written one and the one in the other's number.

    Not by the numbers where both have one and the same: that is told by the numbers themselves.
    """
    pairs = [(p.birth, q.birth)]
    if p.number != q.number:
        pairs += [(p.birth, q.number_birth), (p.number_birth, q.birth)]
    return [(a, b) for a, b in pairs if a is not None and b is not None]


def birth(p: Person, q: Person, _: Alike) -> str | None:
    pairs = _births(p, q)
    one_month = p.written_month is not None and p.written_month == q.written_month
    if not (p.written_month and q.written_month) and not any(a == b for a, b in pairs):
        return None
    for code, holds in _BIRTH_LEVELS:
        if code == "lunar" and _lunar(p, q):
            return code
        if code == "month_only" and one_month and (p.birth is None or q.birth is None):
            return code
        if any(holds(a, b) for a, b in pairs):
            return code
    return "differ"


def _lunar(p: Person, q: Person) -> bool:
    mine, theirs = p.birth_solar, q.birth_solar
    return (mine is not None and mine in (q.birth, q.number_birth)) or (
        theirs is not None and theirs in (p.birth, p.number_birth)
    )


def _parts_equal(*parts: str) -> Callable[[date, date], bool]:
    return lambda a, b: all(getattr(a, part) == getattr(b, part) for part in parts)


_BIRTH_LEVELS: tuple[tuple[str, Callable[[date, date], bool]], ...] = (
    ("equal", lambda a, b: a == b),
    ("swapped", lambda a, b: a.year == b.year and (a.month, a.day) == (b.day, b.month)),
    ("lunar", lambda a, b: False),
    ("next_day", lambda a, b: abs((a - b).days) == 1),
    ("month_only", lambda a, b: False),
    ("day", _parts_equal("year", "month")),
    ("year", lambda a, b: abs(a.year - b.year) == 1 and (a.month, a.day) == (b.month, b.day)),
    ("month", _parts_equal("year", "day")),
    ("month_day", _parts_equal("month", "day")),
)


def number(p: Person, q: Person, _: Alike) -> str | None:
    """Two sound numbers are one or they are two."""
    if p.number is None or q.number is None or not (p.number_valid and q.number_valid):
        return None
    return "equal" if p.number == q.number else "differ"


def doubtful_number(p: Person, q: Person, _: Alike) -> str | None:
    """What two numbers, one of them wrong or cut, still have in common."""
    a, b = p.number, q.number
    if a is None or b is None or (p.number_valid and q.number_valid):
        return None
    cut = p.number_cut or q.number_cut
    whole = len(a) == len(b) == 18 and not cut
    if cut and a[:15] == b[:15]:
        return "cut"
    if a == b or one_slip(a, b):
        return "near"
    if whole and a[-4:] == b[-4:]:
        return "region" if a[6:] == b[6:] else "tail"
    return "two_off" if levenshtein(a, b) == 2 else "wrong"


def guardian(p: Person, q: Person, _: Alike) -> str | None:
    a, b = p.guardian, q.guardian
    if a is None or b is None:
        return None
    if {a, p.head} & {b, q.head} - {None}:
        return "equal"
    if one_guardian(p, q):
        return "homophone"
    if min(len(a), len(b)) >= 2 and levenshtein(a, b) == 1:
        return "one_off"
    return "surname" if a[0] == b[0] else "differ"


def one_guardian(p: Person, q: Person) -> bool:
    """Whether some grown-up named by one sounds like one named by the other."""
    return bool({p.guardian_sound, p.head_sound} & {q.guardian_sound, q.head_sound} - {None})


def _phone(p: Person, q: Person, *, asked: bool) -> str | None:
    if p.phone is None or q.phone is None or not asked:
        return None
    if p.phone == q.phone:
        return "equal"
    return "near" if one_slip(p.phone, q.phone) else "differ"


def phone(p: Person, q: Person, _: Alike) -> str | None:
    return _phone(p, q, asked=one_guardian(p, q))


def other_phone(p: Person, q: Person, _: Alike) -> str | None:
    return _phone(p, q, asked=not one_guardian(p, q))


def address(p: Person, q: Person, _: Alike) -> str | None:
    a, b = p.place, q.place
    if a is None or b is None:
        return None
    if a == b and any(sign in "0123456789" for sign in a):
        return "equal"
    if min(len(a), len(b)) >= 4 and (a in b or b in a):
        return "within"
    if p.village is not None and p.village == q.village:
        return "village"
    if p.town is not None and p.town == q.town:
        return "town"
    return "town" if len({*a} & {*b}) / len({*a} | {*b}) >= 0.6 else "differ"


def sex(p: Person, q: Person, _: Alike) -> str | None:
    if p.sex is None or q.sex is None:
        return None
    return "equal" if p.sex == q.sex else "differ"


def school(p: Person, q: Person, _: Alike) -> str | None:
    if p.school is None or q.school is None:
        return None
    return "equal" if p.school == q.school else "differ"


def grade(p: Person, q: Person, _: Alike) -> str | None:
    if p.grade is None or q.grade is None:
        return None
    if p.grade == q.grade:
        return "class" if p.class_key is not None and p.class_key == q.class_key else "equal"
    return "near" if abs(p.grade - q.grade) == 1 else "differ"


def student_number(p: Person, q: Person, _: Alike) -> str | None:
    a, b = p.student_number, q.student_number
    # Where both have an identity number, that one is asked.
    if a is None or b is None or (p.inner_id_key and q.inner_id_key):
        return None
    if a == b:
        return "equal"
    return "near" if one_slip(a, b) else "differ"


LEVELS: dict[str, Callable[[Person, Person, Alike], str | None]] = {
    "name": name, "birth": birth, "number": number, "doubtful_number": doubtful_number, "guardian": guardian,
    "phone": phone, "other_phone": other_phone, "address": address, "sex": sex, "school": school,
    "grade": grade, "student_number": student_number,
}  # fmt: skip
