"""Small register files of invented people, as text that is read as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from io import BytesIO

from baoxue.policy.idnumber import check_digit

SURNAMES = "杨龙吴潘石田罗姚陆欧"


def id_number(place: int) -> str:
    """A sound number of region 990122, which no place has."""
    born = date(2012, 1, 1) + timedelta(days=place % 2000)
    first = f"990122{born:%Y%m%d}{place % 1000:03d}"
    return first + check_digit(first)


def household(people: Iterable[int], *, township: str = "双河镇", without_number: Iterable[int] = ()) -> BytesIO:
    """A household register of these people."""
    hidden = set(without_number)
    lines = ["姓名,性别,出生日期,公民身份号码,户号,户主姓名,户籍地址"]
    for place in people:
        number = id_number(place)
        shown = "" if place in hidden else number
        sex = "男" if int(number[16]) % 2 else "女"
        born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        lines.append(
            f"{name(place)},{sex},{born},{shown},H{place:05d},{SURNAMES[place % 10]}大山,岑巩县{township}田坝村"
        )
    return _bytes(lines)


def roll(people: Iterable[int], *, school: str = "2152000001", name_of_school: str = "双河镇中心小学") -> BytesIO:
    """A roll of one school."""
    lines = ["学校标识码,学校名称,年级,班级,姓名,出生日期,身份证件号"]
    for place in people:
        number = id_number(place)
        born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        lines.append(f"{school},{name_of_school},三年级,1班,{name(place)},{born},{number}")
    return _bytes(lines)


def special(people: Iterable[int], category: str) -> BytesIO:
    """A department's list of a special group."""
    lines = ["类别,姓名,公民身份号码"]
    return _bytes([*lines, *(f"{category},{name(place)},{id_number(place)}" for place in people)])


def name(place: int) -> str:
    """An invented name."""
    return (
        SURNAMES[place % 10]
        + "天地玄黄宇宙洪荒日月盈昃辰宿列张"[place // 10 % 16]
        + "秋收冬藏闰余成岁"[place // 160 % 8]
    )


def _bytes(lines: list[str]) -> BytesIO:
    return BytesIO(("\n".join(lines) + "\n").encode())
