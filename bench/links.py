"""Part `links`: household and student register of a whole county, against Splink 4 and the rule of thumb."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from baoxue.policy.registers import Register
from bench.case import Case, Part, Result, Settings
from bench.processes import work
from bench.truth import Links, child_of_row, score

SPLINK = "splink"
LINKERS = {
    "baoxue": "bench.linkers:baoxue",
    SPLINK: "bench.splinklinker:splink",
    "rule_of_thumb": "bench.linkers:rule_of_thumb",
}
ERRORS: tuple[float, ...] = (1.0, 3.0)
_LARGE_SEEDS = 10


def _cases(settings: Settings) -> Sequence[Case]:
    linkers = [name for name in LINKERS if settings.splink or name != SPLINK]
    sizes, all_errors = [(20_000, settings.seeds), (200_000, settings.seeds[:_LARGE_SEEDS])], ERRORS
    if settings.quick:
        sizes, all_errors = [(800, settings.seeds[:1])], ERRORS[-1:]
    return [
        Case(
            f"{children}/{seed}/{errors:g}",
            {"children": children, "seed": seed, "errors": errors, "linkers": linkers},
        )
        for children, seeds in sizes
        for errors in all_errors
        for seed in seeds
    ]


def _measure(scratch: Path, *, children: int, seed: int, errors: float, linkers: list[str]) -> Result:
    files = work(
        "bench.registers:make_canonical", out=scratch / "registers", children=children, seed=seed, errors=errors
    ).result
    of_row = child_of_row(Path(files["truth"]))
    result: Result = {}
    for name in linkers:
        out = scratch / f"{name}.parquet"
        worked = work(
            LINKERS[name],
            python=sys.executable if name == SPLINK else None,
            household=files[Register.HOUSEHOLD],
            student=files[Register.STUDENT],
            out=out,
        )
        table = pq.read_table(out)
        links = Links(*(table.column(column).to_numpy() for column in ("left_row", "right_row", "rank", "counted")))
        result[name] = {
            "seconds": sum(worked.result.values()),
            "steps": worked.result,
            "peak_mb": worked.peak_mb,
            **score(links, of_row[Register.HOUSEHOLD], of_row[Register.STUDENT]).as_json(),
        }
    return result


PART = Part("links", "household and student register linked, against Splink 4", _cases, _measure)
