"""What links and findings are worth, held against the truth of synthetic registers."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from baoxue.policy.registers import Register

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Rows in which two registers may be wrong before a list of links counts as less than 99.9 % right.
_PRECISION = 0.999


@dataclass(frozen=True, slots=True)
class Links:
    """n links between two registers. `rank`: any number that grows with how sure they are; `counted`: sure enough to be
    taken as one child when F1 is asked for."""

    left_row: Ints
    right_row: Ints
    rank: Floats
    counted: Bools


@dataclass(frozen=True, slots=True)
class Score:
    """How good links are, by child. A child found twice counts once, every wrong link counts.

    `recall_at_999`: the largest share of children found by taking links from the surest down while at least 99.9 % of
    what is taken is right (links of equal rank are taken together).
    """

    f1: float
    precision: float
    recall: float
    recall_at_999: float
    links: int
    wrong: int
    missed: int
    children: int

    def as_json(self) -> dict[str, Any]:
        """For the results file."""
        return asdict(self)


def child_of_row(truth: Path) -> dict[Register, Ints]:
    """By register: the child of each row, at the row's own number (from 1); 0 where the row is no child's."""
    columns = "{'register': 'varchar', 'row': 'bigint', 'child': 'bigint'}"
    with duckdb.connect() as connection:
        read = f"from read_csv('{_quoted(truth)}', header = true, columns = {columns})"
        found = {}
        for register in Register:
            rows = connection.execute(
                f'select "row", coalesce(child, 0) as child {read} where register = ?', [register.value]
            ).fetchnumpy()
            found[register] = np.zeros(int(max(rows["row"], default=0)) + 1, dtype=np.int64)
            found[register][np.asarray(rows["row"])] = np.asarray(rows["child"])
    return found


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def children(truth_children: Path) -> dict[int, dict[str, str]]:
    """The lines of truth_children.csv by child."""
    with truth_children.open(encoding="utf-8", newline="") as file:
        return {int(line["child"]): line for line in csv.DictReader(file)}


def score(links: Links, left_child: Ints, right_child: Ints) -> Score:
    """Hold links against the children of the rows of both sides."""
    both = np.intersect1d(left_child[left_child > 0], right_child[right_child > 0])
    order = np.argsort(-links.rank, kind="stable")
    found, wrong = _taken(links, order, left_child, right_child)
    counted = order[links.counted[order]]
    all_found, all_wrong = _taken(links, counted, left_child, right_child)
    found_now, wrong_now = int(all_found.sum()), int(all_wrong.sum())
    missed = len(both) - found_now
    return Score(
        f1=_share(2 * found_now, 2 * found_now + wrong_now + missed),
        precision=_share(found_now, found_now + wrong_now),
        recall=_share(found_now, len(both)),
        recall_at_999=_share(_most_found(found, wrong, links.rank[order]), len(both)),
        links=len(counted),
        wrong=wrong_now,
        missed=missed,
        children=len(both),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _taken(links: Links, order: Ints, left_child: Ints, right_child: Ints) -> tuple[Ints, Ints]:
    """In this order, of each link: 1 where it finds a child for the first time; 1 where it is wrong."""
    left, right = left_child[links.left_row[order]], right_child[links.right_row[order]]
    fits = (left == right) & (left > 0)
    first = np.zeros(len(order), dtype=np.int64)
    places = np.flatnonzero(fits)
    first[places[np.unique(left[places], return_index=True)[1]]] = 1
    return first, (~fits).astype(np.int64)


def _most_found(found: Ints, wrong: Ints, rank: Floats) -> int:
    found, wrong = np.cumsum(found), np.cumsum(wrong)
    ends = np.append(rank[1:] != rank[:-1], True)[: len(rank)]
    good = ends & (found >= _PRECISION * (found + wrong))
    return int(found[good].max(initial=0))


def child_at(of_row: Mapping[Register, Ints], register: Register, row: int | None) -> int:
    """The child of a row; 0 where there is no row or it is no child's."""
    return int(of_row[register][row]) if row is not None else 0
