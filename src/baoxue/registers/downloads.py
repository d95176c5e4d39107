"""Rejected rows as files to take along: values masked, no formulas, who took them and when in every row."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import xlsxwriter

from baoxue.matching.output.tables import guarded
from baoxue.platform.actor import Actor
from baoxue.platform.clock import ZONE
from baoxue.registers.models import Import
from baoxue.registers.queries import rejects_of

_HEADERS = ["行", "工作表", "表中第几行", "栏", "原来的值（已遮住）", "为什么退", "导出人", "导出时间"]
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


def _rows(imported: Import, by: Actor, now: datetime) -> list[list[str | int]]:
    when = f"{now.astimezone(ZONE):%Y-%m-%d %H:%M}"
    return [
        [r["row"], r["sheet"] or "", r["line"], r["column"], r["value_masked"], r["reason"], by.name, when]
        for r in rejects_of(imported)
    ]
