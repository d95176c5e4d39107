"""Rows given back for correction stand as they stood in the file, and are read the same when they come again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from tests.reading.conftest import write_workbook

from baoxue.policy.registers import Register
from baoxue.reading import rows_as_written


def _written(path: Path, register: Register, rows: list[int]) -> list[dict[str, Any]]:
    out = path.with_suffix(".rows")
    rows_as_written(path, register, out, rows=rows)
    lines: list[dict[str, Any]] = pq.read_table(out).to_pylist()
    return lines


def test_every_column_is_given_back_also_those_nobody_knows(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    grid = [["田坝村名单"], ["序号", "姓名", "性别", "鞋码"], [1, "李明", "男", "35"], [2, "", "女", "36"]]
    write_workbook(path, {"一": grid})
    header, row = _written(path, Register.HOUSEHOLD, [2])
    assert header == {"sheet": "一", "row": 0, "line": 2, "cells": ["序号", "姓名", "性别", "鞋码"], "numbers": []}
    assert row == {"sheet": "一", "row": 2, "line": 4, "cells": ["2", "", "女", "36"], "numbers": [0]}


def test_a_sheet_without_chosen_rows_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    head = ["姓名", "性别", "出生日期"]
    write_workbook(path, {"一": [head, ["李明", "男", "2014-05-06"]], "二": [head, ["", "女", "2014-05-07"]]})
    assert [line["sheet"] for line in _written(path, Register.HOUSEHOLD, [2])] == ["二", "二"]


def test_what_a_sheet_says_once_stands_in_each_row(tmp_path: Path) -> None:
    path = tmp_path / "孤儿名单.xlsx"
    write_workbook(path, {"表": [["姓名", "身份证号"], ["", "990000201405060011"]]})
    header, row = _written(path, Register.SPECIAL, [1])
    assert header["cells"] == ["姓名", "身份证号", "类别"]
    assert row["cells"] == ["", "990000201405060011", "孤儿"]


def test_a_column_known_by_its_content_gets_its_header(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(
        "姓名,号码\n" + "".join(f"李明,99000020140506{n:03}X\n" for n in range(30)) + ",990000201405060011\n"
    )
    header, _ = _written(path, Register.HOUSEHOLD, [31])
    assert header["cells"] == ["姓名", "公民身份号码"]


def test_a_day_whose_order_the_column_told_is_written_in_one_way(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("姓名,出生日期\n李明,25/03/2014\n,04/03/2014\n")
    _, row = _written(path, Register.HOUSEHOLD, [2])
    assert row["cells"] == ["", "2014-03-04"]


def test_a_merged_cell_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    grid = [["班级", "姓名", "性别"], ["三年级1班", "李明", "男"], ["", "", "女"]]
    write_workbook(path, {"一": grid}, merged=["A2:A3"])
    _, row = _written(path, Register.ROLL, [2])
    assert row["cells"] == ["三年级1班", "", "女"]


def test_cells_right_of_the_header_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("姓名,性别\n李明,男\n王,芳,女,多了\n")
    _, row = _written(path, Register.HOUSEHOLD, [2])
    assert row["cells"] == ["王", "芳", "女", "多了"]
