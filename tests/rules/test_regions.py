"""行政区划代码 and what became of them."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest

from baoxue.policy.regions import Region, is_county, is_known, province_name, region_of, successors

CODES = [
    line.split("\t")[0]
    for line in files("baoxue.policy").joinpath("data", "regions.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("522626", "岑巩县"),
        ("520602", "碧江区"),
        ("110101", "东城区"),
        ("441900", "东莞市"),  # cities without counties
        ("442000", "中山市"),
        ("460400", "儋州市"),
        ("620200", "嘉峪关市"),
        ("500157", "两江新区"),  # of 2025
        ("520000", "贵州省"),
    ],
)
def test_a_code_in_force_has_its_name_and_is_its_own_successor(code: str, name: str) -> None:
    region = region_of(code)
    assert region is not None
    assert (region.name, region.valid_to, region.successor) == (name, None, None)
    assert successors(code) == (code,)


@pytest.mark.parametrize(
    ("code", "name", "valid_to", "now"),
    [
        ("522222", "江口县", 2010, ("520621",)),  # 铜仁地区 became a city in 2011
        ("522201", "铜仁市", 2010, ("520602",)),
        ("522200", "铜仁地区", 2010, ("520600",)),
        ("510202", "渝中区", 1996, ("500103",)),  # 重庆 became a municipality in 1997
        ("510203", "大渡口区", 1996, ("500104",)),
        ("512301", "涪陵市", 1994, ("500102",)),  # by way of two districts of a city of Sichuan
        ("110103", "崇文区", 2009, ("110101",)),
        ("110104", "宣武区", 2009, ("110102",)),
        ("310108", "闸北区", 2014, ("310106",)),
        ("130103", "桥东区", 2014, ("130102", "130104")),  # divided between two
        ("310103", "卢湾区", 2010, ("310101",)),
        ("370122", "章丘县", 1991, ("370114",)),  # through five codes
        ("460025", "定安县", 2002, ("469021",)),
        ("500105", "江北区", 2024, ("500157",)),
    ],
)
def test_a_county_that_no_longer_exists_is_known_with_its_last_year_and_what_it_became(
    code: str, name: str, valid_to: int, now: tuple[str, ...]
) -> None:
    region = region_of(code)
    assert region is not None
    assert (region.name, region.valid_to) == (name, valid_to)
    assert successors(code) == now


@pytest.mark.parametrize("code", ["990000", "", "52262", "5226266", "abcdef", "000000", "# 行政区"])
def test_what_was_never_given_is_not_known(code: str) -> None:
    assert not is_known(code)
    assert region_of(code) is None
    assert successors(code) == ()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("52", "贵州省"),
        ("522626", "贵州省"),
        ("500103", "重庆市"),
        ("830000", "台湾省"),
        ("99", None),
        ("", None),
    ],
)
def test_the_first_two_digits_name_the_province(code: str, name: str | None) -> None:
    assert province_name(code) == name


def test_first_years_are_those_of_the_lists_and_empty_before_1980() -> None:
    assert region_of("522626") == Region("522626", "岑巩县", None, None, None)
    assert region_of("520602") == Region("520602", "碧江区", 2011, None, None)


def test_every_code_stands_once_is_six_digits_and_of_a_province() -> None:
    assert len(set(CODES)) == len(CODES) > 7_000
    assert [code for code in CODES if not (code.isdigit() and len(code) == 6 and province_name(code))] == []


def test_every_successor_is_a_code_we_know_and_only_a_code_that_ended_has_one() -> None:
    regions = [region for code in CODES if (region := region_of(code))]
    named = {(region.code, new) for region in regions for new in (region.successor or "").split(";") if new}
    assert [pair for pair in named if not is_known(pair[1]) or pair[0] == pair[1]] == []
    assert [region for region in regions if region.valid_to is None and region.successor] == []


def test_what_an_old_code_became_is_in_force_today() -> None:
    today = [region_of(new) for code in CODES for new in successors(code)]
    assert [region for region in today if region is None or region.valid_to is not None] == []


def test_years_run_forward() -> None:
    regions = [region for code in CODES if (region := region_of(code))]
    assert [r for r in regions if (r.valid_from or 1980) > (r.valid_to or 2026)] == []


def test_what_became_of_the_old_counties_is_known_for_nearly_all() -> None:
    ended = [code for code in CODES if (region := region_of(code)) and region.valid_to is not None]
    assert sum(1 for code in ended if successors(code)) / len(ended) > 0.95


def test_importing_the_rules_does_not_read_the_table() -> None:
    program = "import baoxue.policy.idnumber, baoxue.policy.regions as r; print(r._lines.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout == "0\n"


@pytest.mark.parametrize("code", ["522626", "500157", "419001", "659001", "522621", "460025", "110103"])
def test_a_county_is_one_whether_its_code_is_in_force_or_not(code: str) -> None:
    assert is_county(code)


@pytest.mark.parametrize("code", ["441900", "442000", "460400", "620200"])
def test_a_city_without_counties_stands_for_one(code: str) -> None:
    assert is_county(code)


@pytest.mark.parametrize(
    "code", ["520000", "710000", "522600", "520300", "110100", "500200", "429000", "542100", "990101"]
)
def test_a_province_a_city_or_a_code_that_nobody_has_is_no_county(code: str) -> None:
    assert not is_county(code)
