"""The household register of the police: every child of the county's families, wherever it lives."""

from __future__ import annotations

import numpy as np

from baoxue.policy.householdstatus import HouseholdStatus
from baoxue.policy.registers import Column, Register
from baoxue.synth.families import GRANDFATHER
from baoxue.synth.fates import CODE, Fate
from baoxue.synth.kinds import Bools, Frame, Ints, Objects, objects, stream
from baoxue.synth.registers.addresses import styles_of_units, write_addresses
from baoxue.synth.registers.guardians import HOUSEHOLD_SHARES, draw_guardians
from baoxue.synth.world import World

# Entered in two villages; deaths and moves that the police have written down.
_TWICE = 0.002
_DEATHS_KNOWN = 0.7
_MOVES_KNOWN = 0.75
_FORMER_NAME = 0.25
_COUNTED = 0.4
_CHILDREN = (("女", "长女", "次女", "三女", "四女"), ("子", "长子", "次子", "三子", "四子"))
_GRANDCHILDREN = ("孙女", "孙子")


def household_frame(world: World) -> Frame:
    """One row for each child of a local family, and a second one for those entered twice."""
    rng = stream(world.seed, "household")
    children, families, places = world.children, world.families, world.places
    local = np.flatnonzero(~families.outsider[children.family])
    twice = local[rng.random(len(local)) < _TWICE]
    child = np.concatenate([local, twice])
    second = np.arange(len(child)) >= len(local)
    family = children.family[child]
    village = np.where(second, rng.integers(0, len(places.village_name), len(child)), families.village[family])
    unit = places.village_township[village]
    guardians = draw_guardians(family, families, HOUSEHOLD_SHARES, rng)
    styles = styles_of_units(len(places.townships), rng)
    address = write_addresses(family, families, places, styles[unit], rng)
    address[second] = [
        f"{places.county.name}{places.townships[unit[i]]}{places.village_name[village[i]]}"
        for i in np.flatnonzero(second)
    ]
    number = children.number[child].copy()
    number[second & (rng.random(len(child)) < 0.5)] = None
    frame = Frame(
        Register.HOUSEHOLD,
        {
            Column.NAME: _names(world, child, rng),
            Column.SEX: np.where(children.boy[child], objects(["男"]), objects(["女"])),
            Column.BIRTH_DATE: children.born[child],
            Column.ID_NUMBER: number,
            Column.HOUSEHOLD_NUMBER: np.where(second, families.number[rng.permutation(len(families))[family]],
                                              families.number[family]),
            Column.HEAD_NAME: _heads(world, family),
            Column.RELATION_TO_HEAD: _relations(world, child, rng),
            Column.ADDRESS: address,
            Column.REGION_CODE: np.full(len(child), places.county.code, dtype=object),
            Column.GUARDIAN_NAME: guardians.name,
            Column.GUARDIAN_ID_NUMBER: guardians.number,
            Column.PHONE: guardians.phone,
            Column.HOUSEHOLD_STATUS: _statuses(world.fate[child], rng),
        },
        child,
        unit,
        places.townships[unit],
    )  # fmt: skip
    return frame.take(np.lexsort((rng.random(len(child)), family, village, unit)))


def _names(world: World, child: Ints, rng: np.random.Generator) -> Objects:
    former = world.children.former_name[child]
    old: Bools = (former != np.array(None)) & (rng.random(len(child)) < _FORMER_NAME)
    names: Objects = np.where(old, former, world.children.name[child])
    return names


def _heads(world: World, family: Ints) -> Objects:
    heads: Objects = np.stack(world.families.adult)[world.families.head[family], family]
    return heads


def _relations(world: World, child: Ints, rng: np.random.Generator) -> Objects:
    """子 or 长子, 女 or 次女, 孙子 or 孙女: in some families the children are counted."""
    children, families = world.children, world.families
    family, boy = children.family, children.boy.astype(np.int64)
    # Children stand by family and then by age: their place among those of one sex is a count within the run.
    order = np.argsort(family * 2 + boy, kind="stable")
    _, start, size = np.unique((family * 2 + boy)[order], return_index=True, return_counts=True)
    place = np.empty(len(family), dtype=np.int64)
    place[order] = np.arange(len(family)) - np.repeat(start, size)
    counted = rng.random(len(families)) < _COUNTED
    column = np.where(counted[family], np.minimum(place, len(_CHILDREN[0]) - 2) + 1, 0)
    words: Objects = np.where(
        families.head[family] == GRANDFATHER,
        objects(_GRANDCHILDREN)[boy],
        np.array(_CHILDREN, dtype=object)[boy, column],
    )
    relations: Objects = words[child]
    return relations


def _statuses(fate: Ints, rng: np.random.Generator) -> Objects:
    status = np.full(len(fate), HouseholdStatus.NORMAL.label, dtype=object)
    luck = rng.random(len(fate))
    status[(fate == CODE[Fate.DECEASED]) & (luck < _DEATHS_KNOWN)] = HouseholdStatus.DECEASED.label
    status[(fate == CODE[Fate.MOVED_OUT]) & (luck < _MOVES_KNOWN)] = HouseholdStatus.MOVED_OUT.label
    return status
