"""The header is found among titles, merged cells and notes, and each column gets its meaning."""

from __future__ import annotations

from typing import Any

import pytest

from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.reading.errors import ColumnMissing, LayoutChanges
from baoxue.reading.synonyms import Extra, target_of

ID = "990000201405060010"
ELDER = "990000198001010012"
CHILD = ["李明", "男", "2014-05-06", ID]


@pytest.mark.parametrize(
    ("register", "header", "meaning"),
    [
        *((Register.STUDENT, "*学生姓名（必填）", Column.NAME), (Register.STUDENT, "1.姓 名", Column.NAME)),
        *((Register.STUDENT, "学生信息姓名", Column.NAME), (Register.POVERTY, "家庭成员姓名", Column.NAME)),
        *((Register.STUDENT, "学生本人身份证件号码(18位)*", Column.ID_NUMBER),),
        *((Register.SPECIAL, "身份证", Column.ID_NUMBER),),
        *((Register.STUDENT, "身份证件\n类型", Column.ID_TYPE),),
        *((Register.STUDENT, "全国学籍号", Column.STUDENT_NUMBER),),
        *((Register.HOUSEHOLD, "监护人\n身份证号", Column.GUARDIAN_ID_NUMBER),),
        *((Register.HOUSEHOLD, "父亲姓名", Column.GUARDIAN_NAME),),
        *((Register.HOUSEHOLD, "家长（监护人）电话", Column.PHONE),),
        *((Register.HOUSEHOLD, "户口簿号", Column.HOUSEHOLD_NUMBER),),
        *((Register.HOUSEHOLD, "户口所在地详细地址", Column.ADDRESS),),
        *((Register.HOUSEHOLD, "与户主的关系", Column.RELATION_TO_HEAD),),
        *((Register.HOUSEHOLD, "状态", Column.HOUSEHOLD_STATUS), (Register.STUDENT, "状态", Column.STUDENT_STATUS)),
        *((Register.ROLL, "状态", Column.ATTENDANCE), (Register.ROLL, "考勤", Column.ATTENDANCE)),
        *((Register.ROLL, "所在班级", Column.CLASS_NAME), (Register.ROLL, "学校代码", Column.SCHOOL_CODE)),
        *((Register.STUDENT, "是否农村留守儿童", Column.LEFT_BEHIND_CHILD),),
        *((Register.STUDENT, "入学时间", Column.ADMISSION),),
        *((Register.POVERTY, "户主姓名", Column.HEAD_NAME), (Register.POVERTY, "编号", Column.HOUSEHOLD_NUMBER)),
        *((Register.SPECIAL, "残疾类别", Column.CATEGORY), (Register.ROLL, "备 注", Extra.REMARK)),
    ],
)  # fmt: skip
def test_a_header_is_understood_in_the_words_people_use(register: Register, header: str, meaning: object) -> None:
    assert target_of(header, register) is meaning


@pytest.mark.parametrize(
    "header",
    ["户主身份证号", "班主任姓名", "填表人姓名", "爷爷姓名", "曾用名", "姓名拼音", "第二监护人姓名", "帮扶责任人姓名"],
)
def test_what_belongs_to_another_person_is_never_the_childs(header: str) -> None:
    assert target_of(header, Register.POVERTY) is Extra.OTHER_PERSON


@pytest.mark.parametrize("header", ["名称", "学校人数", "家庭人均收入", "", "致贫原因"])
def test_a_header_that_says_nothing_known_has_no_meaning(header: str) -> None:
    assert target_of(header, Register.STUDENT) is None


@pytest.mark.parametrize("register", list(Register))
def test_every_canonical_header_is_recognised_as_itself(register: Register) -> None:
    found = {spec.header: target_of(spec.header, register) for spec in COLUMNS[register].values()}
    assert found == {spec.header: column for column, spec in COLUMNS[register].items()}


def test_title_rows_above_the_header_are_passed_over(read_grid: Any) -> None:
    grid = [
        ["某县义务教育学生名单"],
        ["填报单位：某校", "", "2025年9月"],
        [],
        ["姓名", "性别", "出生日期", "身份证件号"],
        CHILD,
    ]
    reading = read_grid(Register.STUDENT, grid, merged=["A1:D1"])
    assert (reading.row["name"], reading.row["row"], reading.row["line"]) == ("李明", 1, 5)


