"""The reader's report as an import keeps it and pages show it: small, and with nothing that names anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baoxue.policy.attendance import Attendance
from baoxue.policy.householdstatus import HouseholdStatus
from baoxue.policy.idnumber import IdType, mask
from baoxue.policy.labelled import Labelled
from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.policy.studentstatus import StudentStatus
from baoxue.reading.names import mask_name
from baoxue.reading.report import Change, ColumnReport, ReadReport, Recognised, Reject, Skip
from baoxue.registers.files import without_numbers

PREVIEW_ROWS = 12
_EXAMPLES = 3
_REASONS = 40
_NAMES = frozenset({Column.NAME, Column.HEAD_NAME, Column.GUARDIAN_NAME})
_NUMBERS = frozenset({Column.ID_NUMBER, Column.GUARDIAN_ID_NUMBER, Column.STUDENT_NUMBER, Column.PHONE})
_ADDRESS_KEPT = 9
_WORDS: dict[Column, type[Labelled]] = {
    Column.ID_TYPE: IdType,
    Column.HOUSEHOLD_STATUS: HouseholdStatus,
    Column.STUDENT_STATUS: StudentStatus,
    Column.ATTENDANCE: Attendance,
    Column.CATEGORY: SpecialGroup,
}
_SEXES = {"M": "男", "F": "女"}

REJECT_SCHEMA = pa.schema(
    [
        pa.field("row", pa.int32()),
        pa.field("sheet", pa.string()),
        pa.field("line", pa.int32()),
        pa.field("column", pa.string()),
        pa.field("value_masked", pa.string()),
        pa.field("reason", pa.string()),
    ]
)


def account_of(report: ReadReport, canonical: Path) -> dict[str, Any]:
    """What an import keeps of the reader's report; rejected rows themselves lie in a file of their own."""
    return {
        "format": report.format,
        "encoding": report.encoding,
        "rows": report.rows,
        "accepted": report.accepted,
        "rejected": len(report.rejected),
        "skipped": [[_label(Skip, kind), count] for kind, count in report.skipped.items() if count],
        "sheets": [without_numbers(name) for name in report.sheets],
        "sheets_left_out": [[without_numbers(sheet.name), sheet.why] for sheet in report.sheets_left_out],
        "columns": _columns(report),
        "missing": _missing(report),
        "headers_left_out": list(dict.fromkeys(map(without_numbers, report.headers_left_out))),
        "warnings": report.warnings,
        "reasons": Counter(reject.reason for reject in report.rejected).most_common(_REASONS),
        "preview": preview_of(canonical, report.register),
    }


def write_rejects(rejects: Iterable[Reject], path: Path) -> None:
    """Write rejected rows, values masked, as a Parquet file."""
    rows = [{name: getattr(reject, name) for name in REJECT_SCHEMA.names} for reject in rejects]
    pq.write_table(pa.Table.from_pylist(rows, REJECT_SCHEMA), path)


def preview_of(canonical: Path, register: Register) -> dict[str, Any]:
    """The first rows as a table, masked: `headers`, `rows` of texts; columns without any value are left out."""
    with pq.ParquetFile(canonical) as file:
        batch = next(file.iter_batches(PREVIEW_ROWS), None)
    if batch is None:
        return {"headers": [], "rows": []}
    columns = [column for column in COLUMNS[register] if batch[column.value].null_count < len(batch)]
    cells = [[_cell(value, column) for value in batch[column.value].to_pylist()] for column in columns]
    return {
        "headers": ["行", *(column.label(register) for column in columns)],
        "rows": [[str(row), *values] for row, *values in zip(batch["row"].to_pylist(), *cells, strict=True)],
    }


def _cell(value: object, column: Column) -> str:
    if value is None:
        return ""
    text = str(value)
    if column in _NAMES:
        return mask_name(text)
    if column in _NUMBERS:
        return mask(text)
    if column is Column.BIRTH_DATE:
        return f"{text[:7]}-**"
    if column is Column.ADDRESS:
        return text[:_ADDRESS_KEPT] + "…" if len(text) > _ADDRESS_KEPT else text
    if isinstance(value, bool):
        return "是" if value else "否"
    if column in _WORDS:
        return "、".join(_label(_WORDS[column], code) for code in text.split(";"))
    return _SEXES.get(text, text) if column is Column.SEX else text


def _columns(report: ReadReport) -> list[dict[str, Any]]:
    """One entry a canonical column, over all sheets."""
    by_column: dict[str, list[ColumnReport]] = {}
    for column in report.columns:
        by_column.setdefault(column.column, []).append(column)
    return [_column(report.register, code, reports) for code, reports in by_column.items()]


def _column(register: Register, code: str, reports: list[ColumnReport]) -> dict[str, Any]:
    changed = Counter[str]()
    for report in reports:
        changed.update(report.changed)
    known = code in set(Column) and Column(code) in COLUMNS[register]
    return {
        "label": Column(code).label(register) if known else "备注",
        "headers": list(dict.fromkeys(without_numbers(report.header) for report in reports if report.header)),
        "recognised": list(dict.fromkeys(_label(Recognised, report.recognised) for report in reports)),
        "changed": [[_label(Change, kind), count] for kind, count in changed.most_common()],
        "unusable": sum(report.unusable for report in reports),
        "examples": [
            [example.line, example.value_masked, example.reason]
            for example in [example for report in reports for example in report.examples][:_EXAMPLES]
        ],
    }


def _missing(report: ReadReport) -> list[str]:
    """Headers of the columns that the register should have and the file has not."""
    present = {column.column for column in report.columns}
    return [spec.header for column, spec in COLUMNS[report.register].items() if spec.required and column not in present]


def _label(kind: type[Labelled], code: str) -> str:
    return kind(code).label
