"""Official codes and holidays, and a county made from them."""

from __future__ import annotations

from datetime import date

import pytest
from tests.system.places import NOW

from baoxue.jurisdictions.calendars import calendar_of
from baoxue.jurisdictions.codes import found_county, load_codes, load_holidays
from baoxue.jurisdictions.models import Jurisdiction, RegionCode, SpecialDay
from baoxue.jurisdictions.queries import township_finder, within
from baoxue.platform.actor import system_actor
from baoxue.platform.errors import InputRefused
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Level

pytestmark = pytest.mark.django_db


@pytest.fixture
def codes() -> int:
    return load_codes()


def _found(code: str) -> Jurisdiction:
    with acting_as(EVERYWHERE):
        return found_county(code, by=system_actor("试", path="/"), now=NOW)


def test_all_codes_are_there_once_however_often_they_are_loaded(codes: int) -> None:
    assert codes > 45_000
    assert load_codes() == codes == RegionCode.objects.count()
    assert RegionCode.objects.get(code="522626100").name == "思旸镇"


def test_a_code_that_is_no_more_keeps_its_years_and_what_became_of_it(codes: int) -> None:
    old = RegionCode.objects.get(code="110103")
    assert (old.valid_to, old.successors) == (2009, "110101")


def test_a_county_comes_with_what_is_above_it_and_its_townships(codes: int) -> None:
    county = _found("522626")
    assert county.path == "/52/5226/522626/"
    assert [place.name for place in within(county.path, Level.TOWNSHIP)][:2] == ["㵲水街道", "思旸镇"]
    assert _found("522626") == county
    assert township_finder(county).path_of(None, "岑巩县思旸镇岑丰村") == f"{county.path}522626100/"


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("110101", "/11/110101/"),  # a district of a municipality
        ("429004", "/42/429004/"),  # 仙桃: right under its province
        ("659001", "/65/659001/"),  # 石河子, 兵团
    ],
)
def test_where_there_is_no_city_a_county_stands_under_its_province(codes: int, code: str, path: str) -> None:
    assert _found(code).path == path


@pytest.mark.parametrize("code", ["520000", "522600", "110103", "999999"])
def test_what_is_no_county_today_is_refused(codes: int, code: str) -> None:
    with pytest.raises(InputRefused):
        _found(code)


def test_the_notices_of_the_year_are_in_the_calendar_and_corrections_stay() -> None:
    assert load_holidays() > 0
    national_day = SpecialDay.objects.get(day=date(2025, 10, 1))
    national_day.document = "更正"
    national_day.save()
    load_holidays()
    assert SpecialDay.objects.get(day=date(2025, 10, 1)).document == "更正"
    calendar = calendar_of(national_day.jurisdiction, date(2025, 9, 1), date(2025, 10, 31))
    assert not calendar.is_working_day(date(2025, 10, 8))
    assert calendar.is_working_day(date(2025, 10, 11))
