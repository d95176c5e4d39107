"""The workbook of a ledger as the bureau files it: all columns, identity numbers as text, who and when inside, no formulas.

Whole numbers only where a purpose was given; else they come masked, and what else is sealed stays out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.db.models import QuerySet

from baoxue.children.models import Child, Export, Schooling, Source
from baoxue.children.queries import Filters, Moment, ledger, with_children
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import county_by_code
from baoxue.matching.output.facts import RunFacts
from baoxue.matching.output.ledger_columns import DROPOUT_COLUMNS, SCHOOL_AGE_COLUMNS, SUSPECTED_COLUMNS
from baoxue.matching.output.ledger_columns import Ledger as Book
from baoxue.matching.output.ledger_rows import GRADES
from baoxue.matching.output.ledgers import write_books
from baoxue.platform import clock, storage
from baoxue.platform.actor import Actor
from baoxue.policy.householdstatus import HouseholdStatus
from baoxue.policy.idnumber import IdType
from baoxue.policy.ledgers import Ledger
from baoxue.policy.purposes import Purpose
from baoxue.policy.registers import Register
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.schoolyear import SCHOOL_AGE_FROM, SCHOOL_AGE_TO, SchoolStage
from baoxue.policy.sex import SEX_LABELS
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.progress import Progress, silent

_STEP = "写台账"
_BLOCK = 2_000
_COLUMNS = {
    Ledger.SCHOOL_AGE: SCHOOL_AGE_COLUMNS,
    Ledger.SUSPECTED: SUSPECTED_COLUMNS,
    Ledger.DROPOUT: DROPOUT_COLUMNS,
}
# fmt: off
_TEXTS = (
    "name", "sex", "id_type", "id_number", "household_number", "head_name", "relation_to_head", "address",
    "household_status", "guardian_name", "phone", "stage", "schooling_status", "student_number", "school_code",
    "school_name", "grade", "class_name", "school_place", "attendance_mode", "poverty_household", "poverty_number",
    "special_groups", "sources", "remark", "finding_id", "lead", "attendance", "state",
)
# fmt: on
_SCHEMA = pa.schema(
    [
        ("position", pa.int64()),
        ("number", pa.int64()),
        ("birth_date", pa.date32()),
        ("absent_since", pa.date32()),
        ("found_on", pa.date32()),
        *((name, pa.string()) for name in _TEXTS),
    ]
)
_HERE = (SchoolingStatus.ENROLLED, SchoolingStatus.ATTENDING_UNREGISTERED, SchoolingStatus.HOMEBOUND)
_ELSEWHERE = (SchoolingStatus.ELSEWHERE_CONFIRMED, SchoolingStatus.ELSEWHERE_UNCONFIRMED)


def make_export(export: Export, *, by: Actor, now: datetime, progress: Progress = silent) -> Export:
    """Write, seal and keep the workbook of an export; one that has its file already is left as it is."""
    if export.file:
        return export
    which, asked = Ledger(export.kind), export.query
    county = county_by_code(asked["county"])
    assert county is not None  # looked up when the export was asked for
    known_at = None if asked["known_at"] is None else datetime.fromisoformat(asked["known_at"])
    moment = Moment(date.fromisoformat(asked["as_of"]), known_at)
    filters, purpose = Filters.of(asked["filters"]), Purpose(asked["purpose"]) if asked["purpose"] else None
    rows = ledger(by, which, county=county, moment=moment, filters=filters)
    facts = RunFacts(
        county=county.code,
        county_name=_place(county, export),
        as_of=moment.as_of,
        age_from=SCHOOL_AGE_FROM,
        age_to=SCHOOL_AGE_TO,
        now=now,
    )
    book = Book(which.label, _COLUMNS[which], _remark(export, filters, purpose, now=now), "SELECT * FROM exported")
    with storage.scratch() as folder, duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        poverty = Source.objects.filter(county=county, register=Register.POVERTY.value).exists()
        count = _load(connection, rows, by=by, whole=purpose is not None, poverty_known=poverty, progress=progress)
        path = folder / "ledger.xlsx"
        write_books(connection, path, facts, [book if count else Book(which.label, _COLUMNS[which], book.remark)])
        _keep(export, path, name=f"{county.name}-{which.label}-{moment.as_of}.xlsx", rows=count)
    return export


def _keep(export: Export, path: Path, *, name: str, rows: int) -> None:
    with path.open("rb") as file:
        export.file, export.sha256, _ = storage.keep(file, kind="exports")
    export.file_name, export.rows = name, rows
    export.save(update_fields=["file", "file_name", "rows", "sha256"])


def _place(county: Jurisdiction, export: Export) -> str:
    own = Jurisdiction.objects.filter(path=export.place_path).first()
    return county.name if own is None or county.path.startswith(own.path) else f"{county.name}{own.name}"


def _remark(export: Export, filters: Filters, purpose: Purpose | None, *, now: datetime) -> str:
    """Who took the rows out, when and what for, and what of the ledger they are."""
    part = "" if not filters.in_force() else "只含筛选出的行。"
    numbers = (
        "证件号、学籍号遮住了中间几位，出生日期、户号、电话、住址没有写出。"
        if purpose is None
        else f"含完整号码，用途：{purpose.label}。"
    )
    when = f"{now.astimezone(clock.ZONE):%Y-%m-%d %H:%M}"
    return f"由 {export.created_by_name} 于 {when} 导出（编号 {export.pk}）。{numbers}{part}"


def _load(
    connection: duckdb.DuckDBPyConnection,
    rows: QuerySet[Schooling],
    *,
    by: Actor,
    whole: bool,
    poverty_known: bool,
    progress: Progress,
) -> int:
    connection.register("nothing", _SCHEMA.empty_table())
    connection.execute("CREATE TABLE exported AS SELECT * FROM nothing")
    total, done = rows.count(), 0
    for block in _blocks(rows.iterator(chunk_size=_BLOCK)):
        cells = [
            _cells(row, done + n, whole=whole, poverty_known=poverty_known)
            for n, row in enumerate(with_children(by, block, opened=whole), start=1)
        ]
        connection.register("block", pa.Table.from_pylist(cells, schema=_SCHEMA))
        connection.execute("INSERT INTO exported SELECT * FROM block")
        connection.unregister("block")
        done += len(block)
        progress(_STEP, done, total)
    return done


def _blocks(rows: Iterable[Schooling]) -> Iterator[list[Schooling]]:
    rest = iter(rows)
    while block := list(islice(rest, _BLOCK)):
        yield block


def _cells(row: Schooling, position: int, *, whole: bool, poverty_known: bool) -> dict[str, Any]:
    """One row of the workbook: the ledger's row as it stood; `whole`: with what the record protects."""
    child: Child = row.record or Child(pk=row.child_id)  # type: ignore[attr-defined]
    status = SchoolingStatus(row.status)
    return {
        "position": position,
        "number": position,
        "name": row.name,
        "sex": {str(code): label for code, label in SEX_LABELS.items()}.get(row.sex),
        "birth_date": row.birth_date if whole else None,
        "id_type": IdType(child.id_type).label if child.id_type else None,
        "id_number": child.id_number if whole else child.id_masked,
        "household_number": child.household_number if whole else None,
        "head_name": child.head_name,
        "relation_to_head": child.relation_to_head,
        "address": child.address if whole else None,
        "household_status": HouseholdStatus(child.household_status).label if child.household_status else None,
        "guardian_name": child.guardian_name,
        "phone": child.phone if whole else None,
        "stage": SchoolStage(row.stage).label if row.stage else None,
        "schooling_status": f"{status.value} {status.label}",
        "student_number": child.student_number if whole else child.student_masked,
        "school_code": row.school_code,
        "school_name": row.school_name,
        "grade": grade_words(row.grade),
        "class_name": row.class_name,
        "school_place": "本县" if status in _HERE else "县外" if status in _ELSEWHERE else None,
        "attendance_mode": "送教上门" if status is SchoolingStatus.HOMEBOUND else None,
        "poverty_household": ("是" if row.poverty_household else "否") if poverty_known else None,
        "poverty_number": child.poverty_household_number,
        "special_groups": "、".join(SpecialGroup(group).label for group in row.groups),
        "sources": None,
        "remark": row.reason,
        "finding_id": row.finding_key,
        "lead": "三比对",
        "absent_since": row.absent_since,
        "found_on": clock.day_of(row.recorded_from),
        "attendance": None,
        "state": "待核实" if status is SchoolingStatus.TO_VERIFY else status.label,
    }


def grade_words(grade: int | None) -> str | None:
    """三年级; beyond compulsory schooling 高一; None where there is no such grade."""
    return GRADES[grade - 1] if grade is not None and 1 <= grade <= len(GRADES) else None


def files_in_use(*, now: datetime) -> set[str]:
    """Names of the sealed workbooks that can still be fetched; the others are swept."""
    return set(Export.objects.filter(expires_at__gt=now).exclude(file="").values_list("file", flat=True))
