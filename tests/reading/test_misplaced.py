"""Cells in each other's columns are read as they were meant, where that is beyond doubt, and the report says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from baoxue.policy.registers import Column, Register

ID = "990000201405060010"
OTHER_ID = "990000201301020019"
BORN = date(2014, 5, 6)
HEADER = ["姓名", "性别", "出生日期", "身份证号", "户籍地址"]
PLAIN = ["王芳", "女", "2013-01-02", OTHER_ID, "甲村"]


def line(name: object, birth: object, number: object) -> list[object]:
    return [name, "男", birth, number, "甲村"]


@pytest.mark.parametrize(
    ("said", "name", "birth", "number"),
    [
        (line(ID, "2014-05-06", "李明"), "李明", BORN, ID),
        (line(f" {ID} ", "2014-05-06", "李 明"), "李明", BORN, ID),
        (line("990000201405060014", "2014-05-06", "李明"), "李明", BORN, "990000201405060014"),
        (line(ID, "2014-05-06", "阿依努尔"), "阿依努尔", BORN, ID),
        (line(ID, "2014-05-06", "古丽·买买提"), "古丽·买买提", BORN, ID),
        (line("李明", ID, ""), "李明", BORN, ID),
        (line("李明", ID, "无"), "李明", BORN, ID),
        (line("李明", f"'{ID}", None), "李明", BORN, ID),
        (line("李明", ID, "2014-05-06"), "李明", BORN, ID),
        (line("李明", ID, "20140506"), "李明", BORN, ID),
        (line("李明", ID, date(2014, 5, 6)), "李明", BORN, ID),
    ],
)
def test_cells_in_each_others_columns_are_read_as_they_were_meant(
    said: list[object], name: str, birth: date, number: str, read_grid: Any
) -> None:
    reading = read_grid(Register.HOUSEHOLD, [HEADER, PLAIN, said])
    assert [reading.rows[1][column] for column in ("name", "birth_date", "id_number")] == [name, birth, number]
    assert reading.column("name")[0] == "王芳"
    assert (reading.report.rows, reading.report.accepted) == (2, 2)


def test_a_number_cell_keeps_what_it_has_lost_in_its_own_column(read_grid: Any) -> None:
    row = read_grid(Register.HOUSEHOLD, [HEADER, line(int(ID), "2014-05-06", "李明")]).row
    assert (row["name"], row["id_number"], row["id_state"]) == ("李明", "990000201405060000", "truncated")


@pytest.mark.parametrize(
    "number",
    ["", "无", "待补", "未办理", "无身份证", "同上", OTHER_ID, "1班", "女", "苗族", "汉族", "长子", "岑巩县"],
)
def test_a_number_for_a_name_is_rejected_where_the_name_stands_nowhere(number: str, read_grid: Any) -> None:
    reading = read_grid(Register.HOUSEHOLD, [HEADER, PLAIN, line(ID, "2014-05-06", number)])
    assert (reading.report.accepted, len(reading.report.rejected)) == (1, 1)
    assert ID not in str(reading.report.to_json())


@pytest.mark.parametrize(
    ("birth", "number"),
    [
        ("990000201405060014", ""),  # the check digit is wrong
        (int(ID), ""),  # through a number cell
        (ID, OTHER_ID),
        (ID, "123456"),
        ("20140506120000", ""),
    ],
)
def test_what_is_in_doubt_stays_where_it_stands(birth: object, number: str, read_grid: Any) -> None:
    reading = read_grid(Register.HOUSEHOLD, [HEADER, line("李明", birth, number)])
    assert reading.row["id_number"] == (number or None)
    assert [warning for warning in reading.report.warnings if "填反" in warning or "归到" in warning] == []


def test_a_sheet_without_a_number_column_gets_the_numbers_out_of_the_birth_dates(read_grid: Any) -> None:
    grid = [["姓名", "出生日期", "户籍地址"], ["李明", ID, "甲村"], ["王芳", "2013-01-02", "甲村"]]
    reading = read_grid(Register.HOUSEHOLD, grid)
    assert reading.column("id_number") == [ID, None]
    assert reading.column("birth_date") == [BORN, date(2013, 1, 2)]


def test_the_report_counts_and_warns(read_grid: Any) -> None:
    wrong = [line(ID, "2014-05-06", "李明"), line("李明", ID, ""), line("李明", ID, "2014-05-06")]
    report = read_grid(Register.HOUSEHOLD, [HEADER, PLAIN, *wrong]).report
    moved = {column.column: column.changed.get("moved", 0) for column in report.columns}
    assert {name: times for name, times in moved.items() if times} == {"name": 1, "birth_date": 2, "id_number": 3}
    words = ["1 行把姓名和证件号填反", "1 行把出生日期和证件号填反", "1 行把证件号填在出生日期一列"]
    assert [word for word in words if not any(word in warning for warning in report.warnings)] == []


def test_a_narrow_reading_puts_the_same_rows_right(read_grid: Any) -> None:
    grid = [HEADER, PLAIN, line(ID, "2014-05-06", "李明"), line("李明", ID, "")]
    whole = read_grid(Register.HOUSEHOLD, grid)
    for columns in ({Column.NAME}, {Column.NAME, Column.ID_NUMBER}, {Column.NAME, Column.BIRTH_DATE}):
        narrow = read_grid(Register.HOUSEHOLD, grid, columns=frozenset(columns))
        names = [column.value for column in columns]
        assert [[row[name] for name in names] for row in narrow.rows] == [
            [row[name] for name in names] for row in whole.rows
        ]
