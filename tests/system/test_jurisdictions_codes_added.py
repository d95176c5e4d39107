"""Codes that a province, city or county adds to a list, and what they mean there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.system.places import NOW, TODAY, Places, actor, make_places, post_of
from tests.system.signedin import client_of

from baoxue.audit.models import Entry
from baoxue.jurisdictions.codelists import add_code, codes_at, end_code, known_codes, meaning
from baoxue.jurisdictions.models import CodeListEntry, Jurisdiction
from baoxue.platform.actor import Actor
from baoxue.platform.errors import ChangedMeanwhile, InputRefused, NotPermitted
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Role
from baoxue.policy.casecodes import DropoutReason, Measure
from baoxue.policy.codelists import CodeList, base_codes

pytestmark = pytest.mark.django_db

REASON = CodeList.DROPOUT_REASON
GIVEN = {
    "code": "R03-1", "label": "到外省电子厂务工", "means": "R03", "document": "黔教办〔2025〕9号",
    "valid_from": date(2025, 9, 1),
}  # fmt: skip


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def province(places: Places) -> Actor:
    return actor(Role.PROVINCE_OFFICER, places.province)


@pytest.fixture
def county(places: Places) -> Actor:
    return actor(Role.COUNTY_OFFICER, places.county)


def _add(by: Actor, place: Jurisdiction, code_list: CodeList = REASON, **changed: Any) -> CodeListEntry:
    with acting_as(by.scope):
        return add_code(place=place, code_list=code_list, **{**GIVEN, **changed}, by=by, now=NOW)


def _codes(place: Jurisdiction, code_list: CodeList = REASON, *, on: date = TODAY) -> list[str]:
    return [code.code for code in codes_at(place, code_list, on=on) if not code.is_base]


def test_where_nothing_was_added_the_base_codes_hold(places: Places) -> None:
    assert codes_at(places.county, REASON, on=TODAY) == list(base_codes(REASON))


def test_a_county_has_its_provinces_codes_and_its_own_and_not_its_neighbours(
    places: Places, province: Actor, county: Actor
) -> None:
    _add(county, places.county, code="X1", label="其他：陪同外出")
    _add(province, places.province)
    assert _codes(places.county) == ["R03-1", "X1"]
    assert _codes(places.other_county) == ["R03-1"]
    assert _codes(places.province) == ["R03-1"]
    assert _codes(places.school) == ["R03-1", "X1"]


def test_an_added_code_means_its_base_code_and_a_base_code_itself(places: Places, province: Actor) -> None:
    _add(province, places.province)
    assert meaning(places.county, REASON, "R03-1") is DropoutReason.WORK
    assert meaning(places.county, REASON, "R04") is DropoutReason.MARRIAGE


def test_a_code_of_one_list_means_nothing_in_another(places: Places, province: Actor) -> None:
    _add(province, places.province)
    with pytest.raises(InputRefused, match="没有代码"):
        meaning(places.county, CodeList.MEASURE, "R03-1")


def test_a_neighbours_code_means_nothing_here(places: Places, county: Actor) -> None:
    _add(county, places.county)
    with pytest.raises(InputRefused, match="没有代码“R03-1”"):
        meaning(places.other_county, REASON, "R03-1")


def test_two_counties_may_give_one_code_different_meanings(places: Places, county: Actor) -> None:
    _add(county, places.county)
    _add(actor(Role.COUNTY_OFFICER, places.other_county), places.other_county, means="R04")
    assert meaning(places.county, REASON, "R03-1") is DropoutReason.WORK
    assert meaning(places.other_county, REASON, "R03-1") is DropoutReason.MARRIAGE


@pytest.mark.parametrize(
    ("on", "chosen"),
    [
        (date(2025, 8, 31), False),
        (date(2025, 9, 1), True),
        (date(2025, 12, 31), True),  # its last day
        (date(2026, 1, 1), False),
    ],
)
def test_a_code_is_chosen_from_its_first_day_to_its_last(
    on: date, chosen: bool, places: Places, province: Actor
) -> None:
    entry = _add(province, places.province)
    with acting_as(province.scope):
        end_code(entry=entry, last_day=date(2025, 12, 31), by=province, now=NOW)
    assert (_codes(places.county, on=on) == ["R03-1"]) is chosen


def test_an_ended_code_still_means_what_it_meant(places: Places, province: Actor) -> None:
    entry = _add(province, places.province)
    with acting_as(province.scope):
        end_code(entry=entry, last_day=date(2025, 9, 2), by=province, now=NOW)
    assert meaning(places.county, REASON, "R03-1") is DropoutReason.WORK
    assert known_codes(places.county, REASON)["R03-1"].label == "到外省电子厂务工"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "外出"}, "code"),
        ({"code": "R03 1"}, "code"),
        ({"code": "-1"}, "code"),
        ({"code": "A123456789012"}, "code"),
        ({"code": "R03"}, "code"),  # a base code
        ({"code": "r03"}, "code"),  # one that reads like it
        ({"label": " "}, "label"),
        ({"label": "厌学"}, "label"),  # there already
        ({"means": "R98"}, "means"),
        ({"means": "R03-1"}, "means"),  # not of another added code
        ({"means": "D01"}, "means"),  # of another list
        ({"document": " "}, "document"),
    ],
)
def test_a_code_that_is_not_whole_is_refused_with_the_field(
    changed: dict[str, str], field: str, places: Places, county: Actor
) -> None:
    with pytest.raises(InputRefused) as refused:
        _add(county, places.county, **changed)
    assert refused.value.field == field
    assert not CodeListEntry.objects.exists()


@pytest.mark.parametrize("code", ["R03-1", "r03-1"])
def test_a_county_does_not_use_its_provinces_code_for_another_thing(
    code: str, places: Places, province: Actor, county: Actor
) -> None:
    _add(province, places.province)
    with pytest.raises(InputRefused, match="贵州省已经用过"):
        _add(county, places.county, code=code, label="别的", means="R01")


def test_a_province_does_not_take_a_code_that_a_county_uses(places: Places, province: Actor, county: Actor) -> None:
    _add(county, places.county)
    with pytest.raises(InputRefused, match="岑巩县已经用过"):
        _add(province, places.province, label="别的", means="R01")


def test_an_ended_code_is_not_used_again_for_another_thing(places: Places, county: Actor) -> None:
    entry = _add(county, places.county)
    with acting_as(county.scope):
        end_code(entry=entry, last_day=TODAY, by=county, now=NOW)
    with pytest.raises(InputRefused, match="已经用过"):
        _add(county, places.county, label="别的", means="R01")


def test_one_code_may_stand_in_two_lists(places: Places, county: Actor) -> None:
    _add(county, places.county, code="X1")
    _add(county, places.county, CodeList.MEASURE, code="X1", label="寨老劝返", means="M04")
    assert meaning(places.county, CodeList.MEASURE, "X1") is Measure.VILLAGE_VISIT


def test_a_township_adds_no_code(places: Places, county: Actor) -> None:
    with pytest.raises(InputRefused, match="由省、市、县加"):
        _add(county, places.township)


@pytest.mark.parametrize("role", [Role.TOWNSHIP_OFFICER, Role.CLASS_TEACHER, Role.BUREAU_DIRECTOR])
def test_who_may_not_set_parameters_adds_no_code(role: Role, places: Places) -> None:
    at = {Role.TOWNSHIP_OFFICER: places.township, Role.CLASS_TEACHER: places.school}.get(role, places.county)
    with pytest.raises(NotPermitted):
        _add(actor(role, at), places.county)


def test_nobody_adds_or_ends_a_code_above_or_beside_their_place(places: Places, province: Actor, county: Actor) -> None:
    with pytest.raises(NotPermitted):
        _add(county, places.province)
    with pytest.raises(NotPermitted):
        _add(county, places.other_county)
    entry = _add(province, places.province)
    with acting_as(county.scope), pytest.raises(NotPermitted):
        end_code(entry=entry, last_day=TODAY, by=county, now=NOW)


def test_a_code_ends_once_and_not_before_it_began(places: Places, county: Actor) -> None:
    entry = _add(county, places.county)
    with acting_as(county.scope):
        with pytest.raises(InputRefused, match="不能早于生效日期"):
            end_code(entry=entry, last_day=date(2025, 8, 31), by=county, now=NOW)
        end_code(entry=entry, last_day=TODAY, by=county, now=NOW)
        with pytest.raises(ChangedMeanwhile):
            end_code(entry=entry, last_day=TODAY, by=county, now=NOW)


def test_adding_and_ending_are_on_record(places: Places, county: Actor) -> None:
    entry = _add(county, places.county)
    with acting_as(county.scope):
        end_code(entry=entry, last_day=TODAY, by=county, now=NOW)
    with acting_as(Scope("/")):
        told = list(Entry.objects.filter(event__startswith="code_").order_by("pk").values_list("event", "detail"))
    assert told == [
        ("code_added", {"list": "dropout_reason", "entry": "R03-1", "means": "外出打工"}),
        ("code_ended", {"list": "dropout_reason", "entry": "R03-1", "last_day": TODAY.isoformat()}),
    ]


def test_the_database_keeps_a_code_from_standing_twice_and_from_ending_by_nobody(places: Places, county: Actor) -> None:
    entry = _add(county, places.county)
    with transaction.atomic(), pytest.raises(IntegrityError, match="code_ended_by_somebody"):
        CodeListEntry.objects.filter(pk=entry.pk).update(valid_to=TODAY)
    entry.pk = None
    with transaction.atomic(), pytest.raises(IntegrityError, match="code_once_at_a_place"):
        entry.save(force_insert=True)


def test_a_list_is_read_with_one_question(places: Places, province: Actor, django_assert_num_queries: Any) -> None:
    _add(province, places.province)
    with django_assert_num_queries(1):
        codes_at(places.county, REASON, on=TODAY)
    with django_assert_num_queries(1):
        meaning(places.county, REASON, "R03-1")


# The page and the interface.


@pytest.fixture
def officer(places: Places) -> Client:
    return client_of(post_of(Role.COUNTY_OFFICER, places.county))


FORM = {**GIVEN, "valid_from": "2025-09-01"}


def test_an_officer_adds_a_code_on_the_page_and_ends_it(officer: Client, places: Places) -> None:
    here = f"/settings/places/{places.county.code}/codes"
    assert officer.get("/settings/codes").headers["Location"] == here
    refused = officer.post(f"{here}/dropout_reason/add", {**FORM, "code": "R03"})
    assert refused.status_code == 422
    assert "是系统自带的" in refused.content.decode()
    assert officer.post(f"{here}/dropout_reason/add", FORM).status_code == 302
    text = officer.get(here).content.decode()
    assert "到外省电子厂务工" in text
    assert "黔教办〔2025〕9号" in text
    entry = CodeListEntry.objects.get()
    assert officer.post(f"{here}/{entry.pk}/end", {"last_day": "2025-09-30"}).status_code == 302
    assert CodeListEntry.objects.get().valid_to == date(2025, 9, 30)
    assert "已停用" in officer.get(here).content.decode()


def test_a_township_reads_the_lists_and_changes_nothing(places: Places, county: Actor) -> None:
    _add(county, places.county)
    client = client_of(post_of(Role.TOWNSHIP_OFFICER, places.township))
    text = client.get(f"/settings/places/{places.township.code}/codes").content.decode()
    assert "到外省电子厂务工" in text
    assert "加一个代码" not in text
    assert client.post(f"/settings/places/{places.county.code}/codes/dropout_reason/add", FORM).status_code == 403


def test_there_is_no_list_of_another_name(officer: Client, places: Places) -> None:
    assert officer.get(f"/settings/places/{places.county.code}/codes/evidence/add").status_code == 404
    assert officer.get(f"/api/v1/jurisdictions/{places.county.code}/codes/evidence").status_code == 422


def test_a_code_of_a_place_above_is_not_ended_from_here(officer: Client, places: Places, province: Actor) -> None:
    entry = _add(province, places.province)
    assert officer.post(f"/settings/places/{places.county.code}/codes/{entry.pk}/end").status_code == 404
    address = f"/api/v1/jurisdictions/{places.county.code}/code-entries/{entry.pk}/end"
    answer = officer.post(address, {"last_day": "2025-10-14"}, content_type="application/json")
    assert answer.status_code == 404


def test_a_program_reads_adds_and_ends_codes(officer: Client, places: Places) -> None:
    address = f"/api/v1/jurisdictions/{places.county.code}/codes/dropout_reason"
    made = officer.post(address, FORM, content_type="application/json")
    assert made.status_code == 201
    assert made.json() == {**FORM, "id": made.json()["id"], "place": places.county.code, "valid_to": None}
    again = officer.post(address, FORM, content_type="application/json")
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "code")
    end = f"/api/v1/jurisdictions/{places.county.code}/code-entries/{made.json()['id']}/end"
    assert (
        officer.post(end, {"last_day": "2025-12-31"}, content_type="application/json").json()["valid_to"]
        == "2025-12-31"
    )
    listed = officer.get(address).json()
    assert [code["code"] for code in listed[:2]] == ["R01", "R02"]
    assert listed[-1]["code"] == "R03-1"
