"""The three ledgers as a county gets them: titles, columns, who stands in which, and how a cell is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from baoxue.matching.output import RunFacts
from baoxue.matching.output.ledgers import write_ledgers

TITLES = ["适龄儿童台账", "疑似辍学学生台账", "辍学学生台账"]
HEADER = 4
"""Row of the headers, as a spreadsheet counts."""


@pytest.fixture(scope="module")
def book(result: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(result / "ledgers.xlsx")


def headers(sheet: Worksheet) -> list[Any]:
    return [cell.value for cell in sheet[HEADER]]


def records(sheet: Worksheet) -> Iterator[dict[str, Any]]:
    """The rows of data: from the header to the first row that is empty."""
    names = headers(sheet)
    for row in sheet.iter_rows(min_row=HEADER + 1, values_only=True):
        if row[1] is None:
            return
        yield dict(zip(names, row, strict=True))


def record(sheet: Worksheet, name: str) -> dict[str, Any]:
    [found] = [row for row in records(sheet) if row["姓名"] == name]
    return found


def test_the_ledgers_have_the_titles_of_the_notice(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == TITLES
    assert [sheet["A1"].value for sheet in book] == TITLES


REQUIRED = {
    "适龄儿童台账": "序号 姓名 性别 出生日期 身份证件号 户籍地址 户口状态 监护人姓名 联系电话 学段(应在年级) 就学状况 "
    "是否脱贫户/监测对象",
    "疑似辍学学生台账": "台账编号 姓名 性别 出生日期 身份证件号 学校 年级 班级 户籍地址 监护人 电话 线索来源 "
    "首次缺勤日 连续缺勤天数(教学日) 发现日期 疑似原因 首次联系日期及方式 首次家访日期 核查结果(V码) 当前状态",
    "辍学学生台账": "台账编号 姓名 性别 出生日期 身份证件号 学校 年级 班级 户籍地址 监护人 电话 辍学(失学)日期 "
    "辍学学段年级 认定日期/认定人/依据 辍学原因(主/次) 去向 劝返次数 最近劝返日期 是否复学 销号原因",
}


@pytest.mark.parametrize(("title", "columns"), REQUIRED.items())
def test_the_columns_every_form_asks_for_are_there_in_order_and_in_bold(
    book: openpyxl.Workbook, title: str, columns: str
) -> None:
    assert [cell.value for cell in book[title][HEADER] if cell.font.bold] == columns.split()


@pytest.mark.parametrize(("title", "columns"), [("适龄儿童台账", 42), ("疑似辍学学生台账", 36), ("辍学学生台账", 42)])
def test_no_header_stands_twice(book: openpyxl.Workbook, title: str, columns: int) -> None:
    assert len(set(headers(book[title]))) == len(headers(book[title])) == columns


@pytest.mark.parametrize("title", TITLES)
def test_the_head_names_county_year_unit_and_days_and_warns(book: openpyxl.Workbook, title: str) -> None:
    head, notice = book[title]["A2"].value, book[title]["A3"].value
    assert head.startswith("云岫县　2025–2026 学年　　填报单位(盖章)：")
    assert "数据截止日：2025-09-20" in head
    assert "填报时间：2025-10-12 17:14" in head  # 09:14 UTC on a clock in China
    assert notice.startswith("含个人信息，注意保管。")


@pytest.mark.parametrize("title", TITLES)
def test_the_foot_has_room_for_the_signatures(book: openpyxl.Workbook, title: str) -> None:
    foot = book[title].cell(book[title].max_row, 1).value
    assert [word in foot for word in ("填表人：", "审核人：", "联系电话：")] == [True] * 3


def test_the_first_ledger_has_the_school_age_children_of_any_register_or_list(
    book: openpyxl.Workbook,
) -> None:
    names = [row["姓名"] for row in records(book["适龄儿童台账"])]
    assert names[8:] == [
        "龙小满", "潘㛃", "阿依努尔·买买提明", "吴秀英", "欧阳天佑", "石头", "=cmd|' /C calc'!A0",
        "外来一", "外来二", "某某", "无名册",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["已故者", "杨小"])
def test_the_dead_and_the_too_young_stand_in_no_ledger(book: openpyxl.Workbook, name: str) -> None:
    assert name not in [row["姓名"] for sheet in book for row in records(sheet)]


def test_a_child_at_school_fills_the_first_ledger_from_all_registers(book: openpyxl.Workbook) -> None:
    row = record(book["适龄儿童台账"], "杨昌1")
    filled = {header: value for header, value in row.items() if value is not None}
    assert filled == {
        "序号": 1, "姓名": "杨昌1", "性别": "男", "出生日期": datetime.fromisoformat("2014-05-06"),
        "身份证件类型": "居民身份证", "身份证件号": "99012220140506001X", "户号": "01", "户主姓名": "杨某某",
        "与户主关系": "子", "户籍地址": "云岫县双河镇杉木村三组12号", "户口状态": "正常", "监护人姓名": "杨某某",
        "联系电话": "13800000000",
        "学段(应在年级)": "小学（六年级）", "就学状况": "01 在校(有籍)", "学籍号": "G99012220140506001X",
        "学校标识码": "3199000001", "就读学校": "双河镇中心小学", "年级": "六年级", "班级": "2班", "就读地": "本县",
        "是否脱贫户/监测对象": "否", "资料来源": "户籍、学籍、在校",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("龙小满", "就学状况", "10 失学(从未入学)"),
        ("龙小满", "是否脱贫户/监测对象", "是"),
        ("龙小满", "户编号", "P01"),
        ("龙小满", "特殊群体类别", "残疾"),
        ("龙小满", "资料来源", "户籍、脱贫户、特殊群体"),
        ("龙小满", "备注", "比对发现：疑似失学"),
        ("潘㛃", "备注", "比对发现：疑似失学；待人工复核"),
        ("阿依努尔·买买提明", "就读学校", "省城第一小学"),
        ("阿依努尔·买买提明", "就读地", "县外"),
        ("欧阳天佑", "身份证件号", "99012220140506013X"),  # the whole number, not the one cut short
        ("石头", "学段(应在年级)", "初中（七年级）"),
        ("石头", "学籍号", None),
        ("外来一", "户籍地址", "邻县"),
        ("外来一", "户口状态", None),
        ("外来二", "出生日期", datetime.fromisoformat("2014-05-06")),  # from the number alone
        ("某某", "就读学校", "双河镇中心小学"),  # by its code: the roll has no name
    ],
)
def test_a_cell_of_the_first_ledger(book: openpyxl.Workbook, name: str, column: str, value: object) -> None:
    assert record(book["适龄儿童台账"], name)[column] == value


def test_the_second_ledger_proposes_one_row_per_finding_of_the_two_kinds(book: openpyxl.Workbook) -> None:
    rows = list(records(book["疑似辍学学生台账"]))
    assert [row["台账编号"] for row in rows] == ["f09", "f10", "f12", "f13"]
    assert {(row["线索来源"], row["当前状态"], row["核查结果(V码)"]) for row in rows} == {("三比对", "待核实", None)}


def test_a_proposed_row_has_the_whole_number_and_says_what_is_known_of_the_absence(book: openpyxl.Workbook) -> None:
    row = record(book["疑似辍学学生台账"], "欧阳天佑")
    assert (row["身份证件号"], row["学校"]) == ("99012220140506013X", "双河镇中心小学")
    assert (row["首次缺勤日"], row["请假情况"]) == (datetime.fromisoformat("2025-09-04"), "缺勤")
    assert row["发现日期"] == datetime.fromisoformat("2025-10-12")
    assert row["备注"].startswith("有籍不在校（比对没有把握）；")


def test_a_pupil_on_the_roll_without_leave_has_no_leave_to_tell(
    county: duckdb.DuckDBPyConnection, facts: RunFacts, tmp_path: Path
) -> None:
    county.execute("UPDATE roll SET attendance = 'present' WHERE row = 9")
    write_ledgers(county, tmp_path / "ledgers.xlsx", facts, poverty_given=True)
    sheet = openpyxl.load_workbook(tmp_path / "ledgers.xlsx")["疑似辍学学生台账"]
    assert record(sheet, "欧阳天佑")["请假情况"] is None


def test_the_comparison_declares_no_dropout(book: openpyxl.Workbook) -> None:
    assert list(records(book["辍学学生台账"])) == []
    assert "比对不认定辍学" in book["辍学学生台账"]["A3"].value


def test_no_cell_is_a_formula_or_a_link(book: openpyxl.Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert [cell for cell in cells if cell.hyperlink] == []


@pytest.mark.parametrize("column", ["身份证件号", "学籍号", "学校标识码", "联系电话", "户号"])
def test_a_number_of_identity_is_stored_and_formatted_as_text(book: openpyxl.Workbook, column: str) -> None:
    sheet = book["适龄儿童台账"]
    cell = sheet.cell(HEADER + 1, headers(sheet).index(column) + 1)
    assert isinstance(cell.value, str)
    assert cell.number_format == "@"


def test_a_birth_date_is_a_date(result: Path) -> None:
    sheet = CalamineWorkbook.from_path(result / "ledgers.xlsx").get_sheet_by_name("适龄儿童台账").to_python()
    assert sheet[HEADER][3] == date(2014, 5, 6)


@pytest.mark.parametrize("title", TITLES)
def test_head_and_names_stay_in_sight_and_on_every_printed_page(book: openpyxl.Workbook, title: str) -> None:
    sheet = book[title]
    assert sheet.freeze_panes == "C5"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$4:$4", "$A:$B")
    assert sheet.auto_filter.ref.startswith("A4:")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert "第 &P 页 共 &N 页" in sheet.oddFooter.center.text


def test_the_filter_covers_the_rows_of_data_and_not_the_foot(book: openpyxl.Workbook) -> None:
    assert book["适龄儿童台账"].auto_filter.ref == f"A4:AP{HEADER + 19}"


def test_without_a_poverty_register_nobody_is_said_to_be_in_no_poverty_household(
    county: duckdb.DuckDBPyConnection, facts: RunFacts, tmp_path: Path
) -> None:
    write_ledgers(county, tmp_path / "ledgers.xlsx", facts, poverty_given=False)
    book = openpyxl.load_workbook(tmp_path / "ledgers.xlsx")
    assert {row["是否脱贫户/监测对象"] for sheet in book for row in records(sheet)} == {None}


def test_a_ledger_longer_than_a_sheet_goes_on_in_the_next(
    county: duckdb.DuckDBPyConnection, facts: RunFacts, tmp_path: Path
) -> None:
    write_ledgers(county, tmp_path / "ledgers.xlsx", facts, poverty_given=True, sheet_rows=8)
    book = openpyxl.load_workbook(tmp_path / "ledgers.xlsx")
    assert book.sheetnames == ["适龄儿童台账", "适龄儿童台账(2)", "适龄儿童台账(3)", *TITLES[1:]]
    rows = [row["序号"] for title in book.sheetnames[:3] for row in records(book[title])]
    assert rows == list(range(1, 20))


def test_an_empty_county_gives_three_ledgers_to_fill_in(
    nothing: duckdb.DuckDBPyConnection, facts: RunFacts, tmp_path: Path
) -> None:
    counts = write_ledgers(nothing, tmp_path / "ledgers.xlsx", facts, poverty_given=True)
    assert counts == dict.fromkeys(TITLES, 0)
    assert openpyxl.load_workbook(tmp_path / "ledgers.xlsx").sheetnames == TITLES


_FORBIDDEN = {*map(chr, range(9)), "\x0b", "\x0c", *map(chr, range(14, 32)), "\ufffe", "\uffff"}
_NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=_NAMES
    | st.sampled_from(["_x0041_", "a_x000D_b", "<&>\"'", "]]>", " 空格 ", "=1+1", "潘㛃", "𠮷田", "x" * 40_000])
)
def test_any_name_stands_in_the_ledger_as_it_is_but_for_what_xml_forbids(
    county: duckdb.DuckDBPyConnection, facts: RunFacts, tmp_path: Path, name: str
) -> None:
    county.execute("UPDATE household SET name = ? WHERE row = 1", [name])
    write_ledgers(county, tmp_path / "ledgers.xlsx", facts, poverty_given=True)
    sheet = CalamineWorkbook.from_path(tmp_path / "ledgers.xlsx").get_sheet_by_name("适龄儿童台账").to_python()
    assert sheet[HEADER][1] == "".join(sign for sign in name if sign not in _FORBIDDEN)[:32_767]
