"""What is a data row and what is not; nothing is dropped in silence."""

from __future__ import annotations

from typing import Any

import pytest

from baoxue.policy.registers import Register

HEADER = ["序号", "姓名", "性别", "出生日期"]
CHILD = [1, "李明", "男", "2014-05-06"]
OTHER = [2, "王芳", "女", "2014-05-07"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        *((["", "", "", ""], "blank"), ([" ", "　", "", ""], "blank"), ([3, "", "", ""], "blank")),
        *((HEADER, "repeated_header"), (["", "姓名", "性别", "出生日期"], "repeated_header")),
        *((["序号", "姓 名", "性别", ""], "repeated_header"),),
        *((["合计", "", "", ""], "total"), (["合 计", 35, "", ""], "total")),
        *((["小计", "35人", "", ""], "total"), (["", "合计", "", ""], "total")),
        *((["本页合计：2人", "", "", ""], "total"), (["石门小学小计", "", 12, ""], "total")),
        *((["共计35人", "", "", ""], "total"), (["总 计", "", "", 2], "total")),
        *((["填表说明：请如实填写", "", "", ""], "note"), (["备注：本表一式两份", "", "", ""], "note")),
        *((["注：以上为全部", "", "", ""], "note"),),
        *((["制表人：赵强", "", "审核人：钱勇", ""], "note"), (["制表人", "赵强", "审核人", "钱勇"], "note")),
        *((["填报日期", "2025年9月1日", "", ""], "note"),),
        *((["一、石门小学", "", "", ""], "note"), (["", "以下空白", "", ""], "note")),
        *((["校长（签字）：", "", "", ""], "note"), (["", "三年级一班", "", ""], "note")),
    ],
)  # fmt: skip
def test_a_line_that_is_no_data_is_counted_by_kind_and_takes_no_number(
    read_grid: Any, line: list[Any], kind: str
) -> None:
    reading = read_grid(Register.HOUSEHOLD, [HEADER, CHILD, line, OTHER])
    assert reading.column("row") == [1, 2]
    assert reading.column("line") == [2, 4]
    assert {k: n for k, n in reading.report.skipped.items() if n} == {kind: 1}


@pytest.mark.parametrize(
    "line",
    [
        *([3, "王小计", "女", "2014-05-08"], [3, "韩注", "男", "2014-05-08"], ["", "李四", "", ""]),
        *([3, "A", "", "2014-05-08"],),
        *(["", "", "女", "2014-05-08"], [3, "合计", "女", "2014-05-08", "990000201405080011"]),
        *([3, "欧阳审核", "男", "2014-05-08"],),
    ],
)  # fmt: skip
def test_a_row_that_may_be_a_child_is_data_whatever_it_looks_like(read_grid: Any, line: list[Any]) -> None:
    reading = read_grid(Register.HOUSEHOLD, [[*HEADER, "身份证号"], CHILD, line, OTHER])
    assert reading.report.rows == 3
    assert sum(reading.report.skipped.values()) == 0


def test_numbers_run_on_from_sheet_to_sheet(read_grid: Any) -> None:
    reading = read_grid(Register.HOUSEHOLD, {"一": [HEADER, CHILD, OTHER], "二": [["说明"], HEADER, OTHER]})
    assert [(r["row"], r["sheet"], r["line"]) for r in reading.rows] == [(1, "一", 2), (2, "一", 3), (3, "二", 3)]


def test_hidden_and_foreign_sheets_are_left_out_and_said_to_be(read_grid: Any) -> None:
    sheets = {
        "名单": [HEADER, CHILD],
        "旧名单": [HEADER, OTHER],
        "代码": [["代码", "名称"], [1, "汉族"]],
        "联系人": [["单位", "姓名", "电话"], ["教育局", "赵强", "13800000000"]],
        "空": [],
    }
    report = read_grid(Register.HOUSEHOLD, sheets, hidden=["旧名单"]).report
    assert report.sheets == ["名单"]
    assert {s.name: s.why for s in report.sheets_left_out} == {
        "旧名单": "隐藏的工作表",
        "代码": "不是名单（没有姓名列）",
        "联系人": "不是本登记册的名单（只有姓名，没有证件号、出生日期等）",
        "空": "空表",
    }


def test_a_sheet_named_for_its_school_gives_the_school(read_grid: Any) -> None:
    grid = [["姓名", "年级"], ["李明", "三年级"]]
    reading = read_grid(Register.ROLL, {"石门小学": grid, "思旸中学": grid})
    assert reading.column("school_name") == ["石门小学", "思旸中学"]
    assert {c.recognised for c in reading.report.columns if c.column == "school_name"} == {"sheet"}


def test_a_sheet_named_for_its_class_gives_grade_and_class(read_grid: Any) -> None:
    row = read_grid(Register.ROLL, {"三年级(2)班": [["姓名", "性别"], ["李明", "男"]]}).row
    assert (row["grade"], row["class_name"]) == (3, "三年级(2)班")


@pytest.mark.parametrize(("sheet", "file"), [("孤儿", "名单.xlsx"), ("Sheet1", "2025年孤儿名单.xlsx")])
def test_the_group_of_a_special_register_may_stand_in_a_name(read_grid: Any, sheet: str, file: str) -> None:
    grid = [["姓名", "性别", "出生日期"], ["李明", "男", "2014-05-06"]]
    assert read_grid(Register.SPECIAL, {sheet: grid}, file=file).column("category") == ["orphan"]
