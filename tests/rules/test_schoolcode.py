"""学校(机构)标识码."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.schoolcode import is_school_code, school_code_of


@pytest.mark.parametrize(
    "written",
    [
        "3152000123",
        "3152000123.0",
        " 3152000123 ",
        "'3152000123",
        "３１５２０００１２３",
        "31 5200 0123",
        "3152000123.00",
    ],
)
def test_a_school_code_is_ten_digits_however_the_cell_holds_them(written: str) -> None:
    assert school_code_of(written) == "3152000123"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "无",
        "315200012",
        "31520001234",
        "0152000123",
        "13800000000",
        "3152000123.5",
        "31520A0123",
        "3.152E+09",
        "第一小学",
    ],
)
def test_anything_else_is_no_school_code(written: str) -> None:
    assert school_code_of(written) is None


@given(st.from_regex(r"[1-9][0-9]{9}", fullmatch=True))
def test_a_code_from_a_number_cell_is_the_code_from_a_text_cell(code: str) -> None:
    assert is_school_code(code)
    assert school_code_of(str(float(code))) == school_code_of(code) == code


@given(st.text(max_size=14))
def test_a_code_read_from_any_cell_has_the_form_of_one(text: str) -> None:
    code = school_code_of(text)
    assert code is None or is_school_code(code)
