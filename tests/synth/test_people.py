"""The people who are made up: families, twins, identity numbers."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from baoxue.policy.idnumber import IdState, check_digit, classify
from baoxue.policy.regions import is_known
from baoxue.policy.registers import Register
from baoxue.policy.schoolyear import in_school_age
from baoxue.synth.fates import CODE, Fate
from baoxue.synth.regions import UnknownCounty, counties, county_of, former_codes
from baoxue.synth.world import TooManyChildren, make_world

from .conftest import AS_OF


def test_every_true_number_has_the_right_check_digit_birth_date_and_sex(county):
    numbered = [child for child in county.children.values() if child["id_number"]]
    said = [classify(child["id_number"]) for child in numbered]
    assert [check_digit(child["id_number"][:17]) for child in numbered] == [c["id_number"][17] for c in numbered]
    # One in a thousand ends in 000, as if a spreadsheet had cut it short: such numbers are given out too.
    assert np.mean([number.state is IdState.VALID for number in said]) > 0.997
    assert [f"{number.birth_date}" for number in said] == [child["birth_date"] for child in numbered]
    assert ["FM"[int(child["id_number"][16]) % 2] for child in numbered] == [child["sex"] for child in numbered]


def test_every_region_in_a_number_is_or_was_assigned(county):
    regions = {child["id_number"][:6] for child in county.children.values() if child["id_number"]}
    assert len(regions) > 10
    assert all(is_known(region) for region in regions)


def test_most_children_were_registered_in_the_county(county):
    local = [c["id_number"][:6] for c in county.children.values() if c["local"] == "1" and c["id_number"]]
    assert 0.88 < Counter(local)["522626"] / len(local) < 0.96


def test_no_two_people_have_one_number(flawless):
    children = [child["id_number"] for child in flawless.children.values() if child["id_number"]]
    elsewhere = zip(flawless.rows[Register.ELSEWHERE], flawless.child[Register.ELSEWHERE], strict=True)
    strangers = [row["身份证件号"] for row, child in elsewhere if not child and row["身份证件号"]]
    assert len(strangers) > 3000
    assert len(set(children + strangers)) == len(children + strangers)


def test_numbers_of_twins_differ_in_nothing_but_the_sequence_and_check_digit(world):
    second = np.flatnonzero(world.children.twin_of >= 0)
    pairs = [(world.children.number[row], world.children.number[world.children.twin_of[row]]) for row in second]
    both = [(one, other) for one, other in pairs if one and other]
    assert len(both) > 20
    assert all(one[:14] == other[:14] and one[14:17] != other[14:17] for one, other in both)


def test_half_of_the_twins_are_of_one_sex():
    world = make_world(20_000, "522626", AS_OF, 1)
    second = np.flatnonzero(world.children.twin_of >= 0)
    same = world.children.boy[second] == world.children.boy[world.children.twin_of[second]]
    assert 0.42 < same.mean() < 0.58
    assert 0.009 < len(second) / len(world.children) < 0.015


def test_siblings_share_a_surname_but_for_some_who_bear_the_mothers(world):
    family, name = world.children.family, world.children.name
    with_elder = np.flatnonzero(family[1:] == family[:-1])
    same = [name[row][0] == name[row + 1][0] for row in with_elder]
    assert len(same) > 500
    assert 0.9 < np.mean(same) < 1.0


def test_twins_have_one_birthday_and_two_names(world):
    second = np.flatnonzero(world.children.twin_of >= 0)
    first = world.children.twin_of[second]
    assert (world.children.born[second] == world.children.born[first]).all()
    assert (world.children.name[second] != world.children.name[first]).all()


def test_of_some_twins_one_is_out_of_school(world):
    second = np.flatnonzero(world.children.twin_of >= 0)
    out = np.isin(world.fate, [CODE[Fate.NEVER_ENROLLED], CODE[Fate.DROPPED_OUT]])
    assert (out[second] & (world.fate[world.children.twin_of[second]] == CODE[Fate.ENROLLED_HERE])).any()


def test_some_families_are_those_of_brothers(world):
    families = world.families
    grandfathers = Counter(zip(families.adult[1], families.adult_number[1], strict=True))
    assert sum(count == 2 for count in grandfathers.values()) > 50
    assert max(grandfathers.values()) == 2


def test_some_children_have_the_name_and_the_birthday_of_another():
    children = make_world(20_000, "522626", AS_OF, 3).children
    same = Counter(zip(children.name, children.born.tolist(), strict=True))
    assert sum(count > 1 for count in same.values()) >= 3


def test_school_age_is_what_the_rules_say(county):
    said = [child["school_age"] == "1" for child in county.children.values()]
    lived = [in_school_age(date.fromisoformat(child["celebrated_date"]), AS_OF) for child in county.children.values()]
    # Namesakes were given a birthday of one another's, in the same year of age.
    assert said == lived


@pytest.mark.parametrize(
    ("code", "names"),
    [("654223", "·"), ("542421", "·"), ("522626", "杨"), ("632721", "·")],
)
def test_names_are_those_of_the_place(code, names):
    known = code if code in counties() else next(c for c in counties() if c.startswith(code[:2]))
    world = make_world(500, known, AS_OF, 1)
    assert sum(names in name for name in world.children.name) > 30


def test_children_born_before_the_county_got_its_code_have_the_former_one():
    assert former_codes("522626") == {}
    assert 522201 in former_codes("520602")


def test_an_address_begins_with_province_city_and_county():
    assert county_of("522626").address == "贵州省黔东南苗族侗族自治州岑巩县"
    assert county_of("110108").address == "北京市海淀区"


def test_a_code_of_no_county_is_refused():
    with pytest.raises(UnknownCounty, match="522600"):
        make_world(500, "522600", AS_OF, 1)


@pytest.mark.parametrize("children", [0, 49, 1_000_001])
def test_too_few_and_too_many_children_are_refused(children):
    with pytest.raises(TooManyChildren, match=f"{children}"):
        make_world(children, "522626", AS_OF, 1)
