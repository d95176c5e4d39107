"""From a batch of lines to canonical rows, rejects, and the account of what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from baoxue.policy.grade import grade_of
from baoxue.policy.registers import Column
from baoxue.policy.writtenforms import fold
from baoxue.reading.cells import Batch, Cells
from baoxue.reading.dates import DayOrder, WrittenDate, read_date
from baoxue.reading.distinct import Distinct, Tally, count, distinct_of, normalise, with_fast_lane
from baoxue.reading.identity import read_guardian_numbers, read_numbers
from baoxue.reading.misplaced import TOUCHED, Misplaced, Righted, put_right
from baoxue.reading.names import clean_name, is_test_name, mask_name
from baoxue.reading.recognise import Layout
from baoxue.reading.report import Change, Reject, UnusableCell
from baoxue.reading.values import NORMALISERS, Value, as_remark, is_nothing, masked, unwrap

Places = npt.NDArray[np.intp]

NAME_HEADER = "姓名"
EXAMPLES = 5
# A name in its canonical form already, that none of the rules for names would touch.
_READY_NAME = r"^[\x{4E00}-\x{9FFF}]{2,4}$"
_TOUCHED_NAME = (
    r"同学$|先生$|女士$|小朋友$|测试|示例|样例|范例|例子|举例|某"
    r"|^(?:不详|未知|不明|不知道|不清楚|待定|待查|待补|暂无|没有|姓名|学生姓名)$"
)
_DATES = frozenset({Column.BIRTH_DATE.value, Column.ID_NUMBER.value})
_READY_STUDENT_NUMBER = r"^[GJL][0-9]{17}[0-9X]$"


@dataclass(frozen=True, slots=True)
class Plan:
    """How the lines of one sheet become rows.

    `constants`: columns the sheet says once for all its rows (its name, its title). `day_orders` by date column.
    """

    layout: Layout
    schema: pa.Schema
    sheet: str | None
    constants: Mapping[Column, Value] = field(default_factory=dict)
    day_orders: Mapping[Column, DayOrder] = field(default_factory=dict)
    date_1904: bool = False


@dataclass(slots=True)
class Made:
    """What became of the data rows of a batch.

    `examples`: the first cells of a column that could not be used; `misplaced`: rows with cells in each other's columns.
    """

    table: pa.Table
    rows: int
    rejects: list[Reject]
    tallies: dict[Column, Tally]
    examples: dict[Column, list[UnusableCell]]
    misplaced: dict[Misplaced, int]


def make_rows(batch: Batch, plan: Plan, places: Places, numbers: npt.NDArray[np.int32]) -> Made:
    """Make the lines at `places`, whose row numbers are `numbers`."""
    tallies: dict[Column, Tally] = {}
    cells = batch.load(plan.layout.places[Column.NAME].index).take(places)
    righted = _righted(cells, batch, plan, places, tallies)
    cells = righted.cells.get(Column.NAME, cells)
    names, rejected = _names(cells, batch, places, tallies.setdefault(Column.NAME, Tally()))
    rejects = [
        Reject(plan.sheet, int(batch.line[places[i]]), int(numbers[i]), header, shown, reason)
        for i, (header, shown, reason) in sorted(rejected.items())
    ]
    accepted = np.setdiff1d(np.arange(len(places)), np.fromiter(rejected, np.intp, len(rejected)), assume_unique=True)
    kept = places[accepted]
    moved = {column: cells.take(accepted) for column, cells in righted.cells.items()}
    maker = _Maker(batch, plan, kept, moved, tallies)
    made: dict[str, pa.Array] = {
        "row": pa.array(numbers[accepted], pa.int32()),
        "sheet": pa.repeat(pa.scalar(plan.sheet, pa.string()), len(kept)),
        "line": pa.array(batch.line[kept], pa.int32()),
        "name": names if not rejected else names.take(pa.array(accepted)),
    }
    for name in plan.schema.names:
        if name not in made:
            made[name] = maker.column(name)
    table = pa.table({name: made[name] for name in plan.schema.names}, schema=plan.schema)
    examples = {
        column: [
            _example(batch, plan, column, kept[i], int(numbers[accepted[i]]), why)
            for i, why in tally.problems[:EXAMPLES]
        ]
        for column, tally in tallies.items()
    }
    return Made(table, len(places), rejects, tallies, examples, righted.rows)


def _righted(names: Cells, batch: Batch, plan: Plan, places: Places, tallies: dict[Column, Tally]) -> Righted:
    """What stands in the wrong column of its row, put right."""

    def cells_of(column: Column) -> Cells | None:
        place = plan.layout.places.get(column)
        return None if place is None else batch.value(place.index).take(places)

    righted = put_right(names, cells_of, dates=not _DATES.isdisjoint(plan.schema.names))
    for mistake, times in righted.rows.items():
        for column in TOUCHED[mistake]:
            tallies.setdefault(column, Tally()).changed[Change.MOVED.value] += times
    return righted


def _example(batch: Batch, plan: Plan, column: Column, place: int, row: int, why: str) -> UnusableCell:
    text = batch.value(plan.layout.places[column].index).text[int(place)].as_py() or ""
    return UnusableCell(plan.sheet, int(batch.line[place]), row, masked(text, column), why)


def _names(
    cells: Cells, batch: Batch, places: Places, tally: Tally
) -> tuple[pa.Array, dict[int, tuple[str, str, str]]]:
    """Names, and the rows to reject: place → column header, masked value, reason."""
    ready = pc.and_not(
        pc.match_substring_regex(cells.text, _READY_NAME), pc.match_substring_regex(cells.text, _TOUCHED_NAME)
    )
    rejected: dict[int, tuple[str, str, str]] = {}

    def slow(rest: Cells, at: Places) -> pa.Array:
        distinct = distinct_of(rest)
        results = [_name(text) for text, _ in distinct.pairs]
        count(tally, distinct, [changes for _, changes, _ in results], [None] * len(results))
        unusable = np.fromiter((problem is not None for *_, problem in results), np.bool_, len(results))
        for index in np.flatnonzero(unusable[distinct.codes]).tolist():
            code = distinct.codes[index]
            shown = mask_name(distinct.pairs[code][0].strip())
            rejected[int(at[index])] = (NAME_HEADER, shown, results[code][2] or "")
        return distinct.spread((name or None for name, *_ in results), pa.string())

    mask = pc.fill_null(ready, False).to_numpy(zero_copy_only=False)
    names = with_fast_lane(cells, mask, slow)
    for index in np.flatnonzero(np.isin(places, list(batch.beyond))).tolist():
        rejected[index] = ("", "", "这一行的单元格比表头多，内容可能错列")
    return names, rejected


def _name(text: str) -> tuple[str, tuple[Change, ...], str | None]:
    name, changes = clean_name(text)
    if not name:
        return "", (), "没有姓名" if is_nothing(text.strip()) else "姓名无法使用"
    if is_test_name(name):
        return "", (), "不是真实姓名，像是测试或示例数据"
    return name, tuple(changes), None


class _Maker:
    """The columns of the accepted lines of one batch; `moved`: those in which cells were put right."""

    def __init__(
        self, batch: Batch, plan: Plan, places: Places, moved: Mapping[Column, Cells], tallies: dict[Column, Tally]
    ) -> None:
        self._batch, self._plan, self._places, self._moved, self._tallies = batch, plan, places, moved, tallies
        self._made: dict[str, pa.Array] = {}

    def column(self, name: str) -> pa.Array:
        """A column by its canonical name; null where the sheet has none."""
        if name not in self._made:
            self._make(name)
        return self._made[name]

    def _make(self, name: str) -> None:
        if name in ("id_number", "id_state", "id_type"):
            self._make_numbers()
        elif name in ("birth_date", "birth_month"):
            self._made["birth_date"], self._made["birth_month"] = self._dates(Column.BIRTH_DATE)
        elif name == "absent_since":
            self._made[name], _ = self._dates(Column.ABSENT_SINCE)
        elif name == "remark":
            self._made[name] = self._remark()
        else:
            self._made[name] = self._plain(Column(name))

    def _cells(self, column: Column) -> Cells | None:
        if column in self._moved:
            return self._moved[column]
        place = self._plan.layout.places.get(column)
        return None if place is None else self._batch.value(place.index).take(self._places)

    def _tally(self, column: Column) -> Tally:
        return self._tallies.setdefault(column, Tally())

    def _type(self, column: str) -> pa.DataType:
        return self._plan.schema.field(column).type if column in self._plan.schema.names else pa.string()

    def _nulls(self, kind: pa.DataType) -> pa.Array:
        return pa.nulls(len(self._places), kind)

    def _plain(self, column: Column) -> pa.Array:
        kind = self._type(column.value)
        cells = self._cells(column)
        if cells is None:
            return self._without_cells(column, kind)
        tally = self._tally(column)
        if column is Column.GUARDIAN_ID_NUMBER:
            return read_guardian_numbers(cells, tally)
        place = self._plan.layout.places[column]
        if place.index in self._batch.filled:
            raw = self._batch.load(place.index).take(self._places)
            empty = pc.equal(pc.binary_length(pc.fill_null(raw.text, "")), 0)
            if (filled := pc.sum(empty).as_py() or 0) > 0:
                tally.changed[Change.FILLED.value] += filled
        rule = NORMALISERS[column]
        if column is Column.STUDENT_NUMBER and cells.number is None:
            ready = pc.fill_null(pc.match_substring_regex(cells.text, _READY_STUDENT_NUMBER), False)
            return with_fast_lane(
                cells,
                ready.to_numpy(zero_copy_only=False),
                lambda rest, _: normalise(rest, rule, kind, tally),
            )
        return normalise(cells, rule, kind, tally)

    def _without_cells(self, column: Column, kind: pa.DataType) -> pa.Array:
        constant = self._plan.constants.get(column)
        if constant is not None:
            return pa.repeat(pa.scalar(constant.content, kind), len(self._places))
        classes = self._cells(Column.CLASS_NAME) if column is Column.GRADE else None
        if classes is None:
            return self._nulls(kind)
        # 三年级(2)班 in the class column says the grade too.
        distinct = distinct_of(classes)
        grades = [grade_of(text) if text else None for text, _ in distinct.pairs]
        changes: list[tuple[Change, ...]] = [(Change.DERIVED,) if grade is not None else () for grade in grades]
        count(self._tally(Column.GRADE), distinct, changes, [None] * len(grades))
        return distinct.spread(grades, kind)

    def _remark(self) -> pa.Array:
        place = self._plan.layout.remark
        if place is None:
            return self._nulls(pa.string())
        return normalise(self._batch.value(place.index).take(self._places), as_remark, pa.string(), Tally())

    def _make_numbers(self) -> None:
        kinds = self._cells(Column.ID_TYPE)
        declared = None
        if kinds is not None:
            declared = normalise(kinds, NORMALISERS[Column.ID_TYPE], pa.string(), self._tally(Column.ID_TYPE))
        cells = self._cells(Column.ID_NUMBER)
        if cells is None:
            none = self._nulls(pa.string())
            self._made |= {
                "id_number": none,
                "id_state": none,
                "id_type": none if declared is None else declared,
            }
            return
        numbers = read_numbers(cells, declared, self._tally(Column.ID_NUMBER))
        self._made |= {"id_number": numbers.number, "id_state": numbers.state, "id_type": numbers.type}

    def _dates(self, column: Column) -> tuple[pa.Array, pa.Array]:
        cells = self._cells(column)
        if cells is None:
            return self._nulls(pa.date32()), self._nulls(pa.int32())
        distinct = distinct_of(cells)
        order = self._plan.day_orders.get(column, DayOrder.MONTH_FIRST)
        found = [self._date(pair, order) for pair in distinct.pairs]
        self._count_dates(column, distinct, found)
        days = distinct.spread((one.day for one in found), pa.date32())
        return days, distinct.spread((one.month for one in found), pa.int32())

    def _date(self, pair: tuple[str, bool], order: DayOrder) -> WrittenDate:
        text, _ = unwrap(pair[0])
        if is_nothing(fold(text)):
            return WrittenDate()
        return read_date(text, number=pair[1], order=order, date_1904=self._plan.date_1904)

    def _count_dates(self, column: Column, distinct: Distinct, found: list[WrittenDate]) -> None:
        changes: list[tuple[Change, ...]] = [(one.change,) if one.change else () for one in found]
        count(self._tally(column), distinct, changes, [one.problem for one in found])
