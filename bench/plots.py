"""The plots of the page, as SVG that stays the same for the same results."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.figures import Results, by_size_and_errors, calibration, results_of

_COLOURS = {"baoxue": "#1b6ca8", "splink": "#c8553d", "rule_of_thumb": "#8a8a8a", "plain": "#c8553d"}


def draw(parts: Mapping[str, Results], folder: Path) -> None:
    """Draw what was measured into the folder."""
    mpl.rcParams.update({"svg.hashsalt": "baoxue", "svg.fonttype": "none", "font.size": 9, "axes.grid": True})
    if results_of(parts, "exact"):
        _save(_growth(parts), folder / "benchmarks-growth.svg")
    if any("splink" in case for case in results_of(parts, "links")):
        _save(_links(parts), folder / "benchmarks-links.svg")
    if results_of(parts, "imports"):
        _save(_imports(parts), folder / "benchmarks-imports.svg")
    if results_of(parts, "ledgers"):
        _save(_ledgers(parts), folder / "benchmarks-ledgers.svg")
    if results_of(parts, "findings"):
        _save(_reliability(parts), folder / "benchmarks-calibration.svg")


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")


def _growth(parts: Mapping[str, Results]) -> Figure:
    cases = [*results_of(parts, "exact"), *results_of(parts, "nation")]
    rows = [case["rows"] / 1e6 for case in cases]
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name, label in (("baoxue", "baoxue, limit 1500 MB"), ("plain", "plain DuckDB join, no limit")):
        colour = _COLOURS[name]
        left.plot(rows, [case[f"{name}_seconds"] for case in cases], "o-", color=colour, label=label)
        right.plot(rows, [case[f"{name}_peak_mb"] / 1000 for case in cases], "o-", color=colour, label=label)
    left.set(xscale="log", yscale="log", xlabel="million rows a register", ylabel="seconds")
    right.set(xscale="log", xlabel="million rows a register", ylabel="GB at the peak", ylim=(0, None))
    left.legend(frameon=False)
    return figure


def _imports(parts: Mapping[str, Results]) -> Figure:
    cases = results_of(parts, "imports")
    figure = Figure(figsize=(4.6, 3.2), layout="constrained")
    axes: Axes = figure.subplots()
    rows = [case["rows_read"] / 1000 for case in cases]
    axes.plot(rows, [case["seconds"] for case in cases], "o-", color=_COLOURS["baoxue"], label="drop to confirmed")
    axes.plot(
        rows, [case["steps"]["read"] for case in cases], "o--", color=_COLOURS["splink"], label="read and compared"
    )
    axes.set(xlabel="thousand rows", ylabel="seconds", ylim=(0, None), xlim=(0, None))
    axes.legend(frameon=False)
    return figure


def _ledgers(parts: Mapping[str, Results]) -> Figure:
    cases = results_of(parts, "ledgers")
    figure = Figure(figsize=(4.6, 3.2), layout="constrained")
    axes: Axes = figure.subplots()
    children = [case["children"] / 1000 for case in cases]
    for name, label, colour, line in (
        ("ledger", "ledger", "baoxue", "-"), ("ledger_last_term", "ledger as of last term", "baoxue", "--"),
        ("search", "search", "splink", "-"), ("child", "a child's page", "rule_of_thumb", "-"),
    ):  # fmt: skip
        axes.plot(children, [case[name]["median"] for case in cases], f"o{line}", color=_COLOURS[colour], label=label)
    axes.set(xlabel="thousand children in the county", ylabel="milliseconds, median", xscale="log", ylim=(0, None))
    axes.legend(frameon=False)
    return figure


def _links(parts: Mapping[str, Results]) -> Figure:
    groups = by_size_and_errors(results_of(parts, "links"))
    figure = Figure(figsize=(2.6 * len(groups) + 1, 5.4), layout="constrained")
    axes = figure.subplots(2, len(groups), squeeze=False)
    for place, ((children, errors), cases) in enumerate(groups.items()):
        for row, (error, label) in enumerate((("f1", "1 − F1"), ("recall_at_999", "1 − recall at 99.9 %"))):
            of_axes: Axes = axes[row][place]
            for name in ("baoxue", "splink"):
                values = [(1 - case[name][error]) * 1e5 for case in cases if name in case]
                of_axes.plot(range(1, len(values) + 1), values, "o", color=_COLOURS[name], label=name)
            of_axes.set(ylim=(0, None), xticks=range(1, len(cases) + 1))
            if not row:
                of_axes.set_title(f"{children:,} children, errors × {errors:g}")
            if not place:
                of_axes.set_ylabel(f"{label}, in 100,000")
    axes[0][0].legend(frameon=False)
    axes[1][0].set_xlabel("seed")
    return figure


def _reliability(parts: Mapping[str, Results]) -> Figure:
    bins, _ = calibration(results_of(parts, "findings"), ("model",))
    figure = Figure(figsize=(4.4, 4.2))
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1)
    for one in bins:
        # Two standard errors of a share among so many pairs.
        spread = 2 * (one.true * (1 - one.true) / one.pairs) ** 0.5
        axes.errorbar(one.confidence, one.true, spread, fmt="o", color=_COLOURS["baoxue"], capsize=2)
        axes.annotate(f"{one.pairs:,}", (one.confidence, one.true), (5, -9), textcoords="offset points", fontsize=7)
    axes.set(xlabel="confidence", ylabel="share that is one child", xlim=(0, 1.03), ylim=(0, 1.03))
    return figure
