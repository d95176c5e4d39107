"""Grades as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.grade import grade_of

CHINESE = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("written", "grade"),
    [
        ("一年级", 1),
        ("1年级", 1),
        ("１年级", 1),
        ("小学一年级", 1),
        ("小学部五年级", 5),
        ("小一", 1),
        ("小六", 6),
        ("一(1)班", 1),
        ("一（1）班", 1),
        ("六年级", 6),
        ("六年级1班", 6),
        ("三年级二班", 3),
        ("3年2班", 3),
        ("七年级", 7),
        ("初一", 7),
        ("初2", 8),
        ("初中一年级", 7),
        ("初中七年级", 7),
        ("初级中学二年级", 8),
        ("初一年级(2)班", 7),
        ("初三(4)班", 9),
        ("八年级(2)班", 8),
        ("九(3)班", 9),
        ("七1班", 7),
        ("7.2班", 7),
        ("七年级上学期", 7),
        ("七年级(下)", 7),
        ("初四", 9),
        ("预备班", 6),
        ("预初(2)班", 6),
        ("7", 7),
        ("7.0", 7),
        ("07", 7),
        (" 七 年 级 ", 7),
        ("G7", 7),
        ("Grade 3", 3),
        ("高一", 10),
        ("高中二年级", 11),
        ("高三(1)班", 12),
        ("职高一年级", 10),
        ("10", 10),
        ("十二年级", 12),
        ("岑巩县第一小学三年级", 3),
        ("某某县初级中学二年级", 8),
        ("九年一贯制学校一年级", 1),
    ],
)
def test_a_grade_is_understood_as_people_write_it(written: str, grade: int) -> None:
    assert grade_of(written) == grade


@pytest.mark.parametrize(
    "written",
    ["学前班", "学前", "幼儿园", "幼儿园大班", "幼儿园(中班)", "大班", "中班", "小班", "学前教育", "0"],
)
def test_before_school_is_grade_nought(written: str) -> None:
    assert grade_of(written) == 0


@pytest.mark.parametrize(
    "written",
    [
        *("", "无", "初中", "小学", "毕业班", "特教班", "送教上门", "大班额"),
        *("一班", "2班", "十一班", "701班", "(1)班"),  # a class alone
        *("一、二年级", "1-2年级", "三四年级"),  # two grades
        *("中学一年级", "G1"),  # 初一 or 高一
        *("中职一年级", "大学一年级", "中专二年级"),  # past what is counted
        *("小七", "初五", "高四", "13", "99", "20年级", "7-2"),
    ],
)
def test_what_names_no_single_grade_stays_unknown(written: str) -> None:
    assert grade_of(written) is None


@pytest.mark.parametrize(
    ("written", "grade"),
    [
        ("2025级小学", 1),
        ("2023级小学", 3),
        ("小学2020级", 6),
        ("小学2020级(2)班", 6),
        ("23级小学", 3),
        ("2025级初中", 7),
        ("初中2023级3班", 9),
        ("高中2024级", 11),
        ("小学2019级", None),  # has left the primary school
        ("初中2022级", None),
        ("小学2026级", None),  # has not come yet
        ("2023级", None),  # of which school?
        ("初2023级", None),  # some places count to graduation
        ("2023届初中", None),
    ],
)
def test_a_year_of_entry_gives_the_grade_of_the_school_year_if_the_school_is_named(
    written: str, grade: int | None
) -> None:
    assert grade_of(written, school_year=2025) == grade


def test_a_year_of_entry_without_the_school_year_stays_unknown() -> None:
    assert grade_of("小学2023级") is None


@given(st.integers(1, 9), st.sampled_from(["年级", "年级(1)班", "年级2班", "(3)班", ""]))
def test_digits_and_words_name_the_same_grade(grade: int, rest: str) -> None:
    assert grade_of(f"{grade}{rest}") == grade_of(f"{CHINESE[grade]}{rest}") == grade


@given(st.integers(1, 3), st.sampled_from(["", "年级", "(2)班"]))
def test_a_year_of_junior_secondary_is_counted_on_from_six(year: int, rest: str) -> None:
    assert grade_of(f"初{CHINESE[year]}{rest}") == grade_of(f"{CHINESE[year + 6]}{rest or '年级'}") == year + 6


@given(st.text(max_size=12), st.none() | st.integers(2000, 2050))
def test_whatever_is_written_the_grade_is_0_to_12_or_unknown(text: str, school_year: int | None) -> None:
    assert grade_of(text, school_year=school_year) in {None, *range(13)}
