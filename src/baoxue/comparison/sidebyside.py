"""Two records side by side: what each says, what differs in it, and what that is called."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from pypinyin.contrib.tone_convert import to_tone

from baoxue.comparison.models import Pair
from baoxue.platform.namekeys import name_key
from baoxue.policy.attendance import Attendance
from baoxue.policy.householdstatus import HouseholdStatus
from baoxue.policy.idnumber import IdState, mask
from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.policy.sex import SEX_LABELS
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.policy.studentstatus import StudentStatus

Record = Mapping[str, Any]


NOT_COMPARED = "不参与判断"
"""Word of a field that only one record has, or of which each register says its own."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; `differs`: the other record has something else here."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What one record says of a field. `gap`: its register has no such column. `note`: a remark under it."""

    parts: tuple[Part, ...] = ()
    gap: bool = False
    sound: str = ""
    note: str = ""

    @property
    def empty(self) -> bool:
        """There is a column, and nothing in it."""
        return not self.parts and not self.gap


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both records. `word`: how they relate; `same`: nothing to look at."""

    label: str
    left: Cell
    right: Cell
    word: str
    same: bool
    big: bool = False
    masked: bool = False

    @property
    def compared(self) -> bool:
        """The two are held against each other."""
        return self.word != NOT_COMPARED


@dataclass(frozen=True, slots=True)
class Weight:
    """What speaks for one child (`share` > 0) or against it; `share` in [−1, 1] of the strongest."""

    words: str
    share: float

    @property
    def width(self) -> float:
        """Of its bar, of 44 to either side."""
        return round(abs(self.share) * 44, 1)

    @property
    def start(self) -> float:
        """Where its bar begins: the axis is at 46."""
        return 46.0 if self.share > 0 else round(46 - self.width, 1)


# Levels of the engine that say that two values are the same but for how they are written.
_AS_GOOD_AS_EQUAL = frozenset({("name", "variant"), ("guardian", "homophone")})
_SHORT_WORDS = {
    ("name", "variant"): "繁简异体，算相同", ("name", "homophone"): "音同，字不同", ("name", "lookalike"): "形近字",
    ("name", "near_sound"): "音近，字不同", ("name", "swapped"): "字序颠倒", ("name", "part"): "多字或少字",
    ("name", "one_off"): "一字不同", ("name", "given"): "名同，姓不同", ("name", "surname"): "姓同，名不同",
    ("name", "differ"): "不同", ("birth", "swapped"): "月和日对调", ("birth", "lunar"): "一农历一公历",
    ("birth", "next_day"): "差一天", ("birth", "day"): "同月，日不同", ("birth", "year"): "差一年",
    ("birth", "month"): "月不同", ("birth", "month_day"): "年不同，月日相同", ("birth", "differ"): "不同",
    ("birth", "month_only"): "同年同月", ("guardian", "homophone"): "音同，字不同", ("guardian", "one_off"): "一字不同",
    ("guardian", "surname"): "同姓", ("guardian", "differ"): "不同", ("phone", "near"): "一位不同",
    ("other_phone", "near"): "一位不同", ("address", "within"): "写法不同，算相同", ("address", "equal"): "算相同",
    ("address", "village"): "同村", ("address", "town"): "同乡镇", ("address", "differ"): "不同",
    ("doubtful_number", "cut"): "前 15 位相同", ("doubtful_number", "near"): "至多一位不同",
    ("doubtful_number", "region"): "后 12 位相同", ("doubtful_number", "tail"): "末四位相同",
    ("doubtful_number", "two_off"): "两位不同",
}  # fmt: skip
_WEIGHED = {
    ("guardian", "surname"): "监护人同姓", ("guardian", "differ"): "监护人不同", ("phone", "differ"): "电话不同",
    ("other_phone", "differ"): "电话不同", ("address", "town"): "同乡镇", ("address", "differ"): "住址不同",
    ("sex", "equal"): "性别一致",
}  # fmt: skip
# Weights below this decide nothing and are left out.
_FAINT = 0.15


