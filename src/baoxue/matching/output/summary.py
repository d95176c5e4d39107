"""What a run found, counted: the content of summary.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import duckdb

from baoxue.matching.output.counted import counted
from baoxue.matching.output.facts import RunFacts
from baoxue.matching.output.meeting import meeting
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.registers import Register
from baoxue.policy.schoolyear import SchoolStage
from baoxue.reading.report import ReadReport

FORMAT = 1
"""Version of the form of summary.json; grows when a key is renamed or taken away."""

OUTSIDE = "outside"
"""Stage of findings whose child is outside compulsory schooling, or of unknown age."""


def summary_of(
    connection: duckdb.DuckDBPyConnection, facts: RunFacts, reports: Mapping[Register, ReadReport]
) -> dict[str, Any]:
    """Counts and facts as plain JSON values. No names, no numbers of persons."""
    return {
        "format": FORMAT,
        "county": {"code": facts.county, "name": facts.county_name},
        "as_of": facts.as_of.isoformat(),
        "school_year": facts.school_year,
        "ages": {"from": facts.age_from, "to": facts.age_to},
        "finished": facts.finished.isoformat(timespec="seconds"),
        "children": _children(connection),
        "meeting": [asdict(combination) for combination in meeting(connection)],
        "findings": _findings(connection),
        "links": _links(connection),
        "registers": {register.value: _register(reports.get(register)) for register in Register},
        "warnings": list(facts.warnings),
        "seconds": {step: round(seconds, 3) for step, seconds in facts.seconds.items()},
        "versions": dict(facts.versions),
    }


def _children(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    # Of unknown age and not counted: what the picture leaves out, and says so.
    [(everybody, of_age, unknown, review)] = connection.execute(f"""
        SELECT count(*), count(*) FILTER (school_age), count(*) FILTER (school_age IS NULL AND NOT {counted()}),
               count(*) FILTER (needs_review)
        FROM children c LEFT JOIN student s ON s.row = c.student_row LEFT JOIN roll r ON r.row = c.roll_row
    """).fetchall()
    statuses = connection.execute("""
        SELECT schooling_status, count(*) FROM children WHERE school_age AND schooling_status IS NOT NULL
        GROUP BY ALL ORDER BY ALL
    """).fetchall()
    return {
        "all": everybody,
        "school_age": of_age,
        "age_unknown": unknown,
        "needs_review": review,
        "by_schooling_status": dict(statuses),
    }


def _findings(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    rows = connection.execute(f"""
        SELECT kind, decision, coalesce(stage, '{OUTSIDE}') AS stage, count(*),
               count(*) FILTER (poverty_household), sum(1 - confidence)
        FROM findings GROUP BY ALL ORDER BY ALL
    """).fetchall()
    cells = [
        {"kind": kind, "decision": decision, "stage": stage, "count": count, "poverty_household": poor}
        for kind, decision, stage, count, poor, _ in rows
    ]
    return {
        "total": sum(cell["count"] for cell in cells),
        "poverty_household": sum(cell["poverty_household"] for cell in cells),
        "by_kind": {kind.value: _split(cells, "kind", kind.value) for kind in FindingKind},
        "by_stage": {stage: _split(cells, "stage", stage) for stage in (*SchoolStage, OUTSIDE)},
        "by_decision": {
            decision.value: sum(cell["count"] for cell in cells if cell["decision"] == decision)
            for decision in Decision
        },
        "cells": cells,
    }


def _split(cells: list[dict[str, Any]], key: str, value: str) -> dict[str, int]:
    """Count of the findings of one kind or stage, in all and by decision."""
    chosen = [cell for cell in cells if cell[key] == value]
    by_decision = {
        decision.value: sum(cell["count"] for cell in chosen if cell["decision"] == decision) for decision in Decision
    }
    return {
        "total": sum(cell["count"] for cell in chosen),
        **by_decision,
        "poverty_household": sum(cell["poverty_household"] for cell in chosen),
    }


def _links(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = connection.execute("""
        SELECT "left", "right", decision, count(*), round(sum(1 - confidence), 3)
        FROM links GROUP BY ALL ORDER BY ALL
    """).fetchall()
    return [
        {"left": left, "right": right, "decision": decision, "count": count, "expected_wrong": wrong}
        for left, right, decision, count, wrong in rows
    ]


def _register(report: ReadReport | None) -> dict[str, Any] | None:
    """What was read; None when no file was given. The rejected rows themselves stand in rejects.csv."""
    if report is None:
        return None
    notes = report.to_json()
    del notes["register"]
    return {**notes, "rejected": len(report.rejected)}
