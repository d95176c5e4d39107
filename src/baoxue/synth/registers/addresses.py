"""Addresses: one family's place, in the way each office writes it."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from baoxue.synth.families import Families
from baoxue.synth.kinds import Floats, Ints, Objects, objects
from baoxue.synth.places import Places
from baoxue.synth.regions import counties

_NUMERALS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


class AddressStyle(IntEnum):
    """How much of an address an office writes."""

    FULL = 0
    FROM_CITY = 1
    FROM_COUNTY = 2
    FROM_TOWNSHIP = 3
    VILLAGE_ONLY = 4


# The styles an office may have; each keeps to one, but for a few families.
STYLE_SHARES = (0.45, 0.15, 0.20, 0.15, 0.05)
_OTHER_STYLE = 0.08


def write_addresses(family: Ints, families: Families, places: Places, style: Ints, rng: np.random.Generator) -> Objects:
    """Addresses of these families, one and the same for all of a family.

    `style` is the AddressStyle of the office that keeps each row; some families are written down otherwise.
    """
    count = len(family)
    home = rng.random((4, len(families)))[:, family]
    style = np.where(home[0] < _OTHER_STYLE, (home[1] * len(AddressStyle)).astype(np.int64), style)
    # Who comes from outside is asked for the county too.
    style = np.where(families.outsider[family], np.minimum(style, AddressStyle.FROM_COUNTY), style)
    groups, houses = home[2], home[3]
    region = families.region[family]
    village = families.village[family]
    group, house = families.group[family], families.house[family]
    fronts = _fronts(places, region)
    return objects(
        fronts[region[i]][style[i]]
        + _place(places, village[i], style[i])
        + _group(group[i], style[i], groups[i])
        + (f"{house[i]}号" if houses[i] < 0.45 and style[i] < AddressStyle.FROM_TOWNSHIP else "")
        for i in range(count)
    )


def _fronts(places: Places, regions: Ints) -> dict[int, tuple[str, str, str, str, str]]:
    fronts = {}
    for code in np.unique(regions).tolist():
        county = counties().get(str(code), places.county)
        fronts[code] = (county.address, county.city + county.name, county.name, "", "")
    return fronts


def _place(places: Places, village: int, style: int) -> str:
    name: str = places.village_name[village]
    return name if style == AddressStyle.VILLAGE_ONLY else f"{places.townships[places.village_township[village]]}{name}"


def _group(group: int, style: int, luck: Floats) -> str:
    if luck < 0.15 or style == AddressStyle.VILLAGE_ONLY:
        return ""
    if luck < 0.55:
        return f"{_NUMERALS[group]}组"
    return f"{group}组" if luck < 0.85 else f"第{_NUMERALS[group]}村民组"


def styles_of_units(units: int, rng: np.random.Generator) -> Ints:
    """The address style of each office."""
    return rng.choice(len(AddressStyle), units, p=STYLE_SHARES)
