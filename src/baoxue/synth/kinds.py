"""The shapes of data that the rooms of the generator hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
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

# Row of no child: a note, a line without a name, a stranger's record.
NOBODY = -1


class Weighted(NamedTuple):
    """Things and the share of each; the shares add up to one."""

    items: Objects
    shares: Floats

    def draw(self, rng: np.random.Generator, size: int) -> Objects:
        """`size` things, drawn by share."""
        chosen: Objects = self.items[np.searchsorted(np.cumsum(self.shares)[:-1], rng.random(size), side="right")]
        return chosen


@dataclass
class Frame:
    """One register on its way to paper. One row is one data row.

    `child` is the number of the true child or NOBODY. `unit` is who keeps the row (a school, a police station,
    a township): mistakes and habits go by unit. `careless` marks rows typed in a hurry, where mistakes come together.
    """

    register: Register
    columns: dict[Column, Objects]
    child: Ints
    unit: Ints
    sheet: Objects
    careless: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

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
            self.careless[rows] if len(self.careless) else self.careless,
        )

    def followed_by(self, other: Frame) -> Frame:
        """These rows and then the other's."""
        return Frame(
            self.register,
            {column: np.concatenate([values, other.columns[column]]) for column, values in self.columns.items()},
            np.concatenate([self.child, other.child]),
            np.concatenate([self.unit, other.unit]),
            np.concatenate([self.sheet, other.sheet]),
            np.concatenate([self.careless, other.careless]),
        )


def objects(values: list[Any]) -> Objects:
    """A one-dimensional object array, also of strings and dates."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
