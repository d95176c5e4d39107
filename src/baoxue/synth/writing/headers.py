"""Headers as offices write them: the canonical name, or one of the usual others."""

from __future__ import annotations

import numpy as np

from baoxue.policy.registers import COLUMNS, Column, Register

_USUAL: dict[Column, tuple[str, ...]] = {
    Column.NAME: ("姓名",),
    Column.SEX: ("性别",),
    Column.BIRTH_DATE: ("出生日期", "出生年月日", "出生时间"),
    Column.ID_TYPE: ("身份证件类型", "证件类型"),
    Column.ID_NUMBER: ("身份证号", "身份证号码", "公民身份证号", "公民身份号码", "身份证件号", "证件号码"),
    Column.HOUSEHOLD_NUMBER: ("户号", "户编号"),
    Column.HEAD_NAME: ("户主姓名", "户主"),
    Column.RELATION_TO_HEAD: ("与户主关系",),
    Column.ADDRESS: ("家庭住址", "户籍地址", "住址", "详细地址"),
    Column.REGION_CODE: ("户籍地区划代码", "行政区划代码"),
    Column.GUARDIAN_NAME: ("监护人姓名", "监护人", "家长姓名"),
    Column.GUARDIAN_ID_NUMBER: ("监护人身份证号", "监护人身份证号码"),
    Column.PHONE: ("联系电话", "监护人联系电话", "家长电话", "手机号码"),
    Column.HOUSEHOLD_STATUS: ("户口状态",),
    Column.STUDENT_NUMBER: ("学籍号", "全国学籍号", "学籍号码"),
    Column.SCHOOL_CODE: ("学校标识码", "学校代码"),
    Column.SCHOOL_NAME: ("学校名称", "学校", "就读学校"),
    Column.GRADE: ("年级", "年级名称", "所在年级"),
    Column.CLASS_NAME: ("班级", "班级名称", "所在班级"),
    Column.ADMISSION: ("入学年月", "入学时间"),
    Column.STUDENT_STATUS: ("学生状态", "学籍状态"),
    Column.MIGRANT_CHILD: ("随迁子女", "是否随迁子女"),
    Column.LEFT_BEHIND_CHILD: ("留守儿童", "是否留守儿童"),
    Column.ATTENDANCE: ("到校情况", "在校情况"),
    Column.ABSENT_SINCE: ("缺勤起始日", "缺勤开始日期"),
    Column.HOUSEHOLD_TYPE: ("户类型", "农户类型"),
    Column.CATEGORY: ("类别", "人员类别"),
}
_OF_PUPILS = {Column.NAME: ("学生姓名", "姓名"), Column.BIRTH_DATE: ("出生年月", "出生日期", "出生年月日")}
# Share of columns under another header than the canonical one.
_OTHER = 0.35


def write_headers(register: Register, rng: np.random.Generator) -> list[str]:
    """Headers of a register in its canonical order; no two alike."""
    of_pupils = _OF_PUPILS if register in (Register.ROLL, Register.STUDENT) else {}
    headers: list[str] = []
    for column, spec in COLUMNS[register].items():
        usual = of_pupils.get(column) or _USUAL[column]
        header = usual[int(rng.random() * len(usual))] if rng.random() < _OTHER else spec.header
        headers.append(spec.header if header in headers else header)
    return headers
