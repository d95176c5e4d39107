"""ledgers.xlsx: the three ledgers as a county prints and fills them in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from baoxue.matching.output.facts import RunFacts
from baoxue.matching.output.ledger_columns import Kind, Ledger, LedgerColumn
from baoxue.matching.output.ledger_rows import ledgers
from baoxue.matching.output.sheetrows import SheetRows, fill

_TITLE_ROW, _HEAD_ROW, _NOTICE_ROW, _HEADER_ROW, _FIRST_ROW = range(5)
_FROZEN_COLUMNS = 2
_SHEET_ROWS = 1_000_000
"""Rows of data one sheet takes; Excel's limit is 1,048,576 with everything."""

_FORM_ROWS = 30
"""Blank rows of an empty ledger that get drop-down lists, so that people can fill it in."""

_PAPER_A4 = 9
_FONT = "宋体"
_SIGNATURES = "填表人：　　　　　　审核人：　　　　　　联系电话：　　　　　　　"


@dataclass(frozen=True, slots=True)
class _Styles:
    title: Format
    head: Format
    notice: Format
    required: Format
    optional: Format
    cells: dict[Kind, Format]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet of the workbook: rows `after` < position ≤ `after` + `count` of its ledger."""

    ledger: Ledger
    title: str
    after: int
    count: int


def write_ledgers(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    facts: RunFacts,
    *,
    poverty_given: bool,
    sheet_rows: int = _SHEET_ROWS,
) -> dict[str, int]:
    """Write the workbook; returns the number of rows by title of the ledger.

    Identity numbers stand in it whole: it is the county's own register. A ledger of more than `sheet_rows`
    rows goes on in further sheets.
    """
    return write_books(connection, path, facts, ledgers(facts, poverty_given=poverty_given), sheet_rows=sheet_rows)


def write_books(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    facts: RunFacts,
    books: Sequence[Ledger],
    *,
    sheet_rows: int = _SHEET_ROWS,
) -> dict[str, int]:
    """Write a workbook of any ledgers whose queries the connection can answer; returns the number of rows by title."""
    counts = {book.title: _laid_out(connection, book, number) for number, book in enumerate(books)}
    sheets = [sheet for book in books for sheet in _sheets(book, counts[book.title], sheet_rows)]
    skeleton = path.with_suffix(".skeleton")
    _write_skeleton(skeleton, sheets, facts)
    parts = {
        f"xl/worksheets/sheet{number}.xml": _rows(sheet, books.index(sheet.ledger))
        for number, sheet in enumerate(sheets, 1)
        if sheet.count
    }
    fill(connection, skeleton, path, parts)
    skeleton.unlink()
    for number in range(len(books)):
        connection.execute(f"DROP TABLE IF EXISTS ledger_{number}")
    return counts


def _laid_out(connection: duckdb.DuckDBPyConnection, ledger: Ledger, number: int) -> int:
    """Put the rows of a ledger into a table of their own, numbered; returns how many there are."""
    if ledger.rows is None:
        return 0
    connection.execute(f"CREATE OR REPLACE TEMP TABLE ledger_{number} AS {ledger.rows}")
    [(count,)] = connection.execute(f"SELECT count(*) FROM ledger_{number}").fetchall()
    return int(count)


def _sheets(ledger: Ledger, rows: int, most: int) -> Iterator[_Sheet]:
    for after in range(0, max(rows, 1), most):
        title = ledger.title if after == 0 else f"{ledger.title}({after // most + 1})"
        yield _Sheet(ledger, title, after, min(most, rows - after))


def _rows(sheet: _Sheet, number: int) -> SheetRows:
    within = f"position > {sheet.after} AND position <= {sheet.after + sheet.count}"
    return SheetRows(
        first_row=_FIRST_ROW + 1,
        count=sheet.count,
        select=f"SELECT * REPLACE (position - {sheet.after} AS position) FROM ledger_{number} WHERE {within}",
        cells=[(at, c.value, c.kind) for at, c in enumerate(sheet.ledger.columns) if c.value],
    )


def _write_skeleton(path: Path, sheets: list[_Sheet], facts: RunFacts) -> None:
    """Everything but the rows: heads, widths, styles, drop-down lists, print set-up."""
    texts_stay_texts = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, texts_stay_texts) as book:
        moment = facts.finished.replace(tzinfo=None)
        title = f"{facts.place} 控辍保学三本台账"
        book.set_properties({"title": title, "created": moment, "comments": "含个人信息"})
        styles = _styles(book)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.title), sheet, styles, facts)


def _styles(book: xlsxwriter.Workbook) -> _Styles:
    base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
    ruled = {**base, "border": 1, "border_color": "#C6CDD5"}
    header = {**base, "text_wrap": True, "align": "center", "border": 1, "border_color": "#9AA5B1"}
    return _Styles(
        title=book.add_format({**base, "font_size": 18, "bold": True}),
        head=book.add_format(base),
        notice=book.add_format({**base, "font_color": "#965900"}),
        required=book.add_format({**header, "bold": True, "bg_color": "#C9DBEC"}),
        optional=book.add_format({**header, "bg_color": "#EEF2F6"}),
        cells={
            # As text, so that what people type in later keeps its digits too.
            Kind.TEXT: book.add_format({**ruled, "num_format": "@"}),
            Kind.NAME: book.add_format({**ruled, "num_format": "@", "shrink": True}),
            Kind.DATE: book.add_format({**ruled, "num_format": "yyyy-mm-dd", "align": "left"}),
            Kind.NUMBER: book.add_format({**ruled, "num_format": "0", "align": "center"}),
        },
    )


def _write_sheet(page: Worksheet, sheet: _Sheet, styles: _Styles, facts: RunFacts) -> None:
    columns = sheet.ledger.columns
    for at, column in enumerate(columns):
        page.set_column(at, at, column.width, styles.cells[column.kind])
    page.set_default_row(18)
    for row, height in ((_TITLE_ROW, 30), (_HEAD_ROW, 20), (_NOTICE_ROW, 20), (_HEADER_ROW, 42)):
        page.set_row(row, height, styles.head)
    page.write_string(_TITLE_ROW, 0, sheet.ledger.title, styles.title)
    page.write_string(_HEAD_ROW, 0, _head_line(facts), styles.head)
    page.write_string(_NOTICE_ROW, 0, _notice(sheet), styles.notice)
    for at, column in enumerate(columns):
        style = styles.required if column.required else styles.optional
        page.write_string(_HEADER_ROW, at, column.header, style)
    last = _FIRST_ROW + max(sheet.count, 1) - 1
    if sheet.count:
        for at, column in enumerate(columns):
            page.write_blank(_FIRST_ROW, at, None, styles.cells[column.kind])
    # An empty ledger leaves room to write in before its foot.
    foot = last + 2 if sheet.count else _FIRST_ROW + _FORM_ROWS + 1
    page.set_row(foot - 1, 12, styles.head)
    page.set_row(foot, 24, styles.head)
    page.write_string(foot, 0, _SIGNATURES, styles.head)
    _offer_choices(page, columns, last if sheet.count else _FIRST_ROW + _FORM_ROWS - 1)
    page.autofilter(_HEADER_ROW, 0, last, len(columns) - 1)
    page.freeze_panes(_FIRST_ROW, _FROZEN_COLUMNS)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    _set_up_print(page, sheet, facts)


def _head_line(facts: RunFacts) -> str:
    """Who fills the ledger in, for which school year, as of which day."""
    gap = "　　"
    return gap.join(
        (
            f"{facts.place}　{facts.school_year_words}",
            "填报单位(盖章)：　　　　　　　　",
            f"数据截止日：{facts.as_of:%Y-%m-%d}",
            f"填报时间：{facts.finished:%Y-%m-%d %H:%M}",
        )
    )


def _notice(sheet: _Sheet) -> str:
    filled = f"共 {sheet.count:,} 行。" if sheet.count else ""
    return f"含个人信息，注意保管。{sheet.ledger.remark}{filled}深色表头为必填项。"


def _offer_choices(page: Worksheet, columns: tuple[LedgerColumn, ...], last: int) -> None:
    for at, column in enumerate(columns):
        if column.choices:
            # A list is offered, not forced: the forms in use differ.
            offer = {"validate": "list", "source": list(column.choices), "show_error": False}
            page.data_validation(_FIRST_ROW, at, last, at, offer)


def _set_up_print(page: Worksheet, sheet: _Sheet, facts: RunFacts) -> None:
    page.set_landscape()
    page.set_paper(_PAPER_A4)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.repeat_rows(_HEADER_ROW)
    page.repeat_columns(0, _FROZEN_COLUMNS - 1)
    # Some forty columns on one sheet of A4 would be print of 2 points; on three side by side it can be read.
    page.fit_to_pages(3, 0)
    page.print_across()
    page.hide_gridlines(2)
    left = f"{facts.place} {sheet.ledger.title}　截至 {facts.as_of:%Y-%m-%d}"
    page.set_footer(f"&L&9{left}&C&9第 &P 页 共 &N 页&R&9含个人信息 注意保管")
