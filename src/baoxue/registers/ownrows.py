"""What a school brings: the rows of its own children, no others."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baoxue.policy.registers import Column, Register
from baoxue.reading.canonical import CanonicalWriter
from baoxue.reading.report import ReadReport, Reject

_CODE, _NAME = Column.SCHOOL_CODE.value, Column.SCHOOL_NAME.value


def keep_own_rows(canonical: Path, report: ReadReport, *, school_code: str, school_name: str) -> None:
    """Leave only the school's own rows in a canonical file, its code in each; the others become rejects of the report.

    A row without a code is the school's own when it names the school, or none.
    """
    rows = pq.read_table(canonical)
    named = pc.fill_null(pc.equal(rows[_NAME], school_name), True)
    own = pc.if_else(pc.is_null(rows[_CODE]), named, pc.equal(rows[_CODE], school_code))
    for row in rows.filter(pc.invert(own)).to_pylist():
        report.rejected.append(_reject(row, report.register, school_name))
    kept = rows.filter(own)
    codes = pa.array([school_code] * kept.num_rows, pa.string())
    kept = kept.set_column(kept.schema.get_field_index(_CODE), rows.schema.field(_CODE), codes)
    report.accepted = kept.num_rows
    report.rejected.sort(key=lambda reject: reject.row)
    with CanonicalWriter(canonical, rows.schema) as writer:
        writer.write(kept)


def _reject(row: dict[str, object], register: Register, school_name: str) -> Reject:
    column = Column.SCHOOL_CODE if row[_CODE] else Column.SCHOOL_NAME
    return Reject(
        sheet=None if row["sheet"] is None else str(row["sheet"]),
        line=int(str(row["line"])),
        row=int(str(row["row"])),
        column=column.label(register),
        value_masked=str(row[column.value]),
        reason=f"不是{school_name}的学生，学校只接入本校的名册",
    )
