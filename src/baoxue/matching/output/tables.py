"""The three CSV files: UTF-8 without BOM, `\\n` line ends, RFC 4180 quoting, rows in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from baoxue.matching.output.sqltext import order_of, quoted
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register
from baoxue.reading.report import ReadReport

# A spreadsheet runs a cell that begins so as a formula; the apostrophe makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

_PLACES = 6
"""Decimals of a confidence: sums in another order of threads differ beyond them, and the files must not."""

LINK_PAIRS = (
    (Register.HOUSEHOLD, Register.STUDENT),
    (Register.STUDENT, Register.ROLL),
    (Register.HOUSEHOLD, Register.ROLL),
    (Register.HOUSEHOLD, Register.POVERTY),
    (Register.HOUSEHOLD, Register.SPECIAL),
    (Register.HOUSEHOLD, Register.ELSEWHERE),
)


def write_links(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write links.csv from the table `links`; returns its number of rows."""
    pairs = [f"{left}>{right}" for left, right in LINK_PAIRS]
    place = order_of('"left" || \'>\' || "right"', pairs)
    select = f"""
        SELECT "left", left_row, "right", right_row, decision,
               round(confidence, {_PLACES}) AS confidence, {_plain("method")} AS method
        FROM links
        ORDER BY {place}, "left", "right", left_row, right_row, decision
    """
    return _copy(connection, select, path)


def write_findings(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write findings.csv from the table `findings`; returns its number of rows."""
    select = f"""
        SELECT finding_id, kind, decision, round(confidence, {_PLACES}) AS confidence,
               household_row, student_row, roll_row, poverty_row,
               {_plain("name")} AS name, sex, birth_date,
               {_plain("id_number")} AS id_number, stage, {_plain("school_code")} AS school_code,
               poverty_household::TINYINT AS poverty_household, {_plain("special_groups")} AS special_groups,
               {_plain("differs")} AS differs, {_plain("reason")} AS reason, elsewhere_row
        FROM findings
        ORDER BY {order_of("kind", list(FindingKind))},
                 household_row, student_row, roll_row, elsewhere_row, finding_id
    """
    return _copy(connection, select, path)


def write_rejects(reports: Mapping[Register, ReadReport], path: Path) -> int:
    """Write rejects.csv from what reading could not use; returns its number of rows."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("register,file,sheet,line,column,value_masked,reason\n")
        for register in Register:
            if register not in reports:
                continue
            report = reports[register]
            for reject in report.rejected:
                before = ",".join((register.value, _field(report.file), _field(reject.sheet), str(reject.line)))
                file.write(f"{before},{_field(reject.column)},{_field(reject.value_masked)},{_field(reject.reason)}\n")
                written += 1
    return written


def guarded(text: str | None) -> str:
    """A text that no spreadsheet takes for a formula."""
    if text and text.startswith(_FORMULA_STARTS):
        return f"'{text}"
    return text or ""


def _field(text: str | None) -> str:
    """A guarded text as a field. Python's csv leaves a lone carriage return unquoted, and readers end the row there."""
    plain = guarded(text)
    return '"' + plain.replace('"', '""') + '"' if any(sign in plain for sign in ',"\r\n') else plain


def _plain(column: str) -> str:
    """SQL of a text column as `guarded` gives it; an empty text is no value."""
    begins = f"regexp_matches({column}, '^[=+@\\t\\r\\n-]')"
    return f"nullif(CASE WHEN {begins} THEN '''' || {column} ELSE {column} END, '')"


def _copy(connection: duckdb.DuckDBPyConnection, select: str, path: Path) -> int:
    options = "FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULL ''"
    [(count,)] = connection.execute(f"COPY ({select}) TO {quoted(str(path))} ({options})").fetchall()
    return int(count)
