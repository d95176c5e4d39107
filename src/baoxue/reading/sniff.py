"""What a file is, by its content: people rename files, and old systems name a web page .xls."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from pathlib import Path

from baoxue.reading.errors import (
    SAVE_AS_XLSX,
    FileDamaged,
    FileEmpty,
    FileEncrypted,
    FileHasMacros,
    FileMissing,
    WrongContent,
    shown,
)


class FileFormat(StrEnum):
    """Formats that are read."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    PARQUET = "parquet"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Whole compound files are searched for stream names: their directory can stand anywhere. No register in .xls is larger.
_OLE_LIMIT = 256 << 20

_FOREIGN = (
    (b"%PDF", " PDF 文档"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"{\\rtf", " Word 文档"),
    (b"SQLite format 3", "数据库"),
)
_WEB_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|div|style|script)\b", re.IGNORECASE)
_XML_SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"


def check_readable(path: Path) -> None:
    """Raises FileMissing or FileEmpty unless `path` is a file that can be opened and holds something."""
    if path.is_dir():
        raise FileMissing(f"{shown(path)} 是文件夹，不是文件，请选择其中的登记册文件。")
    if path.exists() and not path.is_file():
        raise FileMissing(f"{shown(path)} 不是普通文件，请选择登记册文件。")
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise FileEmpty(f"{shown(path)} 是空文件，请重新导出。")
    except PermissionError as error:
        raise FileMissing(f"没有权限打开 {shown(path)}，请检查文件权限，或关闭正在使用它的程序。") from error
    except FileNotFoundError as error:
        raise FileMissing(f"找不到文件 {shown(path)}，请检查路径。") from error
    except OSError as error:
        raise FileMissing(f"{shown(path)} 打不开（{error.strerror}），请检查文件。") from error


def format_of(path: Path) -> FileFormat:
    """The format of a readable file. Raises a RegisterRefused that names what the file is instead."""
    with path.open("rb") as file:
        start = file.read(65536)
    if start.startswith(b"PAR1"):
        return FileFormat.PARQUET
    if start.startswith(b"PK"):
        return _zip_format(path)
    if start.startswith(_OLE):
        return _ole_format(path)
    for magic, what in _FOREIGN:
        if start.startswith(magic) and not (magic.isalpha() and _looks_textual(start)):
            raise WrongContent(f"{shown(path)} 其实是{what}，不是表格文件，请换成正确的文件。")
    _refuse_markup(path, start)
    if not start.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\x00"):
        raise FileEmpty(f"{shown(path)} 里没有内容，请重新导出。")
    return FileFormat.CSV


def _looks_textual(start: bytes) -> bool:
    return b"\x00" not in start and (b"," in start or b"\t" in start)


def _refuse_markup(path: Path, start: bytes) -> None:
    plain = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if plain.startswith(b"<"):
        if _XML_SPREADSHEET in plain:
            raise WrongContent(f"{shown(path)} 其实是 XML 表格，{SAVE_AS_XLSX}。")
        what = "网页" if _WEB_PAGE.search(plain) else "标记文本（XML）"
        raise WrongContent(f"{shown(path)} 其实是{what}（有的旧系统把网页存成 .xls），{SAVE_AS_XLSX}。")
    if plain.lower().startswith(b"mime-version:"):
        raise WrongContent(f"{shown(path)} 其实是网页存档，{SAVE_AS_XLSX}。")


def _zip_format(path: Path) -> FileFormat:
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise FileDamaged(f"{shown(path)} 不完整或已损坏，请重新导出或重新拷贝。") from error
    if "xl/workbook.xml" in names:
        if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
            raise FileHasMacros(f"{shown(path)} 含有宏，为安全起见不读取，请另存为不带宏的 .xlsx 再导入。")
        return FileFormat.XLSX
    if "xl/workbook.bin" in names:
        raise WrongContent(f"{shown(path)} 是二进制工作簿（.xlsb），{SAVE_AS_XLSX}。")
    if "content.xml" in names:
        raise WrongContent(f"{shown(path)} 是 OpenDocument 文件，{SAVE_AS_XLSX}。")
    what = "压缩包，请先解压，再导入其中的表格"
    if any(name.startswith("word/") for name in names):
        what = " Word 文档，不是表格文件，请换成正确的文件"
    elif any(name.startswith("ppt/") for name in names):
        what = "演示文稿，不是表格文件，请换成正确的文件"
    raise WrongContent(f"{shown(path)} 其实是{what}。")


def _ole_format(path: Path) -> FileFormat:
    if path.stat().st_size > _OLE_LIMIT:
        raise WrongContent(f"{shown(path)} 太大，不像登记册，{SAVE_AS_XLSX}。")
    content = path.read_bytes()

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise FileEncrypted(f"{shown(path)} 设有打开密码，请去掉密码后再导入。")
    if has("_VBA_PROJECT"):
        raise FileHasMacros(f"{shown(path)} 含有宏，为安全起见不读取，请另存为不带宏的 .xlsx 再导入。")
    if has("Workbook") or has("Book"):
        return FileFormat.XLS
    what = " Word 文档" if has("WordDocument") else "其他程序的文件"
    raise WrongContent(f"{shown(path)} 其实是{what}，不是表格文件，请换成正确的文件。")
