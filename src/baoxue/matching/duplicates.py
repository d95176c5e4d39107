"""One child, two rows in one register: found before registers meet, so that only one row speaks for the child."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from baoxue.matching.engine import Engine, Rows
from baoxue.matching.rules import DUPLICATES
from baoxue.policy.findings import Decision
from baoxue.policy.registers import Register


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`row` is another record of the child that `primary_row` speaks for."""

    register: Register
    row: int
    primary_row: int
    decision: Decision
    confidence: float
    evidence: str


def find_duplicates(engine: Engine, register: Register) -> list[Duplicate]:
    """Duplicates that a rule is sure of; a row is the duplicate of one primary row only."""
    found: dict[int, Duplicate] = {}
    for rule in DUPLICATES[register]:
        pairs = engine.duplicates(rule, register)
        for primary, row in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True):
            if row in found or (primary in found and found[primary].primary_row == row):
                continue
            top = found[primary].primary_row if primary in found else primary
            found[row] = Duplicate(register, row, top, Decision.AUTO, 0.9999, rule.words)
    return [found[row] for row in sorted(found)]


def extra_rows(duplicates: list[Duplicate]) -> Rows:
    """The rows that do not speak for their child, ascending."""
    return np.array(sorted(duplicate.row for duplicate in duplicates), dtype=np.int32)
