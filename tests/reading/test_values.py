"""Cells of every column in one form."""

from __future__ import annotations

from typing import Any

import pytest

from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.reading.values import NORMALISERS, masked, unwrap


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [
        *((Column.SEX, "男", "M"), (Column.SEX, "女性", "F"), (Column.SEX, "９", None)),
        *((Column.GRADE, "初一", 7), (Column.GRADE, "三年级", 3), (Column.GRADE, "学前班", 0)),
        *((Column.GRADE, "复读", None),),
        *((Column.SCHOOL_CODE, "3152000123", "3152000123"), (Column.SCHOOL_CODE, "ab-1", "AB-1")),
        *((Column.PHONE, "138 0000 0000", "13800000000"), (Column.PHONE, "+86-13800000000", "13800000000")),
        *((Column.PHONE, "0855-3571234", "08553571234"),),
        *((Column.ADMISSION, "2020年9月", 202009), (Column.ADMISSION, "2020", 202009)),
        *((Column.ADMISSION, "2020-09-01", 202009), (Column.ADMISSION, "九月", None)),
        *((Column.STUDENT_STATUS, "在籍在校", "enrolled"), (Column.STUDENT_STATUS, "不知道状态", None)),
        *((Column.ATTENDANCE, "√", "present"), (Column.ATTENDANCE, "未报到", "no_show")),
        *((Column.HOUSEHOLD_STATUS, "注销", "unclear"), (Column.HOUSEHOLD_STATUS, "不详", None)),
        *((Column.HOUSEHOLD_STATUS, "死亡注销", "deceased"), (Column.CATEGORY, "孤儿、残疾", "orphan;disabled")),
        *((Column.MIGRANT_CHILD, "是", True), (Column.MIGRANT_CHILD, "非随迁子女", False)),
        *((Column.LEFT_BEHIND_CHILD, "父母双方外出", True),),
        *((Column.LEFT_BEHIND_CHILD, "0", False), (Column.ADDRESS, "某 村　３组", "某村3组")),
        *((Column.ADDRESS, "无", None),),
        *((Column.STUDENT_NUMBER, " g99000020140506001x ", "G99000020140506001X"),),
        *((Column.ID_TYPE, "居民身份证", "resident"),),
        *((Column.REGION_CODE, "522626.0", "522626"), (Column.PHONE, "13800000000.0", "13800000000")),
        *((Column.GUARDIAN_NAME, "李 强（父）", "李强"), (Column.HEAD_NAME, "-", None)),
    ],
)  # fmt: skip
def test_a_cell_has_one_form(column: Column, written: str, value: object) -> None:
    assert NORMALISERS[column](written, False).content == value


@pytest.mark.parametrize("written", ['="990000"', "'990000", '=" 990000"'])
def test_signs_that_force_text_are_taken_away(written: str) -> None:
    assert unwrap(written)[0].strip() == "990000"


@pytest.mark.parametrize("column", list(NORMALISERS))
@pytest.mark.parametrize("written", ["-", "/", "N/A", "无", "未知"])
def test_a_cell_that_says_nothing_is_no_problem(column: Column, written: str) -> None:
    assert NORMALISERS[column](written, False).problem is None


def test_every_column_of_every_register_is_read() -> None:
    others = {Column.NAME, Column.BIRTH_DATE, Column.ABSENT_SINCE, Column.ID_NUMBER, Column.GUARDIAN_ID_NUMBER}
    assert {column for columns in COLUMNS.values() for column in columns} == others | NORMALISERS.keys()


def test_numbers_typed_as_numbers_are_text_without_a_decimal_point(read_grid: Any) -> None:
    grid = [["姓名", "学校标识码", "监护人联系电话", "年级"], ["李明", 3152000123, 13800000000, 7]]
    row = read_grid(Register.STUDENT, grid).row
    assert (row["school_code"], row["phone"], row["grade"]) == ("3152000123", "13800000000", 7)


def test_a_cell_that_cannot_be_used_is_listed_and_masked(read_grid: Any) -> None:
    grid = [["姓名", "性别", "年级"], ["李明", "王小芳", "三年级"]]
    reading = read_grid(Register.STUDENT, grid)
    (sex,) = [c for c in reading.report.columns if c.column == "sex"]
    assert (reading.row["sex"], sex.unusable, sex.examples[0].value_masked) == (None, 1, "王**")


@pytest.mark.parametrize("column", list(Column))
def test_no_masked_cell_shows_a_number_or_a_name(column: Column) -> None:
    assert "20140506" not in masked("990000201405060010", column)
    assert "明" not in masked("李明", column)


def test_remarks_are_kept_as_they_are_and_reported(read_grid: Any) -> None:
    reading = read_grid(Register.ROLL, [["姓名", "年级", "备注"], ["李明", "三", "随父 外出"]])
    assert (reading.row["remark"], reading.report.columns[-1].header) == ("随父 外出", "备注")


def test_an_unreadable_state_of_an_entry_is_counted_and_warned_of(read_grid: Any) -> None:
    grid = [["姓名", "户籍地址", "户口状态"], ["李明", "甲村", "注销"], ["王芳", "甲村", "正常"], ["张伟", "甲村", ""]]
    reading = read_grid(Register.HOUSEHOLD, grid)
    assert reading.column("household_status") == ["unclear", "normal", None]
    [warning] = [warning for warning in reading.report.warnings if "不认识" in warning]
    assert "“户口状态”有 1 格" in warning
    assert "转人工复核" in warning
