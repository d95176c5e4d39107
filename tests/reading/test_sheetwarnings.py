"""What is wrong in the same way with several sheets of a file is said once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from baoxue.policy.registers import Register
from baoxue.reading.sheetwarnings import SheetWarnings

NUMBER = 990000201405060010


def grade_sheets(*names: str) -> dict[str, list[list[Any]]]:
    """Rolls without a grade, each with one number in a number cell and one unreadable attendance."""
    header = ["学校名称", "姓名", "出生日期", "身份证号", "到校情况"]
    return {name: [header, ["甲小学", "李明", "2014-05-06", NUMBER, "乱写"]] for name in names}


def warned(warnings: Sequence[str], words: str) -> str:
    [warning] = [warning for warning in warnings if words in warning]
    return warning


def test_one_warning_names_all_sheets_it_holds_for(read_grid: Any) -> None:
    other = {"说明": [["请看", "各表"]]}
    warnings = read_grid(Register.ROLL, {**grade_sheets("甲"), **other, **grade_sheets("乙", "丙")}).report.warnings
    assert warned(warnings, "没有“学校标识码”").startswith("第 1、3、4 表没有")


def test_what_is_counted_is_counted_over_all_sheets(read_grid: Any) -> None:
    warnings = read_grid(Register.ROLL, grade_sheets("甲", "乙", "丙")).report.warnings
    assert warned(warnings, "末尾几位已丢失").startswith("第 1、2、3 表有 3 个证件号")
    assert warned(warnings, "不认识").startswith("第 1、2、3 表的“到校情况”有 3 格的写法不认识（如“乱")


def test_a_single_sheet_is_called_by_its_name(read_grid: Any) -> None:
    warnings = read_grid(Register.ROLL, grade_sheets("甲")).report.warnings
    assert warned(warnings, "末尾几位已丢失").startswith("工作表“甲”有 1 个证件号")


def test_a_file_without_sheets_is_called_the_file(read_text: Any) -> None:
    warnings = read_text(Register.ROLL, "学校名称,姓名,到校情况\n甲小学,李明,乱写\n").report.warnings
    assert warned(warnings, "不认识").startswith("文件的“到校情况”有 1 格")


@pytest.mark.parametrize(
    ("count", "where"), [(2, "第 1、2 表"), (6, "第 1、2、3、4、5、6 表"), (60, "第 1、2、3、4、5、6 等 60 张表")]
)
def test_of_many_sheets_the_first_are_named(count: int, where: str) -> None:
    names = [f"{place}班" for place in range(count)]
    warnings = SheetWarnings(names)
    for name in names:
        warnings.add(name, "没有“性别”列。")
    assert warnings.told() == [f"{where}没有“性别”列。"]
