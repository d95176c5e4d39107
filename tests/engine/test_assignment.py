"""Pairs compete for their rows: held against going through every one-to-one set there is."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoxue.matching.assignment import assign, competing_probability

Pair = tuple[int, int]
Graph = dict[Pair, float]
"""Log odds by pair (left, right)."""

HOPELESS, CAP = -12.0, 60.0


def one_to_one_sets(pairs: list[Pair]) -> Iterator[tuple[Pair, ...]]:
    """Every choice of pairs in which no row stands twice; the empty one too."""
    if not pairs:
        yield ()
        return
    first, *rest = pairs
    yield from one_to_one_sets(rest)
    free = [pair for pair in rest if pair[0] != first[0] and pair[1] != first[1]]
    yield from ((first, *chosen) for chosen in one_to_one_sets(free))


def by_enumeration(graph: Graph) -> dict[Pair, float]:
    """Chance of each pair, every one-to-one set weighed by the product of its odds."""
    total, of_pair = 0.0, dict.fromkeys(graph, 0.0)
    for chosen in one_to_one_sets(list(graph)):
        weight = exp(sum(graph[pair] for pair in chosen))
        total += weight
        for pair in chosen:
            of_pair[pair] += weight
    return {pair: weight / total for pair, weight in of_pair.items()}


def arrays(graph: Graph) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pairs = np.array(list(graph), dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1], np.array(list(graph.values()), dtype=np.float64)


def probability(graph: Graph) -> dict[Pair, float]:
    return dict(zip(graph, competing_probability(*arrays(graph)).tolist(), strict=True))


def chosen(graph: Graph) -> set[Pair]:
    return {pair for pair, taken in zip(graph, assign(*arrays(graph)).tolist(), strict=True) if taken}


@st.composite
def trees(draw: st.DrawFn) -> Graph:
    """Every further pair brings one new row: no ring can close."""
    graph: Graph = {(0, 0): draw(st.floats(-6, 6))}
    lefts = rights = 1
    for _ in range(draw(st.integers(0, 6))):
        odds = draw(st.floats(-6, 6))
        if draw(st.booleans()):
            graph[(lefts, draw(st.integers(0, rights - 1)))] = odds
            lefts += 1
        else:
            graph[(draw(st.integers(0, lefts - 1)), rights)] = odds
            rights += 1
    return graph


pairs_of_four = st.tuples(st.integers(0, 3), st.integers(0, 3))
graphs = st.dictionaries(pairs_of_four, st.floats(-20, 20), min_size=1, max_size=10)
mild_graphs = st.dictionaries(pairs_of_four, st.floats(-4, 4), min_size=1, max_size=10)


@given(trees())
def test_without_rings_the_chance_of_a_pair_is_exact(graph: Graph) -> None:
    assert probability(graph) == pytest.approx(by_enumeration(graph), abs=2e-3)


@settings(max_examples=60)
@given(mild_graphs)
def test_with_rings_the_chance_of_a_pair_is_close(graph: Graph) -> None:
    assert probability(graph) == pytest.approx(by_enumeration(graph), abs=0.15)


@given(graphs)
def test_a_chance_is_a_chance(graph: Graph) -> None:
    assert all(0.0 <= chance <= 1.0 for chance in probability(graph).values())


@given(graphs)
def test_the_chances_of_one_row_are_one_at_most(graph: Graph) -> None:
    chances = probability(graph)
    sums = [sum(chance for pair, chance in chances.items() if pair[side] == row) for side in (0, 1) for row in range(4)]
    assert max(sums) <= 1.05


@given(st.floats(-30, 30))
def test_a_pair_without_rivals_has_the_chance_of_its_odds(odds: float) -> None:
    assert probability({(0, 0): odds}) == pytest.approx({(0, 0): 1 / (1 + exp(-odds))})


def test_a_rival_as_good_leaves_each_less_than_half() -> None:
    chances = probability({(0, 0): 5.0, (0, 1): 5.0})
    assert chances[0, 0] == chances[0, 1] == pytest.approx(0.4983, abs=1e-3)


def test_odds_without_bound_stay_finite() -> None:
    assert probability({(0, 0): inf, (0, 1): -inf}) == pytest.approx({(0, 0): 1.0, (0, 1): 0.0})


def gain(graph: Graph, pairs: set[Pair] | tuple[Pair, ...]) -> float:
    return sum(min(graph[pair], CAP) - HOPELESS for pair in pairs)


@given(graphs)
def test_the_chosen_pairs_are_the_best_one_to_one_set(graph: Graph) -> None:
    usable = [pair for pair, odds in graph.items() if odds > HOPELESS]
    best = max(gain(graph, pairs) for pairs in one_to_one_sets(usable))
    assert gain(graph, chosen(graph)) == pytest.approx(best, abs=1e-5)


@given(graphs)
def test_no_row_is_chosen_twice(graph: Graph) -> None:
    pairs = chosen(graph)
    assert len({left for left, _ in pairs}) == len({right for _, right in pairs}) == len(pairs)


def test_the_set_wins_as_a_whole_and_not_row_by_row() -> None:
    """Greedily the first pair would take the row that the second child needs."""
    assert chosen({(0, 0): 9.0, (0, 1): 8.0, (1, 0): 8.0}) == {(0, 1), (1, 0)}


def test_hopeless_pairs_are_not_chosen() -> None:
    assert chosen({(0, 0): -13.0, (1, 1): -11.0}) == {(1, 1)}


def test_nothing_is_chosen_of_nothing() -> None:
    empty = np.zeros(0, dtype=np.int64)
    assert assign(empty, empty, np.zeros(0)).tolist() == []
    assert competing_probability(empty, empty, np.zeros(0)).tolist() == []
