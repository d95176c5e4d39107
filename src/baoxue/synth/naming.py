"""Names of children, parents and grandparents."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from baoxue.synth.kinds import Bools, Ints, Objects, objects
from baoxue.synth.lists import dotted_parts, name_characters, popular_names

# Shares of the ways a child gets its name. The national reports give one-character names some 10 %; they are
# commoner in older villages.
ONE_CHARACTER = 0.14
IN_FASHION = 0.30
RARE_CHARACTER = 0.012
GENERATION_FAMILIES = 0.25
ALIKE_TWINS = 0.7


def given_names(boy: Bools, year: Ints, rng: np.random.Generator) -> Objects:
    """Given names of children who are nobody's siblings."""
    count = len(boy)
    names = np.empty(count, dtype=object)
    way = rng.random(count)
    for sex, of_sex in (("M", boy), ("F", ~boy)):
        _fill(names, of_sex & (way < ONE_CHARACTER), name_characters(f"{sex}0").draw, rng)
        pairs = of_sex & (way >= ONE_CHARACTER + IN_FASHION)
        names[pairs] = _composed(f"{sex}1", f"{sex}2", int(pairs.sum()), rng)
        for born in np.unique(year):
            fashion = of_sex & (year == born) & ~pairs & (way >= ONE_CHARACTER)
            _fill(names, fashion, popular_names(sex, min(max(int(born), 2003), 2026)).draw, rng)
    _rare_characters(names, rng)
    return names


def sibling_names(boy: Bools, year: Ints, family: Ints, twin_of: Ints, rng: np.random.Generator) -> Objects:
    """Given names of children; siblings of some families share a generation character, most twins too.

    `family` and `twin_of` are positions; `twin_of` is -1 for who is no second twin.
    """
    names = given_names(boy, year, rng)
    _share_generation(names, family, rng)
    _alike_twins(names, boy, twin_of, rng)
    _tell_siblings_apart(names, boy, family, rng)
    return names


def _tell_siblings_apart(names: Objects, boy: Bools, family: Ints, rng: np.random.Generator) -> None:
    """No parents call two children by one name: the younger gets another last character."""
    taken: set[tuple[int, str]] = set()
    for row in range(len(names)):
        while (int(family[row]), names[row]) in taken:
            other = name_characters("M2" if boy[row] else "F2").draw(rng, 1)[0]
            names[row] = names[row][:-1] + other if len(names[row]) > 1 else names[row] + other
        taken.add((int(family[row]), names[row]))


def _fill(
    names: Objects,
    where: Bools,
    draw: Callable[[np.random.Generator, int], Objects],
    rng: np.random.Generator,
) -> None:
    names[where] = draw(rng, int(where.sum()))


def _composed(first: str, second: str, count: int, rng: np.random.Generator) -> Objects:
    ones = name_characters(first).draw(rng, count)
    twos = name_characters(second).draw(rng, count)
    return objects([a + b for a, b in zip(ones, twos, strict=True)])


def _share_generation(names: Objects, family: Ints, rng: np.random.Generator) -> None:
    families = int(family.max()) + 1 if len(family) else 0
    keeps = rng.random(families) < GENERATION_FAMILIES
    character = name_characters("M1").draw(rng, families)
    for row in np.flatnonzero(keeps[family]):
        if len(names[row]) == 2:
            names[row] = character[family[row]] + names[row][1]


def _rare_characters(names: Objects, rng: np.random.Generator) -> None:
    rows = np.flatnonzero(rng.random(len(names)) < RARE_CHARACTER)
    for row, character in zip(rows, name_characters("RARE").draw(rng, len(rows)), strict=True):
        names[row] = names[row][:-1] + character


def _alike_twins(names: Objects, boy: Bools, twin_of: Ints, rng: np.random.Generator) -> None:
    rows = np.flatnonzero(twin_of >= 0)
    alike = rng.random(len(rows)) < ALIKE_TWINS
    seconds = {sex: name_characters(f"{sex}2").draw(rng, len(rows)) for sex in "MF"}
    for position, row in enumerate(rows):
        other = names[twin_of[row]]
        fresh = seconds["M" if boy[row] else "F"][position]
        if alike[position] and fresh != other[-1]:
            names[row] = (other[0] if len(other) > 1 else "") + fresh
        elif names[row] == other:
            names[row] = names[row] + fresh if len(other) == 1 else names[row][0] + "二"


def adult_names(surname: Objects, sex: str, rng: np.random.Generator) -> Objects:
    """Full names of parents or grandparents of a sex (`M`, `F`), by their surnames."""
    count = len(surname)
    given = np.where(
        rng.random(count) < ONE_CHARACTER,
        name_characters(f"A{sex}0").draw(rng, count),
        _composed(f"A{sex}1", f"A{sex}2", count, rng),
    )
    return objects([a + b for a, b in zip(surname, given, strict=True)])


def dotted_names(people: Objects, boy: Bools, family: Ints, rng: np.random.Generator) -> Objects:
    """Names with a middle dot: Uyghur (own · father's), Tibetan (two given names), Yi (clan · own)."""
    own = rng.integers(0, 2**31, len(people))
    return objects(
        _dotted_name(of, is_boy, home, pick) for of, is_boy, home, pick in zip(people, boy, family, own, strict=True)
    )


def _dotted_name(people: str, boy: bool, family: int, pick: int) -> str:
    given = dotted_parts(people, "M" if boy else "F")
    own = given[pick % len(given)]
    shared = dotted_parts(people, "L" if people == "YI" else "M")
    of_family = shared[family % len(shared)]
    return f"{of_family}·{own}" if people == "YI" else f"{own}·{of_family}"
