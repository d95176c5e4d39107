"""Which column of a sheet is which: by its header, and by its content where the header does not help."""

from __future__ import annotations

from dataclasses import dataclass, field

from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.policy.writtenforms import fold
from baoxue.reading.cells import Cells, Sheet, text_list
from baoxue.reading.content import PREFERRED, UNMISTAKABLE, Finding, birth_year, identify, names_share
from baoxue.reading.headers import Header, find_header
from baoxue.reading.report import Recognised
from baoxue.reading.synonyms import Extra, Target, canonical_target, preference

# Columns that tell which child a name means; a sheet with none of them is an address list or a signature sheet.
_IDENTIFYING = frozenset(Column) - {
    Column.NAME, Column.PHONE, Column.ADDRESS, Column.SCHOOL_NAME, Column.SEX, Column.REGION_CODE, Column.ID_TYPE,
    Column.GUARDIAN_NAME, Column.GUARDIAN_ID_NUMBER, Column.CATEGORY, Column.ATTENDANCE, Column.STUDENT_STATUS,
}  # fmt: skip
# Words of these columns mean other things in other registers (a 类别 of a roll is boarder or day pupil).
_ONLY_WHERE_EXPECTED = frozenset(
    {Column.CATEGORY, Column.ATTENDANCE, Column.ABSENT_SINCE, Column.STUDENT_STATUS, Column.HOUSEHOLD_STATUS}
    | {Column.HOUSEHOLD_TYPE, Column.ADMISSION, Column.MIGRANT_CHILD, Column.LEFT_BEHIND_CHILD}
)
_NAMES_BY_CONTENT = 0.6
# What is repeated along the header line where a list is printed in two halves beside each other.
_OF_A_HALF: frozenset[Target] = frozenset(
    {Column.SEX, Column.BIRTH_DATE, Column.STUDENT_NUMBER, Column.CLASS_NAME, Extra.SERIAL}
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a canonical column stands in a sheet, and how that was found out."""

    index: int
    header: str | None
    recognised: Recognised


@dataclass(slots=True)
class Layout:
    """The columns of one sheet.

    `last_header_line` is -1 without a header; `header_cells`: what stands in the header of each column, folded;
    `side_by_side`: a line holds more than one child, so that it cannot be read as one.
    """

    register: Register
    last_header_line: int
    header_cells: list[frozenset[str]]
    places: dict[Column, Place] = field(default_factory=dict)
    remark: Place | None = None
    serial: int | None = None
    left_out: list[str] = field(default_factory=list)
    side_by_side: bool = False

    @property
    def identifies(self) -> bool:
        """Whether the sheet says which children it names."""
        return Column.NAME in self.places and not _IDENTIFYING.isdisjoint(self.places)


def layout_of(sheet: Sheet, register: Register) -> Layout:
    """Recognise the columns of a sheet; without a name column the layout's `places` lack Column.NAME."""
    header = find_header(sheet.top, sheet.merged, register)
    after = -1 if header is None else header.last
    samples = [text_list(cells) for cells in sheet.sample(after)]
    layout = Layout(register, after, header.cells if header else [])
    free = set(range(len(samples)))
    if header is not None:
        _by_header(layout, header, register, samples, free)
    if any(samples):
        _by_content(layout, header, register, samples, free)
    if header is not None:
        mapped = {place.index for place in layout.places.values()} | {layout.serial}
        mapped |= {layout.remark.index} if layout.remark else set()
        layout.left_out = [name for i, name in enumerate(header.names) if fold(name) and i not in mapped]
    return layout


def _by_header(layout: Layout, header: Header, register: Register, samples: list[list[str]], free: set[int]) -> None:
    """Take what the header says; of several columns with one meaning the better named one."""
    found: dict[Column, list[int]] = {}
    for index, target in enumerate(header.targets[: len(samples)]):
        if target is not None:
            free.discard(index)
        if isinstance(target, Column):
            found.setdefault(target, []).append(index)
        elif target is Extra.REMARK and layout.remark is None:
            how = Recognised.HEADER if fold(header.names[index]) == "备注" else Recognised.SYNONYM
            layout.remark = Place(index, header.names[index], how)
        elif target is Extra.SERIAL and layout.serial is None:
            layout.serial = index
    for column, indices in found.items():
        if column in _ONLY_WHERE_EXPECTED and column not in COLUMNS[register]:
            continue
        index = _best(column, indices, header.names, samples)
        canonical = canonical_target(header.names[index], register) is column
        how = Recognised.HEADER if canonical else Recognised.SYNONYM
        layout.places[column] = Place(index, header.names[index], how)
    layout.side_by_side = len(found.get(Column.NAME, [])) > 1 and any(header.targets.count(t) > 1 for t in _OF_A_HALF)
    _second_number(layout, found.get(Column.ID_NUMBER, []), header, samples)


def _best(column: Column, indices: list[int], names: list[str], samples: list[list[str]]) -> int:
    if column is Column.ID_NUMBER and len(indices) > 1:
        # Two columns called 身份证号: the child is the younger one.
        return max(indices, key=lambda i: (birth_year(samples[i]) or 0, -i))
    return min(indices, key=lambda i: (not any(samples[i]), preference(names[i]), i))


def _second_number(layout: Layout, indices: list[int], header: Header, samples: list[list[str]]) -> None:
    """The other of two columns called 身份证号 is the guardian's, if no column says so itself and it is older."""
    chosen = layout.places.get(Column.ID_NUMBER)
    if chosen is None or len(indices) < 2 or Column.GUARDIAN_ID_NUMBER in layout.places:
        return
    other = next(index for index in indices if index != chosen.index)
    child, elder = birth_year(samples[chosen.index]), birth_year(samples[other])
    if child is not None and elder is not None and elder < child - 10:
        layout.places[Column.GUARDIAN_ID_NUMBER] = Place(other, header.names[other], Recognised.CONTENT)


def _by_content(
    layout: Layout, header: Header | None, register: Register, samples: list[list[str]], free: set[int]
) -> None:
    """Look for the register's missing columns among those whose header says nothing known."""
    named = {i for i in free if header is not None and i < len(header.names) and fold(header.names[i])}
    findings: dict[Column, list[tuple[Finding, int]]] = {}
    for index in sorted(free):
        found = identify(samples[index])
        if found is None or (index in named and found.column not in UNMISTAKABLE):
            continue
        column = PREFERRED.get(register, {}).get(found.column, found.column)
        findings.setdefault(column, []).append((found, index))
    for column, candidates in findings.items():
        _take(layout, register, column, candidates, header)
    _take_names(layout, samples, free, named, header)


def _take(
    layout: Layout,
    register: Register,
    column: Column,
    candidates: list[tuple[Finding, int]],
    header: Header | None,
) -> None:
    # The younger of two numbers or dates is the child's.
    ranked = sorted(candidates, key=lambda c: (-(c[0].year or 0), -c[0].share, c[1]))
    if column in COLUMNS[register] and column not in layout.places:
        layout.places[column] = Place(ranked[0][1], _name_at(header, ranked[0][1]), Recognised.CONTENT)
        ranked = ranked[1:]
    if column is Column.ID_NUMBER and ranked and Column.GUARDIAN_ID_NUMBER in COLUMNS[register]:
        index = ranked[0][1]
        layout.places.setdefault(Column.GUARDIAN_ID_NUMBER, Place(index, _name_at(header, index), Recognised.CONTENT))


def _take_names(
    layout: Layout, samples: list[list[str]], free: set[int], named: set[int], header: Header | None
) -> None:
    """Without a column called 姓名: the one whose values look most like names and differ most."""
    if Column.NAME in layout.places:
        return
    taken = {place.index for place in layout.places.values()}
    candidates = [i for i in sorted(free - taken - named) if names_share(samples[i]) >= _NAMES_BY_CONTENT]
    if not candidates:
        candidates = [i for i in sorted(named - taken) if names_share(samples[i]) >= _NAMES_BY_CONTENT]
    if candidates:
        index = max(candidates, key=lambda i: (len(set(samples[i])), -i))
        layout.places[Column.NAME] = Place(index, _name_at(header, index), Recognised.CONTENT)


def _name_at(header: Header | None, index: int) -> str | None:
    if header is None or index >= len(header.names):
        return None
    return header.names[index] or None


def sample_of(sheet: Sheet, layout: Layout, column: Column) -> list[str]:
    """The first values of a recognised column."""
    samples: list[Cells] = sheet.sample(layout.last_header_line)
    return text_list(samples[layout.places[column].index])
