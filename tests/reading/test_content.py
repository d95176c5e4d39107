"""Columns are known by what they hold where no header helps."""

from __future__ import annotations

from typing import Any

import pytest

from baoxue.policy.idnumber import check_digit
from baoxue.policy.registers import Column, Register
from baoxue.reading.content import identify


def number(birth: str, sequence: int) -> str:
    first = f"990000{birth}{sequence:03d}"
    return first + check_digit(first)


CHILDREN = [
    ("李明", number("20140506", 1), "三年级", "男", "2014-05-06", number("19800101", 1)),
    ("王芳", number("20130102", 2), "四年级", "女", "2013-01-02", number("19810203", 2)),
    ("张伟", number("20150809", 3), "二年级", "男", "2015-08-09", number("19790405", 3)),
]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ([number("20140506", 1), number("20130102", 2)], Column.ID_NUMBER),
        (["G" + number("20140506", 1), "L" + number("20130102", 2)], Column.STUDENT_NUMBER),
        (["2014年5月6日", "2013-01-02", "2015.8.9"], Column.BIRTH_DATE),
        (["男", "女", "女"], Column.SEX),
        (["3152000123", "3152000124"], Column.SCHOOL_CODE),
        (["13800000000", "15912345678"], Column.PHONE),
        (["三年级", "初一", "七年级"], Column.GRADE),
        (["1班", "(2)班", "三年级(1)班"], Column.CLASS_NAME),
        (["石门小学", "岑巩县第一中学"], Column.SCHOOL_NAME),
        (["贵州省岑巩县水尾镇某村三组", "岑巩县思旸镇某某社区"], Column.ADDRESS),
        (["孤儿", "残疾"], Column.CATEGORY),
    ],
)
def test_a_column_is_known_by_its_values(values: list[str], column: Column) -> None:
    found = identify(values)
    assert found is not None
    assert found.column is column


@pytest.mark.parametrize("values", [[], [""], ["1", "2", "1"], ["甲", "乙"], ["120", "130.5"]])
def test_values_that_may_be_anything_are_left_alone(values: list[str]) -> None:
    assert identify(values) is None


def test_a_sheet_without_any_header_is_read_by_its_content(read_grid: Any) -> None:
    reading = read_grid(Register.HOUSEHOLD, CHILDREN)
    first = reading.rows[0]
    assert (first["name"], first["sex"], first["birth_date"].isoformat()) == ("李明", "M", "2014-05-06")
    assert (reading.column("row"), reading.column("line")) == ([1, 2, 3], [1, 2, 3])


def test_of_two_unnamed_columns_of_numbers_the_younger_is_the_childs(read_grid: Any) -> None:
    reading = read_grid(Register.HOUSEHOLD, [child[::-1] for child in CHILDREN])
    assert reading.column("id_number") == [child[1] for child in CHILDREN]
    assert reading.column("guardian_id_number") == [child[5] for child in CHILDREN]


def test_numbers_under_a_header_that_says_something_unknown_are_still_numbers(read_grid: Any) -> None:
    grid = [["姓名", "性别", "备用1"], *((name, sex, own) for name, own, _, sex, *_ in CHILDREN)]
    assert read_grid(Register.HOUSEHOLD, grid).column("id_number") == [child[1] for child in CHILDREN]


def test_a_headed_column_of_other_names_is_not_taken_for_the_childs_where_one_is_called_so(read_grid: Any) -> None:
    grid = [["村支书", "姓名", "性别"], ["赵强", "李明", "男"], ["钱勇", "王芳", "女"]]
    assert read_grid(Register.HOUSEHOLD, grid).column("name") == ["李明", "王芳"]


def test_without_a_name_header_the_column_of_most_different_names_is_taken(read_grid: Any) -> None:
    grid = [
        ["", "性别", "", "年级"],
        ["赵强", "男", "李明", "一"],
        ["赵强", "女", "王芳", "二"],
        ["赵强", "女", "张伟", "二"],
    ]
    assert read_grid(Register.STUDENT, grid).column("name") == ["李明", "王芳", "张伟"]
