"""The figures that targets are set for, out of the results of parts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.findings import BINS

Results = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table of targets. `reached`: None where nothing is demanded or nothing was measured."""

    name: str
    target: str
    measured: str
    reached: bool | None
    part: str


def results_of(parts: Mapping[str, Results], name: str) -> list[Results]:
    """The results of a part's cases, with their arguments."""
    cases = parts.get(name, {}).get("cases", {})
    return [case["arguments"] | case["result"] for case in cases.values()]


def figures(parts: Mapping[str, Results]) -> list[Figure]:
    """All lines of the table, as far as they were measured."""
    made: list[Figure] = []
    for of_part in (_exact, _nation, _county, _links, _findings, _calibration, _elsewhere, _start, _imports, _ledgers):
        made += of_part(parts)
    return made


def _imports(parts: Mapping[str, Results]) -> list[Figure]:
    return [
        Figure(
            f"a workbook of {case['rows_read']:,} rows, from drop to confirmed",
            "< 30 s",
            f"{case['seconds']:.1f} s, {case['peak_mb'] / 1000:.1f} GB",
            case["seconds"] < 30,
            "imports",
        )
        for case in results_of(parts, "imports")[-1:]
    ]


_LEDGER_PAGES = (
    ("ledger", "the ledger", 200, 400),
    ("search", "search", 200, 400),
    ("child", "a child's page", 200, 400),
    ("ledger_last_term", "the ledger as of last term", 500, 500),
)


def _ledgers(parts: Mapping[str, Results]) -> list[Figure]:
    return [
        Figure(
            f"{label}, {case['children']:,} children in one county, median and 95th percentile",
            f"< {median} ms, < {p95} ms",
            f"{case[name]['median']:.0f} ms, {case[name]['p95']:.0f} ms",
            case[name]["median"] < median and case[name]["p95"] < p95,
            "ledgers",
        )
        for case in results_of(parts, "ledgers")[-1:]
        for name, label, median, p95 in _LEDGER_PAGES
    ]


def _exact(parts: Mapping[str, Results]) -> list[Figure]:
    cases = results_of(parts, "exact")
    made = []
    for case in cases[2:3] or cases[-1:]:
        ratio = case["baoxue_seconds"] / case["plain_seconds"]
        peak = case["baoxue_peak_mb"] / 1000
        made.append(
            Figure(
                f"exact pass, {millions(case['rows'])} rows a register",
                "≤ 1.5 × a plain DuckDB join of the same files, ≤ 3 GB",
                f"{ratio:.2f} × ({case['baoxue_seconds']:.1f} s against {case['plain_seconds']:.1f} s), {peak:.1f} GB",
                ratio <= 1.5 and peak <= 3,
                "exact",
            )
        )
    return made


def _nation(parts: Mapping[str, Results]) -> list[Figure]:
    cases = results_of(parts, "nation")
    if len(cases) < 2:
        return []
    smaller, larger = cases
    each, before = (case["baoxue_seconds"] / case["rows"] * 1e6 for case in (larger, smaller))
    peak = larger["baoxue_peak_mb"] / 1000
    return [
        Figure(
            f"exact pass, {millions(larger['rows'])} rows a register",
            f"≤ 2 GB, time linear in rows (per row at most a quarter more than at {millions(smaller['rows'])})",
            f"{larger['baoxue_seconds']:.0f} s ({each:.2f} s a million), {peak:.2f} GB; {before:.2f} s a million at "
            f"{millions(smaller['rows'])}",
            peak <= 2 and each <= 1.25 * before,
            "nation",
        )
    ]


def _county(parts: Mapping[str, Results]) -> list[Figure]:
    return [
        Figure(
            f"one county, {case['count']:,} children, {case['registers']} workbooks in, findings and ledgers out",
            "≤ 20 s, ≤ 1.5 GB",
            f"{case['seconds']:.1f} s, {case['peak_mb'] / 1000:.2f} GB",
            case["seconds"] <= 20 and case["peak_mb"] <= 1500,
            "county",
        )
        for case in results_of(parts, "county")
    ]


def worst_ratio(cases: Iterable[Results], error: str) -> float:
    """Over the seeds, the largest of our error to Splink's; `error` is `f1` or `recall_at_999`."""
    ratios = []
    for case in cases:
        ours, theirs = 1 - case["baoxue"][error], 1 - case["splink"][error]
        ratios.append(ours / theirs if theirs > 0 else math.inf if ours > 0 else 0.0)
    return max(ratios)


def by_size_and_errors(cases: Sequence[Results]) -> dict[tuple[int, float], list[Results]]:
    """Cases of part `links` by children and errors."""
    keys = sorted({(case["children"], case["errors"]) for case in cases})
    return {key: [case for case in cases if (case["children"], case["errors"]) == key] for key in keys}


def _links(parts: Mapping[str, Results]) -> list[Figure]:
    made = []
    for (children, errors), cases in by_size_and_errors(results_of(parts, "links")).items():
        against = [case for case in cases if "splink" in case]
        if not against:
            continue
        faster = min(case["splink"]["seconds"] / case["baoxue"]["seconds"] for case in against)
        f1, recall = worst_ratio(against, "f1"), worst_ratio(against, "recall_at_999")
        where = f"{children:,} children, errors × {errors:g}, worst of {len(against)} seeds"
        made += [
            Figure(f"links, {where}: speed", "≥ 3 × Splink", f"{faster:.1f} ×", faster >= 3, "links"),
            Figure(f"links, {where}: 1 − F1", "≤ 0.5 × Splink's", f"{f1:.2f} ×", f1 <= 0.5, "links"),
            Figure(
                f"links, {where}: 1 − recall at 99.9 % precision",
                "≤ 0.5 × Splink's",
                f"{recall:.2f} ×",
                recall <= 0.5,
                "links",
            ),
        ]
    return made


