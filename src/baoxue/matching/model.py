"""How likely it is that two rows are one child: three classes, estimated on the county itself.

A pair is the same child, two children of one household, or strangers (Fellegi and Sunter 1969, with a middle class). The
shares of each level among pairs of one child are counted on pairs that an exact number ties, among siblings on those
pairs crossed within a household, among strangers on random pairs; a Dirichlet prior from `rules` fills in where the county
has too little. On the residue an expectation–maximisation adjusts the class sizes and, gently, the shares of the same child.
Arrays over n pairs: `levels` int8 (n,) per field, −1 where a side has no value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baoxue.matching.assignment import competing_probability
from baoxue.matching.rules import Comparison

Floats = NDArray[np.float64]
Levels = NDArray[np.int8]
Ints = NDArray[np.int64]

_SAME, _SIBLING, _OTHER = 0, 1, 2
# Strength of the packaged shares, in pairs, by class. Strangers' rare levels (one in 10,000) are too rare for the sample of
# them to tell, and a zero would make every coincidence a certainty: there the packaged shares weigh a quarter.
_PRIOR = (60.0, 200.0, 10_000.0)
# Strength, in pairs, of what exact pairs say against what the residue says; a number tells nothing of itself on exact pairs.
_HELD = 200.0
_HELD_NUMBER = 40.0
_ROUNDS = 8
# At least this share of a side counts as free: that nobody at all is missing is not to be believed.
_FREE = 0.01
_TIED_BY_EXACT = frozenset({"number", "doubtful_number", "student_number"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Pairs as the model sees them: levels by field; `share` (n,): how common the pair's name is, in [0, 1]."""

    levels: Mapping[str, Levels]
    share: Floats

    def __len__(self) -> int:
        return len(self.share)

    def chosen(self, places: Ints) -> Evidence:
        """The same of the pairs at these positions."""
        return Evidence({field: levels[places] for field, levels in self.levels.items()}, self.share[places])


@dataclass(slots=True)
class Model:
    """Shares by field: an array (3, levels), rows same, sibling, other.

    `same_odds`: odds of a pair whose rows are both free; `sibling_size`: share of siblings among all pairs.
    """

    comparisons: tuple[Comparison, ...]
    shares: dict[str, Floats]
    same_odds: float = 0.0
    sibling_size: float = 0.0

    def log_likelihoods(self, pairs: Evidence) -> Floats:
        """(3, n): log of the chance of what a pair shows in each class."""
        total = np.zeros((3, len(pairs)))
        for comparison in self.comparisons:
            total += self._part(comparison, pairs)
        return total

    def weights(self, pairs: Evidence) -> dict[str, Floats]:
        """(n,) by field: log odds that its comparison adds, against the likeliest class that is not one child."""
        sibling = self.sibling_share(pairs) > 0.5
        weights: dict[str, Floats] = {}
        for comparison in self.comparisons:
            part = self._part(comparison, pairs)
            weights[comparison.field] = part[_SAME] - np.where(sibling, part[_SIBLING], part[_OTHER])
        return weights

    def _part(self, comparison: Comparison, pairs: Evidence) -> Floats:
        """(3, n): what one comparison adds to the logs."""
        levels = pairs.levels[comparison.field]
        logs = np.log(self.shares[comparison.field])
        part: Floats = np.where(levels >= 0, logs[:, levels], 0.0)
        if comparison.frequency is not None:
            _rarity(part, comparison, levels, pairs.share)
        return part

    def odds(self, pairs: Evidence) -> Floats:
        """(n,): log odds of the same child against anything else, before pairs compete."""
        same, sibling, other = self._weights(pairs)
        odds: Floats = same - np.logaddexp(sibling, other)
        return odds

    def at_best(self) -> Model:
        """The same model for pairs asked `at_best`: on a level whose slow condition was not tested, they stand there or later.

        No pair has less odds here than in this model.
        """
        shares = {field: values.copy() for field, values in self.shares.items()}
        for comparison in self.comparisons:
            exact = self.shares[comparison.field]
            for position in (place for place, level in enumerate(comparison.levels) if level.slow != "true"):
                best = position + int(np.argmax(exact[_SAME, position:] / exact[_OTHER, position:]))
                shares[comparison.field][:, position] = exact[:, best]
        return Model(self.comparisons, shares, self.same_odds, self.sibling_size)

    def with_odds(self, same_odds: float) -> Model:
        """The same model with other odds to begin with."""
        return Model(self.comparisons, self.shares, same_odds, self.sibling_size)

    def sibling_share(self, pairs: Evidence) -> Floats:
        """(n,): how likely two children of one household, given that it is not one child."""
        _, sibling, other = self._weights(pairs)
        share: Floats = np.exp(sibling - np.logaddexp(sibling, other))
        return share

    def _weights(self, pairs: Evidence) -> Floats:
        sizes = np.array([self.same_odds, self.sibling_size, max(1.0 - self.sibling_size, 1e-12)])
        weights: Floats = self.log_likelihoods(pairs) + np.log(np.maximum(sizes, 1e-300))[:, None]
        return weights


