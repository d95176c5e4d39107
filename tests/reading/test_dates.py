"""Dates in every form people write."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.policy.registers import Register
from baoxue.reading.dates import DayOrder, day_order_of, read_date

MAY_6 = date(2014, 5, 6)
FORMS = [
    *("2014-05-06", "2014/5/6", "2014.5.6", "2014.05.06", "20140506", "2014年5月6日", "2014年05月06号", " 2014-5-6 "),
    *(
        "2014－05－06",
        "２０１４年５月６日",
        "2014、5、6",
        "2014 5 6",
        "2014 05 06",
        "14.5.6",
        "140506",
        "14-05-06",
        "2014年5月6",
    ),
    *(
        "二〇一四年五月六日",
        "二零一四年五月六日",
        "二○一四年五月六号",
        "5/6/2014",
        "5-6-2014",
        "06-May-2014",
        "6 May 2014",
    ),
    *(
        "May 6, 2014",
        "2014-05-06 00:00:00",
        "2014/5/6 0:00",
        "2014-05-06T08:30:00Z",
        "20140506000000",
        "41765",
        "'2014-05-06",
    ),
    *("2014.5.6.", "2014\\5\\6", "2014年 5月 6日", "2014-05-06　", "2014,5,6", "2014_05_06"),
]


@pytest.mark.parametrize("written", FORMS)
def test_one_day_in_every_form(written: str) -> None:
    assert read_date(written).day == MAY_6


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("二〇一四年十二月二十六日", date(2014, 12, 26)),
        ("二〇一四年十月十日", date(2014, 10, 10)),
        ("二〇一四年十一月三十日", date(2014, 11, 30)),
        ("一九九八年正月初一", None),
        ("农历2014年四月初八", None),
    ],
)
def test_numbers_in_characters(written: str, day: date | None) -> None:
    assert read_date(written).day == day


@pytest.mark.parametrize(
    "written", ["2014-5", "2014年5月", "2014.05", "201405", "2014/05", "14年5月", "二〇一四年五月"]
)
def test_a_month_is_kept_as_a_month(written: str) -> None:
    found = read_date(written)
    assert (found.day, found.month, found.problem) == (None, 201405, None)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("2014-13-45", "没有这一天"),
        ("2014-02-30", "没有这一天"),
        ("20141332", "没有这一天"),
        ("1804-05-06", "年份不合常理"),
        ("9914-05-06", "年份不合常理"),
        ("2014", "只有年份"),
        ("五月", "不是能识别的日期"),
        ("大约十岁", "不是能识别的日期"),
        ("999999999", "不是能识别的日期"),
        ("2014年腊月初八", "农历日期，不能换算"),
    ],
)
def test_what_is_no_date_says_why(written: str, problem: str) -> None:
    found = read_date(written)
    assert (found.day, found.problem) == (None, problem)


def test_serials_of_old_macintosh_workbooks_count_from_1904() -> None:
    assert read_date("40303", number=True, date_1904=True).day == MAY_6


def test_a_number_cell_has_lost_the_zero_of_october() -> None:
    assert read_date("2014.1", number=True).problem is not None
    assert read_date("2014.1").month == 201401


@pytest.mark.parametrize(
    ("texts", "order", "unsure"),
    [
        (["6/5/2014", "25/12/2013"], DayOrder.DAY_FIRST, False),
        (["6/5/2014", "12/25/2013"], DayOrder.MONTH_FIRST, False),
        (["6/5/2014", "7/8/2013"], DayOrder.MONTH_FIRST, True),
        (["2014-05-06"], DayOrder.MONTH_FIRST, False),
        (["6/6/2014"], DayOrder.MONTH_FIRST, False),
    ],
)
def test_a_column_proves_its_order_of_day_and_month(texts: list[str], order: DayOrder, unsure: bool) -> None:
    assert day_order_of(texts) == (order, unsure)


def test_an_order_proved_by_one_line_holds_for_the_whole_column(read_grid: Any) -> None:
    grid = [["姓名", "出生日期"], ["李明", "6/5/2014"], ["王芳", "25/12/2013"]]
    reading = read_grid(Register.HOUSEHOLD, grid)
    assert reading.column("birth_date") == [MAY_6, date(2013, 12, 25)]
    assert any("日/月/年" in warning for warning in reading.report.warnings)


def test_an_order_that_cannot_be_known_is_said(read_grid: Any) -> None:
    reading = read_grid(Register.HOUSEHOLD, [["姓名", "出生日期"], ["李明", "5/6/2014"], ["王芳", "7/8/2013"]])
    assert any("分不清月和日" in warning for warning in reading.report.warnings)


def test_date_cells_serials_and_texts_of_one_column_agree(read_grid: Any) -> None:
    grid = [["姓名", "出生日期"], ["李明", MAY_6], ["王芳", 41765], ["张伟", "2014年5月6日"], ["赵强", 20140506]]
    reading = read_grid(Register.HOUSEHOLD, grid)
    assert reading.column("birth_date") == [MAY_6] * 4
    assert reading.report.columns[1].changed == {"date_form": 2, "serial": 1}


def test_a_date_that_cannot_be_used_leaves_the_row_and_is_listed(read_grid: Any) -> None:
    reading = read_grid(Register.HOUSEHOLD, [["姓名", "出生日期"], ["李明", "2014-13-45"]])
    (cell,) = reading.report.columns[1].examples
    assert (reading.row["birth_date"], reading.row["name"]) == (None, "李明")
    assert (cell.line, cell.row, cell.value_masked, cell.reason) == (2, 1, "2014******", "没有这一天")


@given(
    st.dates(date(1930, 1, 1), date(2030, 12, 31)),
    st.sampled_from(["{0}-{1:02}-{2:02}", "{0}/{1}/{2}", "{0}年{1}月{2}日", "{0}{1:02}{2:02}", "{0}.{1}.{2}"]),
)
def test_what_is_written_is_what_is_read(day: date, form: str) -> None:
    assert read_date(form.format(day.year, day.month, day.day)).day == day


@given(st.integers(8_000, 60_000))
def test_every_serial_is_its_day(serial: int) -> None:
    assert read_date(str(serial)).day == date(1899, 12, 30) + timedelta(days=serial)


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_a_problem_but_no_failure(text: str) -> None:
    found = read_date(text)
    assert (found.month is None) == (found.problem is not None)
