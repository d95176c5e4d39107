"""The county that is made up: townships, villages, schools, and who goes to which school."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from baoxue.synth.kinds import Ints, Objects, objects, stream
from baoxue.synth.regions import County, county_of

CHILDREN_PER_TOWNSHIP = 1800
VILLAGES = 12
PRIMARY, JUNIOR = 0, 1

_FIRST = "龙大平水天石白青黄马羊凯注客长新老上下岩双杨竹松桐金银清凉高古永安思新羊江河"
_LAST = "田坪溪塘寨山桥场坝河岩泉冲湾坡屯堡洞江口井沟关林园岭塘"
_TOWNSHIP_KINDS = ("镇", "镇", "乡", "镇", "街道")
_OLD_NAMES = ("希望小学", "民族小学", "完全小学", "完小", "小学校")


@dataclass
class Places:
    """Townships, their villages and schools; the first township is the county seat.

    `catchment[level][village]` is the school of a village's children; `seat[level]` are the schools of the
    county seat, to which some from everywhere go.
    """

    county: County
    townships: Objects
    village_name: Objects
    village_township: Ints
    school_code: Objects
    school_name: Objects
    school_old_name: Objects
    school_township: Ints
    school_level: Ints
    catchment: tuple[Ints, Ints]
    seat: tuple[Ints, Ints]


def make_places(children: int, county: str, seed: int) -> Places:
    """A county for about so many children of school age."""
    rng = stream(seed, "places", county)
    count = max(4, round(children / CHILDREN_PER_TOWNSHIP))
    townships = _names(count, 1, rng)
    kinds = rng.choice(np.array(_TOWNSHIP_KINDS, dtype=object), count)
    kinds[0] = "街道"
    villages = _names(count * VILLAGES, max(2, count * VILLAGES // 400), rng)
    rng.shuffle(villages)
    of_township = np.repeat(np.arange(count), VILLAGES)
    schools = _Schools(county)
    primaries = [schools.primaries_of(t, townships[t], kinds[t], children // count, rng) for t in range(count)]
    juniors = [schools.juniors_of(t, townships[t], kinds[t], children) for t in range(count)]
    return Places(
        county=county_of(county),
        townships=townships + kinds,
        village_name=villages + rng.choice(np.array(["村", "村", "村", "社区"], dtype=object), len(villages)),
        village_township=of_township,
        school_code=objects(schools.codes),
        school_name=objects(schools.names),
        school_old_name=objects(schools.old_names),
        school_township=np.array(schools.townships, dtype=np.int64),
        school_level=np.array(schools.levels, dtype=np.int64),
        catchment=(_catchment(of_township, primaries), _catchment(of_township, juniors)),
        seat=(np.array(primaries[0], dtype=np.int64), np.array(juniors[0], dtype=np.int64)),
    )


def _names(count: int, each: int, rng: np.random.Generator) -> Objects:
    """Names of places, each at most so often."""
    pool = sorted({first + last for first in _FIRST for last in _LAST if first != last}) * each
    while len(pool) < count:
        pool += pool
    return rng.permutation(objects(pool))[:count]


def _catchment(of_township: Ints, schools: list[list[int]]) -> Ints:
    return np.array(
        [schools[township][position % len(schools[township])] for position, township in enumerate(of_township)],
        dtype=np.int64,
    )


class _Schools:
    """The schools as they are founded, one by one."""

    def __init__(self, county: str) -> None:
        self.county = county
        self.codes: list[str] = []
        self.names: list[str] = []
        self.old_names: list[str] = []
        self.townships: list[int] = []
        self.levels: list[int] = []

    def _found(self, name: str, old_name: str, township: int, level: int) -> int:
        position = len(self.codes)
        # Two digits of the county in the sequence: schools of neighbouring counties have codes of their own.
        self.codes.append(f"{(21, 31)[level]}{self.county[:2]}{self.county[4:]}{position + 1:04d}")
        self.names.append(name)
        self.old_names.append(old_name)
        self.townships.append(township)
        self.levels.append(level)
        return position

    def primaries_of(self, township: int, name: str, kind: str, children: int, rng: np.random.Generator) -> list[int]:
        if township == 0:
            numerals = "一二三四五六七八九"[: min(9, max(2, children // 600))]
            return [self._found(f"县城第{n}小学", f"城关第{n}完全小学", 0, PRIMARY) for n in numerals]
        central = self._found(f"{name}{kind}中心小学", f"{name}乡中心完小", township, PRIMARY)
        small = max(1, min(4, children // 400))
        old = rng.choice(np.array(_OLD_NAMES, dtype=object), small)
        places = _names(small, 1, rng)
        return [central] + [
            self._found(f"{name}{kind}{place}小学", f"{name}乡{place}{was}", township, PRIMARY)
            for place, was in zip(places, old, strict=True)
        ]

    def juniors_of(self, township: int, name: str, kind: str, children: int) -> list[int]:
        if township == 0:
            numerals = "一二三四五六"[: min(6, max(1, children // 15000 + 1))]
            return [self._found(f"县第{n}中学", f"县第{n}初级中学", 0, JUNIOR) for n in numerals]
        return [self._found(f"{name}{kind}初级中学", f"{name}民族中学", township, JUNIOR)]
