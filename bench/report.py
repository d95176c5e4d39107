"""The page of results: docs/develop/benchmarks.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bench.figures import Figure, Results, figures
from bench.sections import SECTIONS, table

_MARKS = {True: "✔", False: "✘", None: ""}
# Written by hand: what stands in the way of a target that is not reached, and what to know of the measurements.
_MADE = (
    "Made by `make bench` from `bench/`; written by a program, do not edit. Synthetic registers only; seeds that nothing "
    "was developed on. ✔ reached, ✘ not."
)
_NOTES = Path(__file__).with_name("notes.md")


def write_report(results: Path, page: Path) -> None:
    """Write the page from the results in a folder, its plots beside it."""
    from bench.plots import draw

    parts = read_results(results)
    page.write_text(page_of(parts, _NOTES.read_text(encoding="utf-8")), encoding="utf-8")
    draw(parts, page.parent)


def read_results(folder: Path) -> dict[str, Results]:
    """The results of each part that was measured."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return {part["part"]: part for part in found}


def page_of(parts: Mapping[str, Results], notes: str) -> str:
    """The page as Markdown."""
    lines = [
        "# Benchmarks",
        "",
        _MADE,
        "",
        *table(["figure", "target", "measured", "", "command"], [_line(figure) for figure in figures(parts)]),
        *notes.splitlines(),
        "",
    ]
    for section in SECTIONS:
        lines += section(parts)
    return "\n".join([*lines, *_made_on(parts)])


def _line(figure: Figure) -> list[str]:
    command = f"`python -m bench {figure.part}`"
    return [figure.name, figure.target, figure.measured, _MARKS[figure.reached], command]


def _made_on(parts: Mapping[str, Results]) -> list[str]:
    rows = []
    for name, part in parts.items():
        machine = part["machine"]
        days = sorted(case["measured"][:10] for case in part["cases"].values())
        libraries = ", ".join(f"{library} {version}" for library, version in machine["libraries"].items())
        rows.append(
            [
                name,
                days[-1] if days else "",
                machine["commit"],
                f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gb']} GB, {machine['system']}",
                f"Python {machine['python']}, {libraries}",
            ]
        )
    return ["## Made on", "", *table(["part", "day", "commit", "machine", "software"], rows)]
