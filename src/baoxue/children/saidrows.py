"""What the registers themselves say of a child: its rows, opened from their snapshots when somebody asks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from baoxue.children.models import Source
from baoxue.matching.output.sqltext import quoted
from baoxue.policy.idnumber import mask
from baoxue.policy.registers import Register
from baoxue.registers.models import Snapshot
from baoxue.registers.queries import opened_snapshot

_FIELDS = (
    ("name", "姓名"),
    ("sex", "性别"),
    ("birth_date", "出生日期"),
    ("id_number", "证件号"),
    ("student_number", "学籍号"),
    ("school_name", "学校"),
    ("grade", "年级"),
    ("class_name", "班级"),
    ("guardian_name", "监护人"),
    ("head_name", "户主"),
    ("address", "地址"),
)
_NUMBERS = ("id_number", "student_number")
# Of an address: province, county, the beginning of the township; not the house.
_ADDRESS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Said:
    """One field as every row says it; `differs`: not all that say it say the same."""

    label: str
    values: list[str | None]
    differs: bool


@dataclass(frozen=True, slots=True)
class SaidRows:
    """The rows side by side. `heads`: register and row number of each."""

    heads: list[tuple[str, int]]
    fields: list[Said]


def said_rows(sources: Sequence[Source], snapshots: Mapping[uuid.UUID, Snapshot]) -> SaidRows:
    """Open the snapshots of some rows (by their id) and read these rows; numbers, days of birth, houses come masked."""
    rows = [(source, _row(source, snapshots.get(source.snapshot_id))) for source in sources]
    read = [(source, row) for source, row in rows if row is not None]
    heads = [(Register(source.register).label, source.row) for source, _ in read]
    said = [_said(label, name, [row for _, row in read]) for name, label in _FIELDS]
    return SaidRows(heads, [field for field in said if any(field.values)])


def _row(source: Source, snapshot: Snapshot | None) -> dict[str, Any] | None:
    if snapshot is None or not snapshot.file:
        return None
    with opened_snapshot(snapshot) as path, duckdb.connect() as connection:
        names = ", ".join(name for name, _ in _FIELDS)
        found = connection.execute(
            f"SELECT {names} FROM read_parquet({quoted(str(path))}) WHERE row = $1", [source.row]
        ).fetchone()
    return None if found is None else dict(zip((name for name, _ in _FIELDS), found, strict=True))


def _said(label: str, name: str, rows: Sequence[dict[str, Any]]) -> Said:
    plain = [row[name] for row in rows]
    values = [None if value in (None, "") else _shown(name, value) for value in plain]
    return Said(label, values, len({str(value) for value in plain if value not in (None, "")}) > 1)


def _shown(name: str, value: Any) -> str:
    text = str(value)
    if name in _NUMBERS:
        return mask(text)
    if name == "birth_date":
        return f"{text[:4]}-**-**"
    if name == "address":
        return text[:_ADDRESS_SHOWN] + "*" * len(text[_ADDRESS_SHOWN:])
    return {"M": "男", "F": "女"}.get(text, text) if name == "sex" else text
