"""What people have decided about two rows: a later run neither doubts it nor asks again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from baoxue.matching.engine import Engine, Pairs, Side
from baoxue.matching.model import Evidence
from baoxue.matching.rules import Block, Comparison, DuplicateRule, ExactRule
from baoxue.policy.registers import Register

METHOD = "decided"
WORDS = "由人认定"


@dataclass(frozen=True, slots=True)
class DecidedPair:
    """Two rows that a person said to be one child (`same`), or two."""

    left: Register
    left_row: int
    right: Register
    right_row: int
    same: bool


class Decided:
    """The decided pairs of a run, by the registers they join."""

    def __init__(self, pairs: Iterable[DecidedPair] = ()) -> None:
        self._same: dict[tuple[Register, Register], Pairs] = {}
        self._apart: dict[tuple[Register, Register], Pairs] = {}
        by_registers: dict[tuple[Register, Register, bool], list[DecidedPair]] = {}
        for pair in pairs:
            by_registers.setdefault((pair.left, pair.right, pair.same), []).append(pair)
        for (left, right, same), decided in by_registers.items():
            (self._same if same else self._apart)[left, right] = _pairs(decided)

    def same(self, left: Register, right: Register) -> Pairs:
        """The pairs of two registers that are one child."""
        return self._same.get((left, right), _pairs(()))

    def apart(self, left: Register, right: Register) -> Pairs:
        """The pairs of two registers that are two children."""
        return self._apart.get((left, right), _pairs(()))

    def rows_of(self, register: Register) -> set[int]:
        """The rows of a register, as the right one, that are decided to be a child of the county."""
        return {int(row) for (_, right), pairs in self._same.items() if right is register for row in pairs.right}


def _pairs(decided: Sequence[DecidedPair]) -> Pairs:
    return Pairs(
        np.array([pair.left_row for pair in decided], dtype=np.int32),
        np.array([pair.right_row for pair in decided], dtype=np.int32),
    )


class HeedingEngine:
    """An engine that never offers a pair of which a person said that it is two children."""

    def __init__(self, engine: Engine, decided: Decided) -> None:
        self._engine = engine
        self._decided = decided

    def size(self, side: Side) -> int:
        """As the engine."""
        return self._engine.size(side)

    def duplicates(self, rule: DuplicateRule, register: Register) -> Pairs:
        """As the engine."""
        return self._engine.duplicates(rule, register)

    def exact(self, rule: ExactRule, left: Side, right: Side, *, many: bool = False) -> Pairs:
        """As the engine, without what is decided to be two children."""
        return self._heeded(left, right, self._engine.exact(rule, left, right, many=many))

    def candidates(self, blocks: Sequence[Block], left: Side, right: Side) -> Pairs:
        """As the engine, without what is decided to be two children."""
        return self._heeded(left, right, self._engine.candidates(blocks, left, right))

    def evidence(
        self,
        comparisons: Sequence[Comparison],
        left: Register,
        right: Register,
        pairs: Pairs,
        *,
        at_best: bool = False,
    ) -> Evidence:
        """As the engine."""
        return self._engine.evidence(comparisons, left, right, pairs, at_best=at_best)

    def _heeded(self, left: Side, right: Side, pairs: Pairs) -> Pairs:
        return without(pairs, self._decided.apart(left.register, right.register))


def without(pairs: Pairs, others: Pairs) -> Pairs:
    """The pairs that are not among the others, in their order."""
    if not len(others) or not len(pairs):
        return pairs
    kept = ~np.isin(_keys(pairs), _keys(others))
    return Pairs(pairs.left[kept], pairs.right[kept])


def _keys(pairs: Pairs) -> np.ndarray:
    return (pairs.left.astype(np.int64) << 32) | pairs.right
