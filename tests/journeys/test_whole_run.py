"""From the registers of a small county to its findings, in every format a register comes in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from baoxue.matching.output import FILES
from baoxue.policy.registers import Register

from .conftest import Journey, rows_of, run

FORMATS = ("xlsx", "csv", "parquet")


@pytest.fixture(params=FORMATS)
def journey(request: pytest.FixtureRequest, journeys: Any) -> Journey:
    """The journey of one format; the run is shared."""
    made: Journey = journeys(request.param)
    return made


@pytest.fixture
def by_csv(journeys: Any) -> Journey:
    """The journey of the plainest format."""
    made: Journey = journeys("csv")
    return made


def test_six_files_come_of_six_registers(journey: Journey) -> None:
    assert {path.name for path in journey.out.iterdir()} == set(FILES)


def test_every_accepted_and_every_rejected_row_is_counted(journey: Journey) -> None:
    rejected = Counter(row["register"] for row in journey.rows("rejects.csv"))
    said = {name: register["rejected"] for name, register in journey.summary["registers"].items()}
    assert said == {register.value: rejected[register.value] for register in Register}
    assert all(told["accepted"] + told["rejected"] == told["rows"] for told in journey.summary["registers"].values())


def test_every_row_written_was_read(journey: Journey) -> None:
    written = Counter(row["register"] for row in journey.truth("truth"))
    assert {name: register["rows"] for name, register in journey.summary["registers"].items()} == written


def test_the_files_have_the_rows_that_the_summary_says(journey: Journey) -> None:
    said = {name: told["rows"] for name, told in journey.summary["files"].items() if "rows" in told}
    assert said == {name: len(journey.rows(name)) for name in ("links.csv", "findings.csv", "rejects.csv")}


def test_every_number_of_findings_is_the_rows_behind_it(journey: Journey) -> None:
    rows, told = journey.rows("findings.csv"), journey.summary["findings"]
    cells = Counter((row["kind"], row["decision"], row["stage"] or "outside") for row in rows)
    assert {(cell["kind"], cell["decision"], cell["stage"]): cell["count"] for cell in told["cells"]} == cells
    assert told["total"] == len(rows)
    assert told["poverty_household"] == sum(row["poverty_household"] == "1" for row in rows)
    kinds = Counter(row["kind"] for row in rows)
    assert {kind: split["total"] for kind, split in told["by_kind"].items() if split["total"]} == kinds


def test_every_number_of_links_is_the_rows_behind_it(journey: Journey) -> None:
    rows = Counter((row["left"], row["right"], row["decision"]) for row in journey.rows("links.csv"))
    assert {(told["left"], told["right"], told["decision"]): told["count"] for told in journey.summary["links"]} == rows


def _ledger_rows(journey: Journey) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of each ledger under its header, in the fourth line; who has no name is a blank line or the foot."""
    workbook = openpyxl.load_workbook(journey.out / "ledgers.xlsx", read_only=True)
    return {sheet.title: [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[1]] for sheet in workbook}


def test_the_ledgers_have_the_rows_that_the_summary_says(journey: Journey) -> None:
    told = journey.summary["ledgers"]
    assert {title: len(rows) for title, rows in _ledger_rows(journey).items()} == told
    assert told["辍学学生台账"] == 0


def test_every_suspected_dropout_of_the_ledger_is_a_finding(journey: Journey) -> None:
    asked = {row["finding_id"] for row in journey.rows("findings.csv") if row["kind"] in ("never_enrolled", "absent")}
    assert {row[0] for row in _ledger_rows(journey)["疑似辍学学生台账"]} == asked


def test_no_more_children_are_counted_than_there_are(journey: Journey) -> None:
    told = journey.summary["children"]
    assert sum(told["by_schooling_status"].values()) <= told["school_age"] <= told["all"]
    assert told["needs_review"] <= told["all"]
    true = {row["child"] for row in journey.truth("truth_children") if row["school_age"] == "1"}
    assert told["school_age"] == pytest.approx(len(true), rel=0.05)


def test_every_child_out_of_school_stands_in_a_line_that_asks_after_it(journey: Journey) -> None:
    out = {
        row["child"]
        for row in journey.truth("truth_children")
        if row["status"] in ("never_enrolled", "dropped_out") and row["school_age"] == "1" and row["local"] == "1"
    }
    child_of = {(row["register"], row["row"]): row["child"] for row in journey.truth("truth")}
    asked = {
        child_of.get((register, row[f"{register}_row"]))
        for row in journey.rows("findings.csv")
        if row["kind"] in ("never_enrolled", "absent")
        for register in ("household", "student", "roll", "poverty")
    }
    assert len(out) >= 2
    assert out <= asked


def test_the_formats_tell_the_same(journeys: Any) -> None:
    """The three formats hold one county: the same rows are the same children."""
    links = {name: journeys(name).rows("links.csv") for name in FORMATS}
    assert links["xlsx"] == links["csv"] == links["parquet"]


@pytest.mark.parametrize("column", ["left_row", "right_row"])
def test_no_row_is_linked_twice(journey: Journey, column: str) -> None:
    """A list may name one child on several lines; nothing else may."""
    counted = Counter(
        (row["left"], row["right"], row[column])
        for row in journey.rows("links.csv")
        if column == "right_row" or row["right"] not in ("poverty", "special")
    )
    assert set(counted.values()) == {1}


def test_no_identity_number_stands_in_what_is_written(by_csv: Journey) -> None:
    numbers = {row["id_number"] for row in by_csv.truth("truth_children")} - {""}
    texts = "".join((by_csv.out / name).read_text(encoding="utf-8") for name in FILES if not name.endswith("xlsx"))
    assert not [number for number in numbers if number in texts or number[6:17] in texts]


def test_a_large_extract_from_outside_read_in_two_passes_gives_the_same_links(
    by_csv: Journey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("baoxue.matching.run.LARGE", 0)
    run(by_csv.files, tmp_path / "result")
    told = ("left", "left_row", "right", "right_row", "decision")
    links = [[row[name] for name in told] for row in rows_of(tmp_path / "result" / "links.csv")]
    assert links == [[row[name] for name in told] for row in by_csv.rows("links.csv")]
    assert sum(row[2] == "elsewhere" for row in links) > 10
