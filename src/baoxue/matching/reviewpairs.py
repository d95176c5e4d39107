"""Pairs of rows that a person has to look at, each with what speaks for and against it in figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from baoxue.matching.compared import WRITTEN, Compared
from baoxue.matching.engine import Engine, Pairs
from baoxue.matching.linking import WORTH_A_LOOK
from baoxue.matching.model import Model
from baoxue.matching.rules import PairTask
from baoxue.policy.findings import Decision
from baoxue.policy.registers import Register

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Said:
    """What one comparison says of a pair. `weight`: natural log of how much likelier it is of one child than of the
    likeliest other explanation (two children of one household, or strangers); positive speaks for one child."""

    field: str
    level: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """Two rows that may be one child. `linked`: taken for one child meanwhile."""

    left: Register
    left_row: int
    right: Register
    right_row: int
    confidence: float
    linked: bool
    said: tuple[Said, ...]


def review_pairs(connection: duckdb.DuckDBPyConnection, engine: Engine, compared: Compared) -> list[ReviewPair]:
    """Uncertain links, and near misses worth a look, each pair once; what one child already has together is left out."""
    together = _children(connection)
    found: dict[tuple[PairTask, int, int], tuple[float, bool]] = {}
    for task in WRITTEN:
        for link in compared.of(task):
            if link.decision is Decision.REVIEW:
                found[task, link.left_row, link.right_row] = (link.confidence, True)
    for task, near in compared.near:
        place = (task, near.left_row, near.right_row)
        one_child = together.get((task.left, near.left_row)) == together.get((task.right, near.right_row))
        if task not in WRITTEN or near.confidence < WORTH_A_LOOK or place in found or one_child:
            continue
        found[place] = (near.confidence, False)
    return [pair for task in WRITTEN for pair in _with_evidence(engine, compared, task, found)]


def _children(connection: duckdb.DuckDBPyConnection) -> dict[tuple[Register, int], int]:
    """Child of the rows that stand in a near miss."""
    rows = connection.execute(
        """select m.register, m.row, m.child from members m semi join (
            select "left" as register, left_row as row from near_misses
            union select "right", right_row from near_misses) n using (register, row)"""
    ).fetchall()
    return {(Register(register), row): child for register, row, child in rows}


def _with_evidence(
    engine: Engine, compared: Compared, task: PairTask, found: dict[tuple[PairTask, int, int], tuple[float, bool]]
) -> Iterable[ReviewPair]:
    places = [(left, right) for of, left, right in found if of is task]
    if not places:
        return
    pairs = Pairs(
        np.array([left for left, _ in places], dtype=np.int32), np.array([right for _, right in places], dtype=np.int32)
    )
    said = _said(engine, compared.models.get(task), task, pairs)
    for place, (left, right) in enumerate(places):
        confidence, linked = found[task, left, right]
        yield ReviewPair(task.left, left, task.right, right, confidence, linked, tuple(said[place]))


def _said(engine: Engine, model: Model | None, task: PairTask, pairs: Pairs) -> list[list[Said]]:
    """By pair, what its comparisons say; nothing where no model judged."""
    said: list[list[Said]] = [[] for _ in range(len(pairs))]
    if model is None:
        return said
    evidence = engine.evidence(task.comparisons, task.left, task.right, pairs)
    weights = model.weights(evidence)
    for comparison in task.comparisons:
        levels = evidence.levels[comparison.field]
        for place in np.flatnonzero(levels >= 0).tolist():
            level = comparison.levels[int(levels[place])]
            weight = round(float(weights[comparison.field][place]), 3)
            said[place].append(Said(comparison.field, level.code, level.words, weight))
    return said
