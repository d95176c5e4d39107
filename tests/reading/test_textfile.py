"""Csv files of every make."""

from __future__ import annotations

from typing import Any

import pytest

from baoxue.policy.registers import Register
from baoxue.reading import textfile
from baoxue.reading.encoding import delimiter_of
from baoxue.reading.errors import FileSuspicious, WrongContent

TEXT = "姓名,性别,出生日期,户籍地址\n李明,男,2014-05-06,某村\n王芳,女,2014-05-07,某镇\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(read_text: Any, encoding: str, ending: str) -> None:
    reading = read_text(Register.HOUSEHOLD, TEXT.replace("\n", ending).encode(encoding))
    assert reading.column("name") == ["李明", "王芳"]
    assert reading.column("line") == [2, 3]


def test_a_rare_character_that_only_gb18030_has(read_text: Any) -> None:
    assert read_text(Register.HOUSEHOLD, TEXT.replace("李明", "李㛃𬀩").encode("gb18030")).column("name")[0] == "李㛃𬀩"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_delimiters(read_text: Any, delimiter: str) -> None:
    reading = read_text(Register.HOUSEHOLD, TEXT.replace(",", delimiter))
    assert reading.column("address") == ["某村", "某镇"]


def test_a_delimiter_is_known_though_titles_have_none() -> None:
    assert delimiter_of("某县名单\n填报：某校\n姓名;性别;地址\n李明;男;某村, 三组\n王芳;女;某镇\n") == ";"


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ('李明,男,2014-05-06,"某村,三组"', "某村,三组"),
        ('李明,男,2014-05-06,"某村\n三组"', "某村三组"),
        ('李明,男,2014-05-06,某村"三"组', '某村"三"组'),
        ('李明,男,2014-05-06,"=""某村"""', "某村"),
        ("李明,男,2014-05-06", None),
        ("李明,男,2014-05-06,某村,,,", "某村"),
    ],
)
def test_quotes_breaks_and_short_lines(read_text: Any, line: str, address: str | None) -> None:
    reading = read_text(Register.HOUSEHOLD, f"{TEXT}{line}\n赵强,男,2014-05-08,某乡\n")
    assert reading.column("name") == ["李明", "王芳", "李明", "赵强"]
    assert (reading.rows[2]["address"], reading.rows[3]["address"]) == (address, "某乡")


def test_a_line_with_more_cells_than_the_header_is_rejected(read_text: Any) -> None:
    reading = read_text(Register.HOUSEHOLD, TEXT + "李明,男,2014-05-06,某村,三组\n")
    (reject,) = reading.report.rejected
    assert (reject.row, reject.line, reject.reason) == (3, 4, "这一行的单元格比表头多，内容可能错列")


def test_a_quotation_mark_never_closed_swallows_nothing(read_text: Any) -> None:
    lines = "".join(f"李明,男,2014-05-06,某村{i}\n" for i in range(60))
    reading = read_text(Register.HOUSEHOLD, TEXT + '"王芳,女,2014-05-07,某镇\n' + lines)
    assert len(reading.rows) == 63


def test_two_quotation_marks_far_apart_swallow_nothing(read_text: Any) -> None:
    lines = "".join(f"李明,男,2014-05-06,某村{i}\n" for i in range(60))
    reading = read_text(Register.HOUSEHOLD, TEXT + '"王芳,女,2014-05-07,某镇\n' + lines + '王芳",女,2014-05-07,某镇\n')
    assert len(reading.rows) == 64


def test_blank_lines_count_as_lines_and_not_as_rows(read_text: Any) -> None:
    reading = read_text(Register.HOUSEHOLD, "某县名单\n\n" + TEXT.replace("王芳", "\n王芳"))
    assert reading.column("line") == [4, 6]
    assert reading.report.skipped["blank"] == 1


def test_a_file_in_many_blocks_is_read_as_one(read_text: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textfile, "BLOCK", 100)
    lines = "".join(f'{"李王张"[i % 3]}明,男,2014-05-06,"某村{i}\n组"\n' for i in range(200))
    reading = read_text(Register.HOUSEHOLD, TEXT + lines)
    assert reading.column("row") == list(range(1, 203))
    assert reading.column("address")[2:] == [f"某村{i}组" for i in range(200)]


def test_broken_characters_are_replaced_and_said_to_be(read_text: Any) -> None:
    content = (
        (TEXT + "".join(f"李明,男,2014-05-06,某村{i}\n" for i in range(100))).encode() + "赵".encode()[:2] + b",,,\n"
    )
    reading = read_text(Register.HOUSEHOLD, content)
    assert any("无法识别的字符" in warning for warning in reading.report.warnings)


def test_nul_bytes_are_refused(read_text: Any) -> None:
    with pytest.raises(FileSuspicious, match="NUL"):
        read_text(Register.HOUSEHOLD, TEXT.encode() + b"\x00")


def test_bytes_that_are_no_text_are_refused(read_text: Any) -> None:
    with pytest.raises(WrongContent):
        read_text(Register.HOUSEHOLD, bytes(range(1, 256)) * 50)
