"""The register of poor households: their children, and in some townships everybody in the house."""

from __future__ import annotations

import numpy as np

from baoxue.policy.registers import Column, Register
from baoxue.synth.families import FATHER, GRANDFATHER, GRANDMOTHER, MOTHER
from baoxue.synth.fates import CODE, Fate
from baoxue.synth.kinds import NOBODY, Bools, Days, Frame, Ints, Objects, objects, stream
from baoxue.synth.registers.addresses import styles_of_units, write_addresses
from baoxue.synth.world import World

_TYPES = ("脱贫户", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户", "低保", "特困")
_TYPE_SHARES = (0.74, 0.07, 0.07, 0.02, 0.08, 0.02)
_WHOLE_HOUSEHOLDS = 0.15
_LISTED = 0.97


def poverty_frame(world: World) -> Frame:
    """One row for each person listed."""
    rng = stream(world.seed, "poverty")
    children, families, places = world.children, world.families, world.places
    gone = np.isin(world.fate, [CODE[Fate.MOVED_OUT], CODE[Fate.DECEASED]])
    listed = families.poor[children.family] & ~families.outsider[children.family] & ~gone
    child = np.flatnonzero(listed & (rng.random(len(children)) < _LISTED))
    frame = _frame(
        world,
        child,
        children.family[child],
        (children.name[child], children.boy[child], children.born[child], children.number[child]),
    )
    whole = np.flatnonzero(rng.random(len(places.townships)) < _WHOLE_HOUSEHOLDS)
    family = np.unique(children.family[child])
    family = family[np.isin(places.village_township[families.village[family]], whole)]
    for who in (FATHER, MOTHER, GRANDFATHER, GRANDMOTHER):
        adults = (
            families.adult[who][family],
            np.full(len(family), who in (FATHER, GRANDFATHER)),
            families.adult_born[who][family],
            families.adult_number[who][family],
        )
        frame = frame.followed_by(_frame(world, np.full(len(family), NOBODY), family, adults))
    return frame.take(
        np.lexsort((rng.random(len(frame)), frame.columns[Column.HOUSEHOLD_NUMBER].astype(str), frame.unit))
    )


def _frame(
    world: World,
    child: Ints,
    family: Ints,
    person: tuple[Objects, Bools, Days, Objects],
) -> Frame:
    families, places = world.families, world.places
    name, male, born, number = person
    unit = places.village_township[families.village[family]]
    # The same for all of a household, be they children or adults.
    of_household = stream(world.seed, "poverty", "households")
    kinds = objects(_TYPES)[of_household.choice(len(_TYPES), len(families), p=_TYPE_SHARES)]
    styles = styles_of_units(len(places.townships), of_household)
    heads = np.stack(families.adult)[families.head[family], family]
    return Frame(
        Register.POVERTY,
        {
            Column.HOUSEHOLD_NUMBER: objects(f"{places.county.code}{n:08d}" for n in family.tolist()),
            Column.HEAD_NAME: heads,
            Column.NAME: name.copy(),
            Column.SEX: np.where(male, objects(["男"]), objects(["女"])),
            Column.BIRTH_DATE: born.copy(),
            Column.ID_NUMBER: number.copy(),
            Column.ADDRESS: write_addresses(family, families, places, styles[unit], of_household),
            Column.HOUSEHOLD_TYPE: kinds[family],
        },
        child,
        unit,
        places.townships[unit],
    )
