"""How links are counted against the truth."""

from __future__ import annotations

import numpy as np
import pytest
from bench.truth import Links, score

# Children of the rows 1, 2, …; 0 is nobody's row. Child 3 has two rows on the left, child 5 is on the left only.
LEFT = np.array([0, 1, 2, 3, 3, 4, 5, 0])
RIGHT = np.array([0, 1, 2, 3, 4, 0])

# left row, right row, rank
Link = tuple[int, int, float]


def _links(links: list[Link], counted_from: float = 0.5) -> Links:
    left, right, rank = (np.array(values) for values in zip(*links, strict=True))
    return Links(left, right, rank, rank >= counted_from)


ALL: list[Link] = [(1, 1, 0.9), (2, 2, 0.9), (3, 3, 0.9), (5, 4, 0.9)]


def test_all_children_found_and_nothing_else_is_a_score_of_one() -> None:
    found = score(_links(ALL), LEFT, RIGHT)
    assert (found.f1, found.recall_at_999, found.children, found.wrong, found.missed) == (1.0, 1.0, 4, 0, 0)


def test_a_child_found_by_either_of_its_rows_or_both_counts_once() -> None:
    by_the_other = [*ALL[:2], (4, 3, 0.9), ALL[3]]
    by_both = [*ALL, (4, 3, 0.8)]
    assert score(_links(by_the_other), LEFT, RIGHT).f1 == score(_links(by_both), LEFT, RIGHT).f1 == 1.0


@pytest.mark.parametrize(
    "wrong", [(6, 4, 0.9), (7, 5, 0.9), (1, 5, 0.9)], ids=["two children", "nobody and nobody", "a child and nobody"]
)
def test_a_link_of_rows_that_are_not_one_child_is_wrong(wrong: Link) -> None:
    found = score(_links([*ALL, wrong]), LEFT, RIGHT)
    assert (found.wrong, found.missed, found.f1) == (1, 0, 8 / 9)


def test_a_link_that_does_not_count_neither_finds_nor_errs() -> None:
    found = score(_links([*ALL[:3], (5, 4, 0.4), (6, 4, 0.3)]), LEFT, RIGHT)
    assert (found.wrong, found.missed, found.recall) == (0, 1, 0.75)


def test_recall_at_high_precision_stops_before_the_first_wrong_link_of_a_short_list() -> None:
    links = [(1, 1, 0.99), (2, 2, 0.98), (6, 4, 0.97), (3, 3, 0.96), (5, 4, 0.95)]
    assert score(_links(links), LEFT, RIGHT).recall_at_999 == 0.5


def test_links_of_one_rank_are_taken_together() -> None:
    links = [(1, 1, 0.99), (2, 2, 0.98), (6, 4, 0.98), (3, 3, 0.98), (5, 4, 0.98)]
    assert score(_links(links), LEFT, RIGHT).recall_at_999 == 0.25


@pytest.mark.parametrize(("wrong", "found"), [(2, 1999), (3, 1998)])
def test_one_link_in_a_thousand_may_be_wrong(wrong: int, found: int) -> None:
    children = np.arange(2_000)
    links: list[Link] = [(child, child, 1.0) for child in range(1, 1_999)]
    links += [(child, 1_999, 0.9) for child in range(1, 1 + wrong)] + [(1_999, 1_999, 0.8)]
    assert score(_links(links), children, children).recall_at_999 == found / 1999