def lines_of(pair: Pair) -> list[Line]:
    """The fields of both records, in the order in which one looks."""
    left, right = _record(pair.left_record), _record(pair.right_record)
    levels = {field: level for field, level, _, _ in pair.evidence}
    sides = (Register(pair.left), Register(pair.right))
    lines = [
        _line("姓名", "name", sides, left, right, levels.get("name"), _same_text, big=True),
        _line("性别", "sex", sides, left, right, None, _sex),
        _line("出生日期", "birth_date", sides, left, right, levels.get("birth"), _same_text),
        _numbers(sides, left, right, levels),
        _line(
            "监护人", "guardian_name", sides, _with_head(left), _with_head(right), levels.get("guardian"), _same_text
        ),
        _phones(sides, left, right, levels),
        _line("住址", "address", sides, left, right, levels.get("address"), _same_text),
        _line("学校", "school_name", sides, left, right, levels.get("school"), _same_text),
        _line("年级班级", "grade", sides, _with_class(left), _with_class(right), None, _same_text),
        _states(left, right),
    ]
    return [line for line in lines if line.left.parts or line.right.parts]


def weights_of(pair: Pair) -> list[Weight]:
    """What speaks for one child, the strongest first, then what speaks against it."""
    strongest = max((abs(weight) for *_, weight in pair.evidence), default=0.0)
    if not strongest:
        return []
    said = [
        Weight(words or _WEIGHED.get((field, level), ""), weight / strongest)
        for field, level, words, weight in sorted(pair.evidence, key=lambda one: -one[3])
    ]
    return [weight for weight in said if weight.words and abs(weight.share) * strongest >= _FAINT]


def household_of(pair: Pair) -> list[dict[str, Any]]:
    """Who else is of the household: name, relation, born (year or None)."""
    mates: list[dict[str, Any]] = json.loads(pair.context) if pair.context else []
    return mates


