"""Identity numbers: what a number cell has lost is known, and the fast lane says what the rules say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.idnumber import IdState, IdType, check_digit, classify
from baoxue.policy.registers import Register
from baoxue.reading.cells import Cells
from baoxue.reading.distinct import Tally
from baoxue.reading.identity import plainly_valid, read_numbers

ID = "990000201405060010"


def one(text: str, *, number: bool = False, kind: str | None = None) -> tuple[Any, Any, Any]:
    cells = Cells(pa.array([text]), np.array([True]) if number else None)
    read = read_numbers(cells, None if kind is None else pa.array([kind]), Tally())
    return read.number[0].as_py(), read.state[0].as_py(), read.type[0].as_py()


@pytest.mark.parametrize(
    ("text", "number", "state"),
    [
        (ID, ID, "valid"),
        (" 990000 20140506 0010 ", ID, "valid"),
        (f'="{ID}"', ID, "valid"),
        ("９９００００２０１４０５０６００１０", ID, "valid"),
        ("990000201405060014", "990000201405060014", "bad_check"),
        ("990000201405060000", "990000201405060000", "truncated"),
        ("5.22626E+17", "522626000000000000", "truncated"),
        ("990000140506001", "990000140506001", "fifteen"),
        ("99000020140506", "99000020140506", "malformed"),
        ("H12345678", "H12345678", "other"),
        ("", None, None),
        ("无", None, None),
    ],
)
def test_a_number_gets_its_state(text: str, number: str | None, state: str | None) -> None:
    assert one(text)[:2] == (number, state)


def test_a_number_cell_is_never_a_valid_number(read_grid: Any) -> None:
    row = read_grid(Register.HOUSEHOLD, [["姓名", "身份证号"], ["李明", int(ID)], ["王芳", ID]]).rows[0]
    assert (row["id_number"], row["id_state"]) == ("990000201405060000", "truncated")


def test_what_is_kept_of_a_number_cell_never_passes_for_a_number_later() -> None:
    number, state, _ = one(ID, number=True)
    again = classify(number)
    assert state == "truncated"
    assert again is not None
    assert again.state is IdState.TRUNCATED


def test_the_report_warns_of_numbers_that_lost_their_end(read_grid: Any) -> None:
    report = read_grid(Register.HOUSEHOLD, [["姓名", "身份证号"], ["李明", int(ID)]]).report
    assert any("1 个证件号" in warning and "末尾几位已丢失" in warning for warning in report.warnings)


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        (ID, None, "resident"),
        ("E12345678", "passport", "passport"),
        ("12345678", "tw_permit", "tw_permit"),
        ("", "passport", "passport"),
        ("810000201405060017", None, "hmt_residence"),
    ],
)
def test_the_kind_of_document_is_by_its_column_else_by_the_form(text: str, kind: str | None, found: str) -> None:
    assert one(text, kind=kind)[2] == found


def digits_of(number: tuple[str, str, str, bool]) -> str:
    place, birth, sequence, right = number
    first = place + birth + sequence
    check = check_digit(first)
    return first + (check if right else "X" if check != "X" else "0")


NUMBERS = st.tuples(
    st.sampled_from(["522626", "990000", "810000", "952626", "000000"]),
    st.sampled_from(["20140506", "20140230", "20160229", "20150229", "19000101", "18991231", "21000101", "20141301"]),
    st.sampled_from(["000", "001", "100", "999"]),
    st.booleans(),
).map(digits_of)


@given(st.lists(st.one_of(NUMBERS, st.text(max_size=20), st.none()), max_size=30), st.integers(0, 3))
def test_the_fast_lane_says_valid_only_where_the_rules_say_it(texts: list[str | None], skip: int) -> None:
    plain = [None if text is None else text.encode("utf-8", "ignore").decode() for text in texts]
    array = pa.array(plain, pa.string()).slice(skip)
    fast = plainly_valid(array)
    judged = [classify(text or "") for text, ready in zip(plain[skip:], fast, strict=True) if ready]
    assert [(found.state, found.type, found.number) for found in judged if found] == [
        (IdState.VALID, IdType.RESIDENT, text) for text, ready in zip(plain[skip:], fast, strict=True) if ready
    ]


def test_the_fast_lane_takes_ordinary_numbers() -> None:
    ordinary = [digits_of(("522626", f"2014050{day}", f"{day}11", True)) for day in range(1, 9)]
    assert plainly_valid(pa.array(ordinary)).all()
