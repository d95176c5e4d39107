"""Part `findings`: whole comparisons held against the truth: links, alarms, work for people, calibration."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from baoxue.matching import compare
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.registers import Register
from bench.case import Case, Part, Result, Settings
from bench.processes import work
from bench.registers import AS_OF, COUNTY
from bench.truth import Ints, child_of_row, children

ERRORS: tuple[float, ...] = (1.0, 3.0)
BINS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)

# True statuses (baoxue.synth.fates) of children who go to school, and of those who should and do not.
_ATTENDING = {
    "enrolled_here",
    "migrant_here",
    "attending_unregistered",
    "homebound",
    "enrolled_elsewhere",
    "enrolled_far",
}
_OUT_OF_SCHOOL = {"never_enrolled", "dropped_out"}
_ALARMS = {FindingKind.NEVER_ENROLLED, FindingKind.ABSENT}

# A child of the truth by number, or a row that is no child's.
Child = tuple[str, str]


def _cases(settings: Settings) -> Sequence[Case]:
    count, seeds, all_errors = (20_000, settings.seeds, ERRORS)
    if settings.quick:
        count, seeds, all_errors = (500, settings.seeds[:1], ERRORS[-1:])
    return [
        Case(f"{count}/{seed}/{errors:g}", {"count": count, "seed": seed, "errors": errors})
        for errors in all_errors
        for seed in seeds
    ]


def run_compare(files: Mapping[str, str], out: str) -> dict[str, Any]:
    """Compare the registers among the files; in a process of its own. Returns the content of summary.json."""
    given = {register: Path(files[register]) for register in Register if register in files}
    return compare(given, county=COUNTY, as_of=AS_OF, out=Path(out), now=datetime.now(UTC))


def _measure(scratch: Path, *, count: int, seed: int, errors: float) -> Result:
    files = work("bench.registers:make", out=scratch / "registers", children=count, seed=seed, errors=errors).result
    out = scratch / "result"
    worked = work("bench.findings:run_compare", files=files, out=out)
    truth = _Truth(child_of_row(Path(files["truth"])), children(Path(files["truth_children"])))
    links, findings = _lines(out / "links.csv"), _lines(out / "findings.csv")
    return {
        "seconds": worked.seconds,
        "peak_mb": worked.peak_mb,
        "children": sum(line["school_age"] == "1" for line in truth.children.values()),
        "links": _links(links, truth),
        "calibration": _calibration(links, truth),
        "alarms": _alarms(findings, truth),
        "review": _for_people(links, findings, truth),
        "findings": Counter(f"{line['kind']}/{line['decision']}" for line in findings),
    }


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(slots=True)
class _Truth:
    """`of_row`: see child_of_row. `children`: lines of truth_children.csv."""

    of_row: Mapping[Register, Ints]
    children: Mapping[int, Mapping[str, str]]
    shown: set[int] = field(init=False)

    def __post_init__(self) -> None:
        rows = (self.of_row[Register.ROLL], self.of_row[Register.ELSEWHERE])
        self.shown = {int(child) for part in rows for child in np.unique(part) if child}

    def child(self, register: str, row: str) -> int:
        """The child of a row as files write it; 0 where it is no child's."""
        return int(self.of_row[Register(register)][int(row)])

    def status(self, child: int) -> str:
        return self.children[child]["status"]

    def of_finding(self, line: Mapping[str, str]) -> Iterator[tuple[str, str, int]]:
        """Register, row and child of each row that a finding names."""
        for register in ("household", "student", "roll", "poverty", "elsewhere"):
            if row := line[f"{register}_row"]:
                yield register, row, self.child(register, row)


def _links(links: Sequence[Mapping[str, str]], truth: _Truth) -> Result:
    """How many links of each pair of registers were made without a person, and how many of them are wrong.

    Two rows that are both no child's (strangers, grown-ups) cannot be told apart and are counted as unknown.
    """
    counts: Counter[str] = Counter()
    for line in links:
        if line["decision"] != Decision.AUTO:
            continue
        left = truth.child(line["left"], line["left_row"])
        right = truth.child(line["right"], line["right_row"])
        pair = f"{line['left']}/{line['right']}"
        counts[f"{pair}/all"] += 1
        counts[f"{pair}/{'unknown' if not left and not right else 'right' if left == right else 'wrong'}"] += 1
    return dict(counts)


