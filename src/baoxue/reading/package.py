"""Safety of an .xlsx package, looked through as a stream before any parser sees it.

Every part is unpacked once without being kept: sizes are counted instead of believed, check sums compared, document
type declarations refused, and cells far outside any register found (a parser lays a sheet out as a full rectangle).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from baoxue.reading.errors import (
    SAVE_AS_XLSX,
    FileDamaged,
    FileEncrypted,
    FileSuspicious,
    FileTooLarge,
    shown,
)

# 55,000 rows of 17 columns are 56 MB of XML in a 5.5 MB file. A workbook near these limits belongs in CSV or Parquet.
MAX_UNPACKED = 1 << 30
MAX_RATIO = 200
RATIO_FROM = 32 << 20
MAX_PARTS = 5_000

_CHUNK = 1 << 20
_OVERLAP = 512
# Column AAA is the 703rd. Styled cells without a value end in "/>" and take no room.
_FAR_CELL = re.compile(rb'<c r="([A-Z]{3}[0-9]{1,7})"[^>]*[^/]>')
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_DATE_1904 = re.compile(rb'date1904="(1|true)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Package:
    """What the look through found out: whether dates count from 1904."""

    date_1904: bool


def inspect(path: Path) -> Package:
    """Look through a package.

    Raises FileDamaged, FileEncrypted, FileSuspicious or FileTooLarge.
    """
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            _check_sizes(path, parts)
            found = [_inspect_part(path, package, part) for part in parts]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise FileDamaged(f"{shown(path)} 不完整或已损坏，请重新导出或重新拷贝。") from error
    return Package(date_1904=any(found))


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise FileEncrypted(f"{shown(path)} 设有密码，请去掉密码后再导入。")
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, path.stat().st_size)
    if len(parts) > MAX_PARTS or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed):
        raise FileSuspicious(f"{shown(path)} 展开后异常庞大（压缩炸弹），已拒绝读取，请确认来源。")
    if unpacked > MAX_UNPACKED:
        raise FileTooLarge(f"{shown(path)} 太大，请拆成几个文件，或导出为 .csv 再导入。")


def _inspect_part(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether this part says that dates count from 1904."""
    is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    date_1904 = False
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            window = tail + chunk
            if _DOCTYPE.search(window) and part.filename.lower().endswith((".xml", ".rels", ".vml")):
                raise FileSuspicious(f"{shown(path)} 内含外部实体声明，已拒绝读取，{SAVE_AS_XLSX}。")
            if is_sheet and (cell := _FAR_CELL.search(window)):
                raise FileTooLarge(
                    f"{shown(path)} 在很远的单元格 {cell[1].decode()} 里有内容，请删去表格以外的内容后再导入。"
                )
            if part.filename == "xl/workbook.xml" and _DATE_1904.search(window):
                date_1904 = True
            tail = chunk[-_OVERLAP:]
    return date_1904
