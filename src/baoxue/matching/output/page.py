"""summary.html: the result as one page that a person can open, print and hand on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from baoxue.matching.output.facts import RunFacts
from baoxue.matching.output.findinglist import finding_lists
from baoxue.matching.output.meeting import Combination
from baoxue.matching.output.readingnotes import column_notes, skipped
from baoxue.matching.output.wording import ACTS, combination_words, day, step_words, whole
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.registers import Register
from baoxue.reading.report import ReadReport

_BAR = 200
"""Width of the longest bar, in the drawing's own units."""


def write_page(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    facts: RunFacts,
    reports: Mapping[Register, ReadReport],
    summary: Mapping[str, Any],
) -> None:
    """Write the page. It needs no network, no script and no other file."""
    html = (
        _environment()
        .get_template("page.html")
        .render(
            facts=facts,
            summary=summary,
            style=Markup(files(__package__).joinpath("page.css").read_text(encoding="utf-8")),
            meeting=_meeting(summary["meeting"]),
            kinds=finding_lists(connection, facts, summary["findings"]["by_kind"]),
            reports=reports,
            registers=list(Register),
            Register=Register,
            warnings=_warnings(facts, reports),
            elapsed=sum(facts.seconds.values()),
        )
    )
    path.write_text(html, encoding="utf-8", newline="\n")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("baoxue.matching.output"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        whole=whole,
        day=day,
        birthday_limit=_birthday_limit,
        step=step_words,
        notes=column_notes,
        skipped=skipped,
        pair=lambda link: f"{Register(link['left']).label}—{Register(link['right']).label}",
    )
    environment.globals.update(FindingKind=FindingKind, Decision=Decision)
    return environment


def _meeting(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The combinations as the page draws them, with their totals; bars on one linear scale from zero."""
    combinations = [Combination(**row) for row in rows]
    longest = max((combination.waiting for combination in combinations), default=0)
    return {
        "rows": [
            {
                "is": combination,
                "words": combination_words(combination),
                "act": ACTS[combination.key],
                "bar": round(_BAR * combination.waiting / longest, 1) if longest else 0,
            }
            for combination in combinations
        ],
        "children": sum(combination.children for combination in combinations),
        "settled": sum(combination.settled for combination in combinations),
        "waiting": sum(combination.waiting for combination in combinations),
        "poor": sum(combination.poor for combination in combinations),
    }


def _warnings(facts: RunFacts, reports: Mapping[Register, ReadReport]) -> list[str]:
    """Those of the run, then those of the files with the register's name; none twice."""
    of_files = [(register, warning) for register, report in reports.items() for warning in report.warnings]
    known = {said for register, warning in of_files for said in (warning, f"{register.label}：{warning}")}
    of_run = [warning for warning in facts.warnings if warning not in known]
    return [*of_run, *(f"{register.label}：{warning}" for register, warning in of_files)]


def _birthday_limit(facts: RunFacts) -> date:
    """The day on which the years of age are counted."""
    return date(facts.school_year, 8, 31)
