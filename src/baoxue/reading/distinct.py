"""Applying a rule to the distinct values of a column instead of to every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from baoxue.reading.cells import Cells, Mask
from baoxue.reading.report import Change
from baoxue.reading.values import Normaliser, Value, unwrap

_EMPTY = Value(None)


@dataclass(slots=True)
class Tally:
    """What happened to a column in one batch. `problems`: places of cells that could not be used, and why."""

    changed: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Distinct:
    """The distinct (text, is number) pairs of a column and, for every cell, the place of its pair."""

    pairs: list[tuple[str, bool]]
    codes: npt.NDArray[np.int64]

    def counts(self) -> npt.NDArray[np.int64]:
        """How often each pair occurs."""
        return np.bincount(self.codes, minlength=len(self.pairs))

    def spread(self, results: Iterable[object], kind: pa.DataType) -> pa.Array:
        """Results for the pairs, laid out for the cells."""
        return pa.array(list(results), type=kind).take(pa.array(self.codes))


def distinct_of(cells: Cells) -> Distinct:
    """Null and empty text are one."""
    encoded = pc.dictionary_encode(pc.fill_null(cells.text, ""))
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    texts: list[str] = encoded.dictionary.to_pylist()
    if cells.number is None:
        return Distinct([(text, False) for text in texts], codes)
    seen, codes = np.unique(codes * 2 + cells.number, return_inverse=True)
    return Distinct([(texts[code // 2], bool(code % 2)) for code in seen.tolist()], codes)


def apply(rule: Normaliser, pair: tuple[str, bool]) -> Value:
    """A rule on one distinct cell, without the signs that force text."""
    text, number = pair
    if not text:
        return _EMPTY
    plain, forced = unwrap(text)
    if not plain.strip():
        return _EMPTY
    value = rule(plain, number)
    if forced:
        return Value(value.content, (*value.changes, Change.FORMULA_TEXT), value.problem)
    return value


def normalise(cells: Cells, rule: Normaliser, kind: pa.DataType, tally: Tally) -> pa.Array:
    """A column by a rule; what was done is added to `tally`."""
    distinct = distinct_of(cells)
    values = [apply(rule, pair) for pair in distinct.pairs]
    count(tally, distinct, [value.changes for value in values], [value.problem for value in values])
    return distinct.spread((value.content for value in values), kind)


def count(tally: Tally, distinct: Distinct, changes: list[tuple[Change, ...]], problems: list[str | None]) -> None:
    """Add the changes and problems of distinct values to a tally, as often as they occur."""
    counts = distinct.counts()
    for place, kinds in enumerate(changes):
        for kind in kinds:
            tally.changed[kind.value] += int(counts[place])
    bad = np.fromiter((problem is not None for problem in problems), np.bool_, len(problems))
    if bad.any():
        for index in np.flatnonzero(bad[distinct.codes]).tolist():
            tally.problems.append((index, problems[distinct.codes[index]] or ""))


def with_fast_lane(cells: Cells, ready: Mask, slow: Callable[[Cells, npt.NDArray[np.intp]], pa.Array]) -> pa.Array:
    """Cells that already have their canonical form as they are; the others through `slow` (cells, their places)."""
    rest = np.flatnonzero(~ready)
    if not len(rest):
        return cells.text
    made = slow(cells.take(rest), rest)
    return pc.replace_with_mask(cells.text, pa.array(~ready), made)
