"""What truly became of each child: whether and where it goes to school."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from baoxue.synth.births import Births
from baoxue.synth.families import Families
from baoxue.synth.kinds import Floats, Ints, stream


class Fate(StrEnum):
    """True status of a child."""

    ENROLLED_HERE = "enrolled_here"
    ENROLLED_ELSEWHERE = "enrolled_elsewhere"
    ENROLLED_FAR = "enrolled_far"
    NEVER_ENROLLED = "never_enrolled"
    DROPPED_OUT = "dropped_out"
    STUDY_LEAVE = "study_leave"
    HOMEBOUND = "homebound"
    DEFERRED = "deferred"
    DECEASED = "deceased"
    MOVED_OUT = "moved_out"
    ABROAD = "abroad"
    ATTENDING_UNREGISTERED = "attending_unregistered"
    MIGRANT_HERE = "migrant_here"
    TOO_YOUNG = "too_young"
    PAST_SCHOOL = "past_school"


FATES = tuple(Fate)
CODE = {fate: code for code, fate in enumerate(FATES)}

# Share of children of school age; all others go to school in the county. Each is drawn anew around this per
# seed.
_RARE = {
    Fate.NEVER_ENROLLED: 0.0015,
    Fate.DROPPED_OUT: 0.0020,
    Fate.STUDY_LEAVE: 0.0020,
    Fate.HOMEBOUND: 0.0020,
    Fate.DEFERRED: 0.0006,
    Fate.DECEASED: 0.0012,
    Fate.MOVED_OUT: 0.0080,
    Fate.ABROAD: 0.0004,
    Fate.ATTENDING_UNREGISTERED: 0.0030,
}
_OUT_OF_SCHOOL = (Fate.NEVER_ENROLLED, Fate.DROPPED_OUT)
# How much likelier children of poor families are out of school.
_POOR_FACTOR = 3.0
# Of children who went along with their parents: no record anywhere that the county has.
_FAR = 0.10
# Aged five, in grade one already; aged fifteen, still in grade nine.
_EARLY = 0.06
_LATE = 0.14
# Pairs of twins, per child, of whom one is out of school.
_TWIN_OUT = 0.0001


def draw_fates(births: Births, families: Families, seed: int) -> Ints:
    """A code of FATES for every child; every fate occurs where there are children enough."""
    rng = stream(seed, "fates")
    fate = np.full(len(births), CODE[Fate.ENROLLED_HERE])
    luck = rng.random(len(births))
    along = families.go_along[births.family]
    fate[along] = np.where(luck[along] < _FAR, CODE[Fate.ENROLLED_FAR], CODE[Fate.ENROLLED_ELSEWHERE])
    weight = np.where(families.poor, _POOR_FACTOR, 1.0)
    weight = (weight / weight.mean())[births.family]
    _spread(fate, luck, along, weight, rng)
    outsider = families.outsider[births.family]
    fate[outsider & (fate == CODE[Fate.ENROLLED_HERE])] = CODE[Fate.MIGRANT_HERE]
    for absent in (Fate.NEVER_ENROLLED, Fate.DECEASED, Fate.MOVED_OUT, Fate.ABROAD, Fate.DEFERRED):
        fate[outsider & (fate == CODE[absent])] = CODE[Fate.MIGRANT_HERE]
    _outside_school_age(fate, births, outsider, rng)
    _deferred_are_six(fate, births)
    _each_occurs(fate, births, outsider)
    _one_twin_out_of_school(fate, births)
    return fate


def _one_twin_out_of_school(fate: Ints, births: Births) -> None:
    """Of a few pairs of twins one is out of school, and the record of the other one fits it too."""
    second = np.flatnonzero(births.twin_of >= 0)
    first = births.twin_of[second]
    usual = second[(fate[second] == CODE[Fate.ENROLLED_HERE]) & (fate[first] == CODE[Fate.ENROLLED_HERE])]
    usual = usual[(births.age[usual] >= 7) & (births.age[usual] <= 14)]
    pairs = usual[: max(1, round(len(births) * _TWIN_OUT))]
    fate[pairs[::2]] = CODE[Fate.NEVER_ENROLLED]
    fate[pairs[1::2]] = CODE[Fate.DROPPED_OUT]


def _spread(fate: Ints, luck: Floats, along: np.ndarray, weight: Floats, rng: np.random.Generator) -> None:
    reached = np.zeros(len(fate))
    for rare, share in _RARE.items():
        share *= rng.lognormal(0.0, 0.25)
        until = reached + share * (weight if rare in _OUT_OF_SCHOOL else 1.0)
        fate[~along & (luck >= reached) & (luck < until)] = CODE[rare]
        reached = until


def _outside_school_age(fate: Ints, births: Births, outsider: np.ndarray, rng: np.random.Generator) -> None:
    luck = rng.random(len(fate))
    kept = np.isin(fate, [CODE[Fate.DECEASED], CODE[Fate.MOVED_OUT]])
    young = (births.age < 6) & ~kept
    fate[young] = np.where(luck[young] < _EARLY, fate[young], CODE[Fate.TOO_YOUNG])
    old = (births.age > 14) & ~kept
    stays = (births.age == 15) & (luck < _LATE)
    fate[old & ~stays] = CODE[Fate.PAST_SCHOOL]


def _deferred_are_six(fate: Ints, births: Births) -> None:
    """Deferral is for those who should begin: the deferred are exchanged for children of six or seven."""
    wrong = np.flatnonzero((fate == CODE[Fate.DEFERRED]) & ((births.age < 6) | (births.age > 7)))
    fit = np.flatnonzero((fate == CODE[Fate.ENROLLED_HERE]) & ((births.age == 6) | (births.age == 7)))
    count = min(len(wrong), len(fit))
    fate[fit[:: max(1, len(fit) // max(1, count))][:count]] = CODE[Fate.DEFERRED]
    fate[wrong] = CODE[Fate.ENROLLED_HERE]


def _each_occurs(fate: Ints, births: Births, outsider: np.ndarray) -> None:
    usual = np.flatnonzero((fate == CODE[Fate.ENROLLED_HERE]) & (births.age >= 7) & (births.age <= 14) & ~outsider)
    missing = [code for code in range(len(FATES)) if not (fate == code).any()]
    missing = [code for code in missing if FATES[code] not in (Fate.TOO_YOUNG, Fate.PAST_SCHOOL, Fate.MIGRANT_HERE)]
    if len(usual) > 4 * len(missing):
        fate[usual[:: len(usual) // (len(missing) + 1)][1 : len(missing) + 1]] = missing
