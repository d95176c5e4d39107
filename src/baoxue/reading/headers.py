"""Finding the header among title rows, notes and merged cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from baoxue.policy.registers import Column, Register
from baoxue.policy.writtenforms import fold
from baoxue.reading.cells import MergedRange
from baoxue.reading.synonyms import Extra, Target, target_of

# A header of more than two lines is no longer a table of persons.
_DATA_LIKE = re.compile(r"[0-9]{5}|[0-9]{4}[-/.年]|^(?:男|女)$|^[0-9.]+$")
_PEOPLE = re.compile(r"父亲|母亲|监护人|家长|户主|班主任|填报|父母|成员[12]")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header ends (line index, zero-based) and what it says of each column; `first` is its first line.

    `cells`: everything that stands in a header line of a column, folded, for telling a repeated header.
    """

    first: int
    last: int
    names: list[str]
    targets: list[Target | None]
    cells: list[frozenset[str]]


def find_header(top: Sequence[list[str]], merged: Sequence[MergedRange], register: Register) -> Header | None:
    """The header line, or two lines together; None when no line names a person's columns."""
    best: tuple[int, int] | None = None
    for index, row in enumerate(top):
        score = _score(_targets(row, register), row)
        if score > 0 and (best is None or score > best[0]):
            best = (score, index)
    if best is None:
        return None
    return _widened(top, merged, register, best[1])


def _targets(row: list[str], register: Register) -> list[Target | None]:
    return [target_of(cell, register) if cell and len(cell) <= 60 else None for cell in row]


def _score(targets: list[Target | None], row: list[str]) -> int:
    """How much a line looks like a header: kinds of columns named, less the cells that look like data."""
    known = {target for target in targets if target is not None}
    if not known & set(Column):
        return 0
    data = sum(1 for cell in row if _DATA_LIKE.search(fold(cell)))
    filled = sum(1 for cell in row if fold(cell))
    # A title or a note may hold one known word; a header line is made of them.
    if len(known) == 1 and filled > 1 and known != {Column.NAME}:
        return 0
    if len(known) * 3 < filled and not (Column.NAME in known and len(known) >= 3):
        return 0
    return len(known) * 2 + (Column.NAME in known) * 3 - data * 3


def _widened(top: Sequence[list[str]], merged: Sequence[MergedRange], register: Register, index: int) -> Header:
    """The header with the line above or below it, where the two make one header."""
    own = _targets(top[index], register)
    single = Header(index, index, list(top[index]), own, [frozenset({fold(cell)}) for cell in top[index]])
    # Among headers that say as much: what continues in the line below would else be read as a row.
    candidates = [single]
    if index + 1 < len(top) and _continues(top[index], top[index + 1], merged, index):
        candidates.insert(0, _joined(top, merged, register, index))
    if index > 0 and _is_group_line(top[index - 1]):
        candidates.append(_joined(top, merged, register, index - 1))
    return max(candidates, key=lambda header: _worth(header.targets))


def _worth(targets: list[Target | None]) -> int:
    return len({target for target in targets if isinstance(target, Column)})


def _is_group_line(above: list[str]) -> bool:
    """Whether the line above a header names groups of its columns: more than one cell, none of them data."""
    filled = [cell for cell in above if fold(cell)]
    return len(filled) > 1 and all(len(cell) <= 20 and not _DATA_LIKE.search(fold(cell)) for cell in filled)


def _continues(above: list[str], below: list[str], merged: Sequence[MergedRange], index: int) -> bool:
    """Whether the line below names parts of cells of this one: it fills gaps, and holds no data."""
    filled = [place for place, cell in enumerate(below) if fold(cell)]
    if not filled or any(_DATA_LIKE.search(fold(below[place])) for place in filled):
        return False
    spans = any(
        merge.top <= index < merge.bottom or (merge.top == index and merge.right > merge.left) for merge in merged
    )
    gaps = sum(1 for place in filled if place >= len(above) or not fold(above[place]))
    return gaps > 0 and (spans or gaps >= len(filled) / 2)


def _joined(top: Sequence[list[str]], merged: Sequence[MergedRange], register: Register, first: int) -> Header:
    """Two lines as one header: a group's name stands before the names under it."""
    above, below = top[first], top[first + 1]
    width = max(len(above), len(below))
    groups = _spread(above, below, merged, first, width)
    names: list[str] = []
    targets: list[Target | None] = []
    cells: list[frozenset[str]] = []
    for place in range(width):
        group = groups[place]
        own = below[place] if place < len(below) else ""
        name, target = _joined_name(group, own, register)
        names.append(name)
        targets.append(target)
        cells.append(frozenset(fold(line[place]) for line in (above, below) if place < len(line)))
    return Header(first, first + 1, names, targets, cells)


def _joined_name(group: str, own: str, register: Register) -> tuple[str, Target | None]:
    if not fold(own):
        return group, target_of(group, register) if fold(group) else None
    if not fold(group) or fold(group) == fold(own):
        return own, target_of(own, register)
    both = f"{group}{own}"
    if _PEOPLE.search(fold(group)):
        return both, target_of(both, register) or Extra.OTHER_PERSON
    return both, target_of(own, register) or target_of(both, register)


def _spread(above: list[str], below: list[str], merged: Sequence[MergedRange], line: int, width: int) -> list[str]:
    """The names of groups over every column they span: by merged cells, else over the gaps to their right."""
    groups = [above[place] if place < len(above) else "" for place in range(width)]
    across = [merge for merge in merged if merge.top == line and merge.right > merge.left]
    if across:
        for merge in across:
            for place in range(merge.left, min(merge.right, width - 1) + 1):
                groups[place] = groups[merge.left]
        return groups
    current = ""
    for place in range(width):
        own = fold(below[place]) if place < len(below) else ""
        if fold(groups[place]):
            # A cell with nothing under it stands for itself and spans nothing.
            current = groups[place] if own else ""
        elif own:
            groups[place] = current
    return groups
