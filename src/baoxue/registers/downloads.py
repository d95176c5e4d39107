"""Rejected rows as files to take along: a list with masked values, and the whole rows for those who bring the register.

No formulas; who took them and when stands inside."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from baoxue.matching.output.tables import guarded
from baoxue.platform.actor import Actor
from baoxue.platform.clock import ZONE
from baoxue.reading.aswritten import HEADER_ROW
from baoxue.registers.models import Import
from baoxue.registers.queries import originals_of, rejects_of

_HEADERS = ["行", "工作表", "表中第几行", "栏", "原来的值（已遮住）", "为什么退", "导出人", "导出时间"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REASON_HEADER = "退回原因"
_HOW_TO = (
    "每张表里是一行不少的原样，最后一栏“退回原因”写着为什么退。",
    "在原来的格子里改好，改不好的行删掉；表头不要动。",
    "存好以后在系统里点“放改好的行”：只加这些行，不代替已经收下的。",
)
_WIDTHS = [8, 16, 10, 14, 24, 44, 14, 18]


def rejects_csv(imported: Import, *, by: Actor, now: datetime) -> bytes:
    """As CSV, with the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_HEADERS)
    writer.writerows([guarded(str(cell)) for cell in row] for row in _rows(imported, by, now))
    return out.getvalue().encode("utf-8-sig")


def rejects_xlsx(imported: Import, *, by: Actor, now: datetime) -> bytes:
    """As a workbook; every cell is text or a number."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"author": by.name, "created": now.astimezone(ZONE).replace(tzinfo=None)})
    sheet = book.add_worksheet("退回的行")
    bold = book.add_format({"bold": True})
    for place, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, header, bold)
    for line, row in enumerate(_rows(imported, by, now), start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(line, place, cell)
            else:
                sheet.write_string(line, place, cell)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def originals_xlsx(imported: Import, *, by: Actor, now: datetime) -> bytes:
    """The rejected rows as they stood in the file, each with its reason, to be corrected and dropped again."""
    reasons = {row["row"]: row["reason"] for row in rejects_of(imported)}
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"author": by.name, "created": now.astimezone(ZONE).replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    for name, lines in groupby(originals_of(imported), key=itemgetter("sheet")):
        _write_sheet(book.add_worksheet(name or "退回的行"), list(lines), reasons, bold)
    note = book.add_worksheet("怎么用")
    note.set_column(0, 0, 90)
    when = f"{now.astimezone(ZONE):%Y-%m-%d %H:%M}"
    for line, text in enumerate((*_HOW_TO, f"由 {by.name} 于 {when} 导出。含完整号码，用完请删除。")):
        note.write_string(line, 0, text)
    book.close()
    return out.getvalue()


def _write_sheet(sheet: Worksheet, lines: Sequence[dict[str, Any]], reasons: dict[int, str], bold: Format) -> None:
    last = max(len(line["cells"]) for line in lines)
    for at, line in enumerate(lines):
        header, held = line["row"] == HEADER_ROW, set(line["numbers"])
        for place, cell in enumerate(line["cells"]):
            if place in held:
                sheet.write_number(at, place, float(cell))
            elif cell:
                sheet.write_string(at, place, cell, bold if header else None)
        sheet.write_string(
            at, last, REASON_HEADER if header else reasons.get(line["row"], ""), bold if header else None
        )
    sheet.set_column(0, last - 1, 18)
    sheet.set_column(last, last, 44)
    sheet.freeze_panes(1, 0)


def _rows(imported: Import, by: Actor, now: datetime) -> list[list[str | int]]:
    when = f"{now.astimezone(ZONE):%Y-%m-%d %H:%M}"
    return [
        [r["row"], r["sheet"] or "", r["line"], r["column"], r["value_masked"], r["reason"], by.name, when]
        for r in rejects_of(imported)
    ]
