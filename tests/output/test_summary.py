"""summary.json and the meeting of the registers: every figure is the count of rows that can be pointed at."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from baoxue.matching.output import RunFacts
from baoxue.matching.output.meeting import Combination, meeting
from baoxue.matching.output.summary import summary_of
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register
from baoxue.reading.report import ReadReport


@pytest.fixture(scope="module")
def summary(result: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def findings(result: Path) -> list[dict[str, str]]:
    with (result / "findings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("total", "column"), [("by_kind", "kind"), ("by_stage", "stage")])
def test_a_count_of_findings_is_the_number_of_rows_in_the_file(
    summary: dict[str, Any], findings: list[dict[str, str]], total: str, column: str
) -> None:
    counted = {code: split["total"] for code, split in summary["findings"][total].items() if split["total"]}
    assert counted == Counter(row[column] or "outside" for row in findings)


def test_findings_by_decision_and_in_all_are_the_rows_in_the_file(
    summary: dict[str, Any], findings: list[dict[str, str]]
) -> None:
    assert summary["findings"]["by_decision"] == Counter(row["decision"] for row in findings)
    assert summary["findings"]["total"] == len(findings) == summary["files"]["findings.csv"]["rows"]


def test_every_kind_is_counted_even_if_there_is_none(summary: dict[str, Any]) -> None:
    assert list(summary["findings"]["by_kind"]) == [kind.value for kind in FindingKind]
    assert summary["findings"]["by_kind"]["deceased_on_roll"] == {
        "total": 0, "auto": 0, "review": 0, "poverty_household": 0,
    }  # fmt: skip


def test_links_are_counted_by_pair_and_decision_with_the_expected_number_of_wrong_ones(
    summary: dict[str, Any],
) -> None:
    [review] = [link for link in summary["links"] if link["decision"] == "review"]
    assert review == {
        "left": "household", "right": "student", "decision": "review", "count": 1, "expected_wrong": 0.3,
    }  # fmt: skip


def test_a_register_has_its_counts_its_hash_and_its_notes(summary: dict[str, Any]) -> None:
    roll = summary["registers"]["roll"]
    assert (roll["rows"], roll["accepted"], roll["rejected"]) == (15, 14, 1)
    assert len(roll["sha256"]) == 64
    assert roll["columns"][1]["unusable"] == 1


def test_a_register_that_was_not_given_is_null(
    county: duckdb.DuckDBPyConnection, facts: RunFacts, reports: dict[Register, ReadReport]
) -> None:
    del reports[Register.ELSEWHERE]
    assert summary_of(county, facts, reports)["registers"]["elsewhere"] is None


def test_the_summary_tells_when_for_which_day_and_with_what(summary: dict[str, Any]) -> None:
    assert (summary["as_of"], summary["school_year"], summary["ages"]) == ("2025-09-20", 2025, {"from": 6, "to": 14})
    assert summary["finished"] == "2025-10-12T17:14:00+08:00"
    assert summary["versions"] == {"baoxue": "0.1.0", "rules": "2025.3"}
    assert list(summary["seconds"]) == ["reading", "comparing", "tables", "ledgers"]


def test_the_summary_counts_the_rows_of_the_ledgers(summary: dict[str, Any]) -> None:
    assert summary["ledgers"] == {"适龄儿童台账": 19, "疑似辍学学生台账": 4, "辍学学生台账": 0}


def test_the_summary_names_no_child(result: Path) -> None:
    text = (result / "summary.json").read_text(encoding="utf-8")
    assert [name for name in ("龙小满", "潘㛃", "吴秀英", "杨某某", "13800000000") if name in text] == []


def by_key(connection: duckdb.DuckDBPyConnection) -> dict[str, Combination]:
    return {combination.key: combination for combination in meeting(connection)}


@pytest.mark.parametrize(
    ("key", "children", "waiting"),
    [
        ("111", 9, 1),  # eight in order, one whose name differs
        ("100", 3, 2),  # two never enrolled, one at school elsewhere
        ("110", 2, 2),  # one on no roll, one on it as absent
        ("101", 1, 1),
        ("011", 2, 1),  # one sure to have no household here: nothing to do; one of unknown age, in a grade
        ("000", 1, 1),  # in the poverty list alone: nobody knows where
    ],
)
def test_a_combination_has_its_children_and_those_who_wait(
    county: duckdb.DuckDBPyConnection, key: str, children: int, waiting: int
) -> None:
    combination = by_key(county)[key]
    assert (combination.children, combination.waiting) == (children, waiting)


def test_the_picture_and_the_ledger_count_the_same_children(
    county: duckdb.DuckDBPyConnection, summary: dict[str, Any]
) -> None:
    assert sum(combination.children for combination in meeting(county)) == summary["ledgers"]["适龄儿童台账"]


def test_who_is_of_unknown_age_in_no_grade_and_no_finding_is_not_counted(county: duckdb.DuckDBPyConnection) -> None:
    before = sum(combination.children for combination in meeting(county))
    county.execute("begin")
    try:
        county.execute(
            "insert into children (child, household_row, needs_review, poverty_household) values (99, 1, false, false)"
        )
        assert sum(combination.children for combination in meeting(county)) == before
        county.execute("update children set finding_kinds = 'never_enrolled' where child = 99")
        assert sum(combination.children for combination in meeting(county)) == before + 1
    finally:
        county.execute("rollback")


def test_who_is_marked_away_on_the_roll_is_not_at_school(county: duckdb.DuckDBPyConnection) -> None:
    assert by_key(county)["110"].away == 1


def test_a_child_who_may_be_at_school_elsewhere_waits(county: duckdb.DuckDBPyConnection) -> None:
    county.execute("UPDATE children SET needs_review = true WHERE child = 11")
    assert (by_key(county)["100"].waiting, by_key(county)["100"].elsewhere) == (3, 0)


def test_a_child_who_moved_out_is_settled_and_said_to_be(county: duckdb.DuckDBPyConnection) -> None:
    county.execute("UPDATE children SET schooling_status = '15', finding_kinds = NULL WHERE child = 9")
    assert (by_key(county)["100"].waiting, by_key(county)["100"].moved_out) == (1, 1)


def test_one_who_died_but_is_still_enrolled_waits(county: duckdb.DuckDBPyConnection) -> None:
    county.execute("UPDATE children SET finding_kinds = 'deceased_on_roll' WHERE child = 16")
    assert (by_key(county)["100"].children, by_key(county)["100"].waiting) == (4, 3)
