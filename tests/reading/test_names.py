"""Names in one form."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.registers import Register
from baoxue.reading.names import clean_name, mask_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *((" 李 明 ", "李明"), ("李　明", "李明"), ("李明\n", "李明"), ("李明同学", "李明")),
        *(("李明（已转出）", "李明"), ("李明(1)", "李明")),
        *(("李明2", "李明"), ("*李明", "李明"), ("李明、", "李明"), ("阿依古丽•买买提", "阿依古丽·买买提")),
        *(("古丽．买买提", "古丽·买买提"),),
        *(("古丽・买买提", "古丽·买买提"), ("古丽 · 买买提", "古丽·买买提"), ("Alim Jan", "ALIMJAN")),
        *(("ＬＩ ＭＩＮＧ", "LIMING"), ("李", "李")),
        *(("李?", "李?"), ("㛃明", "㛃明"), ("未取名", "未取名"), ("李小计", "李小计"), ("先生", "先生")),
    ],
)  # fmt: skip
def test_one_name_has_one_form(written: str, name: str) -> None:
    assert clean_name(written)[0] == name


@pytest.mark.parametrize("written", ["", " ", "-", "/", "无", "不详", "NULL", "#N/A", "123", "（空）", "姓名", "……"])
def test_what_is_no_name_is_none(written: str) -> None:
    assert clean_name(written)[0] == ""


@given(st.text(max_size=12))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_name(text)[0]
    assert clean_name(once)[0] == once


def test_masking_shows_the_first_character_only() -> None:
    assert [mask_name(name) for name in ("李明", "欧阳小明", "阿依古丽·买买提", "")] == ["李*", "欧***", "阿***", ""]


def test_rows_without_a_usable_name_are_rejected_and_keep_their_number(read_grid: Any) -> None:
    grid = [
        ["姓名", "性别", "出生日期"],
        ["李明", "男", "2014-05-06"],
        ["", "女", "2014-05-07"],
        ["测试", "男", "2014-05-08"],
        ["王芳", "女", "2014-05-09"],
    ]
    reading = read_grid(Register.HOUSEHOLD, grid)
    assert reading.column("row") == [1, 4]
    assert [(r.row, r.line, r.column, r.value_masked, r.reason) for r in reading.report.rejected] == [
        (2, 3, "姓名", "", "没有姓名"),
        (3, 4, "姓名", "测*", "不是真实姓名，像是测试或示例数据"),
    ]
