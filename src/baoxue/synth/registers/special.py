"""Lists of special groups, as the offices for civil affairs, the disabled and the schools keep them."""

from __future__ import annotations

import numpy as np

from baoxue.policy.registers import Column, Register
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.synth.fates import CODE, Fate
from baoxue.synth.kinds import Bools, Floats, Frame, nothing, objects, stream
from baoxue.synth.registers.guardians import SCHOOL_SHARES, draw_guardians
from baoxue.synth.world import World

# Share of children of school age in each group; left-behind and migrant children by the family.
_SHARES = {
    SpecialGroup.ORPHAN: 0.0015,
    SpecialGroup.UNSUPPORTED_CHILD: 0.003,
    SpecialGroup.DISABLED: 0.006,
    SpecialGroup.CHILD_IN_DIFFICULTY: 0.008,
    SpecialGroup.MINOR_IN_CONTACT_WITH_LAW: 0.0003,
}
_LISTED = {SpecialGroup.LEFT_BEHIND_CHILD: 0.35, SpecialGroup.MIGRANT_CHILD: 0.8}
# Children who are out of school or taught at home are in a group far more often than others.
_OFTEN = {Fate.NEVER_ENROLLED: 8.0, Fate.DROPPED_OUT: 8.0, Fate.DEFERRED: 20.0}
_DISABLED_OF_HOMEBOUND = 0.85
_NO_NUMBER = 0.08


def special_frame(world: World) -> Frame:
    """One row for each child and group."""
    rng = stream(world.seed, "special")
    factor = _factors(world)
    child, group = [], []
    for of in SpecialGroup:
        rows = np.flatnonzero(_belongs(world, of, factor, rng.random(len(world.fate))))
        child.append(rows)
        group.append(np.full(len(rows), of.label, dtype=object))
    children, families = world.children, world.families
    rows, labels = np.concatenate(child), np.concatenate(group)
    family = children.family[rows]
    unit = world.places.village_township[families.village[family]]
    number = children.number[rows].copy()
    number[rng.random(len(rows)) < _NO_NUMBER] = None
    frame = Frame(
        Register.SPECIAL,
        {
            Column.CATEGORY: labels,
            Column.NAME: children.name[rows].copy(),
            Column.SEX: np.where(children.boy[rows], objects(["男"]), objects(["女"])),
            Column.BIRTH_DATE: children.born[rows].copy(),
            Column.ID_NUMBER: number,
            Column.GUARDIAN_NAME: draw_guardians(family, families, SCHOOL_SHARES, rng).name,
        },
        rows,
        unit,
        nothing(len(rows)),
    )
    frame.sheet = labels.copy()
    order = {of.label: place for place, of in enumerate(SpecialGroup)}
    return frame.take(
        np.lexsort((rng.random(len(rows)), unit, np.array([order[label] for label in labels], dtype=np.int64)))
    )


def _factors(world: World) -> Floats:
    factor = np.ones(len(world.fate))
    for fate, times in _OFTEN.items():
        factor[world.fate == CODE[fate]] = times
    return factor


def _belongs(world: World, group: SpecialGroup, factor: Floats, luck: Floats) -> Bools:
    families, family = world.families, world.children.family
    age, outsider = world.children.age, families.outsider[family]
    belongs: Bools
    if group is SpecialGroup.LEFT_BEHIND_CHILD:
        belongs = families.away[family] & ~families.go_along[family] & ~outsider & (luck < _LISTED[group])
    elif group is SpecialGroup.MIGRANT_CHILD:
        belongs = outsider & (luck < _LISTED[group])
    else:
        belongs = ~outsider & (luck < _SHARES[group] * factor)
    if group is SpecialGroup.DISABLED:
        belongs |= (world.fate == CODE[Fate.HOMEBOUND]) & (luck < _DISABLED_OF_HOMEBOUND)
    belongs &= (age >= 6) & (age <= 14) & (world.fate != CODE[Fate.DECEASED])
    return belongs
