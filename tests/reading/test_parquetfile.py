"""Parquet files, with the types programs give to columns."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from baoxue.policy.idnumber import check_digit
from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.reading import parquetfile
from baoxue.reading.read import read

ID = "99000020140506001" + check_digit("99000020140506001")


def read_table(table: pa.Table, folder: Path, **choice: Any) -> tuple[list[dict[str, Any]], Any]:
    pq.write_table(table, folder / "r.parquet", row_group_size=choice.pop("group", 1000))
    report = read(folder / "r.parquet", choice.pop("register", Register.STUDENT), folder / "c.parquet", **choice)
    return pq.read_table(folder / "c.parquet").to_pylist(), report


@pytest.mark.parametrize(
    ("column", "value", "canonical", "found"),
    [
        ("出生日期", pa.array([date(2014, 5, 6)]), "birth_date", date(2014, 5, 6)),
        ("出生日期", pa.array([datetime(2014, 5, 6)]), "birth_date", date(2014, 5, 6)),  # noqa: DTZ001
        ("出生日期", pa.array([20140506]), "birth_date", date(2014, 5, 6)),
        ("出生日期", pa.array(["2014/5/6"]).dictionary_encode(), "birth_date", date(2014, 5, 6)),
        ("年级", pa.array([7], pa.int8()), "grade", 7),
        ("学校标识码", pa.array([3152000123.0]), "school_code", "3152000123"),
        ("学校标识码", pa.array([Decimal("3152000123")]), "school_code", "3152000123"),
        ("监护人联系电话", pa.array([13800000000]), "phone", "13800000000"),
        ("留守儿童", pa.array([True]), "left_behind_child", True),
        ("身份证件号", pa.array([ID], pa.large_string()), "id_number", ID),
        ("身份证件号", pa.array([None], pa.null()), "id_number", None),
    ],
)
def test_a_column_of_any_type_is_read(
    column: str, value: pa.Array, canonical: str, found: object, tmp_path: Path
) -> None:
    rows, _ = read_table(pa.table({"姓名": ["李明"], column: value}), tmp_path)
    assert rows[0][canonical] == found


@pytest.mark.parametrize("numbers", [pa.array([990000201405060011]), pa.array([9.9000020140506e17])])
def test_numbers_stored_as_numbers_are_truncated_numbers(numbers: pa.Array, tmp_path: Path) -> None:
    rows, _ = read_table(pa.table({"姓名": ["李明"], "身份证件号": numbers}), tmp_path)
    assert (rows[0]["id_number"], rows[0]["id_state"]) == ("990000201405060000", "truncated")


def many(size: int) -> pa.Table:
    return pa.table(
        {
            "学籍号": [f"G{i:018d}" for i in range(1, size + 1)],
            "姓名": ["" if i % 7 == 0 else "李明" for i in range(1, size + 1)],
            "性别": ["男"] * size,
            "户籍地址": [f"某村{i}组" for i in range(1, size + 1)],
        }
    )


def test_a_narrow_reading_makes_only_the_wanted_columns(tmp_path: Path) -> None:
    rows, _ = read_table(many(10), tmp_path, columns=frozenset({Column.NAME, Column.BIRTH_DATE}))
    assert list(rows[0]) == ["row", "name", "birth_date", "birth_month", "id_state"]


def test_chosen_rows_are_those_of_the_full_reading(tmp_path: Path) -> None:
    full, _ = read_table(many(50), tmp_path, group=8)
    some, report = read_table(many(50), tmp_path, group=8, rows=[1, 7, 8, 33, 50, 99])
    assert some == [row for row in full if row["row"] in (1, 8, 33, 50)]
    assert (report.rows, report.accepted, len(report.rejected), report.last_row) == (5, 4, 1, 50)


def test_row_groups_of_any_size_give_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquetfile, "LARGE_GROUP", 20)
    monkeypatch.setattr(parquetfile, "PIECE_LINES", 6)
    small, _ = read_table(many(50), tmp_path, group=8)
    large, _ = read_table(many(50), tmp_path, group=50)
    assert small == large


@pytest.mark.parametrize("columns", [None, frozenset({Column.NAME})])
def test_a_row_has_the_same_number_in_a_narrow_reading(columns: frozenset[Column] | None, tmp_path: Path) -> None:
    table = many(12).set_column(0, "学籍号", pa.array(["", "", "合计", "备注：无", *["G1"] * 8]))
    table = table.set_column(1, "姓名", pa.array(["", "", "", "", *["李明"] * 8]))
    table = table.set_column(2, "性别", pa.array(["", "男", "", "", *["男"] * 8]))
    table = table.set_column(3, "户籍地址", pa.array(["", "", "", "", *["某村"] * 8]))
    rows, report = read_table(table, tmp_path, columns=columns)
    assert [row["row"] for row in rows] == list(range(2, 10))
    assert report.skipped == {"blank": 1, "repeated_header": 0, "total": 1, "note": 1}


CANONICAL: dict[str, list[Any]] = {
    "name": ["李明", "阿依古丽·买买提"],
    "sex": ["M", "F"],
    "birth_date": [date(2014, 5, 6), None],
    "id_number": [ID, "990000201405060000"],
    "school_code": ["3152000123", "AB1"],
    "school_name": ["石门小学", None],
    "class_name": ["1班", "(2)班"],
    "grade": [3, 0],
    "admission": [202009, None],
    "student_number": ["G" + ID, None],
    "student_status": ["enrolled", "transferred_out"],
    "attendance": ["present", "no_show"],
    "absent_since": [None, date(2025, 9, 1)],
    "household_number": ["123", None],
    "head_name": ["李强", None],
    "relation_to_head": ["之子", "孙女"],
    "address": ["某村3组", "某镇"],
    "region_code": ["990000", None],
    "guardian_name": ["李强", None],
    "guardian_id_number": [ID, None],
    "phone": ["13800000000", None],
    "household_status": ["deceased", "moved_out"],
    "household_type": ["脱贫户", None],
    "category": ["orphan;disabled", "migrant_child"],
    "id_type": ["resident", "resident"],
    "migrant_child": [True, False],
    "left_behind_child": [False, None],
}


@pytest.mark.parametrize("register", list(Register))
def test_what_is_canonical_already_stays_as_it_is(register: Register, tmp_path: Path) -> None:
    headers = {spec.header: column.value for column, spec in COLUMNS[register].items()}
    table = pa.table({header: CANONICAL[name] for header, name in headers.items()})
    rows, report = read_table(table, tmp_path, register=register)
    assert {name: [row[name] for row in rows] for name in headers.values()} == {
        n: CANONICAL[n] for n in headers.values()
    }
    assert sum(column.unusable for column in report.columns) == 0
