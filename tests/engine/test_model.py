"""Three classes of pairs: one child, two children of one household, strangers."""

from __future__ import annotations

from collections.abc import Mapping
from math import comb, lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoxue.matching.model import Evidence, Model, estimate, fit, prior_odds
from baoxue.matching.rules import BIRTH, HOUSEHOLD_STUDENT, NAME, NUMBER, STUDENT_ROLL, Comparison

COMPARISONS = HOUSEHOLD_STUDENT.comparisons
SAME, SIBLING, OTHER = 0, 1, 2


def position(comparison: Comparison, code: str) -> int:
    return [level.code for level in comparison.levels].index(code)


def evidence(count: int, said: Mapping[str, list[int]] | None = None, share: float = 1e-4) -> Evidence:
    """`count` pairs that say nothing but what is said."""
    levels = {
        comparison.field: np.array((said or {}).get(comparison.field, [-1] * count), dtype=np.int8)
        for comparison in COMPARISONS
    }
    return Evidence(levels, np.full(count, share))


def shown(share: float = 1e-4, **codes: str) -> Evidence:
    """One pair and the levels it shows."""
    named = {comparison.field: comparison for comparison in COMPARISONS}
    return evidence(1, {field: [position(named[field], code)] for field, code in codes.items()}, share)


NOTHING = evidence(0)


def packaged() -> Model:
    return Model(COMPARISONS, estimate(COMPARISONS, NOTHING, NOTHING, NOTHING), same_odds=5e-5, sibling_size=5e-6)


def odds(codes: Mapping[str, str], share: float = 1e-4) -> float:
    return float(packaged().odds(shown(share, **codes))[0])


@pytest.mark.parametrize("comparison", {c.field: c for c in (*COMPARISONS, *STUDENT_ROLL.comparisons)}.values())
def test_packaged_shares_of_a_question_are_shares(comparison: Comparison) -> None:
    sums = [sum(getattr(level, name) for level in comparison.levels) for name in ("same", "sibling", "other")]
    assert sums == pytest.approx([1.0] * 3, abs=0.1)
    assert all(0 < getattr(level, name) <= 1 for level in comparison.levels for name in ("same", "sibling", "other"))
    assert comparison.levels[-1].condition == "true"


def test_without_any_pair_the_shares_are_the_packaged_ones() -> None:
    shares = estimate(COMPARISONS, NOTHING, NOTHING, NOTHING)
    for comparison in COMPARISONS:
        said = np.array([[level.same, level.sibling, level.other] for level in comparison.levels]).T
        assert shares[comparison.field] == pytest.approx(said / said.sum(axis=1, keepdims=True))


def test_the_countys_own_pairs_outweigh_the_packaged_shares() -> None:
    same = evidence(20_000, {"birth": [position(BIRTH, "lunar")] * 20_000})
    shares = estimate(COMPARISONS, same, NOTHING, NOTHING)
    assert shares["birth"][SAME, position(BIRTH, "lunar")] > 0.99
    assert shares["birth"][OTHER, position(BIRTH, "lunar")] < 0.001


def test_pairs_tied_by_their_number_teach_nothing_of_numbers() -> None:
    same = evidence(20_000, {"number": [position(NUMBER, "equal")] * 20_000})
    shares = estimate(COMPARISONS, same, NOTHING, NOTHING)
    assert shares["number"][SAME] == pytest.approx(packaged().shares["number"][SAME])


random_levels = st.integers(0, 2**32).map(np.random.default_rng)


def _random_evidence(random: np.random.Generator, count: int) -> Evidence:
    levels = {c.field: random.integers(-1, len(c.levels), count).astype(np.int8) for c in COMPARISONS}
    return Evidence(levels, random.uniform(1e-6, 1.0, count))


@settings(max_examples=25)
@given(random_levels, st.integers(1, 60))
def test_shares_stay_shares_whatever_the_pairs_show(random: np.random.Generator, count: int) -> None:
    known = [_random_evidence(random, 30) for _ in range(3)]
    pairs = _random_evidence(random, count)
    left, right = (np.unique(random.integers(0, 20, count), return_inverse=True)[1] for _ in range(2))
    model = fit(COMPARISONS, estimate(COMPARISONS, *known), pairs, left=left, right=right, sizes=(20, 20))
    for shares in model.shares.values():
        assert shares.sum(axis=1) == pytest.approx(np.ones(3))
        assert (shares > 0).all()
    assert model.same_odds > 0
    assert 0 < model.sibling_size <= 1
    assert np.isfinite(model.odds(pairs)).all()


