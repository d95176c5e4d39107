"""A person of a register, and what rules compare by, worked out from what the row says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from lunar_python import Lunar, LunarMonth

from baoxue.matching.keys import name_keys
from baoxue.policy.idnumber import check_digit
from baoxue.policy.registers import Register

Row = Mapping[str, Any]
PUPILS = (Register.STUDENT, Register.ROLL, Register.ELSEWHERE)
_DIGIT_OF = {word: str(value) for value, word in enumerate("一二三四五六七八九", start=1)}
_NUMERALS = "一二三四五六七八九十"


def keys_of_names(names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Sounds and parts of names, by name."""
    return {row["name"]: row for row in name_keys(names).to_pylist()}


class Person:
    """One accepted row; every attribute has the name and the meaning of a column of people."""

    def __init__(
        self,
        register: Register,
        said: Row,
        names: Mapping[str, Mapping[str, str]],
        schools: Mapping[str, str],
        oldest: date,
    ) -> None:
        self._register, self._said, self._names, self._schools = register, said, names, schools
        self._oldest = oldest
        self.row: int = said["row"]
        self.name: str = said["name"]
        self.birth: date | None = said.get("birth_date")
        self.written_sex: str | None = said.get("sex")
        self.student_number: str | None = said.get("student_number")
        self.household_number: str | None = said.get("household_number")
        self.grade: int | None = said.get("grade")
        self.said_number: str | None = said.get("id_number") or self._written_inner

    def __getattr__(self, attribute: str) -> Any:
        if attribute in ("simple", "sound", "near_sound", "surname_sound", "given_sound"):
            return self._names[self.name][attribute]
        raise AttributeError(attribute)

    # ---- the number -------------------------------------------------------------------------------------------------

    @cached_property
    def _written_inner(self) -> str | None:
        """The identity number a 学籍号 ends in."""
        tail = (self._said.get("student_number") or "")[-18:]
        return tail if re.fullmatch("[1-9][0-9]{16}[0-9X]", tail) else None

    @cached_property
    def _inner(self) -> str | None:
        inner = self._written_inner
        born = day_in(inner) if inner else None
        # 000 at the end: through a number cell. A grown-up's: the parent's, typed for the child's.
        if inner is None or born is None or inner.endswith("000") or born < self._oldest:
            return None
        return inner if check_digit(inner[:17]) == inner[17] else None

    @cached_property
    def _state(self) -> str | None:
        """How far the own number is trusted: not at all when it is a grown-up's and the row a child's."""
        state = self._said.get("id_state")
        if state != "valid":
            return state
        own = day_in(self._said["id_number"])
        grown_up = self._register not in PUPILS and (self.birth is None or self.birth < self._oldest)
        return state if grown_up or (own is not None and own >= self._oldest) else None

    @cached_property
    def number(self) -> str | None:
        own = self._said.get("id_number")
        if self._state == "valid":
            return own
        if self._inner is not None:
            return self._inner
        if self._state in ("bad_check", "truncated", "malformed", "fifteen"):
            return own
        return self._written_inner if own is None else None

    @cached_property
    def number_valid(self) -> bool:
        return self._state == "valid" or self._inner is not None

    @cached_property
    def number_cut(self) -> bool:
        return self._state == "truncated" and self._inner is None

    @cached_property
    def number_birth(self) -> date | None:
        return day_in(self.number) if self.number_valid and self.number else None

    @cached_property
    def id_key(self) -> tuple[str, str] | None:
        if self._state == "valid":
            return ("resident", self._said["id_number"][:17])
        if self._state == "other":
            return ("other", self._said["id_number"])
        return ("resident", self._inner[:17]) if self._inner else None

    @cached_property
    def inner_id_key(self) -> tuple[str, str] | None:
        if self._inner:
            return ("resident", self._inner[:17])
        return ("resident", self._said["id_number"][:17]) if self._state == "valid" else None

    @cached_property
    def borrowed_key(self) -> tuple[str, str] | None:
        """The key that a list may lend; the own one until then."""
        return self.id_key

    @cached_property
    def sounds(self) -> tuple[str, ...]:
        """The sounds of a name in any order."""
        return tuple(sorted(self.near_sound.split(" ")))

    @cached_property
    def number_head(self) -> str | None:
        """Place and birth date: what a cut number keeps."""
        return self.number[:14] if self.number and (len(self.number) == 18 or self.number_cut) else None

    @cached_property
    def number_tail(self) -> str | None:
        """Birth date, sequence and check digit: what a wrong place leaves."""
        return self.number[6:] if self.number and len(self.number) == 18 and not self.number_cut else None

    # ---- sex and birth ----------------------------------------------------------------------------------------------

    @cached_property
    def sex(self) -> str | None:
        if self.written_sex is not None or not self.number_valid or self.number is None:
            return self.written_sex
        return "M" if int(self.number[16]) % 2 else "F"

    @cached_property
    def any_birth(self) -> date | None:
        return self.number_birth or self.birth

    @cached_property
    def written_month(self) -> int | None:
        return _month(self.birth) or self._said.get("birth_month")

    @cached_property
    def birth_month(self) -> int | None:
        return _month(self.any_birth) or self._said.get("birth_month")

    @cached_property
    def birth_solar(self) -> date | None:
        """The written date taken for a day of the lunar calendar, where there is such a day."""
        return lunar_to_solar(self.birth) if self.birth else None

    # ---- family, place, school --------------------------------------------------------------------------------------

    @cached_property
    def head(self) -> str | None:
        return self._said.get("head_name")

    @cached_property
    def guardian(self) -> str | None:
        return self._said.get("guardian_name") or self.head

    @cached_property
    def guardian_sound(self) -> str | None:
        return self._names[self.guardian]["sound"] if self.guardian else None

    @cached_property
    def head_sound(self) -> str | None:
        return self._names[self.head]["sound"] if self.head else None

    @cached_property
    def phone(self) -> str | None:
        return (self._said.get("phone") or "")[-11:] or None

    @cached_property
    def place(self) -> str | None:
        return place_in(plain_numerals(self._said.get("address") or "")) or None

    @cached_property
    def town(self) -> str | None:
        return town_of(self.place or "") or None

    @cached_property
    def village(self) -> str | None:
        rest = (self.place or "")[len(self.town or "") :]
        return _until(rest, ("村", "社区", "居委会", "寨", "屯", "嘎查"), most=8) or None

    @cached_property
    def school(self) -> str | None:
        name = self._said.get("school_name")
        return self._said.get("school_code") or self._schools.get(name or "") or name

    @cached_property
    def class_key(self) -> int | None:
        """The number of the class within its grade, however it is written."""
        text = re.sub(f"[{_NUMERALS}]+", lambda run: numeral(run[0]), self._said.get("class_name") or "")
        after = max((text.rfind(word) for word in ("级", "年", "初")), default=-1)
        groups = re.findall("[0-9]+", text[after + 1 :])
        if not groups:
            return None
        digits = groups[-1]
        if len(digits) == 3 and digits[0] == str(self.grade):
            digits = digits[1:]
        return int(digits)

    # ---- keys that blocks join by -----------------------------------------------------------------------------------

    def __getitem__(self, key: str) -> Any:
        """The value of a key; None where a part of it is not known."""
        parts = KEYS.get(key)
        if parts is None:
            return getattr(self, key)
        values = [getattr(self, part.rstrip("?")) for part in parts]
        known = all(value is not None for part, value in zip(parts, values, strict=True) if not part.endswith("?"))
        return tuple(values) if known else None


