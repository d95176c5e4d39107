"""What was read, told once per column."""

from __future__ import annotations

from baoxue.matching.output.readingnotes import column_notes
from baoxue.policy.registers import Register
from baoxue.reading.report import ColumnReport, ReadReport, UnusableCell


def report_of(*columns: ColumnReport) -> ReadReport:
    return ReadReport(Register.ROLL, "点名册.xlsx", "0" * 64, 1, columns=list(columns))


def test_a_column_on_several_sheets_is_one_column_with_the_sum_of_its_changes() -> None:
    [note] = column_notes(
        report_of(
            ColumnReport("class_name", "班级", "header", sheet="一年级", changed={"spaces": 2}, unusable=1),
            ColumnReport("class_name", "所在班", "synonym", sheet="二年级", changed={"spaces": 3, "width": 1}),
            ColumnReport("class_name", "班级", "header", sheet="三年级"),
        )
    )
    assert (note.label, note.headers, note.ways) == ("班级", ["班级", "所在班"], ["标准表头", "表头近义词"])
    assert (note.changed, note.unusable) == ("去空格和不可见字符 5，全角或异体字符转换 1", 1)


def test_three_unusable_cells_are_enough_to_show() -> None:
    cells = [UnusableCell("一年级", line, line, "2014-13-45", "没有这一天") for line in range(5)]
    [note] = column_notes(report_of(ColumnReport("birth_date", None, "content", unusable=5, examples=cells)))
    assert (note.headers, note.unusable, len(note.examples)) == ([], 5, 3)


def test_a_column_no_register_must_have_keeps_its_own_header() -> None:
    [note] = column_notes(report_of(ColumnReport("remark", "备注", "header")))
    assert (note.label, note.headers) == ("备注", ["备注"])
