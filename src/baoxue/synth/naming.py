"""Names of children, parents and grandparents."""

from __future__ import annotations

import numpy as np

from baoxue.synth.kinds import Bools, Ints, Objects, objects
from baoxue.synth.lists import dotted_parts, name_characters, popular_names

# Shares of the ways a child gets its name. One-character names are commoner in older villages than the 10 % of the
# national reports.
ONE_CHARACTER = 0.30
IN_FASHION = 0.26
RARE_CHARACTER = 0.012
GENERATION_FAMILIES = 0.25
ALIKE_TWINS = 0.7


def given_names(boy: Bools, year: Ints, family: Ints, twin_of: Ints, rng: np.random.Generator) -> Objects:
    """Given names of children; siblings of some families share a generation character, most twins share one too."""
    count = len(boy)
    names = np.empty(count, dtype=object)
    way = rng.random(count)
    for sex, of_sex in (("M", boy), ("F", ~boy)):
        _fill(names, of_sex & (way < ONE_CHARACTER), name_characters(f"{sex}0").draw, rng)
        pairs = of_sex & (way >= ONE_CHARACTER + IN_FASHION)
        _fill(names, pairs, lambda r, n, sex=sex: _composed(f"{sex}1", f"{sex}2", n, r), rng)  # type: ignore[misc]
        for born in np.unique(year):
            fashion = of_sex & (year == born) & ~pairs & (way >= ONE_CHARACTER)
            _fill(names, fashion, popular_names(sex, min(max(int(born), 2003), 2026)).draw, rng)
    _share_generation(names, family, rng)
    _rare_characters(names, rng)
    _alike_twins(names, boy, twin_of, rng)
    return names


def _fill(names: Objects, where: Bools, draw, rng: np.random.Generator) -> None:  # type: ignore[no-untyped-def]
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
    names = []
    for of, is_boy, home in zip(people, boy, family, strict=True):
        own = rng.choice(dotted_parts(of, "M" if is_boy else "F"))
        if of == "YI":
            names.append(f"{dotted_parts('YI', 'L')[home % len(dotted_parts('YI', 'L'))]}·{own}")
        else:
            fathers = dotted_parts(of, "M")
            names.append(f"{own}·{fathers[home % len(fathers)]}")
    return objects(names)
