"""Families of the county and of the children who come to it from outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from baoxue.synth.births import Births
from baoxue.synth.kinds import Bools, Days, Floats, Ints, Objects, objects, stream
from baoxue.synth.lists import surnames
from baoxue.synth.naming import adult_names, dotted_names
from baoxue.synth.numbers import identity_numbers, phones
from baoxue.synth.places import Places
from baoxue.synth.regions import far_codes, neighbour_codes

# Families whose parents work away from the county; of these, families whose children go with them.
PARENTS_AWAY = 0.30
CHILDREN_GO_ALONG = 0.24
POOR = 0.18
_COUSINS, _COUSINS_NEAR = 0.15, 0.8
_FATHERS_AGE = np.timedelta64(17 * 365, "D")
# Who heads the household: father, grandfather, mother.
_HEADS = (0.62, 0.28, 0.10)
FATHER, GRANDFATHER, MOTHER, GRANDMOTHER = 0, 1, 2, 3
# Share of families whose names are written with a middle dot, by province; elsewhere one in a thousand.
_DOTTED = {
    "65": (("UY", 0.5),),
    "54": (("TI", 0.9),),
    "63": (("TI", 0.25),),
    "51": (("YI", 0.03), ("TI", 0.02)),
    "53": (("YI", 0.01), ("TI", 0.005)),
}
_DOTTED_ELSEWHERE = (("UY", 0.0004), ("TI", 0.0003), ("YI", 0.0008))


@dataclass
class Families:
    """One element is one family. Adults: father, grandfather, mother, grandmother."""

    outsider: Bools
    region: Ints
    surname: Objects
    mother_surname: Objects
    people: Objects
    adult: tuple[Objects, Objects, Objects, Objects]
    adult_number: tuple[Objects, Objects, Objects, Objects]
    adult_born: tuple[Days, Days, Days, Days]
    phone: tuple[Objects, Objects, Objects, Objects]
    head: Ints
    village: Ints
    group: Ints
    house: Ints
    number: Objects
    poor: Bools
    away: Bools
    go_along: Bools
    guardian_luck: Floats

    def __len__(self) -> int:
        return len(self.outsider)


def make_families(births: Births, places: Places, seed: int) -> Families:
    """A family for every family number of the births."""
    rng = stream(seed, "families")
    outsider = births.outsider_family
    count = len(outsider)
    code = int(places.county.code)
    region = np.full(count, code)
    region[outsider] = far_codes(places.county.code, int(outsider.sum()), rng)
    near = outsider & (rng.random(count) < 0.5)
    region[near] = rng.choice(neighbour_codes(places.county.code), int(near.sum()))
    names = surnames(places.county.code[:2])
    surname, mother_surname = names.draw(rng, count), names.draw(rng, count)
    people = _people(count, places.county.code[:2], rng)
    adults = _adults(surname, mother_surname, names.draw(rng, count), people, rng)
    born = _adults_born(births, count, rng)
    away = rng.random(count) < PARENTS_AWAY
    families = Families(
        outsider=outsider,
        region=region,
        surname=surname,
        mother_surname=mother_surname,
        people=people,
        adult=adults,
        adult_number=_adult_numbers(region, born, rng),
        adult_born=born,
        phone=_phones(count, rng),
        head=rng.choice(3, count, p=_HEADS),
        village=rng.integers(0, len(places.village_name), count),
        group=rng.integers(1, 13, count),
        house=rng.integers(1, 160, count),
        number=objects(f"{code}{n:06d}" for n in rng.permutation(count).tolist()),
        poor=rng.random(count) < POOR,
        away=away,
        go_along=away & ~outsider & (rng.random(count) < CHILDREN_GO_ALONG),
        guardian_luck=rng.random(count),
    )
    _make_cousins(families, rng)
    return families


def _make_cousins(families: Families, rng: np.random.Generator) -> None:
    """Some families are those of brothers: one surname, the same grandparents, mostly one village."""
    plain = (families.people == "") & ~families.outsider
    old_enough = families.adult_born[GRANDFATHER][:-1] + _FATHERS_AGE < families.adult_born[FATHER][1:]
    second = np.flatnonzero((rng.random(len(families) - 1) < _COUSINS) & plain[1:] & plain[:-1] & old_enough) + 1
    # A third brother's family would have to follow the first one's, which may have changed: pairs only.
    second = second[~np.isin(second - 1, second)]
    for column in (families.adult, families.adult_number, families.adult_born, families.phone):
        for who in (GRANDFATHER, GRANDMOTHER):
            column[who][second] = column[who][second - 1]
    own = families.surname[second]
    families.surname[second] = families.surname[second - 1]
    families.adult[FATHER][second] = [
        surname + name[len(old) :]
        for surname, name, old in zip(families.surname[second], families.adult[FATHER][second], own, strict=True)
    ]
    near = second[rng.random(len(second)) < _COUSINS_NEAR]
    families.village[near], families.group[near] = families.village[near - 1], families.group[near - 1]
    one_house = near[(families.head[near] == GRANDFATHER) & (families.head[near - 1] == GRANDFATHER)]
    families.number[one_house], families.house[one_house] = (
        families.number[one_house - 1],
        families.house[one_house - 1],
    )


def _people(count: int, province: str, rng: np.random.Generator) -> Objects:
    people = np.full(count, "", dtype=object)
    luck = rng.random(count)
    reached = 0.0
    for name, share in _DOTTED.get(province, _DOTTED_ELSEWHERE):
        people[(luck >= reached) & (luck < reached + share)] = name
        reached += share
    return people


def _adults(
    surname: Objects,
    mother_surname: Objects,
    grandmother_surname: Objects,
    people: Objects,
    rng: np.random.Generator,
) -> tuple[Objects, Objects, Objects, Objects]:
    made = []
    for of, sex in ((surname, "M"), (surname, "M"), (mother_surname, "F"), (grandmother_surname, "F")):
        names = adult_names(of, sex, rng)
        dotted = np.flatnonzero(people != "")
        names[dotted] = dotted_names(people[dotted], np.full(len(dotted), sex == "M"), dotted, rng)
        made.append(names)
    return made[0], made[1], made[2], made[3]


def _adults_born(births: Births, count: int, rng: np.random.Generator) -> tuple[Days, Days, Days, Days]:
    first = np.full(count, np.datetime64("9999-01-01", "D"))
    np.minimum.at(first, births.family, births.born)

    def older(than: Days, low: int, high: int) -> Days:
        days: Days = than - rng.integers(low * 365, high * 365, count).astype("timedelta64[D]")
        return days

    father, mother = older(first, 21, 36), older(first, 19, 33)
    return father, older(father, 20, 34), mother, older(father, 19, 32)


def _adult_numbers(
    region: Ints, born: tuple[Days, Days, Days, Days], rng: np.random.Generator
) -> tuple[Objects, Objects, Objects, Objects]:
    def numbers(days: Days, male: int) -> Objects:
        return identity_numbers(region, days, rng.integers(0, 500, len(region)) * 2 + male)

    return numbers(born[0], 1), numbers(born[1], 1), numbers(born[2], 0), numbers(born[3], 0)


def _phones(count: int, rng: np.random.Generator) -> tuple[Objects, Objects, Objects, Objects]:
    father, mother, grandparent = phones(count, rng), phones(count, rng), phones(count, rng)
    return father, grandparent, mother, grandparent.copy()