def test_two_header_lines_with_merged_groups_are_one_header(read_grid: Any) -> None:
    grid = [
        ["序号", "学生信息", "", "", "监护人信息", ""],
        ["", "姓名", "性别", "身份证号", "姓名", "身份证号"],
        [1, "李明", "男", ID, "李强", ELDER],
    ]
    row = read_grid(Register.HOUSEHOLD, grid, merged=["A1:A2", "B1:D1", "E1:F1"]).row
    assert (row["name"], row["id_number"]) == ("李明", ID)
    assert (row["guardian_name"], row["guardian_id_number"]) == ("李强", ELDER)


def test_two_header_lines_of_a_csv_have_no_merges_and_are_one_header_all_the_same(read_text: Any) -> None:
    text = f"序号,学生信息,,监护人信息,\n,姓名,身份证号,姓名,联系电话\n1,李明,{ID},李强,13800000000\n"
    row = read_text(Register.HOUSEHOLD, text).row
    assert (row["name"], row["guardian_name"], row["phone"]) == ("李明", "李强", "13800000000")


def test_a_header_merged_over_two_lines_leaves_no_row_behind(read_grid: Any) -> None:
    grid = [["姓名", "性别", "出生日期"], ["", "", ""], ["李明", "男", "2014-05-06"]]
    reading = read_grid(Register.HOUSEHOLD, grid, merged=["A1:A2", "B1:B2", "C1:C2"])
    assert reading.column("row") == [1]


def test_cells_merged_downwards_hold_in_every_line(read_grid: Any) -> None:
    grid = [["学校名称", "年级", "姓名"], ["石门小学", "三年级", "李明"], ["", "", "王芳"], ["", "四年级", "张伟"]]
    reading = read_grid(Register.ROLL, grid, merged=["A2:A4", "B2:B3"])
    assert reading.column("school_name") == ["石门小学"] * 3
    assert reading.column("grade") == [3, 3, 4]


def test_a_name_merged_downwards_does_not_make_a_second_child(read_grid: Any) -> None:
    grid = [["姓名", "监护人姓名", "联系电话"], ["李明", "李强", "13800000000"], ["", "王英", "13900000000"]]
    reading = read_grid(Register.HOUSEHOLD, grid, merged=["A2:A3"])
    assert (reading.column("name"), len(reading.report.rejected)) == (["李明"], 1)


def test_a_table_may_begin_anywhere_on_the_sheet(read_grid: Any) -> None:
    grid = [[], [], ["", "", "姓名", "性别"], ["", "", "李明", "男"]]
    assert read_grid(Register.HOUSEHOLD, grid).row["line"] == 4


def test_another_header_in_the_middle_is_refused_with_its_line(read_grid: Any) -> None:
    grid = [
        ["姓名", "性别", "出生日期"],
        ["李明", "男", "2014-05-06"],
        ["性别", "姓名", "年级"],
        ["女", "王芳", "三年级"],
    ]
    with pytest.raises(LayoutChanges, match="第 3 行"):
        read_grid(Register.HOUSEHOLD, grid)


def test_two_lists_side_by_side_are_refused_for_half_the_children_would_be_lost(read_grid: Any) -> None:
    with pytest.raises(LayoutChanges, match="一行一人"):
        read_grid(Register.ROLL, [["姓名", "性别", "姓名", "性别"], ["李明", "男", "王芳", "女"]])


def test_a_second_name_column_of_guardians_is_left_out(read_grid: Any) -> None:
    reading = read_grid(
        Register.HOUSEHOLD, [["姓名", "性别", "身份证号", "姓名", "电话"], ["李明", "男", ID, "李强", "1"]]
    )
    assert (reading.row["name"], reading.report.headers_left_out) == ("李明", ["姓名"])


def test_a_file_without_names_is_refused_and_told_what_was_found(read_grid: Any) -> None:
    with pytest.raises(ColumnMissing, match=r"“姓名”.*学校名称、人数"):
        read_grid(Register.ROLL, [["学校名称", "人数"], ["一小", 30], ["二小", 40]])


def test_a_lacking_column_is_a_warning_and_reading_goes_on(read_grid: Any) -> None:
    reading = read_grid(Register.ROLL, [["学校名称", "姓名", "性别"], ["石门小学", "李明", "男"]])
    assert reading.row["school_name"] == "石门小学"
    assert any("“学校标识码”、“年级”" in warning for warning in reading.report.warnings)


