"""One to one: a child has one row in each register. Pairs compete; the best set of pairs wins as a whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Log odds this far below evens are out of the race: they cannot win and only slow it down.
_HOPELESS = -12.0
_CAP = 60.0
# More than rounding.
_CLEARLY = 1e-6
_ROUNDS = 20


def competing_probability(left: Ints, right: Ints, log_odds: Floats) -> Floats:
    """(n,): chance of each pair when every row has at most one partner; `log_odds` are those before competition.

    Marginals of all one-to-one sets, each weighed by the product of its odds, by belief propagation: exact where the
    pairs form no ring (monomer–dimer model; Heilmann and Lieb 1972, Bayati et al. 2007).
    """
    odds = np.exp(np.clip(log_odds, -_CAP, _CAP))
    to_right = np.ones(len(odds))
    to_left = np.ones(len(odds))
    for _ in range(_ROUNDS):
        offers = odds * to_left
        new_right = 1.0 / (1.0 + np.maximum(np.bincount(left, weights=offers)[left] - offers, 0.0))
        offers = odds * to_right
        new_left = 1.0 / (1.0 + np.maximum(np.bincount(right, weights=offers)[right] - offers, 0.0))
        to_right = np.sqrt(to_right * new_right)
        to_left = np.sqrt(to_left * new_left)
    both = odds * to_right * to_left
    probability: Floats = both / (1.0 + both)
    return probability


def assign(left: Ints, right: Ints, log_odds: Floats) -> NDArray[np.bool_]:
    """(n,): which pairs are chosen: the one-to-one set with the greatest sum of log odds over `_HOPELESS`.

    Positions in `left` and `right` count from 0; ties go to the pair that stands first.
    """
    gain = np.clip(log_odds, None, _CAP) - _HOPELESS
    possible = np.flatnonzero(gain > 0)
    # What gains more than the best rivals of both its rows together is in the best set; its rivals are not.
    rivals = _best_rival(left[possible], gain[possible]) + _best_rival(right[possible], gain[possible])
    chosen = np.zeros(len(left), dtype=np.bool_)
    chosen[possible[gain[possible] > rivals + _CLEARLY]] = True
    taken_left, taken_right = (
        np.bincount(places[chosen], minlength=int(places.max(initial=-1)) + 1) > 0 for places in (left, right)
    )
    usable = possible[~taken_left[left[possible]] & ~taken_right[right[possible]]]
    if not len(usable):
        return chosen
    lefts, l_at = np.unique(left[usable], return_inverse=True)
    rights, r_at = np.unique(right[usable], return_inverse=True)
    count = len(lefts)
    # Every left row may also stay alone, at a gain of nothing: its own column at the end.
    alone = np.arange(count)
    weights = np.concatenate([gain[usable], np.full(count, 1e-9)])
    matrix = csr_array(
        (weights, (np.concatenate([l_at, alone]), np.concatenate([r_at, alone + len(rights)]))),
        shape=(count, len(rights) + count),
    )
    rows, columns = min_weight_full_bipartite_matching(matrix, maximize=True)
    partner = np.full(count, -1, dtype=np.int64)
    partner[rows] = columns
    chosen[usable] = partner[l_at] == r_at
    return chosen


def _best_rival(places: Ints, gain: Floats) -> Floats:
    """(n,): the greatest gain of another pair of the same row; 0 where there is none."""
    order = np.argsort(gain, kind="stable")
    # Where a row is written to many times, the last and greatest stays.
    best = np.full(int(places.max(initial=-1)) + 1, -1)
    best[places[order]] = order
    others = order[best[places[order]] != order]
    second = np.zeros(len(best))
    second[places[others]] = gain[others]
    is_best = best[places] == np.arange(len(places))
    rival: Floats = np.where(is_best, second[places], gain[best[places]])
    return rival
