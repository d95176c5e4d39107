"""The CSV files: rows in a fixed order, text that no spreadsheet runs, nothing lost on the way."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baoxue.matching.output import RunFacts, write_outputs
from baoxue.matching.output.tables import guarded, write_findings, write_links, write_rejects
from baoxue.policy.registers import Register
from baoxue.reading.report import ReadReport, Reject

FINDINGS_HEADER = (
    "finding_id,kind,decision,confidence,household_row,student_row,roll_row,poverty_row,name,sex,birth_date,id_number,"
    "stage,school_code,poverty_household,special_groups,differs,reason,elsewhere_row"
)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("links.csv", "left,left_row,right,right_row,decision,confidence,method"),
        ("findings.csv", FINDINGS_HEADER),
        ("rejects.csv", "register,file,sheet,line,column,value_masked,reason"),
    ],
)
def test_a_file_begins_with_its_header_without_a_byte_order_mark(result: Path, name: str, header: str) -> None:
    assert (result / name).read_bytes().startswith(header.encode() + b"\n")


@pytest.mark.parametrize("name", ["links.csv", "findings.csv"])
def test_a_line_ends_with_a_line_feed_alone(result: Path, name: str) -> None:
    assert b"\r" not in (result / name).read_bytes()


@pytest.mark.parametrize("name", ["links.csv", "findings.csv", "rejects.csv", "ledgers.xlsx"])
def test_the_same_county_in_another_order_of_rows_gives_the_same_bytes(
    result: Path,
    county_backwards: duckdb.DuckDBPyConnection,
    facts: RunFacts,
    reports: dict[Register, ReadReport],
    tmp_path: Path,
    name: str,
) -> None:
    again = tmp_path / "again"
    write_outputs(county_backwards, facts=facts, reports=reports, out=again)
    assert (result / name).read_bytes() == (again / name).read_bytes()


def test_links_stand_by_pair_of_registers_and_row(result: Path) -> None:
    places = [(row[0], row[2], int(row[1])) for row in rows_of(result / "links.csv")[1:]]
    assert places[:2] == [("household", "student", 1), ("household", "student", 2)]
    assert places[8:10] == [("household", "student", 13), ("student", "roll", 1)]


def test_findings_stand_by_kind_in_the_order_of_the_kinds(result: Path) -> None:
    ids = [row[0] for row in rows_of(result / "findings.csv")[1:]]
    assert ids == ["f09", "f10", "f12", "f13", "f11", "f14", "f16", "f17", "f18", "f15"]


def test_a_confidence_has_at_most_six_decimals(result: Path) -> None:
    assert rows_of(result / "links.csv")[1][5] == "0.999512"


def test_what_is_not_known_is_an_empty_field(result: Path) -> None:
    unknown = dict(zip(FINDINGS_HEADER.split(","), rows_of(result / "findings.csv")[7], strict=True))
    assert (unknown["finding_id"], unknown["birth_date"], unknown["stage"]) == ("f16", "", "")
    assert (unknown["household_row"], unknown["poverty_household"]) == ("", "0")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86 138", "'+86 138"),
        ("-两册不同", "'-两册不同"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("李明", "李明"),
        ("1=1", "1=1"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str | None, written: str) -> None:
    assert guarded(text) == written


def test_no_field_of_any_file_begins_like_a_formula(result: Path) -> None:
    fields = [
        field for name in ("links", "findings", "rejects") for row in rows_of(result / f"{name}.csv") for field in row
    ]
    assert [field for field in fields if field.startswith(("=", "+", "-", "@"))] == []
    assert "'=cmd|' /C calc'!A0" in fields
    assert "'=model" in fields
    assert "'=H*" in fields


def test_rejects_stand_by_register_with_file_sheet_and_line(result: Path) -> None:
    assert rows_of(result / "rejects.csv")[1:] == [
        ["household", "户籍.xlsx", "Sheet1", "14", "姓名", "'=H*", "没有姓名"],
        ["household", "户籍.xlsx", "", "15", "姓名", "", '姓名里\n有换行, 和“引号"'],
        ["roll", "在校.xlsx", "一年级", "3", "姓名", "", "没有姓名"],
    ]


def test_no_whole_identity_number_stands_outside_the_ledgers(result: Path, whole_numbers: tuple[str, ...]) -> None:
    names = ("links.csv", "findings.csv", "rejects.csv", "summary.json", "summary.html")
    written = "".join((result / name).read_text(encoding="utf-8") for name in names)
    assert [number for number in whole_numbers if number in written] == []


_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20)
_SLOWLY = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_SLOWLY
@given(texts=st.lists(_TEXTS, max_size=5))
def test_any_text_comes_back_from_a_finding_as_it_was_written(
    nothing: duckdb.DuckDBPyConnection, tmp_path: Path, texts: list[str]
) -> None:
    nothing.execute("DELETE FROM findings")
    nothing.executemany(
        "INSERT INTO findings (finding_id, kind, reason) VALUES (?, 'absent', ?)",
        [(f"{place:03}", text) for place, text in enumerate(texts)] or [("none", None)],
    )
    write_findings(nothing, tmp_path / "findings.csv")
    assert [row[17] for row in rows_of(tmp_path / "findings.csv")[1:]] == [guarded(text) for text in texts or [""]]


@_SLOWLY
@given(text=_TEXTS)
def test_any_text_comes_back_from_a_reject_as_it_was_written(
    reports: dict[Register, ReadReport], tmp_path: Path, text: str
) -> None:
    reports[Register.STUDENT].rejected[:] = [Reject(text, 1, 1, text, text, text)]
    write_rejects({Register.STUDENT: reports[Register.STUDENT]}, tmp_path / "rejects.csv")
    [_, row] = rows_of(tmp_path / "rejects.csv")
    assert [row[2], *row[4:]] == [guarded(text)] * 4


def test_an_empty_county_gives_files_with_a_header_alone(nothing: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert write_links(nothing, tmp_path / "links.csv") == 0
    assert write_findings(nothing, tmp_path / "findings.csv") == 0
    assert (tmp_path / "findings.csv").read_text(encoding="utf-8") == FINDINGS_HEADER + "\n"