def _calibration(links: Sequence[Mapping[str, str]], truth: _Truth) -> Result:
    """By method (an exact rule, or the model) and bin of confidence: pairs, sum of confidence, pairs that are one child;
    and the sum of squared errors for the Brier score."""
    by_method: dict[str, Result] = {}
    for line in links:
        method = "model" if line["method"] == "model" else "exact"
        sums = by_method.setdefault(
            method, {"pairs": [0] * len(BINS), "confidence": [0.0] * len(BINS), "true": [0] * len(BINS), "squares": 0.0}
        )
        left = truth.child(line["left"], line["left_row"])
        is_one = bool(left) and left == truth.child(line["right"], line["right_row"])
        confidence = float(line["confidence"])
        place = int(np.searchsorted(BINS, confidence, side="right")) - 1
        sums["pairs"][place] += 1
        sums["confidence"][place] += confidence
        sums["true"][place] += is_one
        sums["squares"] += (confidence - is_one) ** 2
    return by_method


def _alarms(findings: Sequence[Mapping[str, str]], truth: _Truth) -> Result:
    """Alarms (never_enrolled, absent) over children who attend, and children out of school whom nobody looks at.

    A child attends as far as anyone can know if a roll here or a record elsewhere shows it; those whom no file shows
    at school are counted apart.
    """
    attending = {child for child in truth.children if truth.status(child) in _ATTENDING}
    out = {
        child
        for child, line in truth.children.items()
        if line["status"] in _OUT_OF_SCHOOL and line["school_age"] == "1"
    }
    alarmed: dict[Decision, set[int]] = {Decision.AUTO: set(), Decision.REVIEW: set()}
    named: set[int] = set()
    for line in findings:
        found = {child for _, _, child in truth.of_finding(line) if child}
        named |= found
        if line["kind"] in _ALARMS:
            alarmed[Decision(line["decision"])] |= found
    everyone = alarmed[Decision.AUTO] | alarmed[Decision.REVIEW]
    return {
        "attending_shown": len(attending & truth.shown),
        "false_auto": len(alarmed[Decision.AUTO] & attending & truth.shown),
        "false_review": len((alarmed[Decision.REVIEW] - alarmed[Decision.AUTO]) & attending & truth.shown),
        "attending_not_shown": len(attending - truth.shown),
        "not_shown_auto": len(alarmed[Decision.AUTO] & attending - truth.shown),
        "out_of_school": len(out),
        "out_alarmed_auto": len(out & alarmed[Decision.AUTO]),
        "out_alarmed": len(out & everyone),
        "out_in_no_finding": len(out - named),
        "alarmed_auto": len(alarmed[Decision.AUTO]),
        "auto_by_status": Counter(truth.status(child) for child in alarmed[Decision.AUTO]),
    }


def _for_people(links: Sequence[Mapping[str, str]], findings: Sequence[Mapping[str, str]], truth: _Truth) -> Result:
    """Children sent to a person, by a finding or a link: a finding or link is about the child of its first row."""
    waiting: set[Child] = set()
    by_kind: Counter[str] = Counter()
    for line in findings:
        if line["decision"] == Decision.REVIEW:
            # Who stands on a list of special groups only has no row that a finding names.
            waiting.add(next((_child(*of_row) for of_row in truth.of_finding(line)), ("finding", line["finding_id"])))
            by_kind[line["kind"]] += 1
    for line in links:
        if line["decision"] == Decision.REVIEW:
            waiting.add(_child(line["left"], line["left_row"], truth.child(line["left"], line["left_row"])))
            by_kind["link"] += 1
    return {"children": len(waiting), "by_kind": by_kind}


def _child(register: str, row: str, child: int) -> Child:
    return ("child", str(child)) if child else (register, row)


PART = Part("findings", "whole comparisons held against the truth", _cases, _measure)
