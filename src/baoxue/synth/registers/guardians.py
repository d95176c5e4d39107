"""Who stands as guardian in a register, and whose telephone number."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from baoxue.synth.families import FATHER, GRANDFATHER, GRANDMOTHER, MOTHER, Families
from baoxue.synth.kinds import Ints, Objects

# Shares of father, mother, grandfather, grandmother: with the parents at home, and with the parents away.
HOUSEHOLD_SHARES = ((0.68, 0.27, 0.03, 0.02), (0.62, 0.24, 0.08, 0.06))
SCHOOL_SHARES = ((0.56, 0.38, 0.03, 0.03), (0.30, 0.18, 0.22, 0.30))
_OWN_PHONE = 0.85
_AS_USUAL = 0.75
_ORDER = (FATHER, MOTHER, GRANDFATHER, GRANDMOTHER)


class Guardians(NamedTuple):
    """One element for each row."""

    name: Objects
    number: Objects
    phone: Objects


def draw_guardians(
    family: Ints,
    families: Families,
    shares: tuple[tuple[float, ...], tuple[float, ...]],
    rng: np.random.Generator,
) -> Guardians:
    """Guardians for these families; most have the same one in every register."""
    usual = np.where(rng.random(len(family)) < _AS_USUAL, families.guardian_luck[family], rng.random(len(family)))
    left_behind = families.away[family] & ~families.go_along[family]
    bounds = np.array([np.cumsum(of)[:-1] for of in shares])[left_behind.astype(np.int64)]
    who = np.array(_ORDER)[(usual[:, None] >= bounds).sum(axis=1)]
    caller = np.where(rng.random(len(family)) < _OWN_PHONE, who, FATHER)
    return Guardians(
        _of(families.adult, who, family),
        _of(families.adult_number, who, family),
        _of(families.phone, caller, family),
    )


def _of(columns: tuple[Objects, ...], who: Ints, family: Ints) -> Objects:
    picked: Objects = np.stack(columns)[who, family]
    return picked
