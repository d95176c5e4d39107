"""Which sheets of a file are read and how: their layout, and what a sheet says once for all its rows."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa

from baoxue.policy.grade import grade_of
from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.policy.specialgroup import special_groups_of
from baoxue.policy.writtenforms import fold
from baoxue.reading.cells import Opened, Sheet
from baoxue.reading.dates import DayOrder, day_order_of
from baoxue.reading.errors import ColumnMissing, LayoutChanges, shown
from baoxue.reading.make import Plan
from baoxue.reading.recognise import Layout, layout_of, sample_of
from baoxue.reading.report import ReadReport, SheetLeftOut
from baoxue.reading.sheetwarnings import SheetWarnings
from baoxue.reading.values import Value

_SCHOOL_IN_TITLE = re.compile(r"([\u3400-\u9fff]{2,20}?(?:小学|中学|学校|完小|教学点))(?![\u3400-\u9fff]{0,4}名单表)")
_SCHOOL_REGISTERS = frozenset({Register.STUDENT, Register.ELSEWHERE, Register.ROLL})
_SHOWN_HEADERS = 12


def plan_sheets(
    path: Path, register: Register, opened: Opened, schema: pa.Schema, report: ReadReport, warnings: SheetWarnings
) -> list[tuple[Sheet, Plan]]:
    """Choose the sheets and plan each; what is left out goes into the report, what is missing into the warnings.

    Raises ColumnMissing when no sheet has names, or none of a special-group file says which group it is; LayoutChanges
    when a line holds several children.
    """
    report.sheets_left_out += [SheetLeftOut(name, why) for name, why in opened.left_out]
    layouts = [(sheet, layout_of(sheet, register)) for sheet in opened.sheets]
    chosen = _chosen(path, register, layouts, report)
    planned = []
    for sheet, layout in chosen:
        if layout.side_by_side:
            where = f"的工作表“{sheet.name}”" if sheet.name else ""
            raise LayoutChanges(
                f"{shown(path)} {where}一行里并排放着几个人（不止一个“姓名”列），请改成一行一人再导入。"
            )
        plan = Plan(
            layout=layout,
            schema=schema,
            sheet=sheet.name,
            constants=_constants(path, register, sheet, layout),
            day_orders=_day_orders(sheet, layout, schema, warnings),
            date_1904=opened.date_1904,
        )
        planned.append((sheet, plan))
    _refuse_another_register(path, register, planned)
    if register is Register.SPECIAL:
        planned = _with_category(path, planned, report)
    for _, plan in planned:
        _warn_of_missing(register, plan, warnings)
    return planned


def _chosen(
    path: Path, register: Register, layouts: list[tuple[Sheet, Layout]], report: ReadReport
) -> list[tuple[Sheet, Layout]]:
    named = [pair for pair in layouts if Column.NAME in pair[1].places]
    if not named:
        raise ColumnMissing(_no_name(path, register, layouts))
    # One sheet that says who its children are makes the others, such as address lists, stand out.
    certain = [pair for pair in named if pair[1].identifies] or named
    for sheet, layout in layouts:
        if (sheet, layout) in certain:
            continue
        why = "空表" if not any(fold(cell) for row in sheet.top for cell in row) else "不是名单（没有姓名列）"
        if Column.NAME in layout.places:
            why = "不是本登记册的名单（只有姓名，没有证件号、出生日期等）"
        report.sheets_left_out.append(SheetLeftOut(sheet.name or "", why))
    return certain


def _no_name(path: Path, register: Register, layouts: list[tuple[Sheet, Layout]]) -> str:
    if not any(fold(cell) for sheet, _ in layouts for row in sheet.top for cell in row):
        return f"{shown(path)} 里没有数据，请检查是否导出了正确的内容。"
    seen = next((sheet.top for sheet, _ in layouts if sheet.top), [])
    fullest = max(seen, key=lambda row: sum(1 for cell in row if fold(cell)), default=[])
    headers = [fold(cell)[:10] for cell in fullest if fold(cell) and not any(c.isdigit() for c in cell)]
    found = f"，只看到：{'、'.join(headers[:_SHOWN_HEADERS])}" if len(headers) > 1 else ""
    return f"{shown(path)} 里没有找到“姓名”列{found}。请确认这是{register.label}名单，并在表头写明“姓名”。"


_OF_SCHOOL = frozenset(
    {
        Column.STUDENT_NUMBER, Column.SCHOOL_CODE, Column.SCHOOL_NAME, Column.GRADE, Column.CLASS_NAME,
        Column.STUDENT_STATUS, Column.ATTENDANCE,
    }
)  # fmt: skip
_OF_HOUSEHOLD = frozenset(
    {
        Column.HOUSEHOLD_NUMBER, Column.HEAD_NAME, Column.RELATION_TO_HEAD, Column.ADDRESS, Column.REGION_CODE,
        Column.HOUSEHOLD_STATUS,
    }
)  # fmt: skip
# What a register must show something of, and headers that give another one away.
_SIGNS = {
    Register.HOUSEHOLD: (_OF_HOUSEHOLD, re.compile("学籍|学校|班级|年级|到校")),
    Register.STUDENT: (_OF_SCHOOL, re.compile("户号|户主|户口|户编号|脱贫|区划")),
    Register.ROLL: (_OF_SCHOOL, re.compile("户号|户主|户口|户编号|脱贫|区划")),
    Register.ELSEWHERE: (_OF_SCHOOL, re.compile("户号|户主|户口|户编号|脱贫|区划")),
}


def _refuse_another_register(path: Path, register: Register, planned: list[tuple[Sheet, Plan]]) -> None:
    """A register in another's place would make every child look schooled, or none: better no result than that one."""
    if register not in _SIGNS:
        return
    own, foreign = _SIGNS[register]
    present = {column for _, plan in planned for column in (*plan.layout.places, *plan.constants)}
    strange = [header for _, plan in planned for header in plan.layout.left_out if foreign.search(header)]
    if strange and not own & present:
        raise ColumnMissing(
            f"{shown(path)} 不像{register.label}名册：没有{register.label}应有的列，却有“{strange[0]}”列。"
            "请检查是不是放错了文件。"
        )


