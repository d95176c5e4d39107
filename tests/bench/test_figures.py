"""How figures are drawn from results."""

from __future__ import annotations

import math
from typing import Any

import pytest
from bench.figures import calibration, figures, worst_ratio
from bench.findings import BINS


def _seed(ours: float, theirs: float, seconds: float = 1.0) -> dict[str, Any]:
    return {
        "baoxue": {"f1": 1 - ours, "recall_at_999": 1 - ours, "seconds": seconds},
        "splink": {"f1": 1 - theirs, "recall_at_999": 1 - theirs, "seconds": 4.0},
    }


@pytest.mark.parametrize(
    ("seeds", "ratio"),
    [
        ([_seed(0.001, 0.004), _seed(0.001, 0.002)], 0.5),
        ([_seed(0.0, 0.0)], 0.0),
        ([_seed(0.001, 0.0), _seed(0.0, 0.001)], math.inf),
    ],
    ids=["the worst seed decides", "no errors at all", "errors where Splink makes none"],
)
def test_errors_are_compared_seed_by_seed(seeds: list[dict[str, Any]], ratio: float) -> None:
    assert worst_ratio(seeds, "f1") == pytest.approx(ratio)


def test_speed_is_that_of_the_seed_where_we_are_slowest() -> None:
    cases = {
        str(seed): {"arguments": {"children": 20_000, "errors": 1.0}, "result": result}
        for seed, result in enumerate([_seed(0.001, 0.004, 1.0), _seed(0.001, 0.004, 2.0)])
    }
    speed, *errors = figures({"links": {"cases": cases}})
    assert (speed.measured, speed.reached) == ("2.0 ×", False)
    assert [figure.reached for figure in errors] == [True, True]


def test_bins_of_all_counties_are_added_up_and_empty_ones_left_out() -> None:
    place = BINS.index(0.9)
    sums: dict[str, Any] = {name: [0] * len(BINS) for name in ("pairs", "confidence", "true")}
    county: dict[str, Any] = {**{name: list(values) for name, values in sums.items()}, "squares": 0.9}
    county["pairs"][place], county["confidence"][place], county["true"][place] = 10, 9.25, 9
    bins, brier = calibration([{"calibration": {"model": county}}] * 2, ("model", "exact"))
    assert [(one.low, one.high, one.pairs, one.confidence, one.true) for one in bins] == [(0.9, 0.95, 20, 0.925, 0.9)]
    assert brier == pytest.approx(0.09)
