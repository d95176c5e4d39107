"""The children: names, birth dates, identity numbers, and the hard cases among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from baoxue.synth.births import Births
from baoxue.synth.families import Families
from baoxue.synth.kinds import Bools, Days, Ints, Objects, nothing, objects, stream
from baoxue.synth.lunar import lunar_as_solar
from baoxue.synth.naming import dotted_names, given_names, sibling_names
from baoxue.synth.numbers import distinct_sequences, identity_numbers
from baoxue.synth.regions import far_codes, former_codes, neighbour_codes

_MOTHERS_SURNAME = 0.025
_RENAMED = 0.003
_LUNAR = 0.015
_NO_NUMBER = 0.012
_UNTIDY = 0.05
_NAMESAKES = 0.0003
# Registered in another county of the city, or far away where the parents worked.
_BORN_NEAR, _BORN_FAR = 0.05, 0.02


@dataclass
class Children:
    """One element of each array is one child.

    `born` is the birth date that the police registered and that stands in the number; `celebrated` the one
    the family means where the registered one was lunar. `former_name` is None but for the renamed. `number`
    is None for those who were never given one. Papers of the `untidy` are in disorder everywhere.
    """

    family: Ints
    twin_of: Ints
    age: Ints
    boy: Bools
    born: Days
    celebrated: Days
    name: Objects
    former_name: Objects
    number: Objects
    untidy: Bools

    def __len__(self) -> int:
        return len(self.family)


def make_children(births: Births, families: Families, seed: int) -> Children:
    """Name, register and number the children of the births."""
    rng = stream(seed, "children")
    count = len(births)
    names = _names(births, families, rng)
    celebrated = births.born.copy()
    boy = births.boy.copy()
    _namesakes(names, celebrated, boy, births, families, rng)
    born = celebrated.copy()
    lunar = (rng.random(count) < _LUNAR) & (births.twin_of < 0)
    born[lunar] = lunar_as_solar(celebrated[lunar])
    _twins_alike(born, births.twin_of)
    return Children(
        family=births.family,
        twin_of=births.twin_of,
        age=births.age,
        boy=boy,
        born=born,
        celebrated=celebrated,
        name=names,
        former_name=_former_names(names, births, families, boy, rng),
        number=_numbers(births, families, born, boy, rng),
        untidy=rng.random(count) < _UNTIDY,
    )


def _names(births: Births, families: Families, rng: np.random.Generator) -> Objects:
    year = births.born.astype("datetime64[Y]").astype(np.int64) + 1970
    given = sibling_names(births.boy, year, births.family, births.twin_of, rng)
    by_mother = rng.random(len(births)) < _MOTHERS_SURNAME
    second = np.flatnonzero(births.twin_of >= 0)
    by_mother[second] = by_mother[births.twin_of[second]]
    surname = np.where(by_mother, families.mother_surname[births.family], families.surname[births.family])
    names: Objects = surname + given
    people = families.people[births.family]
    dotted = np.flatnonzero(people != "")
    names[dotted] = dotted_names(people[dotted], births.boy[dotted], births.family[dotted], rng)
    return names


def _twins_alike(born: Days, twin_of: Ints) -> None:
    second = np.flatnonzero(twin_of >= 0)
    born[second] = born[twin_of[second]]


def _namesakes(
    names: Objects, born: Days, boy: Bools, births: Births, families: Families, rng: np.random.Generator
) -> None:
    """Children of two families who have one name and one birthday."""
    alone = np.bincount(births.family)[births.family] == 1
    only = np.flatnonzero(alone & (families.people[births.family] == ""))
    by_surname = only[np.argsort(families.surname[births.family[only]], kind="stable")]
    first = rng.integers(0, max(1, len(by_surname) - 1), max(1, round(len(births) * _NAMESAKES)))
    for one, other in zip(by_surname[first], by_surname[first + 1], strict=True):
        same = families.surname[births.family[one]] == families.surname[births.family[other]]
        if same and births.age[one] == births.age[other]:
            names[other], born[other], boy[other] = names[one], born[one], boy[one]


def _former_names(names: Objects, births: Births, families: Families, boy: Bools, rng: np.random.Generator) -> Objects:
    """Names before a change: another given name, or the father's surname where the mother's is borne now."""
    former = nothing(len(births))
    changed = np.flatnonzero((rng.random(len(births)) < _RENAMED) & (families.people[births.family] == ""))
    year = births.born[changed].astype("datetime64[Y]").astype(np.int64) + 1970
    given = given_names(boy[changed], year, rng)
    of_mother = rng.random(len(changed)) < 0.35
    for row, fresh, surname_only in zip(changed, given, of_mother, strict=True):
        family = births.family[row]
        surname, mothers = families.surname[family], families.mother_surname[family]
        own = surname if names[row].startswith(surname) else mothers
        other = mothers if own == surname else surname
        former[row] = other + names[row][len(own) :] if surname_only else own + fresh
    return former


def _numbers(births: Births, families: Families, born: Days, boy: Bools, rng: np.random.Generator) -> Objects:
    count = len(births)
    county = int(families.region[0])
    region = families.region[births.family].copy()
    luck = rng.random(count)
    local = region == county
    near = local & (luck < _BORN_NEAR)
    far = local & (luck >= _BORN_NEAR) & (luck < _BORN_NEAR + _BORN_FAR)
    region[near] = rng.choice(neighbour_codes(f"{county}"), int(near.sum()))
    region[far] = far_codes(f"{county}", int(far.sum()), rng)
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    for former, last_year in former_codes(f"{county}").items():
        region[(region == county) & (year <= last_year)] = former
    second = np.flatnonzero(births.twin_of >= 0)
    region[second] = region[births.twin_of[second]]
    sequence = distinct_sequences(region, born, boy, births.twin_of, county, rng)
    numbers = identity_numbers(region, born, sequence)
    numbers[rng.random(count) < _NO_NUMBER] = None
    return objects(numbers)