def _rarity(part: Floats, comparison: Comparison, levels: Levels, share: Floats) -> None:
    """A rare name in common says more than a common one: strangers share a name as often as it is given."""
    for position, level in enumerate(comparison.levels):
        if level.code in {"equal", "variant", "homophone"}:
            here = levels == position
            part[_OTHER, here] = np.log(share[here])


def estimate(
    comparisons: tuple[Comparison, ...], same: Evidence, sibling: Evidence, other: Evidence
) -> dict[str, Floats]:
    """Shares by field from pairs whose class is known, smoothed by the packaged ones."""
    shares = {}
    for comparison in comparisons:
        prior = np.array([[level.same, level.sibling, level.other] for level in comparison.levels], dtype=np.float64).T
        prior /= prior.sum(axis=1, keepdims=True)
        counted = np.stack([_counts(comparison, pairs) for pairs in (same, sibling, other)])
        if comparison.field in _TIED_BY_EXACT:
            counted[:] = 0.0
        strength = np.array(_PRIOR)[:, None]
        shares[comparison.field] = (prior * strength + counted) / (strength + counted.sum(axis=1, keepdims=True))
    return shares


def _counts(comparison: Comparison, pairs: Evidence) -> Floats:
    levels = pairs.levels[comparison.field]
    return np.bincount(levels[levels >= 0], minlength=len(comparison.levels)).astype(np.float64)


def fit(
    comparisons: tuple[Comparison, ...],
    shares: dict[str, Floats],
    pairs: Evidence,
    *,
    left: Ints,
    right: Ints,
    sizes: tuple[int, int],
) -> Model:
    """Fit class sizes to candidate pairs, and adjust the shares of the same child.

    `left`, `right` (n,): the rows of each pair as positions from 0; `sizes`: rows on either side. Pairs compete for their
    rows while the model is fitted: without that, the strangers of children who have no partner at all would teach it that
    one child has two birthdays.
    """
    model = Model(comparisons, {field: values.copy() for field, values in shares.items()})
    possible = float(sizes[0]) * float(sizes[1])
    linked = 0.5 * (min(int(left.max(initial=0)), int(right.max(initial=0))) + 1)
    model.sibling_size = 0.1 * linked / possible
    for _ in range(_ROUNDS):
        model.same_odds = prior_odds(linked, sizes)
        same = competing_probability(left, right, model.odds(pairs))
        linked = max(float(same.sum()), 0.5)
        sibling = (1.0 - same) * model.sibling_share(pairs)
        model.sibling_size = max(float(sibling.sum()), 0.5) / possible
        for comparison in comparisons:
            held = _HELD_NUMBER if comparison.field in _TIED_BY_EXACT else _HELD
            model.shares[comparison.field][_SAME] = _adjusted(
                shares[comparison.field][_SAME], held, pairs.levels[comparison.field], same
            )
    return model


def prior_odds(linked: float, sizes: tuple[int, int]) -> float:
    """Odds that a row of each side, drawn from those still free, are one child, when so many pairs are `linked`.

    Where nearly everybody has a partner, who is left has one among the few who are left: the odds are those under which
    random one-to-one sets have `linked` pairs on average, n / ((L − n) (R − n)) (monomer–dimer model, mean field).
    """
    free = [max(size - linked, _FREE * size + 3.0) for size in sizes]
    return linked / (free[0] * free[1])


def _adjusted(start: Floats, held: float, levels: Levels, weights: Floats) -> Floats:
    known = levels >= 0
    counted = np.bincount(levels[known], weights=weights[known], minlength=len(start))
    adjusted: Floats = (start * held + counted) / (held + counted.sum())
    return adjusted
