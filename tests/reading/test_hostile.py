"""Files that are broken, foreign or built to do harm are refused in one sentence, and quickly."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from baoxue.policy.registers import Register
from baoxue.reading import RegisterRefused, package, read_register
from baoxue.reading.errors import FileSuspicious
from baoxue.reading.package import inspect
from baoxue.reading.sniff import check_readable

WORKBOOK = "Workbook".encode("utf-16-le")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def workbook(path: Path, *far: tuple[int, int]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "性别"])
        sheet.write_row(1, 0, ["李明", "男"])
        for row, column in far:
            sheet.write(row, column, "x")
    return path


def repacked(path: Path, edit: Callable[[bytes], bytes], *more: str) -> Path:
    """The workbook with its sheet's XML edited and more parts put in."""
    whole = workbook(path.with_suffix(".whole"))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, edit(content) if name.endswith("sheet1.xml") else content)
        for name in more:
            target.writestr(name, b"x")
    return path


def old_workbook(path: Path) -> Path:
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "姓名")
    book.save(str(path))
    return path


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def half(path: Path) -> Path:
    return put(path, path.read_bytes()[: path.stat().st_size // 2])


DOCTYPE = b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]><worksheet'
HOSTILE: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "远处.xlsx": ("file-too-large", lambda p: workbook(p, (1048575, 16383))),
    "铺开.xlsx": ("file-too-large", lambda p: workbook(p, (1048575, 700))),
    "炸弹.xlsx": ("file-suspicious", lambda p: repacked(p, lambda x: x + bytes(50_000_000))),
    "实体.xlsx": ("file-suspicious", lambda p: repacked(p, lambda x: x.replace(b"<worksheet", DOCTYPE, 1))),
    "宏.xlsx": ("file-has-macros", lambda p: repacked(p, bytes, "xl/vbaProject.bin")),
    "截断.xlsx": ("file-damaged", lambda p: half(workbook(p))),
    "坏标记.xlsx": ("file-damaged", lambda p: repacked(p, lambda x: x.replace(b"</sheetData>", b"</sheet"))),
    "截断.parquet": ("file-damaged", lambda p: put(p, b"PAR1" + bytes(100))),
    "截断.xls": ("file-damaged", lambda p: put(p, old_workbook(p).read_bytes()[:1536] + WORKBOOK)),
    "加密.xlsx": ("file-encrypted", lambda p: put(p, OLE + "EncryptedPackage".encode("utf-16-le"))),
    "宏.xls": ("file-has-macros", lambda p: put(p, OLE + "_VBA_PROJECT".encode("utf-16-le"))),
    "文档.xls": ("file-wrong-content", lambda p: put(p, OLE + "WordDocument".encode("utf-16-le"))),
    "网页.xls": ("file-wrong-content", lambda p: put(p, "<html><table><tr><td>姓名</td></tr></table></html>".encode())),
    "网页2.xls": ("file-wrong-content", lambda p: put(p, b"\xef\xbb\xbf\n <!DOCTYPE html><body></body>")),
    "图片.xlsx": ("file-wrong-content", lambda p: put(p, b"\xff\xd8\xff\xe0" + bytes(100))),
    "文件.csv": ("file-wrong-content", lambda p: put(p, b"%PDF-1.7\n")),
    "空字节.csv": ("file-suspicious", lambda p: put(p, "姓名,性别\n李明,男\n\0".encode())),
    "空.csv": ("file-empty", lambda p: put(p, b"")),
    "空白.csv": ("file-empty", lambda p: put(p, b"\n \n")),
    "文件夹.xlsx": ("file-missing", lambda p: p.mkdir() or p),  # type: ignore[func-returns-value]
    "没有.xlsx": ("file-missing", lambda p: p),
}  # fmt: skip


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_file_is_refused_in_one_sentence_that_names_it(name: str, tmp_path: Path) -> None:
    code, make = HOSTILE[name]
    path = make(tmp_path / name)
    out = tmp_path / "out.parquet"
    with pytest.raises(RegisterRefused) as refused:
        read_register(path, Register.HOUSEHOLD, out)
    assert refused.value.code == code
    assert f"“{name}”" in refused.value.sentence
    assert refused.value.sentence.count("\n") == 0
    assert not out.exists()


@pytest.mark.parametrize(
    ("parts", "what"),
    [("word/document.xml", "Word"), ("ppt/x.xml", "演示"), ("a.csv", "解压"), ("xl/workbook.bin", "xlsb")],
)
def test_a_package_of_another_kind_is_named(parts: str, what: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "名单.xlsx", "w") as target:
        target.writestr(parts, "x")
    with pytest.raises(RegisterRefused, match=what):
        read_register(tmp_path / "名单.xlsx", Register.HOUSEHOLD, tmp_path / "o.parquet")


def test_a_size_that_lies_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "RATIO_FROM", 1)
    with pytest.raises(FileSuspicious):
        inspect(repacked(tmp_path / "a.xlsx", lambda x: x + bytes(5_000_000)))


def test_styled_cells_far_away_do_no_harm(tmp_path: Path) -> None:
    far = b'<c r="XFD2" s="1"/></row></sheetData>'
    path = repacked(tmp_path / "a.xlsx", lambda x: x.replace(b"</row></sheetData>", far))
    assert read_register(path, Register.HOUSEHOLD, tmp_path / "o.parquet").rows == 1


def test_a_file_without_the_right_to_read_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)  # tests may run as root, whom no file refuses
    with pytest.raises(RegisterRefused, match="没有权限"):
        check_readable(tmp_path / "a.csv")
