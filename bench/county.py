"""Parts `county`, `elsewhere` and `start`: the command as people run it."""

from __future__ import annotations

import csv
import json
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register
from bench.case import Case, Part, Result, Settings
from bench.processes import Ran, plain_python, run, work
from bench.registers import AS_OF, COUNTY
from bench.truth import child_of_row, children

_FILES = {
    "five": (Register.HOUSEHOLD, Register.STUDENT, Register.ROLL, Register.POVERTY, Register.SPECIAL),
    "six": tuple(Register),
}
_REPEATS = 3
_STARTS = 7


def _compare(files: Mapping[str, str], registers: Sequence[Register], out: Path) -> Ran:
    command = [plain_python(), "-m", "baoxue", "compare", "--county", COUNTY, "--as-of", AS_OF.isoformat()]
    for register in registers:
        command += [f"--{register}", files[register]]
    return run([*command, "--out", str(out)])


def _county_cases(settings: Settings) -> Sequence[Case]:
    count, repeats = (300, 1) if settings.quick else (55_000, _REPEATS)
    return [
        Case(
            f"{count}/{registers}",
            {"count": count, "registers": registers, "seed": settings.seeds[0], "repeats": repeats},
        )
        for registers in (["six"] if settings.quick else list(_FILES))
    ]


def _measure_county(scratch: Path, *, count: int, registers: str, seed: int, repeats: int) -> Result:
    files = work("bench.registers:make", out=scratch / "registers", children=count, seed=seed, format="xlsx").result
    runs = []
    for number in range(repeats):
        out = scratch / f"result-{number}"
        ran = _compare(files, _FILES[registers], out)
        runs.append((ran.seconds, ran.peak_mb, json.loads((out / "summary.json").read_text(encoding="utf-8"))))
    return {
        "seconds": statistics.median(seconds for seconds, _, _ in runs),
        "peak_mb": max(peak for _, peak, _ in runs),
        "runs": [seconds for seconds, _, _ in runs],
        "file_mb": sum(Path(files[register]).stat().st_size for register in _FILES[registers]) / 1e6,
        "steps": sorted(runs, key=lambda one: one[0])[len(runs) // 2][2]["seconds"],
    }


def _elsewhere_cases(settings: Settings) -> Sequence[Case]:
    count, rows = (300, 2_000) if settings.quick else (20_000, 10_000_000)
    return [Case(f"{count}/{rows}", {"count": count, "rows": rows, "seed": settings.seeds[0]})]


def _measure_elsewhere(scratch: Path, *, count: int, rows: int, seed: int) -> Result:
    made = work("bench.registers:make", out=scratch / "registers", children=count, seed=seed, elsewhere_rows=rows)
    files = made.result
    ran = _compare(files, _FILES["six"], scratch / "result")
    summary = json.loads((scratch / "result" / "summary.json").read_text(encoding="utf-8"))
    return {
        "rows": rows,
        "seconds": ran.seconds,
        "peak_mb": ran.peak_mb,
        "steps": summary["seconds"],
        "file_mb": Path(files[Register.ELSEWHERE]).stat().st_size / 1e6,
        **_found_elsewhere(files, scratch / "result" / "findings.csv"),
    }


def _found_elsewhere(files: Mapping[str, str], findings: Path) -> Result:
    """Of the county's children whose schooling is elsewhere: how many were found there, and how many were mistaken."""
    of_row = child_of_row(Path(files["truth"]))
    truth = children(Path(files["truth_children"]))
    recorded = set(of_row[Register.ELSEWHERE].tolist()) - {0}
    there = {child for child in recorded if truth[child]["status"] == "enrolled_elsewhere"}
    found, wrong = set(), 0
    with findings.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["kind"] != FindingKind.ENROLLED_ELSEWHERE or not line["elsewhere_row"] or not line["household_row"]:
                continue
            here = int(of_row[Register.HOUSEHOLD][int(line["household_row"])])
            if here and here == int(of_row[Register.ELSEWHERE][int(line["elsewhere_row"])]):
                found.add(here)
            else:
                wrong += 1
    return {"there": len(there), "found": len(found & there), "wrong": wrong}


def _start_cases(settings: Settings) -> Sequence[Case]:
    return [Case("help", {"times": 3 if settings.quick else _STARTS})]


def _measure_start(scratch: Path, *, times: int) -> Result:
    runs = [run([plain_python(), "-m", "baoxue", "--help"]).seconds for _ in range(times)]
    return {"seconds": statistics.median(runs), "runs": runs}


COUNTY_PART = Part("county", "one county, workbooks in, findings and ledgers out", _county_cases, _measure_county)
ELSEWHERE = Part("elsewhere", "one county against ten million records elsewhere", _elsewhere_cases, _measure_elsewhere)
START = Part("start", "the command starts", _start_cases, _measure_start)
