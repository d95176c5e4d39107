"""The columns of the three ledgers and which of them the comparison can fill.

Titles of the ledgers: 教基厅函〔2024〕15号. No official list of columns exists: these are a superset of
the forms in use, in their usual order; `required` are those that every such form asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """How a cell is stored."""

    TEXT = "text"
    NAME = "name"  # a text that is never cut: it shrinks to its cell
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """One column. `value` names a column of the ledger's query; None: the comparison does not know it."""

    header: str
    width: float
    value: str | None = None
    required: bool = False
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """One sheet. `rows`: a query with the columns its `value`s name and `position` from 1; None: no rows."""

    title: str
    columns: tuple[LedgerColumn, ...] = field(repr=False)
    remark: str
    rows: str | None = None


def _must(
    header: str, width: float, value: str | None = None, kind: Kind = Kind.TEXT, choices: tuple[str, ...] = ()
) -> LedgerColumn:
    return LedgerColumn(header, width, value, required=True, kind=kind, choices=choices)


_Column = LedgerColumn
_SEXES = ("男", "女")
_YES_NO = ("是", "否")
_PLACES = ("本县", "县外", "市内", "省内", "省外", "境外")
_DISABILITIES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
_PLACEMENTS = ("特殊教育学校", "随班就读", "普校特教班", "送教上门", "机构(康复/福利)", "待安置")

SCHOOL_AGE_COLUMNS = (
    _must("序号", 7, "number", Kind.NUMBER),
    _must("姓名", 11, "name", Kind.NAME),
    _must("性别", 5, "sex", choices=_SEXES),
    _must("出生日期", 11, "birth_date", Kind.DATE),
    _Column("身份证件类型", 12, "id_type"),
    _must("身份证件号", 20, "id_number"),
    _Column("民族", 6),
    _Column("户号", 11, "household_number"),
    _Column("户主姓名", 9, "head_name", kind=Kind.NAME),
    _Column("与户主关系", 8, "relation_to_head"),
    _must("户籍地址", 30, "address"),
    _must("户口状态", 9, "household_status"),
    _Column("现住址", 18),
    _must("监护人姓名", 9, "guardian_name", Kind.NAME),
    _Column("与监护人关系", 8),
    _must("联系电话", 13, "phone"),
    _must("学段(应在年级)", 14, "stage"),
    _must("就学状况", 15, "schooling_status"),
    _Column("学籍号", 21, "student_number"),
    _Column("学校标识码", 12, "school_code"),
    _Column("就读学校", 22, "school_name"),
    _Column("年级", 8, "grade"),
    _Column("班级", 8, "class_name"),
    _Column("就读地", 7, "school_place", choices=_PLACES),
    _Column("入学方式", 9),
    _Column("就读方式", 9, "attendance_mode", choices=("走读", "住校", "送教上门")),
    _must("是否脱贫户/监测对象", 10, "poverty_household", choices=_YES_NO),
    _Column("户编号", 13, "poverty_number"),
    _Column("特殊群体类别", 14, "special_groups"),
    _Column("残疾类别", 8, choices=_DISABILITIES),
    _Column("残疾等级", 6, choices=("一级", "二级", "三级", "四级")),
    _Column("残疾证号", 12),
    _Column("安置方式", 9, choices=_PLACEMENTS),
    _Column("资助项目", 9),
    _Column("村(居)", 10),
    _Column("网格", 8),
    _Column("网格员", 8),
    _Column("包保责任人", 9),
    _Column("摸排日期", 11, kind=Kind.DATE),
    _Column("摸排人", 8),
    _Column("资料来源", 16, "sources"),
    _Column("备注", 30, "remark"),
)

_IDENTITY_COLUMNS = (
    _must("台账编号", 19, "finding_id"),
    _must("姓名", 11, "name", Kind.NAME),
    _must("性别", 5, "sex", choices=_SEXES),
    _must("出生日期", 11, "birth_date", Kind.DATE),
    _must("身份证件号", 20, "id_number"),
    _Column("学籍号", 21, "student_number"),
    _must("学校", 22, "school_name"),
    _must("年级", 8, "grade"),
    _must("班级", 8, "class_name"),
    _Column("班主任及电话", 14),
    _must("户籍地址", 30, "address"),
    _Column("现住址", 18),
    _must("监护人", 9, "guardian_name", Kind.NAME),
    _must("电话", 13, "phone"),
)

_LEADS = (
    "班级考勤",
    "月报",
    "三比对",
    "国家平台下发",
    "摸排",
    "部门移交",
    "群众举报/12345",
    "开学未报到",
    "休学期满未归",
    "转学未到校",
)

SUSPECTED_COLUMNS = (
    *_IDENTITY_COLUMNS,
    _must("线索来源", 9, "lead", choices=_LEADS),
    _must("首次缺勤日", 11, "absent_since", Kind.DATE),
    _must("连续缺勤天数(教学日)", 10, kind=Kind.NUMBER),
    _must("发现日期", 11, "found_on", Kind.DATE),
    _Column("发现人", 8),
    _Column("请假情况", 9, "attendance"),
    _must("疑似原因", 10),
    _Column("是否脱贫户/监测对象", 10, "poverty_household", choices=_YES_NO),
    _Column("特殊群体", 12, "special_groups"),
    _Column("既往辍学次数", 7, kind=Kind.NUMBER),
    _must("首次联系日期及方式", 12),
    _must("首次家访日期", 11, kind=Kind.DATE),
    _Column("家访次数", 6, kind=Kind.NUMBER),
    _must("核查结果(V码)", 9, choices=tuple(f"V{number:02}" for number in range(1, 19))),
    _Column("核查人", 8),
    _Column("核查日期", 11, kind=Kind.DATE),
    _Column("佐证材料", 10),
    _must("当前状态", 9, "state"),
    _Column("下一步/到期日", 11),
    _Column("责任人(校/乡/村)", 11),
    _Column("国家平台编号", 11),
    _Column("备注", 46, "remark"),
)

DROPOUT_COLUMNS = (
    *_IDENTITY_COLUMNS,
    _must("辍学(失学)日期", 11, kind=Kind.DATE),
    _must("辍学学段年级", 11),
    _must("认定日期/认定人/依据", 16),
    _must("辍学原因(主/次)", 12),
    _must("去向", 10),
    _Column("务工单位/地点", 12),
    _Column("已采取的帮扶措施", 14),
    _must("劝返次数", 6, kind=Kind.NUMBER),
    _must("最近劝返日期", 11, kind=Kind.DATE),
    _Column("劝返措施", 12),
    _Column("包保责任人(县/乡/村/校)", 14),
    _Column("一人一案编号", 12),
    _Column("依法控辍阶段", 10),
    _Column("文书编号及送达日", 14),
    _Column("限期届满日", 11, kind=Kind.DATE),
    _must("是否复学", 6, choices=_YES_NO),
    _Column("复学日期", 11, kind=Kind.DATE),
    _Column("复学方式", 10),
    _Column("安置学校班级", 14),
    _Column("稳定观察到期日", 11, kind=Kind.DATE),
    _must("销号原因", 10),
    _Column("销号日期", 11, kind=Kind.DATE),
    _Column("销号审核人", 8),
    _Column("佐证材料", 10),
    _Column("是否再次辍学/次数", 8),
    _Column("资助落实", 8),
    _Column("国家平台同步状态", 9),
    _Column("备注", 30),
)
