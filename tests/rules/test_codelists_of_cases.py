"""The lists a place may add to, and which codes can be added."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.codelists import BASES, LONGEST_CODE, Code, CodeList, base_codes, is_base, is_well_formed


@pytest.mark.parametrize("code_list", CodeList)
def test_every_list_has_its_base_codes_each_meaning_itself(code_list: CodeList) -> None:
    assert base_codes(code_list)
    assert all(code.is_base and BASES[code_list](code.means).label == code.label for code in base_codes(code_list))


@pytest.mark.parametrize("code_list", CodeList)
def test_no_code_that_reads_like_a_base_code_is_taken_for_a_new_one(code_list: CodeList) -> None:
    codes = [code.code for code in base_codes(code_list)]
    assert all(is_base(code_list, written) for code in codes for written in (code, code.lower(), code.upper()))


@pytest.mark.parametrize(
    ("code", "may"),
    [
        ("R03-1", True), ("0301", True), ("a.b_c", True), ("A12345678901", True),
        ("A123456789012", False), ("", False), ("外出", False), ("R 1", False), ("-1", False), ("R1\n", False), ("Ｒ1", False),
    ],
)  # fmt: skip
def test_a_code_is_of_letters_and_digits_twelve_at_most(code: str, may: bool) -> None:
    assert is_well_formed(code) is may


@pytest.mark.parametrize(
    ("code", "written", "choice"),
    [
        (Code("R03", "外出打工", "R03"), "R03", "外出打工（R03）"),
        (Code("money", "资助", "money"), "", "资助"),
        (Code("m1", "爱心午餐", "money"), "m1", "爱心午餐（m1）"),
    ],
)
def test_a_word_of_this_projects_own_is_not_shown_as_a_code(code: Code, written: str, choice: str) -> None:
    assert (code.written, code.choice) == (written, choice)


@given(code=st.text(max_size=20))
def test_a_well_formed_code_is_short_plain_and_stays_as_it_is_written(code: str) -> None:
    plain = code.isascii() and code == code.strip() and 0 < len(code) <= LONGEST_CODE
    assert plain or not is_well_formed(code)
