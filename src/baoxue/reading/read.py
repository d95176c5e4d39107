"""Reading one file within this process. Call it through `read_register`, which puts a process of its own around it."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from baoxue.policy.idnumber import IdState
from baoxue.policy.registers import Column, Register
from baoxue.progress import Progress, silent
from baoxue.reading.aswritten import AS_WRITTEN, header_as_written, rows_as_written
from baoxue.reading.canonical import CanonicalWriter, schema_of
from baoxue.reading.cells import Batch, Opened, Sheet
from baoxue.reading.errors import FileDamaged, LayoutChanges, TooManyRejects, shown
from baoxue.reading.make import EXAMPLES, Made, Plan, make_rows
from baoxue.reading.misplaced import WARNINGS, Misplaced
from baoxue.reading.parquetfile import open_parquet
from baoxue.reading.plans import plan_sheets
from baoxue.reading.report import ColumnReport, ReadReport, Recognised
from baoxue.reading.rows import DATA, OTHER_HEADER, Kinds, kind_name, kinds_of
from baoxue.reading.sheetwarnings import SheetWarnings
from baoxue.reading.sniff import FileFormat, check_readable, format_of
from baoxue.reading.textfile import open_text
from baoxue.reading.workbook import open_workbook

WORKERS = 2
# So many unusable rows are not a register with faults but another file.
MAX_REJECTS = 200_000

_T = TypeVar("_T")
_R = TypeVar("_R")
_Numbers = npt.NDArray[np.int32]
_Choice = tuple[Batch, npt.NDArray[np.intp], _Numbers]


def read(
    path: Path,
    register: Register,
    out: Path,
    *,
    progress: Progress = silent,
    columns: frozenset[Column] | None = None,
    rows: Sequence[int] | None = None,
) -> ReadReport:
    """See `read_register`. Raises a RegisterRefused."""
    check_readable(path)
    file_format = format_of(path)
    report = ReadReport(register, path.name, "", path.stat().st_size, format=file_format.value)
    chosen = None if rows is None else np.asarray(rows, dtype=np.int64)
    schema = schema_of(columns)
    with ThreadPoolExecutor(WORKERS) as pool:
        digest = pool.submit(_sha256, path)
        with _damage_refused(path):
            opened = _open(path, file_format)
            report.encoding = opened.encoding
            report.warnings += opened.warnings
            warnings = SheetWarnings(sheet.name for sheet in opened.sheets)
            planned = plan_sheets(path, register, opened, schema, report, warnings)
            with CanonicalWriter(out, schema) as writer:
                for sheet, plan in planned:
                    _read_sheet(path, sheet, plan, chosen, pool, writer, report, warnings, progress)
        report.warnings += warnings.told()
        report.sha256 = digest.result()
    return report


def check_head(path: Path, register: Register) -> ReadReport:
    """Raise the RegisterRefused that `read` would raise before its first row: no such file, another one, no usable columns.

    The report counts no rows and has no hash.
    """
    check_readable(path)
    file_format = format_of(path)
    report = ReadReport(register, path.name, "", path.stat().st_size, format=file_format.value)
    with _damage_refused(path):
        opened = _open(path, file_format, head_only=True)
        warnings = SheetWarnings(sheet.name for sheet in opened.sheets)
        plan_sheets(path, register, opened, schema_of(None), report, warnings)
    report.warnings += [*opened.warnings, *warnings.told()]
    return report


def read_as_written(path: Path, register: Register, out: Path, *, rows: Sequence[int]) -> ReadReport:
    """Write these data rows (numbers from 1, ascending) to `out` as they stand in the file (`aswritten.AS_WRITTEN`).

    The report counts the rows and nothing else. Raises a RegisterRefused.
    """
    check_readable(path)
    file_format = format_of(path)
    report = ReadReport(register, path.name, "", path.stat().st_size, format=file_format.value)
    chosen = np.asarray(rows, dtype=np.int64)
    with _damage_refused(path):
        opened = _open(path, file_format)
        warnings = SheetWarnings(sheet.name for sheet in opened.sheets)
        planned = plan_sheets(path, register, opened, schema_of(None), report, warnings)
        with CanonicalWriter(out, AS_WRITTEN) as writer:
            for sheet, plan in planned:
                header = header_as_written(sheet, plan, register)
                width = len(header["cells"][0])
                counted = _Counted(report, warnings, sheet, plan, chosen)
                wanted = frozenset(range(width - len(plan.constants)))
                batches = (piece() for piece in sheet.pieces(plan.layout.last_header_line, wanted))
                lines = ((batch, kinds_of(batch, plan.layout)) for batch in batches)
                tables = list(rows_as_written(counted.numbered(lines), plan, width))
                writer.write(pa.concat_tables([header, *tables]) if tables else header.slice(0, 0))
                report.rows += sum(table.num_rows for table in tables)
    return report


@contextmanager
def _damage_refused(path: Path) -> Iterator[None]:
    """What a parser says of a file that breaks in its middle."""
    try:
        yield
    except MemoryError:  # Arrow's is an ArrowException too
        raise
    except (pa.ArrowException, OSError) as error:
        raise FileDamaged(f"{shown(path)} 不完整或已损坏，请重新导出或重新拷贝。") from error


def _open(path: Path, file_format: FileFormat, *, head_only: bool = False) -> Opened:
    if file_format is FileFormat.PARQUET:
        return open_parquet(path)
    if file_format is FileFormat.CSV:
        return open_text(path)
    return open_workbook(path, file_format, head_only=head_only)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_sheet(
    path: Path,
    sheet: Sheet,
    plan: Plan,
    chosen: npt.NDArray[np.int64] | None,
    pool: ThreadPoolExecutor,
    writer: CanonicalWriter,
    report: ReadReport,
    warnings: SheetWarnings,
    progress: Progress,
) -> None:
    counted = _Counted(report, warnings, sheet, plan, chosen)
    if plan.sheet is not None:
        report.sheets.append(plan.sheet)
    wanted = _wanted(plan)

    def classified(piece: Callable[[], Batch]) -> tuple[Batch, Kinds]:
        batch = piece()
        return batch, kinds_of(batch, plan.layout)

    def made(choice: _Choice) -> Made:
        return make_rows(choice[0], plan, choice[1], choice[2])

    lines = _in_order(pool, classified, sheet.pieces(plan.layout.last_header_line, wanted))
    for part in _in_order(pool, made, counted.numbered(lines)):
        writer.write(part.table)
        counted.add(part)
        if len(report.rejected) > MAX_REJECTS:
            raise TooManyRejects(
                f"{shown(path)} 有超过 {MAX_REJECTS} 行不能使用（如：{report.rejected[0].reason}），"
                "请检查是否选错了文件。"
            )
        progress(f"读取{report.register.label}登记册", report.rows)
    counted.finish()


def _wanted(plan: Plan) -> frozenset[int]:
    """Places of the columns that the schema needs."""
    names = set(plan.schema.names)
    if "grade" in names:
        names.add("class_name")
    if "id_number" in names:
        names.add("id_type")
    # Each may stand in the other's column.
    if {"id_number", "birth_date"} & names:
        names |= {"id_number", "birth_date"}
    wanted = {place.index for column, place in plan.layout.places.items() if column.value in names}
    wanted |= {0, plan.layout.places[Column.NAME].index}
    if plan.layout.remark is not None and "remark" in names:
        wanted.add(plan.layout.remark.index)
    return frozenset(wanted)


def _in_order(pool: ThreadPoolExecutor, function: Callable[[_T], _R], items: Iterable[_T]) -> Iterator[_R]:
    """Apply a function in the pool, a few items ahead, and give the results in the order of the items."""
    running: deque[Future[_R]] = deque()
    for item in items:
        running.append(pool.submit(function, item))
        if len(running) > WORKERS:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


class _Counted:
    """The account of one sheet, written into the report as its batches come in."""

    def __init__(
        self,
        report: ReadReport,
        warnings: SheetWarnings,
        sheet: Sheet,
        plan: Plan,
        chosen: npt.NDArray[np.int64] | None,
    ) -> None:
        self._report, self._warnings, self._plan, self._chosen = report, warnings, plan, chosen
        self._line = sheet.first_line(plan.layout.last_header_line)
        self._truncated = 0
        self._misplaced: Counter[Misplaced] = Counter()
        self._columns = {column: self._column(column) for column in (*plan.layout.places, *plan.constants)}

    def _column(self, column: Column) -> ColumnReport:
        place = self._plan.layout.places.get(column)
        header = None if place is None else place.header
        how = Recognised.SHEET if place is None else place.recognised
        return ColumnReport(column.value, header, how.value, self._plan.sheet)

    def _derived(self, column: Column) -> ColumnReport:
        return ColumnReport(column.value, None, Recognised.CONTENT.value, self._plan.sheet)

    def numbered(self, lines: Iterable[tuple[Batch, Kinds]]) -> Iterator[_Choice]:
        """Number the data rows of batches that come in order, and choose the wanted ones."""
        for batch, kinds in lines:
            batch.first_line = self._line
            self._line += len(batch)
            self._refuse_other_table(batch, kinds)
            for kind, times in zip(*np.unique(kinds[kinds != DATA], return_counts=True), strict=True):
                self._report.skipped[kind_name(int(kind)).value] += int(times)
            places = np.flatnonzero(kinds == DATA)
            first = self._report.last_row + 1
            numbers = np.arange(first, first + len(places), dtype=np.int32)
            self._report.last_row += len(places)
            if self._chosen is not None:
                keep = np.isin(numbers, self._chosen)
                places, numbers = places[keep], numbers[keep]
            if len(places):
                yield batch, places, numbers

    def _refuse_other_table(self, batch: Batch, kinds: Kinds) -> None:
        others = np.flatnonzero(kinds == OTHER_HEADER)
        if len(others):
            where = f"的工作表“{self._plan.sheet}”" if self._plan.sheet else ""
            raise LayoutChanges(
                f"{shown(self._report.file)} {where}从第 {batch.line[others[0]]} 行起换了另一种表头，"
                "请把两个表拆开（各放一个工作表或文件）再导入。"
            )

    def add(self, part: Made) -> None:
        """Add what became of some rows."""
        report = self._report
        report.rows += part.rows
        report.accepted += part.table.num_rows
        report.rejected += part.rejects
        for column, tally in part.tallies.items():
            account = self._columns.setdefault(column, self._derived(column))
            for kind, times in tally.changed.items():
                account.changed[kind] = account.changed.get(kind, 0) + times
            account.unusable += len(tally.problems)
            account.examples += part.examples[column][: EXAMPLES - len(account.examples)]
        self._misplaced.update(part.misplaced)
        if "id_state" in part.table.column_names:
            lost = pc.sum(pc.equal(part.table["id_state"], IdState.TRUNCATED.value)).as_py()
            self._truncated += int(lost or 0)

    def finish(self) -> None:
        """Close the account of the sheet."""
        self._report.columns += self._columns.values()
        for column in (Column.ATTENDANCE, Column.STUDENT_STATUS, Column.HOUSEHOLD_STATUS):
            account = self._columns.get(column)
            if account is not None and account.unusable:
                treated = "相关线索转人工复核" if column is Column.HOUSEHOLD_STATUS else "按没有填写处理"
                self._warnings.add(
                    self._plan.sheet,
                    f"的“{account.header}”有 {{count}} 格的写法不认识（如“{{example}}”），{treated}，请改成常用的写法再导入。",
                    count=account.unusable,
                    example=account.examples[0].value_masked,
                )
        if remark := self._plan.layout.remark:
            self._report.columns.append(
                ColumnReport("remark", remark.header, remark.recognised.value, self._plan.sheet)
            )
        self._report.headers_left_out += self._plan.layout.left_out
        for mistake, rows in self._misplaced.items():
            self._warnings.add(self._plan.sheet, WARNINGS[mistake], count=rows)
        if self._truncated:
            self._warnings.add(
                self._plan.sheet,
                "有 {count} 个证件号被表格软件改成过数字，末尾几位已丢失，不作精确比对；请把该列设为文本重新导出。",
                count=self._truncated,
            )