def test_fitting_leaves_the_shares_it_began_with_as_they_were() -> None:
    shares = estimate(COMPARISONS, NOTHING, NOTHING, NOTHING)
    before = {field: values.copy() for field, values in shares.items()}
    pairs = _random_evidence(np.random.default_rng(1), 30)
    fit(COMPARISONS, shares, pairs, left=np.arange(30), right=np.arange(30), sizes=(30, 30))
    assert all((shares[field] == values).all() for field, values in before.items())


def test_a_pair_that_says_nothing_is_as_likely_as_any_pair() -> None:
    model = packaged()
    [odds_of_pair] = model.odds(evidence(1))
    assert odds_of_pair == pytest.approx(np.log(model.same_odds))


def test_a_rare_name_in_common_says_more_than_a_common_one() -> None:
    assert odds({"name": "equal"}, share=1e-6) > odds({"name": "equal"}, share=1e-2) + 5


def test_how_common_a_name_is_says_nothing_where_names_differ() -> None:
    assert odds({"name": "one_off"}, share=1e-6) == odds({"name": "one_off"}, share=1e-2)


def test_a_shared_guardian_alone_is_a_sibling_sooner_than_the_child() -> None:
    """The middle class: without it siblings would teach that a shared guardian means a match."""
    pair = shown(name="surname", birth="differ", guardian="equal", address="village")
    assert packaged().sibling_share(pair)[0] > 0.9
    assert packaged().odds(pair)[0] < -5


def test_other_odds_to_begin_with_leave_the_shares_alone() -> None:
    model = packaged()
    likelier = model.with_odds(5e-4)
    pair = shown(name="equal", birth="equal", share=1e-4)
    assert likelier.odds(pair)[0] == pytest.approx(model.odds(pair)[0] + np.log(10))
    assert likelier.shares is model.shares


@settings(max_examples=50)
@given(st.integers(5, 40), st.integers(5, 40), st.floats(0.1, 0.9))
def test_the_odds_to_begin_with_are_those_under_which_so_many_pairs_are_linked(
    lefts: int, rights: int, part: float
) -> None:
    """Counted out: the mean size of random one-to-one sets where every pair has these odds."""
    wanted = part * min(lefts, rights)
    odds = prior_odds(wanted, (lefts, rights))
    ways = [
        log(comb(lefts, n)) + log(comb(rights, n)) + lgamma(n + 1) + n * log(odds)
        for n in range(min(lefts, rights) + 1)
    ]
    weights = np.exp(np.array(ways) - max(ways))
    # Some rows always count as free, so that a little fewer are linked in a very small county.
    assert float(weights @ np.arange(len(ways)) / weights.sum()) == pytest.approx(wanted, rel=0.2, abs=1.5)


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ({"name": "equal", "birth": "equal"}, {"name": "equal", "birth": "differ"}),
        ({"name": "equal", "birth": "swapped"}, {"name": "equal", "birth": "differ"}),
        ({"name": "homophone", "birth": "equal"}, {"name": "given", "birth": "equal"}),
        ({"name": "lookalike", "birth": "equal"}, {"name": "one_off", "birth": "equal"}),
        ({"doubtful_number": "near", "name": "equal"}, {"doubtful_number": "wrong", "name": "equal"}),
        ({"doubtful_number": "cut", "name": "equal"}, {"number": "differ", "name": "equal"}),
        ({"guardian": "equal", "name": "equal"}, {"guardian": "differ", "name": "equal"}),
        ({"sex": "equal", "name": "equal"}, {"sex": "differ", "name": "equal"}),
    ],
)
def test_what_agrees_more_is_likelier_one_child(stronger: dict[str, str], weaker: dict[str, str]) -> None:
    assert odds(stronger) > odds(weaker)


def test_rivals_do_not_teach_the_model_that_one_child_has_two_birthdays() -> None:
    """Forty children without a partner, each with thirty strangers of another birthday and the same surname."""
    surname, differ = position(NAME, "surname"), position(BIRTH, "differ")
    pairs = evidence(1_200, {"name": [surname] * 1_200, "birth": [differ] * 1_200})
    left, right = np.repeat(np.arange(40), 30), np.tile(np.arange(30), 40)
    model = fit(COMPARISONS, packaged().shares, pairs, left=left, right=right, sizes=(40, 20_000))
    assert model.shares["birth"][SAME, differ] < 0.05
