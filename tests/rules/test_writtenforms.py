"""Folding of what people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.writtenforms import fold, folded_keys


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ａ１２（三）", "A12(三)"),
        (" 王 小\u3000明\t", "王小明"),
        ("\ufeff张三\u200b", "张三"),
        ("g12x", "G12X"),
        ("①", "1"),
        ("", ""),
    ],
)
def test_one_word_has_one_form(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text(alphabet=" \t\n\u3000\u00a0\u200b\ufeff"))
def test_spaces_and_invisible_marks_around_a_text_do_not_count(text: str, spaces: str) -> None:
    assert fold(spaces + text + spaces) == fold(text)


def test_forms_are_found_in_their_folded_shape() -> None:
    assert folded_keys({1: "ｙes 是", 2: "no"}) == {"YES": 1, "是": 1, "NO": 2}


def test_a_form_with_two_meanings_is_refused() -> None:
    with pytest.raises(ValueError, match="two meanings"):
        folded_keys({1: "ok", 2: "ＯＫ"})
