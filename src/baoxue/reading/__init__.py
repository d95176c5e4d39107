"""Registers as people send them, read into one canonical form, with an account of what was done."""

from __future__ import annotations

from baoxue.reading.errors import RegisterRefused
from baoxue.reading.parent import ReadJob, read_aside, read_register, read_registers, rows_as_written
from baoxue.reading.report import ColumnReport, ReadReport, Reject

__all__ = [
    "ColumnReport",
    "ReadJob",
    "ReadReport",
    "RegisterRefused",
    "Reject",
    "read_aside",
    "read_register",
    "read_registers",
    "rows_as_written",
]
