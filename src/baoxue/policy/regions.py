"""County codes (行政区划代码, first six digits of an identity number), current and historic.

Source: GB/T 2260, 民政部.

The table is the packaged file `data/regions.tsv`; its head names its sources and the day it was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Region:
    """One code, with the name it had last.

    Years are those of the yearly code lists in which it stands; `valid_to` is None while it is current.
    `valid_from` is None where the code is older than the lists (1980). `successor` is the code or, joined
    with `;`, the codes that took its place the year after `valid_to`; None while it is current or where that
    is not known.
    """

    code: str
    name: str
    valid_from: int | None
    valid_to: int | None
    successor: str | None


def region_of(code: str) -> Region | None:
    """The region a six-digit code names or once named; None when unassigned or unknown."""
    line = _lines().get(code)
    if line is None:
        return None
    _, name, valid_from, valid_to, successor = line.split("\t")
    return Region(code, name, _year(valid_from), _year(valid_to), successor or None)


def is_known(code: str) -> bool:
    """Whether the code is or was assigned."""
    return code in _lines()


def is_county(code: str) -> bool:
    """Whether the code is or was that of a county, or of a city that never had counties below it (东莞, 中山, 儋州, 嘉峪关).

    GB/T 2260 ends the codes of provinces in 0000 and those of cities and prefectures in 00.
    """
    if code.endswith("0000") or not is_known(code):
        return False
    return not code.endswith("00") or code[:4] not in _divided_cities()


def province_name(code: str) -> str | None:
    """Name of the province by the first two digits."""
    return _PROVINCES.get(code[:2])


def successors(code: str) -> tuple[str, ...]:
    """The current code or codes an old code became; the code itself while current, empty when not known."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [code]
    while waiting:
        following = waiting.pop(0)
        region = region_of(following)
        if region is None or following in seen:  # codes are given again: a circle is possible
            continue
        seen.add(following)
        if region.valid_to is None:
            found[following] = None
        elif region.successor is not None:
            waiting.extend(region.successor.split(";"))
    return tuple(found)


@cache
def _lines() -> dict[str, str]:
    """code → its line. Read once, when first asked: importing this module must cost nothing."""
    text = files("baoxue.policy").joinpath("data", "regions.tsv").read_text(encoding="utf-8")
    return {line[:6]: line for line in text.splitlines() if not line.startswith("#")}


# What stands among the counties of a city and is none: all its districts together, all its counties together.
_NO_COUNTIES = frozenset({"市辖区", "县"})


@cache
def _divided_cities() -> frozenset[str]:
    """First four digits of every city or prefecture that has or had counties."""
    return frozenset(
        code[:4]
        for code, line in _lines().items()
        if not code.endswith("00") and line.split("\t", 2)[1] not in _NO_COUNTIES
    )


def _year(text: str) -> int | None:
    return int(text) if text else None


# GB/T 2260, first two digits; 83 stands in residence permits alone (国办发〔2018〕81号).
_PROVINCES = {
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
    "83": "台湾省",
}
