"""The second wall: PostgreSQL shows no row outside of the scope in force, whatever the query asks for."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from tests.system.places import NOW, Places, actor, make_places, post_of

from baoxue.access.actors import actor_of
from baoxue.access.models import Account, Post, Token
from baoxue.children.models import Child
from baoxue.platform.scope import Scope, acting_as
from baoxue.platform.walls import PLACED
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db

EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))


@pytest.fixture
def places() -> Places:
    return make_places()


def _child(places: Places, *, home: str, school: str = "") -> Child:
    return Child.objects.create(
        county=places.county, home_path=home, school_path=school, name="杨昌旺", name_sort="yang2 chang1 wang4",
        name_pinyin="yangchangwang", name_initials="ycw", birth_date=date(2014, 5, 6), id_number="990122201405060000",
        status="01", created_at=NOW, changed_at=NOW,
    )  # fmt: skip


def test_without_a_scope_no_row_shows(places: Places) -> None:
    with acting_as(EVERYTHING):
        _child(places, home=places.township.path)
    assert Child.objects.count() == 0


def test_without_a_place_no_child_shows_whatever_else_is_said(places: Places) -> None:
    with acting_as(EVERYTHING):
        _child(places, home=places.township.path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('baoxue.children', 'on', true), set_config('baoxue.low', '', true)")
        cursor.execute("SELECT count(*) FROM children_child")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT set_config('baoxue.low', %s, true)", [places.county.path])
        cursor.execute("SELECT count(*) FROM children_child")
        assert cursor.fetchone() == (1,)


def test_a_county_sees_its_own_children_and_no_others(places: Places) -> None:
    with acting_as(EVERYTHING):
        mine = _child(places, home=places.township.path)
        _child(places, home=places.foreign_township.path)
    with acting_as(actor(Role.COUNTY_OFFICER, places.county).scope):
        assert [child.pk for child in Child.objects.all()] == [mine.pk]


def test_a_child_shows_where_it_lives_and_where_it_learns(places: Places) -> None:
    with acting_as(EVERYTHING):
        child = _child(places, home=places.township.path, school=places.other_school.path)
    for place in (places.township, places.other_township, places.other_school):
        with acting_as(Scope(place.path, children=True)):
            assert Child.objects.filter(pk=child.pk).exists()
    with acting_as(Scope(places.school.path, children=True)):
        assert not Child.objects.filter(pk=child.pk).exists()


def test_a_post_that_sees_no_children_sees_none(places: Places) -> None:
    with acting_as(EVERYTHING):
        _child(places, home=places.township.path)
    with acting_as(actor(Role.AUDITOR, places.county).scope):
        assert Child.objects.count() == 0


def test_a_row_cannot_be_written_outside_of_reach(places: Places) -> None:
    with (
        acting_as(actor(Role.COUNTY_OFFICER, places.county).scope),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        _child(places, home=places.foreign_township.path)


def test_every_table_with_a_place_has_a_wall() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT class.relname
            FROM pg_class AS class JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
            WHERE class.relkind IN ('r', 'p') AND class.relnamespace = 'public'::regnamespace
              AND attribute.attname = ANY(%s) AND NOT class.relrowsecurity
            """,
            [list(PLACED)],
        )
        assert cursor.fetchall() == []


def test_a_protected_number_lies_encrypted_in_the_database(places: Places) -> None:
    with acting_as(EVERYTHING):
        child = _child(places, home=places.township.path)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id_number FROM children_child WHERE id = %s", [child.pk])
            stored = bytes(cursor.fetchone()[0])
        assert b"990122" not in stored
        assert Child.objects.get(pk=child.pk).id_number == "990122201405060000"


def test_that_a_child_is_disabled_cannot_be_read_in_the_database(places: Places) -> None:
    with acting_as(EVERYTHING):
        child = _child(places, home=places.township.path)
        Child.objects.filter(pk=child.pk).update(groups=["disabled", "orphan"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT groups::text FROM children_child WHERE id = %s", [child.pk])
            stored = cursor.fetchone()[0]
        assert "disabled" not in stored
        assert Child.objects.get(groups__contains=["disabled"]).groups == ["disabled", "orphan"]
        assert not Child.objects.filter(groups__contains=["left_behind_child"]).exists()


@pytest.mark.django_db(transaction=True)
def test_a_scope_holds_outside_of_transactions_too() -> None:
    places = make_places()
    by = actor(Role.COUNTY_OFFICER, places.county)
    with acting_as(by.scope):
        child = _child(places, home=places.township.path)
        assert [found.pk for found in Child.objects.all()] == [child.pk]
    assert Child.objects.count() == 0


def test_accounts_posts_and_tokens_show_within_reach_and_those_of_oneself_everywhere(places: Places) -> None:
    here, foreign = post_of(Role.CLASS_TEACHER, places.school), post_of(Role.CLASS_TEACHER, places.foreign_school)
    administrator = post_of(Role.ACCOUNT_ADMINISTRATOR, places.county)
    for post in (here, foreign):
        Account.objects.filter(pk=post.account_id).update(looked_after_at=post.jurisdiction.path)
        Token.objects.create(post=post, name="报表", digest=bytes([post.pk % 256]) * 32, created_at=NOW, expires_at=NOW)
    elsewhere = Post.objects.create(
        account=administrator.account, role=Role.CITY_OFFICER.value, jurisdiction=places.city,
        valid_from=date(2025, 9, 1), given_by="试", given_at=NOW,
    )  # fmt: skip
    with acting_as(actor_of(administrator).scope):
        assert set(Account.objects.all()) == {here.account, administrator.account}
        assert set(Post.objects.all()) == {here, administrator, elsewhere}
        assert [token.post for token in Token.objects.all()] == [here]
        assert Account.objects.filter(pk=foreign.account_id).update(is_active=False) == 0


def test_before_anybody_acts_an_account_can_be_found(places: Places) -> None:
    post = post_of(Role.CLASS_TEACHER, places.school)
    assert Account.objects.get() == post.account
