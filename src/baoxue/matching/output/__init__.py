"""Writing the result of a comparison: three CSV files, a workbook, a page, and a summary for programs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from baoxue.matching.output.facts import RunFacts
from baoxue.matching.output.ledgers import write_ledgers
from baoxue.matching.output.page import write_page
from baoxue.matching.output.place import FILES, SEAL, OutputRefused, aside_then_in_place
from baoxue.matching.output.summary import summary_of
from baoxue.matching.output.tables import write_findings, write_links, write_rejects
from baoxue.policy.registers import Register
from baoxue.progress import Progress, silent
from baoxue.reading.report import ReadReport

__all__ = ["FILES", "OutputRefused", "RunFacts", "write_outputs"]

_STEP = "写结果"
_PARTS = 4


def write_outputs(
    connection: duckdb.DuckDBPyConnection,
    *,
    facts: RunFacts,
    reports: Mapping[Register, ReadReport],
    out: Path,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Write the result of a comparison into `out`, whole or not at all; returns the content of summary.json.

    `connection` holds the registers and the tables links, findings and children (docs/develop/comparison.md,
    section 2); `reports` has the registers a file was given for. The CSV files and the workbook are the same
    bytes for the same tables, facts and reports. Raises OutputRefused when the disk says no.
    """
    seconds = dict(facts.seconds)
    with aside_then_in_place(out) as aside:
        progress(_STEP, 0, _PARTS)
        with _timed(seconds, "tables"):
            rows = {
                "links.csv": write_links(connection, aside / "links.csv"),
                "findings.csv": write_findings(connection, aside / "findings.csv"),
                "rejects.csv": write_rejects(reports, aside / "rejects.csv"),
            }
        progress(_STEP, 1, _PARTS)
        with _timed(seconds, "ledgers"):
            poverty_given = Register.POVERTY in reports
            ledgers = write_ledgers(connection, aside / "ledgers.xlsx", facts, poverty_given=poverty_given)
        progress(_STEP, 2, _PARTS)
        facts = replace(facts, seconds=seconds)
        summary = summary_of(connection, facts, reports)
        write_page(connection, aside / "summary.html", facts, reports, summary)
        progress(_STEP, 3, _PARTS)
        summary["ledgers"] = ledgers
        summary["files"] = {
            name: {"sha256": _sha256(aside / name), **({"rows": rows[name]} if name in rows else {})}
            for name in FILES
            if name != SEAL
        }
        text = json.dumps(summary, ensure_ascii=False, indent=1) + "\n"
        (aside / SEAL).write_text(text, encoding="utf-8", newline="\n")
    progress(_STEP, _PARTS, _PARTS)
    return summary


@contextmanager
def _timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    began = perf_counter()
    yield
    seconds[step] = perf_counter() - began


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
