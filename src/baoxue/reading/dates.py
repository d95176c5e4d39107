"""Dates in every form people write them.

A date of one cell can be read in one way only; where day and month could be swapped (5/6/2014) the whole column
decides, by the values that fit one order only, and else the Chinese order: month before day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from baoxue.policy.idnumber import is_plausible_birth_date
from baoxue.policy.writtenforms import fold
from baoxue.reading.report import Change


class DayOrder(StrEnum):
    """Order of day and month where the year stands last."""

    MONTH_FIRST = "month_first"
    DAY_FIRST = "day_first"


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """What a cell says: a full date, or only its month (yyyymm), or neither and why."""

    day: date | None = None
    month: int | None = None
    change: Change | None = None
    problem: str | None = None


_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SEPARATED = re.compile(r"([0-9]{4}|[0-9]{2})[-/.,、~_\\年]([0-9]{1,2})[-/.,、~_\\月]([0-9]{1,2})[日号.]?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.\\]([0-9]{1,2})[-/.\\]([0-9]{4})")
_TIME = re.compile(
    r"(?<=[0-9日])(?:T|星期.|周.)?(?:上午|下午)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9:]+|AM|PM)?$"
)
_MONTH_ONLY = re.compile(r"([0-9]{4}|[0-9]{2})[-/.、_\\年]([0-9]{1,2})月?")
_DIGITS = re.compile(r"[0-9]{4,14}")
_ENGLISH = re.compile(r"([0-9]{1,2})[-/.,]?([A-Z]{3})[A-Z]*[-/.,]*([0-9]{4}|[0-9]{2})")
_ENGLISH_MONTH_FIRST = re.compile(r"([A-Z]{3})[A-Z]*[-/.,]?([0-9]{1,2})[-/.,]+([0-9]{4})")
_CHINESE_SIGNS = re.compile(r"[〇零○一二三四五六七八九十廿卅元正]")
_CHINESE = re.compile(
    r"([〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2})年([^月]+)月(?:份)?(?:([^日号]+)[日号]?)?"
)
_LUNAR = re.compile(r"农历|阴历|旧历|腊月|冬月|初[一二三四五六七八九十]|闰")
_MONTH_NAMES = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}
_CHINESE_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}

# Day 0 of Excel's calendar, which holds a 29 February 1900 that never was; and of the old Macintosh one.
_DAY_ZERO = date(1899, 12, 30)
_DAY_ZERO_1904 = date(1904, 1, 1)
# 1919 to 2119: shorter numbers are years, longer ones dates without separators.
_SERIALS = range(7_000, 80_000)
# Two digits of a year up to this one belong to this century: a child's, not its great-grandmother's.
_PIVOT = 35

_IMPOSSIBLE = "没有这一天"
_IMPLAUSIBLE = "年份不合常理"
_UNREADABLE = "不是能识别的日期"
_LUNAR_PROBLEM = "农历日期，不能换算"
_YEAR_ONLY = "只有年份"
_LOST_ZERO = "数字单元格丢了月份末尾的零，分不清是 1 月还是 10 月"


def read_date(
    text: str, *, number: bool = False, order: DayOrder = DayOrder.MONTH_FIRST, date_1904: bool = False
) -> WrittenDate:
    """Read one cell. `number`: the file holds a number there; `date_1904`: its workbook counts days from 1904."""
    if match := _ISO.fullmatch(text):
        return _full(match[1], match[2], match[3])
    folded = _TIME.sub("", _keep_gaps(text)).strip("'\"`“”‘’.。,")
    if _LUNAR.search(folded):
        return WrittenDate(problem=_LUNAR_PROBLEM)
    if _CHINESE_SIGNS.search(folded) and (match := _CHINESE.fullmatch(folded)):
        return _chinese(match)
    if match := _SEPARATED.fullmatch(folded):
        return _full(_year(match[1]), match[2], match[3], Change.DATE_FORM)
    if match := _YEAR_LAST.fullmatch(folded):
        month, day = (match[2], match[1]) if order is DayOrder.DAY_FIRST else (match[1], match[2])
        return _full(match[3], month, day, Change.DATE_FORM)
    if match := _MONTH_ONLY.fullmatch(folded):
        if number and len(match[2]) == 1 and match[2] == "1":
            return WrittenDate(problem=_LOST_ZERO)
        return _month(_year(match[1]), match[2])
    if _DIGITS.fullmatch(folded):
        return _digits(folded, date_1904=date_1904)
    return _english(folded)


def day_order_of(texts: Iterable[str]) -> tuple[DayOrder, bool]:
    """The order a column's values prove, and whether there were values that could be read both ways without proof."""
    day_first = month_first = both = 0
    for text in texts:
        if match := _YEAR_LAST.fullmatch(_TIME.sub("", _keep_gaps(text))):
            first, second = int(match[1]), int(match[2])
            day_first += first > 12 >= second
            month_first += second > 12 >= first
            both += first <= 12 and second <= 12 and first != second
    order = DayOrder.DAY_FIRST if day_first > month_first else DayOrder.MONTH_FIRST
    return order, both > 0 and not day_first and not month_first