def _constants(path: Path, register: Register, sheet: Sheet, layout: Layout) -> dict[Column, Value]:
    """What the sheet's name, its title rows or the file's name say for all rows."""
    titles = [cell for row in sheet.top[: max(0, layout.last_header_line)] for cell in row if fold(cell)]
    sources = [sheet.name or "", *titles, path.stem]
    found: dict[Column, Value] = {}
    if register is Register.SPECIAL and Column.CATEGORY not in layout.places:
        groups = next((groups for text in sources if (groups := special_groups_of(text))), ())
        if groups:
            found[Column.CATEGORY] = Value(";".join(group.value for group in groups))
    if register in _SCHOOL_REGISTERS and not {Column.SCHOOL_NAME, Column.SCHOOL_CODE} & set(layout.places):
        school = next((match[1] for text in sources if (match := _SCHOOL_IN_TITLE.search(fold(text)))), None)
        if school:
            found[Column.SCHOOL_NAME] = Value(school)
    if register in _SCHOOL_REGISTERS and not {Column.GRADE, Column.CLASS_NAME} & set(layout.places):
        grade = grade_of(sheet.name or "")
        if grade is not None and sheet.name and not sheet.name.isdigit():
            found[Column.GRADE] = Value(grade)
            found[Column.CLASS_NAME] = Value(fold(sheet.name))
    return found


def _day_orders(sheet: Sheet, layout: Layout, schema: pa.Schema, warnings: SheetWarnings) -> dict[Column, DayOrder]:
    orders: dict[Column, DayOrder] = {}
    for column in (Column.BIRTH_DATE, Column.ABSENT_SINCE):
        if column not in layout.places or column.value not in schema.names:
            continue
        order, unsure = day_order_of(sample_of(sheet, layout, column))
        orders[column] = order
        header = layout.places[column].header
        if unsure:
            warnings.add(sheet.name, f"的“{header}”分不清月和日的先后，按“月/日/年”读取，请核对。")
        elif order is DayOrder.DAY_FIRST:
            warnings.add(sheet.name, f"的“{header}”按“日/月/年”读取。")
    return orders


def _with_category(path: Path, planned: list[tuple[Sheet, Plan]], report: ReadReport) -> list[tuple[Sheet, Plan]]:
    known = [p for p in planned if Column.CATEGORY in p[1].layout.places or Column.CATEGORY in p[1].constants]
    if not known:
        raise ColumnMissing(
            f"{shown(path)} 看不出是哪一类特殊群体，请加上“类别”列，或在文件名、工作表名里写明（如“孤儿名单”）。"
        )
    for sheet, plan in planned:
        if (sheet, plan) not in known:
            report.sheets_left_out.append(SheetLeftOut(plan.sheet or "", "看不出是哪一类特殊群体（没有类别列）"))
    return known


def _warn_of_missing(register: Register, plan: Plan, warnings: SheetWarnings) -> None:
    present = {*plan.layout.places, *plan.constants}
    if Column.CLASS_NAME in present:
        present.add(Column.GRADE)
    missing = [spec.header for column, spec in COLUMNS[register].items() if spec.required and column not in present]
    if missing:
        warnings.add(plan.sheet, f"没有{'、'.join(f'“{header}”' for header in missing)}列，按没有这些信息继续。")
    if not {Column.ID_NUMBER, Column.BIRTH_DATE, Column.STUDENT_NUMBER} & present:
        warnings.add(plan.sheet, "没有证件号、学籍号和出生日期，只凭姓名很难比对，请尽量补上。")
