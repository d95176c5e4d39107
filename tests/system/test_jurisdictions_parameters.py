"""Parameters: inherited down the tree, versioned, and never set beyond one's reach."""

from __future__ import annotations

from datetime import date

import pytest
from tests.system.places import NOW, TODAY, Places, actor, make_places

from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.parameters import parameter, parameters, set_parameter
from baoxue.platform.actor import Actor
from baoxue.platform.errors import InputRefused, NotPermitted
from baoxue.platform.scope import acting_as
from baoxue.policy.calendar import DayType
from baoxue.policy.capabilities import Role
from baoxue.policy.parameters import PARAMETERS, PRESETS

pytestmark = pytest.mark.django_db

CODE = "absence_report"


@pytest.fixture
def places() -> Places:
    return make_places()


def _set(by: Actor, place: Jurisdiction, value: float, *, valid_from: date = date(2025, 9, 1)) -> None:
    with acting_as(by.scope):
        set_parameter(
            place=place, code=CODE, value=value, day_type=DayType.SCHOOL, document="某教办〔2025〕1号",
            valid_from=valid_from, by=by, now=NOW,
        )  # fmt: skip


def test_where_nobody_set_a_value_the_default_holds_and_says_so(places: Places) -> None:
    value = parameter(places.school, CODE, on=TODAY)
    assert (value.value, value.place, value.version) == (PARAMETERS[CODE].default, None, None)


def test_the_nearest_place_upwards_wins(places: Places) -> None:
    _set(actor(Role.PROVINCE_OFFICER, places.province), places.province, 5)
    _set(actor(Role.COUNTY_OFFICER, places.county), places.county, 2)
    assert parameter(places.school, CODE, on=TODAY).value == 2
    assert parameter(places.foreign_school, CODE, on=TODAY).value == 5
    assert parameter(places.foreign_school, CODE, on=TODAY).place == places.province


def test_a_new_version_leaves_the_past_as_it_was(places: Places) -> None:
    officer = actor(Role.COUNTY_OFFICER, places.county)
    _set(officer, places.county, 2)
    _set(officer, places.county, 4, valid_from=date(2025, 10, 1))
    assert parameter(places.county, CODE, on=date(2025, 9, 30)).value == 2
    assert parameter(places.county, CODE, on=date(2025, 10, 1)).value == 4


def test_nobody_sets_a_value_for_another_place(places: Places) -> None:
    with pytest.raises(NotPermitted):
        set_parameter(
            place=places.other_county, code=CODE, value=1, day_type=None, document="x", valid_from=TODAY,
            by=actor(Role.COUNTY_OFFICER, places.county), now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(("value", "document"), [(-1, "文号"), (10_000, "文号"), (3, " ")])
def test_a_value_without_sense_or_ground_is_refused(places: Places, value: float, document: str) -> None:
    with pytest.raises(InputRefused):
        set_parameter(
            place=places.county, code=CODE, value=value, day_type=None, document=document, valid_from=TODAY,
            by=actor(Role.COUNTY_OFFICER, places.county), now=NOW,
        )  # fmt: skip


def test_all_parameters_of_a_place_take_one_query(places: Places, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert set(parameters(places.school, on=TODAY)) == set(PARAMETERS)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: f"{preset.code}-{preset.place}")
def test_a_preset_is_a_value_its_parameter_may_have(preset: object) -> None:
    known = PARAMETERS[preset.code]  # type: ignore[attr-defined]
    assert known.least <= preset.value <= known.most  # type: ignore[attr-defined]