def _keep_gaps(text: str) -> str:
    """Folded, but with spaces between digits (2014 5 6, or before a time) kept apart."""
    spaced = re.sub(
        r"(?<=[0-9０-９]{4})\s+(?=[0-9０-９]{1,2}\s)|(?<=[0-9０-９])\s+(?=[0-9０-９]{1,2}$)",
        "-",
        text.strip(),
    )
    return re.sub(r"-+(?=[-/.年月])|(?<=[-/.年月])-+", "", fold(re.sub(r"(?<=[0-9])\s+(?=[0-9]{1,2}:)", "T", spaced)))


def _year(digits: str) -> str:
    if len(digits) == 4:
        return digits
    return ("20" if int(digits) <= _PIVOT else "19") + digits


def _full(year: str, month: str, day: str, change: Change | None = None) -> WrittenDate:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return WrittenDate(problem=_IMPOSSIBLE)
    if not is_plausible_birth_date(found):
        return WrittenDate(problem=_IMPLAUSIBLE)
    return WrittenDate(day=found, month=found.year * 100 + found.month, change=change)


def _month(year: str, month: str) -> WrittenDate:
    first = _full(year, month, "1")
    return WrittenDate(month=first.month, change=Change.DATE_FORM, problem=first.problem)


def _digits(text: str, *, date_1904: bool) -> WrittenDate:
    """Digits alone: 20140506 (and with a time), 201405, 140506, a serial number of a spreadsheet, a year."""
    if len(text) in (8, 12, 14):
        return _full(text[:4], text[4:6], text[6:8], Change.DATE_FORM)
    if len(text) == 6:
        if text[:2] in ("19", "20") and 1 <= int(text[4:]) <= 12:
            return _month(text[:4], text[4:])
        return _full(_year(text[:2]), text[2:4], text[4:], Change.DATE_FORM)
    if len(text) == 4 and 1900 <= int(text) <= 2099:
        return WrittenDate(problem=_YEAR_ONLY)
    if int(text) in _SERIALS:
        found = (_DAY_ZERO_1904 if date_1904 else _DAY_ZERO) + timedelta(days=int(text))
        return WrittenDate(day=found, month=found.year * 100 + found.month, change=Change.SERIAL)
    return WrittenDate(problem=_UNREADABLE)


def _english(text: str) -> WrittenDate:
    if (match := _ENGLISH.fullmatch(text)) and match[2] in _MONTHS:
        return _full(_year(match[3]), str(_MONTHS[match[2]]), match[1], Change.DATE_FORM)
    if (match := _ENGLISH_MONTH_FIRST.fullmatch(text)) and match[1] in _MONTHS:
        return _full(match[3], str(_MONTHS[match[1]]), match[2], Change.DATE_FORM)
    return WrittenDate(problem=_UNREADABLE)


def _chinese(match: re.Match[str]) -> WrittenDate:
    """二〇一四年五月六日, 二零一四年十二月."""
    year = _year("".join(str(_CHINESE_DIGITS[sign]) for sign in match[1]))
    month, day = _chinese_number(match[2]), _chinese_number(match[3]) if match[3] else None
    if month is None or (match[3] and day is None):
        return WrittenDate(problem=_UNREADABLE)
    return _month(year, str(month)) if day is None else _full(year, str(month), str(day), Change.DATE_FORM)


def _chinese_number(text: str) -> int | None:
    """1 to 99: 五, 十二, 二十六, 廿六, 三〇; None for anything else."""
    if text.isdigit() and text.isascii():
        return int(text)
    plain = text.replace("元", "一").replace("正", "一").replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = plain.rpartition("十")
    if not ten:
        digits = [_CHINESE_DIGITS.get(sign) for sign in plain]
        return None if None in digits or len(digits) > 2 else int("".join(map(str, digits)))
    first = 1 if not tens else _CHINESE_DIGITS.get(tens)
    last = 0 if not ones else _CHINESE_DIGITS.get(ones)
    return None if first is None or last is None else first * 10 + last
