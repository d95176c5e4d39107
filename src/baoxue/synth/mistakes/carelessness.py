"""How often which office makes which mistake: drawn for the seed, the office, the row."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from baoxue.policy.registers import Register
from baoxue.synth.kinds import Bools, Floats, Frame, Ints, stream


class Mistake(StrEnum):
    """Kinds of mistakes; each has its own rate."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    NO_BIRTH_DATE = "no_birth_date"
    NUMBER = "number"
    NO_NUMBER = "no_number"
    SEX = "sex"
    GUARDIAN = "guardian"
    OLD_PHONE = "old_phone"
    UNTIDY_WRITING = "untidy_writing"
    REMARK = "remark"


# Mean share of rows with a mistake. Chosen so that links by exact number, then by name and birth date,
# reach F1 .993 to .995 between household and student register at 20,000 children; the order of registers
# and kinds is experience.
MEAN_RATES: dict[Mistake, dict[Register, float]] = {
    Mistake.NAME: {
        Register.HOUSEHOLD: 0.011,
        Register.STUDENT: 0.015,
        Register.ELSEWHERE: 0.015,
        Register.ROLL: 0.016,
        Register.POVERTY: 0.014,
        Register.SPECIAL: 0.030,
    },
    Mistake.BIRTH_DATE: {
        Register.HOUSEHOLD: 0.009,
        Register.STUDENT: 0.014,
        Register.ELSEWHERE: 0.014,
        Register.ROLL: 0.015,
        Register.POVERTY: 0.012,
        Register.SPECIAL: 0.025,
    },
    Mistake.NO_BIRTH_DATE: {
        Register.HOUSEHOLD: 0.0,
        Register.STUDENT: 0.0005,
        Register.ELSEWHERE: 0.0005,
        Register.ROLL: 0.006,
        Register.POVERTY: 0.004,
        Register.SPECIAL: 0.03,
    },
    Mistake.NUMBER: {
        Register.HOUSEHOLD: 0.007,
        Register.STUDENT: 0.02,
        Register.ELSEWHERE: 0.02,
        Register.ROLL: 0.022,
        Register.POVERTY: 0.014,
        Register.SPECIAL: 0.025,
    },
    Mistake.NO_NUMBER: {
        Register.HOUSEHOLD: 0.022,
        Register.STUDENT: 0.025,
        Register.ELSEWHERE: 0.024,
        Register.ROLL: 0.020,
        Register.POVERTY: 0.010,
        Register.SPECIAL: 0.08,
    },
    Mistake.SEX: dict.fromkeys(Register, 0.003),
    Mistake.GUARDIAN: dict.fromkeys(Register, 0.020),
    Mistake.OLD_PHONE: dict.fromkeys(Register, 0.12),
    Mistake.UNTIDY_WRITING: {**dict.fromkeys(Register, 0.012), Register.HOUSEHOLD: 0.004},
    Mistake.REMARK: {**dict.fromkeys(Register, 0.001), Register.ROLL: 0.012, Register.SPECIAL: 0.008},
}
# Spread (sigma of a log-normal with mean one) of the rates between seeds and between offices of one seed.
SEED_SPREAD, OFFICE_SPREAD = 0.35, 0.75
# Rows typed in a hurry: their share in an office, and how much likelier each mistake is there.
_HURRIED_SHARE, _HURRIED_SPREAD, HURRIED_FACTOR = 0.05, 0.8, 8.0
# Papers in disorder (a name changed, a late registration) go wrong everywhere.
UNTIDY_FACTOR = 4.0
_MOST = 0.7
_PAPERS = (Mistake.NAME, Mistake.BIRTH_DATE, Mistake.NUMBER, Mistake.NO_NUMBER)


def mean_one(spread: float, rng: np.random.Generator) -> float:
    """A log-normal factor with mean one."""
    return float(rng.lognormal(-spread * spread / 2, spread))


class Carelessness:
    """The rates of one seed. `untidy`: the children whose papers are in disorder."""

    def __init__(self, seed: int, errors: float, untidy: Bools) -> None:
        self._seed = seed
        self._errors = errors
        self._untidy = untidy
        self._untidy_mean = 1.0 + float(untidy.mean()) * (UNTIDY_FACTOR - 1.0)

    def rate(self, register: Register, mistake: Mistake) -> float:
        """Mean share of rows with this mistake in a register of this seed, with `errors` counted in."""
        spread = mean_one(SEED_SPREAD, stream(self._seed, "rate", register, mistake))
        return MEAN_RATES[mistake][register] * spread * self._errors

    def office_factor(self, register: Register, office: int, mistake: Mistake) -> float:
        """How much likelier this mistake is in one office than in the mean."""
        return mean_one(OFFICE_SPREAD, stream(self._seed, "office", register, mistake, office))

    def hurried_share(self, register: Register, office: int) -> float:
        """Share of an office's rows that were typed in a hurry."""
        rng = stream(self._seed, "hurry", register, office)
        return min(0.5, _HURRIED_SHARE * mean_one(_HURRIED_SPREAD, rng))

    def of(self, frame: Frame, rng: np.random.Generator) -> FrameCarelessness:
        """The chances of mistakes in the rows of a frame."""
        return FrameCarelessness(self, frame, rng)

    def disorder(self, child: Ints) -> Floats:
        """Factor of each row by whose papers they are (mean one over the children)."""
        untidy = np.zeros(len(child), dtype=np.bool_)
        known = child >= 0
        untidy[known] = self._untidy[child[known]]
        return np.where(untidy, UNTIDY_FACTOR, 1.0) / self._untidy_mean


class FrameCarelessness:
    """Chances of mistakes, row by row, in one frame."""

    def __init__(self, of_seed: Carelessness, frame: Frame, rng: np.random.Generator) -> None:
        self._of_seed = of_seed
        self._register = frame.register
        self._offices, self._office = np.unique(frame.unit, return_inverse=True)
        share = self._by_office(lambda office: of_seed.hurried_share(frame.register, office))
        self._hurry = np.where(rng.random(len(frame)) < share, HURRIED_FACTOR, 1.0)
        self._hurry /= 1.0 + share * (HURRIED_FACTOR - 1.0)
        self._disorder = of_seed.disorder(frame.child)

    def rows(self, mistake: Mistake, rng: np.random.Generator) -> Ints:
        """The rows in which this mistake is made."""
        chance = self._of_seed.rate(self._register, mistake) * self._by_office(
            lambda office: self._of_seed.office_factor(self._register, office, mistake)
        )
        chance = chance * self._hurry
        if mistake in _PAPERS:
            chance = chance * self._disorder
        return np.flatnonzero(rng.random(len(chance)) < np.minimum(chance, _MOST))

    def _by_office(self, value: Callable[[int], float]) -> Floats:
        return np.array([value(office) for office in self._offices.tolist()])[self._office]