def test_the_grade_is_taken_from_the_class_where_no_column_says_it(read_grid: Any) -> None:
    reading = read_grid(Register.ROLL, [["班级", "姓名"], ["三年级(2)班", "李明"], ["2班", "王芳"]])
    assert reading.column("grade") == [3, None]


def test_of_several_columns_with_one_meaning_the_better_named_is_taken(read_grid: Any) -> None:
    grid = [["姓名", "性别", "母亲姓名", "监护人姓名"], ["李明", "男", "王英", "李强"]]
    assert read_grid(Register.HOUSEHOLD, grid).row["guardian_name"] == "李强"


def test_of_two_columns_called_number_the_younger_is_the_childs(read_grid: Any) -> None:
    grid = [["姓名", "身份证号", "监护人", "身份证号"], ["李明", ELDER, "李强", ID], ["李芳", ELDER, "李强", ID]]
    row = read_grid(Register.HOUSEHOLD, grid).rows[0]
    assert (row["id_number"], row["guardian_id_number"]) == (ID, ELDER)


def test_the_report_says_how_every_column_was_recognised(read_grid: Any) -> None:
    grid = [["姓名", "男女", "", "血型"], ["李明", "男", ID, "A"], ["王芳", "女", ID, "B"]]
    report = read_grid(Register.HOUSEHOLD, grid).report
    assert {c.column: (c.header, c.recognised) for c in report.columns} == {
        "name": ("姓名", "header"),
        "sex": ("男女", "synonym"),
        "id_number": (None, "content"),
    }
    assert report.headers_left_out == ["血型"]


EXPORT = (
    "姓名 性别 出生日期 出生地 籍贯 民族 国籍/地区 身份证件类型 身份证件号 港澳台侨外 政治面貌 健康状况 姓名拼音 "
    "曾用名 身份证件有效期 户口所在地 户口性质 特长 学籍辅号 班内学号 年级 班级 入学年月 入学方式 就读方式 "
    "学生来源 现住址 通信地址 家庭地址 联系电话 邮政编码 电子信箱 主页地址 是否独生子女 是否受过学前教育 "
    "是否留守儿童 是否进城务工人员随迁子女 是否孤儿 是否烈士或优抚子女 随班就读 残疾人类型 是否由政府购买学位 "
    "是否需要申请资助 是否享受一补 上下学距离 上下学交通方式 是否乘坐校车 成员1姓名 成员1关系 成员1关系说明 "
    "成员1现住址 成员1户口所在地 成员1联系电话 成员1是否监护人 成员1身份证件类型 成员1身份证件号 成员1民族 "
    "成员1工作单位 成员1职务 成员2姓名 成员2关系 成员2联系电话 成员2身份证件号 全国学籍号 学校标识码 学校名称"
)


def test_a_whole_export_of_sixty_columns_is_understood(read_grid: Any) -> None:
    headers = EXPORT.split()
    reading = read_grid(Register.STUDENT, [headers, ["李明", "男", "2014-05-06", *["x"] * (len(headers) - 3)]])
    assert {c.column: c.header for c in reading.report.columns} == {
        "name": "姓名",
        "sex": "性别",
        "birth_date": "出生日期",
        "id_type": "身份证件类型",
        "id_number": "身份证件号",
        "address": "户口所在地",
        "grade": "年级",
        "class_name": "班级",
        "admission": "入学年月",
        "phone": "联系电话",
        "left_behind_child": "是否留守儿童",
        "migrant_child": "是否进城务工人员随迁子女",
        "guardian_name": "成员1姓名",
        "guardian_id_number": "成员1身份证件号",
        "student_number": "全国学籍号",
        "school_code": "学校标识码",
        "school_name": "学校名称",
    }


@pytest.mark.parametrize("header", ["类别", "类型", "学生类别"])
def test_a_word_of_another_register_is_left_out(read_grid: Any, header: str) -> None:
    report = read_grid(Register.ROLL, [["姓名", "年级", header], ["李明", "三年级", "住校"]]).report
    assert report.headers_left_out == [header]


def test_a_title_line_of_two_cells_is_no_part_of_the_header(read_grid: Any) -> None:
    grid = [["石门小学", "", "2025秋"], ["姓名", "年级", "性别"], ["李明", "三年级", "男"]]
    assert [c.header for c in read_grid(Register.ROLL, grid).report.columns][:2] == ["姓名", "年级"]
