"""The encoding of a text file, and its delimiter."""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from baoxue.reading.errors import FileSuspicious, WrongContent, shown

SAMPLE_BYTES = 4 << 20
# Above this share of undecodable characters a text is not in that encoding.
MAX_BROKEN = 0.001

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DELIMITERS = ",\t;|，"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is written: codec name, length of its byte-order mark, whether some characters are broken."""

    name: str
    bom: int
    broken: bool = False


def encoding_of(path: Path) -> Encoding:
    """Encoding by byte-order mark, else UTF-8 where it fits, else GB18030.

    Raises FileSuspicious for NUL bytes, WrongContent when it is no text in either.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
        whole = not file.read(1)
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return Encoding(name, len(mark))
    if b"\x00" in sample:
        refuse_nul(path)
    if not whole:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    for name in ("utf-8", "gb18030"):
        try:
            sample.decode(name)
            return Encoding(name, 0)
        except UnicodeDecodeError:
            continue
    for name in ("utf-8", "gb18030"):
        text = sample.decode(name, "replace")
        if text.count("�") <= max(3, len(text) * MAX_BROKEN) and text.count("�") * 10 < len(text):
            return Encoding(name, 0, broken=True)
    raise WrongContent(f"{shown(path)} 不是文字表格，或编码无法识别，请另存为“CSV UTF-8”或 .xlsx 再导入。")


def refuse_nul(path: Path) -> None:
    """Raises FileSuspicious."""
    raise FileSuspicious(f"{shown(path)} 含有空字节（NUL），不是正常的文字表格，请重新导出，或另存为“CSV UTF-8”。")


def delimiter_of(text: str) -> str:
    """The sign between cells: the one that stands equally often in most of the first lines."""
    lines = [line for line in text.splitlines()[:60] if line.strip()]

    def strength(sign: str) -> tuple[int, int]:
        counts = Counter(line.count(sign) for line in lines)
        counts.pop(0, None)
        often, lines_with = counts.most_common(1)[0] if counts else (0, 0)
        return lines_with * min(often, 8), often

    return max(_DELIMITERS, key=strength)
