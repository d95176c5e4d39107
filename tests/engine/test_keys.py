"""Sounds and shapes of names, lunar birthdays: what is computed once per value and handed to the engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunar_python import Solar

from baoxue.matching.keys import NAME_KEYS, alike_characters, lunar_birthdays, name_keys, sound_of


def key(name: str, column: str) -> str:
    [row] = name_keys([name]).to_pylist()
    return str(row[column])


def alike(a: str, b: str) -> bool:
    return {"a": a, "b": b} in alike_characters([a + b]).to_pylist()


def solar(year: int, month: int, day: int) -> date | None:
    rows = lunar_birthdays([date(year, month, day)]).to_pylist()
    return rows[0]["solar"] if rows else None


@pytest.mark.parametrize(
    ("name", "surname", "given_name"),
    [
        ("王芳", "王", "芳"),
        ("王小芳", "王", "小芳"),
        ("欧阳天佑", "欧阳", "天佑"),
        ("欧阳天", "欧阳", "天"),
        ("欧阳", "欧", "阳"),  # two characters: a surname and a given name
        ("司马相如", "司马", "相如"),
        ("石", "石", ""),
        ("阿依努尔·买买提明", "阿依努尔", "买买提明"),
        ("买买提·阿不都·拉", "买买提", "阿不都·拉"),
    ],
)
def test_a_name_is_a_surname_and_a_given_name(name: str, surname: str, given_name: str) -> None:
    assert key(name, "surname_sound") == " ".join(sound_of(char) for char in surname)
    assert key(name, "given_sound") == " ".join(sound_of(char) for char in given_name)


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("王芳", "wang fang"),
        ("单丽", "shan li"),
        ("曾祥云", "zeng xiang yun"),
        ("解小单", "xie xiao dan"),  # the reading of a surname holds for surnames alone
        ("仇英", "qiu ying"),
        ("覃勇", "qin yong"),
        ("張偉", "zhang wei"),
        ("欧阳天佑", "ou yang tian you"),
        ("A张", "A zhang"),
    ],
)
def test_a_name_is_heard_as_it_is_read(name: str, sound: str) -> None:
    assert key(name, "sound") == sound


@pytest.mark.parametrize(
    ("one", "other"),
    [("林岚", "宁岚"), ("李珊", "李三"), ("张晨", "章成"), ("黄芳", "王芳"), ("胡云", "符云"), ("陈英", "陈音")],
)
def test_sounds_that_the_south_does_not_tell_apart_are_near(one: str, other: str) -> None:
    near = key(one, "near_sound") == key(other, "near_sound")
    assert near == ((one, other) not in {("黄芳", "王芳")})
    assert key(one, "sound") != key(other, "sound")


@pytest.mark.parametrize(
    ("written", "simple"), [("張偉", "张伟"), ("陳龍", "陈龙"), ("葉劉", "叶刘"), ("王芳", "王芳"), ("于謙", "于谦")]
)
def test_traditional_characters_are_made_simple_one_by_one(written: str, simple: str) -> None:
    assert key(written, "simple") == simple


@pytest.mark.parametrize(("a", "b"), [("晨", "辰"), ("芳", "方"), ("伟", "炜"), ("佑", "祐"), ("凤", "风")])
def test_characters_that_share_a_rare_part_look_alike_both_ways(a: str, b: str) -> None:
    assert alike(a, b)
    assert alike(b, a)


@pytest.mark.parametrize(("a", "b"), [("江", "河"), ("芳", "芬"), ("明", "刚"), ("小", "静")])
def test_a_radical_in_common_is_no_likeness(a: str, b: str) -> None:
    assert not alike(a, b)


def test_no_character_is_like_itself_and_other_signs_have_no_shape() -> None:
    pairs = alike_characters(["王芳·A", "王芳"]).to_pylist()
    assert all(pair["a"] != pair["b"] for pair in pairs)
    assert not {pair["a"] for pair in pairs} & {"·", "A"}


def test_keys_of_no_name_are_no_rows() -> None:
    assert name_keys([]).num_rows == 0
    assert name_keys([]).schema == NAME_KEYS
    assert alike_characters([]).num_rows == 0
    assert lunar_birthdays([]).num_rows == 0


def test_every_name_has_one_row_however_long_it_is() -> None:
    names = ["王芳", "阿依努尔·买买提明", "李明", "王芳"]
    assert sorted(name_keys(names).column("name").to_pylist()) == ["李明", "王芳", "阿依努尔·买买提明"]


@pytest.mark.parametrize(
    ("written", "fell_on"),
    [
        ((2014, 4, 8), date(2014, 5, 6)),
        ((2014, 1, 1), date(2014, 1, 31)),  # new year's day
        ((2013, 12, 30), date(2014, 1, 30)),  # the eve
        ((2014, 9, 1), date(2014, 9, 24)),  # the ninth month, not the leap ninth after it
        ((2014, 10, 1), date(2014, 11, 22)),
    ],
)
def test_a_date_can_be_a_day_of_the_lunar_year(written: tuple[int, int, int], fell_on: date) -> None:
    assert solar(*written) == fell_on


@pytest.mark.parametrize("written", [(2014, 3, 30), (2014, 5, 31), (1988, 3, 4), (2051, 1, 2)])
def test_there_is_no_such_lunar_day(written: tuple[int, int, int]) -> None:
    """A month of twenty-nine days, a day no month has, years no pupil is born in."""
    assert solar(*written) is None


@given(st.dates(date(1990, 3, 1), date(2050, 12, 31)))
def test_the_lunar_day_of_a_day_leads_back_to_it(day: date) -> None:
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    year, month, of_month = lunar.getYear(), lunar.getMonth(), lunar.getDay()
    # Leap months are written like the month before them, and the thirtieth of the second month is no date.
    writable = month > 0 and not (month == 2 and of_month > 28) and 1990 <= year <= 2050
    assert not writable or solar(year, month, of_month) == day


def test_lunar_days_run_on_through_a_month() -> None:
    days = [solar(2014, 5, day) for day in range(1, 30)]
    first = days[0]
    assert first is not None
    assert days == [first + timedelta(days=offset) for offset in range(29)]
