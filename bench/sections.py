"""The sections under the table of targets: what was measured in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bench.figures import Results, by_size_and_errors, calibration, per, results_of
from bench.links import LINKERS

_SHOWN = {"baoxue": "baoxue", "splink": "Splink 4", "rule_of_thumb": "number, then name and birth date"}

_EXACT_TEXT = (
    "`baoxue.matching.bulk.tie_exactly` with a limit of 1500 MB. The plain join is `l join r using (id_number)` and "
    "checks nothing; the packed one joins the first 17 digits as an integer. Both have DuckDB's own limits (four fifths "
    "of the memory). Seconds from open files to written pairs, the median of three (one at 80 and 160 million)."
)
_LINKS_TEXT = (
    "Of each size and linker: the median of seconds and peaks, the worst seed of F1 and recall, all wrong links. Each run in "
    "a process of its own, from the same canonical files to the list of links; imports and dictionaries are not counted. "
    "Splink is given our keys, duplicates and exact pass, and our blocks; its model works on what is left "
    "(`bench/splinklinker.py`)."
)
_FINDINGS_TEXT = (
    "A child attends as far as anyone can know if a roll here or a record elsewhere shows it; whom no file shows at school "
    "(gone to another province, taught at home and on no roll) is counted apart, and an alarm over such a child is "
    "right by all that the files say."
)
_IMPORTS_TEXT = (
    "A household workbook (.xlsx) of a county that has an earlier snapshot: sealed, read in its child process, compared "
    "person by person with that snapshot, sealed again and confirmed. PostgreSQL runs on the same machine; the way over "
    "the network to the server is not in it."
)
_CALIBRATION_TEXT = "Links of links.csv that the model judged, all pairs of registers, all seeds."


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table, with an empty line after it."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines] + [""]


def exact_section(parts: Mapping[str, Results]) -> list[str]:
    """The exact pass by size."""
    cases = [*results_of(parts, "exact"), *results_of(parts, "nation")]
    if not cases:
        return []
    names = {"baoxue": "baoxue", "plain": "plain join", "packed": "17 digits packed"}
    head = ["rows a register", "files", "pairs", *(f"{shown}: s, GB" for shown in names.values())]
    rows = [
        [f"{case['rows']:,}", f"{case['file_mb']:,.0f} MB", f"{case['baoxue_pairs']:,}"]
        + [f"{case[f'{name}_seconds']:.1f}, {case[f'{name}_peak_mb'] / 1000:.2f}" for name in names]
        for case in cases
    ]
    return [
        "## The exact pass by size",
        "",
        _EXACT_TEXT,
        "",
        *table(head, rows),
        "![Seconds and memory by rows](benchmarks-growth.svg)",
        "",
    ]


def links_section(parts: Mapping[str, Results]) -> list[str]:
    """Linkers side by side."""
    cases = results_of(parts, "links")
    if not cases:
        return []
    head = [
        "children",
        "errors",
        "linker",
        "seconds",
        "of which with the model",
        "peak",
        "F1",
        "recall at 99.9 %",
        "wrong",
    ]
    rows = []
    for (children, errors), group in by_size_and_errors(cases).items():
        for name in LINKERS:
            rows += (
                [_linker_row(children, errors, name, [c[name] for c in group if name in c])] if name in group[0] else []
            )
    return [
        "## Household and student register, against Splink 4",
        "",
        _LINKS_TEXT,
        "",
        *table(head, rows),
        "![Errors by seed](benchmarks-links.svg)",
        "",
    ]


def _linker_row(children: int, errors: float, name: str, runs: Sequence[Results]) -> list[str]:
    def middle(values: Iterable[float]) -> float:
        ordered = sorted(values)
        return ordered[len(ordered) // 2]

    model = middle(run["seconds"] - run["steps"].get("preparing", 0.0) for run in runs)
    return [
        f"{children:,} × {len(runs)}",
        f"× {errors:g}",
        _SHOWN[name],
        f"{middle(run['seconds'] for run in runs):.2f}",
        f"{model:.2f}",
        f"{middle(run['peak_mb'] for run in runs) / 1000:.2f} GB",
        f"{min(run['f1'] for run in runs):.5f}",
        f"{min(run['recall_at_999'] for run in runs):.5f}",
        f"{sum(run['wrong'] for run in runs)}",
    ]


def findings_section(parts: Mapping[str, Results]) -> list[str]:
    """Whole comparisons: links by pair, alarms, work for people."""
    cases = results_of(parts, "findings")
    if not cases:
        return []
    lines = [
        "## Findings held against the truth",
        "",
        _FINDINGS_TEXT,
        "",
    ]
    for errors in sorted({case["errors"] for case in cases}):
        of_errors = [case for case in cases if case["errors"] == errors]
        lines += [f"Errors × {errors:g}, {len(of_errors)} counties:", "", *_findings_of(of_errors)]
    return lines


def _findings_of(cases: Sequence[Results]) -> list[str]:
    links, alarms, kinds, status = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for case in cases:
        links.update(case["links"])
        alarms.update({name: count for name, count in case["alarms"].items() if isinstance(count, int)})
        kinds.update(case["review"]["by_kind"])
        status.update(case["alarms"]["auto_by_status"])
    pairs = sorted({key.rsplit("/", 1)[0] for key in links})
    return [
        *table(
            ["automatic links", "all", "wrong", "neither row a child's"],
            [[p, f"{links[f'{p}/all']:,}", f"{links[f'{p}/wrong']}", f"{links[f'{p}/unknown']}"] for p in pairs],
        ),
        *table(
            ["children", ""],
            [
                ["attend, shown by a file", f"{alarms['attending_shown']:,}"],
                ["– with an automatic alarm", per(alarms["false_auto"], alarms["attending_shown"], 20_000)],
                ["– with an alarm for review", per(alarms["false_review"], alarms["attending_shown"], 20_000)],
                ["attend, shown by no file", f"{alarms['attending_not_shown']:,}"],
                ["– with an automatic alarm", f"{alarms['not_shown_auto']:,}"],
                ["out of school", f"{alarms['out_of_school']:,}"],
                ["– with an automatic alarm", f"{alarms['out_alarmed_auto']:,}"],
                ["– with any alarm", f"{alarms['out_alarmed']:,}"],
                ["– in no finding", f"{alarms['out_in_no_finding']:,}"],
            ],
        ),
        "Automatic alarms by true status: "
        + ", ".join(f"{name} {count:,}" for name, count in status.most_common())
        + ". "
        "For people, by kind: " + ", ".join(f"{name} {count:,}" for name, count in kinds.most_common()) + ".",
        "",
    ]


def calibration_section(parts: Mapping[str, Results]) -> list[str]:
    """Reliability of confidence."""
    cases = results_of(parts, "findings")
    if not cases:
        return []
    bins, brier = calibration(cases, ("model",))
    _, everything = calibration(cases, ("model", "exact"))
    return [
        "## Calibration",
        "",
        f"{_CALIBRATION_TEXT} Brier score {brier:.4f}; with the links by exact rules {everything:.5f}.",
        "",
        *table(
            ["confidence", "pairs", "mean confidence", "share true"],
            [[f"{b.low:g} – {b.high:g}", f"{b.pairs:,}", f"{b.confidence:.4f}", f"{b.true:.4f}"] for b in bins],
        ),
        "![Reliability](benchmarks-calibration.svg)",
        "",
    ]


def steps_section(parts: Mapping[str, Results]) -> list[str]:
    """Where the time of whole runs goes."""
    cases = [*results_of(parts, "county"), *results_of(parts, "elsewhere")]
    if not cases:
        return []
    names = list(cases[0]["steps"])
    rows = [
        [
            f"{case['count']:,} children, {case.get('registers', 'six')} registers, {case['file_mb']:.0f} MB",
            f"{case['seconds']:.1f}",
            f"{case['peak_mb'] / 1000:.2f} GB",
            *(f"{case['steps'].get(name, 0.0):.1f}" for name in names),
        ]
        for case in cases
    ]
    return ["## Whole runs", "", *table(["", "seconds", "peak", *names], rows)]


def imports_section(parts: Mapping[str, Results]) -> list[str]:
    """A register into the system, by size."""
    cases = results_of(parts, "imports")
    if not cases:
        return []
    head = ["rows", "file", "seconds", "peak", "drop", "read and compared", "confirmed"]
    rows = [
        [
            f"{case['rows_read']:,}",
            f"{case['file_mb']:.1f} MB",
            f"{case['seconds']:.2f}",
            f"{case['peak_mb'] / 1000:.2f} GB",
            *(f"{case['steps'][step]:.2f}" for step in ("drop", "read", "confirm")),
        ]
        for case in cases
    ]
    return [
        "## Registers into the system",
        "",
        _IMPORTS_TEXT,
        "",
        *table(head, rows),
        "![Seconds from drop to confirmed by rows](benchmarks-imports.svg)",
        "",
    ]


_LEDGERS_TEXT = (
    "One county, loaded by the real build in two terms (`bench/ledgercounty.py`); a county officer's pages through gunicorn "
    "with two workers on the machine that also runs PostgreSQL, one request after the other. Median / 95th percentile, ms."
)
_LEDGER_PAGES = {
    "ledger": "ledger", "ledger_found": "found in it", "suspected": "suspected", "search": "search", "child": "child",
    "ledger_last_term": "last term", "change": "two days compared",
}  # fmt: skip


def ledgers_section(parts: Mapping[str, Results]) -> list[str]:
    """The pages of a county by its number of children, and how long its records take to build."""
    cases = results_of(parts, "ledgers")
    if not cases:
        return []
    head = ["children", "first build", "next term", "same again", *_LEDGER_PAGES.values()]
    rows = [
        [
            f"{case['children']:,}",
            *(f"{case[step]:.0f} s" for step in ("build_0_first", "build_1_first", "build_1_again")),
            *(f"{case[name]['median']:.0f} / {case[name]['p95']:.0f}" for name in _LEDGER_PAGES),
        ]
        for case in cases
    ]
    return [
        "## Ledgers, search and a child's page",
        "",
        _LEDGERS_TEXT,
        "",
        *table(head, rows),
        "![Milliseconds by children](benchmarks-ledgers.svg)",
        "",
    ]


SECTIONS = (
    steps_section,
    imports_section,
    ledgers_section,
    exact_section,
    links_section,
    findings_section,
    calibration_section,
)
