"""Refusals of a register file: one class per reason, each with one sentence that says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from baoxue.refusal import Refusal

SAVE_AS_XLSX = "请用 Excel 或 WPS 打开后另存为 .xlsx 再导入"


def shown(path: Path | str) -> str:
    """A file's name as a sentence may show it: without its folder and without control characters."""
    name = "".join(c if c.isprintable() else "�" for c in Path(path).name)
    return f"“{name}”"


class RegisterRefused(Refusal):
    """A register file cannot be read. `file` is the file's name without its folder."""

    code = "register-refused"
    by_code: ClassVar[dict[str, type[RegisterRefused]]] = {}

    def __init_subclass__(cls) -> None:
        RegisterRefused.by_code[cls.code] = cls


RegisterRefused.by_code[RegisterRefused.code] = RegisterRefused


class FileMissing(RegisterRefused):
    """No such file, or a folder, or no right to read it."""

    code = "file-missing"


class FileEmpty(RegisterRefused):
    """Nothing in it."""

    code = "file-empty"


class WrongContent(RegisterRefused):
    """Not a table at all, or one in a form that is not read."""

    code = "file-wrong-content"


class FileEncrypted(RegisterRefused):
    """Protected by a password."""

    code = "file-encrypted"


class FileHasMacros(RegisterRefused):
    """Carries program code."""

    code = "file-has-macros"


class FileDamaged(RegisterRefused):
    """Cut short or broken inside."""

    code = "file-damaged"


class FileSuspicious(RegisterRefused):
    """Built to do harm: a zip bomb, outside entities, NUL bytes."""

    code = "file-suspicious"


class FileTooLarge(RegisterRefused):
    """Needs more memory or time than reading may use."""

    code = "file-too-large"


class ColumnMissing(RegisterRefused):
    """A column is missing without which no row can be used."""

    code = "column-missing"


class LayoutChanges(RegisterRefused):
    """A second table with other columns begins in the middle of a sheet, or stands beside the first."""

    code = "layout-changes"


class TooManyRejects(RegisterRefused):
    """So many rows cannot be used that the file is more likely the wrong one."""

    code = "too-many-rejects"


class OutputFailed(RegisterRefused):
    """The canonical file cannot be written: disk full, no right to write there."""

    code = "output-failed"


class ReadingFailed(RegisterRefused):
    """The reading process broke in a way nobody foresaw; the sentence says where in our own code."""

    code = "reading-failed"