def per(part: float, whole: float, of: int) -> str:
    """A share as so many in `of`."""
    return f"{part / whole * of:.2f} in {of:,} ({part:,.0f} of {whole:,.0f})" if whole else "none"


def _findings(parts: Mapping[str, Results]) -> list[Figure]:
    made = []
    all_cases = results_of(parts, "findings")
    for errors in sorted({case["errors"] for case in all_cases}):
        cases = [case for case in all_cases if case["errors"] == errors]
        made += _of_errors(cases, f"{len(cases)} seeds, errors × {errors:g}", demanded=errors == 1)
    return made


def _of_errors(cases: Sequence[Results], where: str, *, demanded: bool) -> list[Figure]:
    def total(group: str, name: str) -> int:
        return sum(case[group].get(name, 0) for case in cases)

    pairs = {key.rsplit("/", 1)[0] for case in cases for key in case["links"]}
    wrong, links = (sum(total("links", f"{pair}/{kind}") for pair in pairs) for kind in ("wrong", "all"))
    worst = max(
        sum(case["links"].get(f"{pair}/wrong", 0) for pair in pairs)
        / sum(case["links"].get(f"{pair}/all", 0) for pair in pairs)
        for case in cases
    )
    false, attending = total("alarms", "false_auto"), total("alarms", "attending_shown")
    missed, out = total("alarms", "out_in_no_finding"), total("alarms", "out_of_school")
    review = [case["review"]["children"] / case["children"] * 1000 for case in cases]
    return [
        Figure(
            f"automatic links that are wrong, {where}",
            "≤ 1 in 1,000",
            f"{per(wrong, links, 1000)}; worst seed {worst * 1000:.2f}",
            worst <= 0.001,
            "findings",
        ),
        Figure(
            f"children who attend, reported `never_enrolled` or `absent` as `auto`, {where}",
            "≤ 1 in 20,000",
            per(false, attending, 20_000),
            false / attending <= 1 / 20_000 if demanded else None,
            "findings",
        ),
        Figure(
            f"children out of school in no finding, {where}",
            "0",
            f"{missed} of {out:,}",
            missed == 0 if demanded else None,
            "findings",
        ),
        Figure(
            f"sent to a person, {where}",
            "≤ 5 per 1,000 children",
            f"{sum(review) / len(review):.1f} per 1,000; worst seed {max(review):.1f}",
            max(review) <= 5 if demanded else None,
            "findings",
        ),
    ]


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs of one range of confidence: how many, their mean confidence, the share that is one child."""

    low: float
    high: float
    pairs: int
    confidence: float
    true: float


def calibration(cases: Iterable[Results], methods: Sequence[str]) -> tuple[list[Bin], float]:
    """The bins of all cases together, empty ones left out, and the Brier score."""
    sums = [case["calibration"][m] for case in cases for m in methods if m in case["calibration"]]
    bins = []
    for place, low in enumerate(BINS):
        pairs, confidence, true = (sum(one[name][place] for one in sums) for name in ("pairs", "confidence", "true"))
        if pairs:
            bins.append(Bin(low, BINS[min(place + 1, len(BINS) - 1)], pairs, confidence / pairs, true / pairs))
    count = sum(sum(one["pairs"]) for one in sums)
    return bins, sum(one["squares"] for one in sums) / count if count else 0.0


def _calibration(parts: Mapping[str, Results]) -> list[Figure]:
    cases = results_of(parts, "findings")
    if not cases:
        return []
    bins, brier = calibration(cases, ("model",))
    nines = [one for one in bins if 0.85 <= one.confidence <= 0.95]
    measured = ", ".join(f"{one.pairs} pairs given {one.confidence:.3f}: {one.true:.3f} true" for one in nines)
    return [
        Figure(
            "confidence of links by the model, all seeds",
            "of the pairs given .9, nine in ten are true",
            f"{measured or 'none in that range'}; Brier score {brier:.4f}",
            None,
            "findings",
        )
    ]


def _elsewhere(parts: Mapping[str, Results]) -> list[Figure]:
    return [
        Figure(
            f"{case['rows']:,} records elsewhere against a county of {case['count']:,} children",
            "under a minute",
            f"{case['seconds']:.0f} s, {case['peak_mb'] / 1000:.2f} GB; "
            f"{case['found']} of {case['there']} children found there, {case['wrong']} wrong",
            case["seconds"] < 60,
            "elsewhere",
        )
        for case in results_of(parts, "elsewhere")
    ]


def _start(parts: Mapping[str, Results]) -> list[Figure]:
    return [
        Figure("`baoxue --help`", "–", f"{case['seconds'] * 1000:.0f} ms", None, "start")
        for case in results_of(parts, "start")
    ]


def millions(rows: int) -> str:
    """A number of rows in words."""
    return f"{rows / 1e6:g} million"
