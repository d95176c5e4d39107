"""By what names are ordered and found: their sounds, the surname first read as a surname (单 shan, 曾 zeng)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from pypinyin import Style, pinyin

from baoxue.matching.keys import COMPOUND_SURNAMES

# As `matching.keys.SURNAME_READINGS`, with tones: lists are ordered by them.
_SURNAMES = {
    "单": "shan4", "曾": "zeng1", "解": "xie4", "仇": "qiu2", "查": "zha1", "盖": "ge3", "区": "ou1", "任": "ren2",
    "华": "hua4", "朴": "piao2", "覃": "qin2", "冼": "xian3", "洗": "xian3", "员": "yun4", "乐": "yue4", "缪": "miao4",
    "晁": "chao2", "种": "chong2", "秘": "bi4", "尉迟": "yu4 chi2", "长孙": "zhang3 sun1", "宁": "ning4", "召": "shao4",
    "燕": "yan1", "应": "ying1", "那": "na1", "葛": "ge3", "翟": "zhai2", "万俟": "mo4 qi2", "尹": "yin3", "纪": "ji3",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameKey:
    """`sort`: `yang2 chang1 wang4`; `pinyin`: `yangchangwang`; `initials`: `ycw`."""

    sort: str
    pinyin: str
    initials: str


@lru_cache(maxsize=100_000)
def name_key(name: str) -> NameKey:
    """The keys of a name. Signs without a sound (·, spaces) are left out; letters stay."""
    surname = name[:2] if name[:2] in COMPOUND_SURNAMES or name[:2] in _SURNAMES else name[:1]
    read = _SURNAMES[surname].split() if surname in _SURNAMES and len(name) > 1 else [_sound(c) for c in surname]
    sounds = [sound for sound in (*read, *(_sound(char) for char in name[len(surname) :])) if sound]
    plain = [sound.rstrip("12345") for sound in sounds]
    return NameKey(" ".join(sounds), "".join(plain), "".join(sound[:1] for sound in plain))


@cache
def _sound(char: str) -> str:
    if not char.isalnum():
        return ""
    return pinyin(char, style=Style.TONE3, neutral_tone_with_five=True)[0][0].lower().replace("ü", "v")