# Keys of several parts; a part with ? may be missing.
KEYS = {
    "name_month": ("near_sound", "birth_month"),
    "name_day": ("simple", "any_birth"),
    "name_phone": ("simple", "phone"),
    "name_guardian": ("simple", "guardian_sound"),
    "sound_day": ("sound", "sex?", "any_birth"),
    "village_day": ("village", "any_birth"),
    "surname_day": ("surname_sound", "sex?", "any_birth"),
    "given_day": ("given_sound", "any_birth"),
    "guardian_sex": ("guardian_sound", "sex"),
    "head_sex": ("head_sound", "sex"),
    "school_surname_grade": ("school", "surname_sound", "grade"),
    "school_given": ("school", "given_sound"),
    "school_day": ("school", "any_birth"),
    "school_name_birth": ("school", "simple", "any_birth", "sex?"),
}


def _month(day: date | None) -> int | None:
    return day.year * 100 + day.month if day else None


def day_in(number: str) -> date | None:
    """The birth date in a number of eighteen signs."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def lunar_to_solar(day: date) -> date | None:
    """The day of the solar calendar on which a lunar day falls."""
    if not 1990 <= day.year <= 2050:
        return None
    length = LunarMonth.fromYm(day.year, day.month).getDayCount()
    if day.day > length:
        return None
    solar = Lunar.fromYmd(day.year, day.month, day.day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def plain_numerals(address: str) -> str:
    """第九村民组, 九组 and 9组 are one place."""
    return re.sub(f"[{_NUMERALS}]+", _digits, address.replace("第", "").replace("村民", ""))


def _digits(run: re.Match[str]) -> str:
    counts = run.string[run.end() :].startswith(("组", "号", "队"))
    return run[0] if run[0] == "十" and not counts else numeral(run[0])  # 十里铺 is a name


def numeral(written: str) -> str:
    """A Chinese numeral below a hundred in digits: 十二 is 12, 二十 is 20; digits said one by one stay so."""
    tens, ten, ones = written.partition("十")
    digits = [_DIGIT_OF[sign] for sign in tens + ones]
    if ten and not tens:
        digits.insert(0, "1")
    if ten and not ones:
        digits.append("0")
    return "".join(digits)


def place_in(address: str) -> str:
    """An address without province, city and county: what tells one household of a county from another."""
    return _without_county(_without_city(_without_province(address)))


def _without_province(address: str) -> str:
    at = address.find("省")
    if 2 <= at <= 3:
        return address[at + 1 :]
    at = address.rfind("自治区", 0, 9)
    return address[at + 3 :] if at >= 2 else address


def _without_city(address: str) -> str:
    return _after_first(address, ("自治州", "市", "地区", "盟", "州"), least=2, most=12, never="市州县区")


def _without_county(address: str) -> str:
    return _after_first(address, ("自治县", "县", "区", "市", "旗"), least=1, most=8, never="县区市旗乡镇村")


def _after_first(text: str, endings: Sequence[str], *, least: int, most: int, never: str) -> str:
    for size in range(least, most + 1):
        if set(text[:size]) & set(never):
            break
        for ending in endings:
            if text[size:].startswith(ending):
                return text[size + len(ending) :]
    return text


def town_of(place: str) -> str:
    """The town a place begins with."""
    return _until(place, ("镇", "乡", "街道", "办事处", "苏木"), most=6)


def _until(text: str, endings: Sequence[str], *, most: int) -> str:
    """What a text begins with, up to the first of the endings after one to `most` signs."""
    for size in range(1, most + 1):
        for ending in endings:
            if text[size:].startswith(ending) and size <= len(text):
                return text[: size + len(ending)]
    return ""


def schools_by_name(student: Sequence[Row], roll: Sequence[Row]) -> dict[str, str]:
    """The code a school's name stands for; an old name stands for the school where most of its pupils are on record."""
    codes: dict[str, Counter[str]] = {}
    for row in (*student, *roll):
        if row.get("school_name") and row.get("school_code"):
            codes.setdefault(row["school_name"], Counter())[row["school_code"]] += 1
    known = {name: min(counted, key=lambda code: (-counted[code], code)) for name, counted in codes.items()}
    recorded = {row.get("school_name") for row in student}
    strange: dict[str, list[Row]] = {}
    for row in roll:
        name = row.get("school_name")
        if name and not row.get("school_code") and name not in known and name not in recorded:
            strange.setdefault(name, []).append(row)
    for name, pupils in strange.items():
        met: dict[str, set[str]] = {}
        for pupil in pupils:
            for record in student:
                if (record["name"], record.get("grade")) == (pupil["name"], pupil.get("grade")):
                    school = str(record.get("school_code") or record.get("school_name"))
                    met.setdefault(school, set()).add(record["name"])
        sure = {
            school: len(names) for school, names in met.items() if len(names) >= 5 and 2 * len(names) >= len(pupils)
        }
        if sure:
            known[name] = max(sure, key=lambda school: (sure[school], school))
    return known
