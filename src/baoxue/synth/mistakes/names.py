"""Mistakes in names: of input methods by sound and by shape, of the eye, of the ear, and of the pen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import cache

import numpy as np

from baoxue.synth.kinds import Objects, stream
from baoxue.synth.lists import homophones, lookalikes, name_characters, near_homophones, variants

Pick = Callable[[int], int]
_Way = Callable[[str, Pick], str]

_COMPOUND = ("欧阳", "上官", "皇甫", "令狐", "诸葛", "司徒", "司马")
_DOTS = "•．・‧. "


def _replaced(name: str, table: dict[str, str], pick: Pick) -> str:
    """The name with one character exchanged; the given name goes wrong far more often than the surname."""
    places = [place for place, character in enumerate(name) if character in table]
    given = [place for place in places if place >= _surname_length(name)]
    if given and (len(given) == len(places) or pick(100) < 88):
        places = given
    if not places:
        return name
    place = places[pick(len(places))]
    return name[:place] + _choice(table[name[place]], pick) + name[place + 1 :]


def _choice(characters: str, pick: Pick) -> str:
    """One character; the first ones, which are commoner in names, more often."""
    return characters[min(pick(len(characters)), pick(len(characters)))]


def _surname_length(name: str) -> int:
    if "·" in name:
        return 0
    return 2 if name[:2] in _COMPOUND and len(name) > 2 else 1


def _homophone(name: str, pick: Pick) -> str:
    return _replaced(name, homophones(), pick)


def _near_homophone(name: str, pick: Pick) -> str:
    return _replaced(name, near_homophones(), pick)


def _lookalike(name: str, pick: Pick) -> str:
    return _replaced(name, lookalikes(), pick)


def _variant(name: str, pick: Pick) -> str:
    return _replaced(name, variants(), pick)


def _dropped(name: str, pick: Pick) -> str:
    first = _surname_length(name)
    if len(name) - first < 2:
        return name
    place = first + pick(len(name) - first)
    return name[:place] + name[place + 1 :]


def _added(name: str, pick: Pick) -> str:
    given = name[_surname_length(name) :]
    if pick(2) and len(given) == 1:
        return name + given
    extra = name_characters("M1").items
    first = _surname_length(name)
    return name[:first] + str(extra[pick(len(extra))]) + name[first:] if len(given) < 2 else name + given[-1]


def _swapped(name: str, pick: Pick) -> str:
    if len(name) < 3:
        return name[::-1]
    place = max(1, len(name) - 2 - pick(2)) if len(name) > 3 else len(name) - 2
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def _nickname(name: str, pick: Pick) -> str:
    last = name[-1]
    return name[0] + ("小" + last, last + last, "阿" + last)[pick(3)]


def _truncated(name: str, pick: Pick) -> str:
    """Forms and old systems keep four characters; some keep the own name alone."""
    return name.split("·")[0] if pick(2) else name[:4]


def _dot_lost(name: str, pick: Pick) -> str:
    return name.replace("·", "")


_WAYS: tuple[tuple[_Way, float], ...] = (
    (_homophone, 0.46),
    (_near_homophone, 0.08),
    (_lookalike, 0.20),
    (_variant, 0.06),
    (_dropped, 0.06),
    (_added, 0.03),
    (_swapped, 0.06),
    (_nickname, 0.05),
)
_DOTTED_WAYS: tuple[_Way, ...] = (_homophone, _near_homophone, _truncated, _dot_lost)
_DOTTED_SHARES = (0.3, 0.4, 0.75)


@cache
def _shares(seed: int) -> tuple[float, ...]:
    """The share of each way in one seed, added up: clerks type by sound, or by shape."""
    shares = stream(seed, "ways of names").dirichlet([share * 25 for _, share in _WAYS])
    return tuple(np.cumsum(shares)[:-1].tolist())


def misspell(name: str, seed: int, rng: np.random.Generator) -> str:
    """A name with one mistake in it, never the name itself."""

    def pick(below: int) -> int:
        return int(rng.random() * below)

    way = _DOTTED_WAYS[_drawn(_DOTTED_SHARES, rng)] if "·" in name else _WAYS[_drawn(_shares(seed), rng)][0]
    for wrong in (way(name, pick), _homophone(name, pick), _dot_lost(name, pick)):
        if wrong != name:
            return wrong
    return _added(name, pick)


def _drawn(bounds: tuple[float, ...], rng: np.random.Generator) -> int:
    return bisect_right(bounds, rng.random())


def write_untidily(name: str, rng: np.random.Generator) -> str:
    """A right name with spaces in it, or another sign for the middle dot."""
    luck = int(rng.random() * 6)
    if "·" in name:
        return name.replace("·", _DOTS[luck % len(_DOTS)])
    if len(name) == 2 and luck < 4:
        return name[0] + ("　", "  ", " ", "　")[luck] + name[1]
    return (name + " ", " " + name, name + "　", name[0] + " " + name[1:], name + "\u200b", name + "  ")[luck]


_REMARKS = (
    "(转学)",
    "（留守）",
    "(双胞胎)",
    "（随迁）",
    "*",
    "(借读)",
    "（住校）",
    "(单亲)",
    "（新生）",
    "(女)",
    "（残疾）",
    "(低保)",
)


def with_remark(name: str, rng: np.random.Generator) -> str:
    """A name with a remark behind it."""
    return name + _REMARKS[int(rng.random() * len(_REMARKS))]


def misspell_all(names: Objects, rows: np.ndarray, seed: int, rng: np.random.Generator) -> None:
    """Misspell the names in these rows; empty cells stay."""
    for row in rows.tolist():
        if names[row]:
            names[row] = misspell(names[row], seed, rng)
