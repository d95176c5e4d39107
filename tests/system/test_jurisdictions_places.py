"""Finding places: a county of a path, a township of a register row."""

from __future__ import annotations

import pytest
from tests.system.places import NOW, Places, actor, make_places

from baoxue.jurisdictions.actions import add_place
from baoxue.jurisdictions.queries import county_of, school_paths, township_finder
from baoxue.platform.actor import system_actor
from baoxue.platform.errors import InputRefused, NotPermitted
from baoxue.policy.capabilities import Level, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return make_places()


def test_the_county_of_a_school_a_township_and_itself(places: Places) -> None:
    assert county_of(places.school.path) == places.county
    assert county_of(places.township.path) == places.county
    assert county_of(places.county.path) == places.county
    assert county_of(places.city.path) is None


@pytest.mark.parametrize(
    ("code", "address", "township"),
    [
        ("522626101", "", "522626101"),
        ("522626101002", "双河镇杉木村", "522626101"),
        ("522626", "贵州省岑巩县双河镇杉木村3组", "522626100"),
        (None, "双河杉木村3组", "522626100"),
        (None, "岑巩县大坪乡岩寨村", "522626101"),
        (None, "湖南省新晃县", ""),
        (None, None, ""),
    ],
)
def test_a_row_lives_in_the_township_its_code_or_address_names(
    places: Places, code: str | None, address: str | None, township: str
) -> None:
    for place in (places.township, places.other_township):
        place.region_code = place.code
        place.save()
    expected = f"{places.county.path}{township}/" if township else places.county.path
    assert township_finder(places.county).path_of(code, address) == expected


def test_a_school_is_found_by_its_code(places: Places) -> None:
    assert school_paths(places.county) == {
        "2152000001": places.school.path,
        "3152000002": places.other_school.path,
    }


def test_a_place_goes_only_where_its_level_belongs(places: Places) -> None:
    with pytest.raises(InputRefused):
        add_place(
            parent=places.school, level=Level.TOWNSHIP, code="x", name="某镇", by=system_actor("试", path="/"), now=NOW
        )


def test_a_place_is_added_only_within_reach(places: Places) -> None:
    officer = actor(Role.COUNTY_OFFICER, places.county)
    with pytest.raises(NotPermitted):
        add_place(parent=places.other_county, level=Level.TOWNSHIP, code="y", name="某镇", by=officer, now=NOW)
