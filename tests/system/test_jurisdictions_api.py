"""Places, parameters and calendar for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.system.places import Places, make_places, post_of
from tests.system.signedin import client_of

from baoxue.jurisdictions.models import School, SpecialDay, TeachingPoint, Term
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Client:
    return client_of(post_of(Role.COUNTY_OFFICER, places.county))


def _post(client: Client, address: str, **body: Any) -> Any:
    return client.post(f"/api/v1/jurisdictions/{address}", body, content_type="application/json")


def _value(client: Client, place_code: str, code: str) -> dict[str, Any]:
    told = client.get(f"/api/v1/jurisdictions/{place_code}/parameters").json()
    return next(value for value in told if value["code"] == code)


def test_a_parameter_that_is_set_says_where_it_comes_from(officer: Client, places: Places) -> None:
    assert _value(officer, places.county.code, "absence_report")["place"] is None
    given = {"value": 2, "day_type": "school", "document": "岑教发〔2025〕3号", "valid_from": "2025-09-01"}
    address = f"{places.county.code}/parameters/absence_report"
    assert _post(officer, address, **given, valid_to=None).status_code == 204
    told = _value(officer, places.school.code, "absence_report")
    assert (told["value"], told["place"], told["document"]) == (2, places.county.code, "岑教发〔2025〕3号")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("522626/parameters/absence_report", 422),
        ("522626/parameters/none", 404),
        ("5226/parameters/absence_report", 404),
    ],
)
def test_a_parameter_without_sense_or_reach_is_refused(
    officer: Client, places: Places, address: str, status: int
) -> None:
    answer = _post(officer, address, value=-1, document="文号", valid_from="2025-09-01")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_terms_days_places_and_teaching_points_are_entered(officer: Client, places: Places) -> None:
    county, school = places.county.code, places.school.code
    term = {"school_year": 2025, "semester": "autumn", "first_day": "2025-09-01", "last_day": "2026-01-16"}
    assert _post(officer, f"{county}/terms", **term).status_code == 204
    day = {"day": "2025-11-05", "kind": "no_school", "document": "县防指通知"}
    assert _post(officer, f"{county}/special-days", **day).status_code == 204
    made = _post(officer, f"{places.township.code}/places", level="school", code="2152000088", name="双河镇三小")
    assert (made.status_code, made.json()["parent"]) == (201, places.township.code)
    assert _post(officer, f"{school}/teaching-points", code="2152000001A", name="杉木村教学点").status_code == 204
    assert _post(officer, f"{county}/teaching-points", code="x", name="某点").status_code == 422
    assert (Term.objects.count(), SpecialDay.objects.count(), School.objects.count()) == (1, 1, 4)
    assert TeachingPoint.objects.get().name == "杉木村教学点"


def test_a_teacher_enters_nothing(places: Places) -> None:
    teacher = client_of(post_of(Role.CLASS_TEACHER, places.school))
    assert _post(teacher, f"{places.school.code}/teaching-points", code="x", name="某点").status_code == 403
