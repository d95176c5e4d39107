"""The shapes of data that the rooms of the generator hand to each other."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baoxue.policy.registers import Column, Register

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Objects = NDArray[Any]

# What a cell of a register can hold, as a spreadsheet would: text, a number, a date, nothing.
Cell = str | int | float | date | None

# Row of no child: an adult of a household, a stranger's record.
NOBODY = -1


class Weighted(NamedTuple):
    """Things and the share of each; the shares add up to one."""

    items: Objects
    shares: Floats

    def draw(self, rng: np.random.Generator, size: int) -> Objects:
        """`size` things, drawn by share."""
        bounds = np.cumsum(self.shares)[:-1]
        chosen: Objects = self.items[np.searchsorted(bounds, rng.random(size), side="right")]
        return chosen


@dataclass
class Frame:
    """One register on its way to paper. One row is one data row.

    `columns`: the birth date and the first day of absence are days (NaT = none), all else is text or None.
    `child` is the number of the true child or NOBODY. `unit` is who keeps the row (a school, a police
    station, a township): mistakes and habits go by unit. `sheet` is the part of the workbook it stands in.
    """

    register: Register
    columns: dict[Column, NDArray[Any]]
    child: Ints
    unit: Ints
    sheet: Objects

    def __len__(self) -> int:
        return len(self.child)

    def take(self, rows: Ints) -> Frame:
        """The rows at these positions, in this order."""
        return Frame(
            self.register,
            {column: values[rows] for column, values in self.columns.items()},
            self.child[rows],
            self.unit[rows],
            self.sheet[rows],
        )

    def followed_by(self, other: Frame) -> Frame:
        """These rows and then the other's."""
        return Frame(
            self.register,
            {column: np.concatenate([mine, other.columns[column]]) for column, mine in self.columns.items()},
            np.concatenate([self.child, other.child]),
            np.concatenate([self.unit, other.unit]),
            np.concatenate([self.sheet, other.sheet]),
        )


def objects(values: Iterable[Any]) -> Objects:
    """A one-dimensional object array, also of strings and dates."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def nothing(count: int) -> Objects:
    """A column of empty cells."""
    return np.full(count, None, dtype=object)


def stream(seed: int, *words: str | int) -> np.random.Generator:
    """The random numbers of one piece of work: a change to one leaves the others as they were."""
    return np.random.default_rng([seed, *(zlib.crc32(str(word).encode()) for word in words)])
