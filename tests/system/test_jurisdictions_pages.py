"""Pages of places: what holds here, the calendar, keeping the tree."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.system.places import Places, make_places, post_of
from tests.system.signedin import client_of

from baoxue.jurisdictions.models import Jurisdiction, ParameterVersion, School, SpecialDay, Term
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Client:
    return client_of(post_of(Role.COUNTY_OFFICER, places.county))


@pytest.fixture
def teacher(places: Places) -> Client:
    return client_of(post_of(Role.CLASS_TEACHER, places.school))


def test_the_own_place_opens_with_what_lies_under_it(officer: Client, places: Places) -> None:
    text = officer.get("/settings/places/", follow=True).content.decode()
    assert "双河镇" in text
    assert "大坪乡" in text
    assert "凤城镇" not in text


def test_of_places_above_only_the_way_down_to_ones_own_shows(teacher: Client, places: Places) -> None:
    text = teacher.get(f"/settings/places/{places.county.code}/").content.decode()
    assert "双河镇" in text
    assert "大坪乡" not in text
    assert teacher.get(f"/settings/places/{places.other_township.code}/").status_code == 404


def test_a_limit_is_set_with_its_document_and_holds_below(officer: Client, teacher: Client, places: Places) -> None:
    address = f"/settings/places/{places.county.code}/limits/absence_report"
    given = {"value": "2", "day_type": "school", "document": "", "valid_from": "2025-09-01"}
    refused = officer.post(address, given)
    assert refused.status_code == 422
    assert "请写明依据" in refused.content.decode()
    assert officer.post(address, {**given, "document": "岑教发〔2025〕3号"}).status_code == 302
    assert ParameterVersion.objects.get().value == 2
    text = teacher.get(f"/settings/places/{places.school.code}/limits").content.decode()
    assert "岑教发〔2025〕3号" in text
    assert "岑巩县" in text


def test_a_teacher_sets_no_limit(teacher: Client, places: Places) -> None:
    assert teacher.get(f"/settings/places/{places.school.code}/limits/absence_report").status_code == 403


def test_a_term_makes_school_days(officer: Client, places: Places) -> None:
    address = f"/settings/places/{places.county.code}/calendar"
    given = {"school_year": "2025", "semester": "autumn", "first_day": "2025-09-01", "last_day": "2025-09-12"}
    assert "还没有填这一学年的学期" in officer.get(f"{address}?year=2025").content.decode()
    assert officer.post(f"{address}/term", {**given, "last_day": "2025-08-01"}).status_code == 422
    assert officer.post(f"{address}/term", given).status_code == 302
    assert Term.objects.get().last_day == date(2025, 9, 12)
    assert "10 个教学日" in officer.get(f"{address}?year=2025").content.decode()
    day = {"day": "2025-09-03", "kind": "no_school", "name": "台风", "document": "县防指通知"}
    assert officer.post(f"{address}/day", day).status_code == 302
    assert SpecialDay.objects.get().kind == "no_school"
    assert "9 个教学日" in officer.get(f"{address}?year=2025").content.decode()


def test_a_school_is_added_under_its_township_once(officer: Client, places: Places) -> None:
    address = f"/settings/places/{places.township.code}/add"
    given = {"level": "school", "code": "2152000077", "name": "双河镇第二小学"}
    assert officer.post(address, given).status_code == 302
    assert School.objects.get(school_code="2152000077").jurisdiction.parent == places.township
    again = officer.post(address, given)
    assert again.status_code == 422
    assert "已经有了" in again.content.decode()


def test_a_teaching_point_is_added_to_its_school_and_shows(officer: Client, places: Places) -> None:
    address = f"/settings/places/{places.school.code}"
    assert officer.post(f"{address}/teaching-point", {"code": "", "name": "杉木村教学点"}).status_code == 422
    assert officer.post(f"{address}/teaching-point", {"code": "01", "name": "杉木村教学点"}).status_code == 302
    assert "杉木村教学点" in officer.get(f"{address}/").content.decode()


def test_a_place_of_another_county_is_not_there(officer: Client, places: Places) -> None:
    for act in ("", "schools", "limits", "calendar", "add"):
        assert officer.get(f"/settings/places/{places.foreign_township.code}/{act}").status_code == 404
    assert officer.post(f"/settings/places/{places.city.code}/rename", {"name": "x"}).status_code == 404
    assert Jurisdiction.objects.get(code="5226").name == "黔东南苗族侗族自治州"


@pytest.mark.parametrize("part", ["", "schools", "limits", "calendar"])
def test_a_page_of_a_place_takes_few_queries_however_much_lies_under_it(
    officer: Client, places: Places, django_assert_max_num_queries: object, part: str
) -> None:
    for number in range(30):
        Jurisdiction.objects.create(
            path=f"{places.county.path}9{number:03}/", level="township", code=f"9{number:03}", name=f"{number}镇",
            parent=places.county,
        )  # fmt: skip
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert officer.get(f"/settings/places/{places.county.code}/{part}").status_code == 200
