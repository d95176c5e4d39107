"""The registers that are compared (四查三比对) and the columns each has.

Source: 教基厅函〔2024〕15号 (户籍、学籍、在校、脱贫户); the special-group lists of the same notice;
`elsewhere` holds student records from outside the county.
"""

from __future__ import annotations

from enum import StrEnum


class Register(StrEnum):
    """A register as it is named in commands, files and tables."""

    HOUSEHOLD = "household"
    STUDENT = "student"
    ROLL = "roll"
    POVERTY = "poverty"
    SPECIAL = "special"
    ELSEWHERE = "elsewhere"

    @property
    def label(self) -> str:
        """The register's Chinese name."""
        return _REGISTER_LABELS[self]


_REGISTER_LABELS = {
    Register.HOUSEHOLD: "户籍",
    Register.STUDENT: "学籍",
    Register.ROLL: "在校",
    Register.POVERTY: "脱贫户",
    Register.SPECIAL: "特殊群体",
    Register.ELSEWHERE: "县外学籍",
}


class Column(StrEnum):
    """A column by its code; `label` is its canonical Chinese header."""

    NAME = "name"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    ID_TYPE = "id_type"
    ID_NUMBER = "id_number"
    HOUSEHOLD_NUMBER = "household_number"
    HEAD_NAME = "head_name"
    RELATION_TO_HEAD = "relation_to_head"
    ADDRESS = "address"
    REGION_CODE = "region_code"
    GUARDIAN_NAME = "guardian_name"
    GUARDIAN_ID_NUMBER = "guardian_id_number"
    PHONE = "phone"
    HOUSEHOLD_STATUS = "household_status"
    STUDENT_NUMBER = "student_number"
    SCHOOL_CODE = "school_code"
    SCHOOL_NAME = "school_name"
    GRADE = "grade"
    CLASS_NAME = "class_name"
    ADMISSION = "admission"
    STUDENT_STATUS = "student_status"
    MIGRANT_CHILD = "migrant_child"
    LEFT_BEHIND_CHILD = "left_behind_child"
    ATTENDANCE = "attendance"
    ABSENT_SINCE = "absent_since"
    HOUSEHOLD_TYPE = "household_type"
    CATEGORY = "category"

    def label(self, register: Register) -> str:
        """The canonical header of this column in a register (INTERFACES, register files)."""
        return COLUMNS[register][self].header


class ColumnSpec:
    """One column of one register: its canonical header and whether a file must have it."""

    __slots__ = ("header", "required")

    def __init__(self, header: str, *, required: bool = False) -> None:
        self.header = header
        self.required = required


def _must(header: str) -> ColumnSpec:
    return ColumnSpec(header, required=True)


_STUDENT = {
    Column.STUDENT_NUMBER: _must("学籍号"),
    Column.NAME: _must("姓名"),
    Column.SEX: _must("性别"),
    Column.BIRTH_DATE: _must("出生日期"),
    Column.ID_TYPE: ColumnSpec("身份证件类型"),
    Column.ID_NUMBER: ColumnSpec("身份证件号"),
    Column.SCHOOL_CODE: _must("学校标识码"),
    Column.SCHOOL_NAME: _must("学校名称"),
    Column.GRADE: _must("年级"),
    Column.CLASS_NAME: ColumnSpec("班级"),
    Column.ADMISSION: ColumnSpec("入学年月"),
    Column.STUDENT_STATUS: ColumnSpec("学生状态"),
    Column.ADDRESS: ColumnSpec("户籍地址"),
    Column.GUARDIAN_NAME: ColumnSpec("监护人姓名"),
    Column.PHONE: ColumnSpec("监护人联系电话"),
    Column.MIGRANT_CHILD: ColumnSpec("随迁子女"),
    Column.LEFT_BEHIND_CHILD: ColumnSpec("留守儿童"),
}

COLUMNS: dict[Register, dict[Column, ColumnSpec]] = {
    Register.HOUSEHOLD: {
        Column.NAME: _must("姓名"),
        Column.SEX: _must("性别"),
        Column.BIRTH_DATE: _must("出生日期"),
        Column.ID_NUMBER: ColumnSpec("公民身份号码"),
        Column.HOUSEHOLD_NUMBER: ColumnSpec("户号"),
        Column.HEAD_NAME: ColumnSpec("户主姓名"),
        Column.RELATION_TO_HEAD: ColumnSpec("与户主关系"),
        Column.ADDRESS: _must("户籍地址"),
        Column.REGION_CODE: ColumnSpec("户籍地区划代码"),
        Column.GUARDIAN_NAME: ColumnSpec("监护人姓名"),
        Column.GUARDIAN_ID_NUMBER: ColumnSpec("监护人身份证号"),
        Column.PHONE: ColumnSpec("联系电话"),
        Column.HOUSEHOLD_STATUS: ColumnSpec("户口状态"),
    },
    Register.STUDENT: _STUDENT,
    Register.ELSEWHERE: _STUDENT,
    Register.ROLL: {
        Column.SCHOOL_CODE: _must("学校标识码"),
        Column.SCHOOL_NAME: ColumnSpec("学校名称"),
        Column.GRADE: _must("年级"),
        Column.CLASS_NAME: ColumnSpec("班级"),
        Column.NAME: _must("姓名"),
        Column.SEX: ColumnSpec("性别"),
        Column.BIRTH_DATE: ColumnSpec("出生日期"),
        Column.STUDENT_NUMBER: ColumnSpec("学籍号"),
        Column.ID_NUMBER: ColumnSpec("身份证件号"),
        Column.ATTENDANCE: ColumnSpec("到校情况"),
        Column.ABSENT_SINCE: ColumnSpec("缺勤起始日"),
    },
    Register.POVERTY: {
        Column.HOUSEHOLD_NUMBER: _must("户编号"),
        Column.HEAD_NAME: ColumnSpec("户主姓名"),
        Column.NAME: _must("姓名"),
        Column.SEX: ColumnSpec("性别"),
        Column.BIRTH_DATE: ColumnSpec("出生日期"),
        Column.ID_NUMBER: ColumnSpec("公民身份号码"),
        Column.ADDRESS: ColumnSpec("家庭地址"),
        Column.HOUSEHOLD_TYPE: ColumnSpec("户类型"),
    },
    Register.SPECIAL: {
        Column.CATEGORY: _must("类别"),
        Column.NAME: _must("姓名"),
        Column.SEX: ColumnSpec("性别"),
        Column.BIRTH_DATE: ColumnSpec("出生日期"),
        Column.ID_NUMBER: ColumnSpec("公民身份号码"),
        Column.GUARDIAN_NAME: ColumnSpec("监护人姓名"),
    },
}
