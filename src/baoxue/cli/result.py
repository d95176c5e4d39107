"""What a person reads at the end of a comparison: what was read, what was found, where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from baoxue.cli.bar import width
from baoxue.cli.words import Say
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.registers import Register

# In the order in which they are worth opening.
_FILES = ("summary.html", "findings.csv", "ledgers.xlsx", "links.csv", "rejects.csv", "summary.json")

_WARNINGS_SHOWN = 3


def told(say: Say, summary: Mapping[str, Any], out: Path) -> str:
    """The summary of a run (summary.json) as a page of text."""
    name, code = summary["county"]["name"], summary["county"]["code"]
    head = say(
        "compare.done",
        county=say.choose(f"{name}({code})", code) if name else code,
        as_of=summary["as_of"],
        children=summary["children"]["school_age"],
    )
    sections = [
        [head],
        [say("compare.read"), *_read(say, summary["registers"])],
        [say("compare.findings"), *_found(say, summary["findings"]["by_kind"])],
        [say("compare.files", out=out), *_columns([[name, say(f"file.{name}")] for name in _FILES])],
    ]
    if summary["warnings"]:
        sections.insert(2, [say("compare.warnings"), *_warned(say, summary["warnings"])])
    return "\n\n".join("\n".join(lines) for lines in sections)


def _read(say: Say, registers: Mapping[str, Mapping[str, Any] | None]) -> list[str]:
    rows = []
    for register in Register:
        report = registers.get(register)
        if report is not None:
            rejected = say("compare.rejected", rejected=report["rejected"]) if report["rejected"] else ""
            rows.append([say.choose(register.label, register), say("compare.rows", rows=report["rows"]), rejected])
    return _columns(rows, right=(1, 2))


def _warned(say: Say, warnings: list[str]) -> list[str]:
    lines = [f"  {warning}" for warning in warnings[:_WARNINGS_SHOWN]]
    more = len(warnings) - len(lines)
    return [*lines, "  " + say("compare.more_warnings", more=more)] if more else lines


def _found(say: Say, by_kind: Mapping[str, Mapping[str, int]]) -> list[str]:
    rows = [
        [say.choose(kind.label, kind), *(f"{by_kind[kind][decision]:,}" for decision in Decision)]
        for kind in FindingKind
        if by_kind[kind]["total"]
    ]
    if not rows:
        return ["  " + say("compare.no_findings")]
    return _columns([["", say("compare.auto"), say("compare.review")], *rows], right=(1, 2))


def _columns(rows: list[list[str]], right: tuple[int, ...] = ()) -> list[str]:
    """Rows in line with each other by their width on a terminal; the columns `right` end together."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(_set(cell, widths[place], place in right) for place, cell in enumerate(row)).rstrip()
        for row in rows
    ]


def _set(cell: str, columns: int, right: bool) -> str:
    space = " " * (columns - width(cell))
    return space + cell if right else cell + space