def _record(sealed: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(sealed) if sealed else {}
    return record


def _sex(value: Any) -> str:
    return {"M": SEX_LABELS["M"], "F": SEX_LABELS["F"]}.get(str(value), str(value))


def _same_text(value: Any) -> str:
    return str(value)


def _with_head(record: Record) -> Record:
    return {**record, "guardian_name": record.get("guardian_name") or record.get("head_name")}


def _with_class(record: Record) -> Record:
    grade = f"{record['grade']} 年级" if record.get("grade") is not None else ""
    return {**record, "grade": " ".join(filter(None, (grade, record.get("class_name"))))}


def _with_state(record: Record) -> Record:
    kinds: tuple[tuple[str, Any], ...] = (
        ("household_status", HouseholdStatus), ("student_status", StudentStatus), ("attendance", Attendance),
        ("category", SpecialGroup),
    )  # fmt: skip
    return {**record, "state": "、".join(kind(record[column]).label for column, kind in kinds if record.get(column))}


def _states(left: Record, right: Record) -> Line:
    """What each register says of its own matter: 户口 here, 学籍 there. They do not have to agree."""
    one, other = (Cell(_whole(_with_state(side)["state"]), gap=False, sound="") for side in (left, right))
    return Line("状态", one, other, NOT_COMPARED, same=True, big=False)


_BEHIND = {"guardian_name": (Column.GUARDIAN_NAME, Column.HEAD_NAME)}


def _has_column(register: Register, field: str) -> bool:
    columns = _BEHIND.get(field) or (Column(field),)
    return any(column in COLUMNS[register] for column in columns)


def _line(
    label: str, field: str, sides: tuple[Register, Register], left: Record, right: Record, level: str | None,
    shown: Callable[[Any], str], *, big: bool = False,
) -> Line:  # fmt: skip
    one, other = (shown(side[field]) if side.get(field) else "" for side in (left, right))
    cells = [
        Cell(parts, gap=not parts and not _has_column(register, field), sound=_sound(text) if big else "")
        for parts, text, register in zip(_marked(one, other), (one, other), sides, strict=True)
    ]
    comparison = {"birth_date": "birth", "guardian_name": "guardian"}.get(field, field)
    if not one or not other:
        return Line(label, cells[0], cells[1], NOT_COMPARED, same=True, big=big)
    same = one == other or (comparison, level) in _AS_GOOD_AS_EQUAL
    word = "相同" if one == other else _SHORT_WORDS.get((comparison, level or ""), "不同")
    same = same or word.endswith("算相同")
    return Line(label, cells[0], cells[1], word, same=same, big=big)


def _sound(name: str) -> str:
    """yáng zǐ xuān."""
    return " ".join(to_tone(sound) for sound in name_key(name).sort.split())


def _marked(one: str, other: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    if not one or not other:
        return _whole(one), _whole(other)
    left: list[Part] = []
    right: list[Part] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if b > a:
            left.append(Part(one[a:b], tag != "equal"))
        if d > c:
            right.append(Part(other[c:d], tag != "equal"))
    return tuple(left), tuple(right)


def _whole(text: str) -> tuple[Part, ...]:
    return (Part(text, False),) if text else ()


def _numbers(sides: tuple[Register, Register], left: Record, right: Record, levels: Mapping[str, str]) -> Line:
    numbers = [str(side.get("id_number") or "") for side in (left, right)]
    places = _differing(*numbers)
    cells = [
        Cell(
            _by_place(mask(number), places),
            gap=not number and Column.ID_NUMBER not in COLUMNS[register],
            note=_note(number, side, other),
        )
        for number, side, other, register in zip(numbers, (left, right), (right, left), sides, strict=True)
    ]
    if not all(numbers):
        return Line("证件号", cells[0], cells[1], NOT_COMPARED, same=True, masked=True)
    if numbers[0] == numbers[1]:
        return Line("证件号", cells[0], cells[1], "相同", same=True, masked=True)
    said = _SHORT_WORDS.get(("doubtful_number", levels.get("doubtful_number", "")))
    return Line("证件号", cells[0], cells[1], said or _where(places, *numbers), same=False, masked=True)


def _differing(one: str, other: str) -> frozenset[int]:
    if not one or not other or one == other:
        return frozenset()
    if len(one) != len(other):
        return frozenset(range(max(len(one), len(other))))
    return frozenset(place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)


def _where(places: frozenset[int], one: str, other: str) -> str:
    if len(one) != len(other):
        return "位数不同"
    if len(places) > 4:
        return f"{len(places)} 位不同"
    return f"第 {'、'.join(str(place + 1) for place in sorted(places))} 位不同"


def _by_place(masked: str, places: frozenset[int]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for place, sign in enumerate(masked):
        if parts and parts[-1].differs == (place in places):
            parts[-1] = Part(parts[-1].text + sign, parts[-1].differs)
        else:
            parts.append(Part(sign, place in places))
    return tuple(parts)


def _note(number: str, own: Record, other: Record) -> str:
    """What the number itself tells, without showing it."""
    if not number:
        return ""
    said = []
    state = own.get("id_state")
    if state == IdState.VALID:
        said.append("校验码正确")
    elif state == IdState.TRUNCATED:
        said.append("后三位 000，像是被表格截断")
    elif state:
        said.append(IdState(state).label)
    if len(number) == 18 and number[6:14].isdigit():
        born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        whose = [word for word, record in (("本行", own), ("另一行", other)) if record.get("birth_date") == born]
        said.append(f"号里的生日与{'、'.join(whose)}相符" if whose else "号里的生日与两行都不符")
    return "；".join(said)


def _phones(sides: tuple[Register, Register], left: Record, right: Record, levels: Mapping[str, str]) -> Line:
    phones = [str(side.get("phone") or "") for side in (left, right)]
    places = _differing(*phones)
    cells = [
        Cell(_by_place(mask_phone(phone), places), gap=not phone and Column.PHONE not in COLUMNS[register])
        for phone, register in zip(phones, sides, strict=True)
    ]
    if not all(phones):
        return Line("电话", cells[0], cells[1], NOT_COMPARED, same=True, masked=True)
    level = levels.get("phone") or levels.get("other_phone") or ""
    same = phones[0] == phones[1] or level == "equal"
    word = "相同" if same else _SHORT_WORDS.get(("phone", level), "不同")
    return Line("电话", cells[0], cells[1], word, same=same, masked=True)


def mask_phone(phone: str) -> str:
    """138****2716: the first three and the last four stay."""
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}" if len(phone) > 7 else "*" * len(phone)
