"""Notices: told once, to those alone whom they are addressed to, and handed over to the channels of their place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.system.places import NOW, Places, make_places, post_of
from tests.system.signedin import client_of

from baoxue.access.actors import actor_of
from baoxue.access.models import Post
from baoxue.notifications.actions import forget_old, notify
from baoxue.notifications.models import Notice
from baoxue.notifications.recipients import Recipient
from baoxue.platform.actor import Actor
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Role
from baoxue.policy.notices import FORGOTTEN, KEPT_FOR, NoticeKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return make_places()


def tell(to: Any, places: Places, **other: Any) -> int:
    said: dict[str, Any] = {
        "kind": NoticeKind.DUTY_TODAY, "sentence": "杨昌旺的家访今天到期。", "url": "/cases/7", "key": "duty:7:today",
        "place_path": places.township.path, "now": NOW,
    }  # fmt: skip
    return notify(to=to, **{**said, **other})


def read(by: Actor) -> list[str]:
    with acting_as(by.scope):
        return [notice.sentence for notice in Notice.objects.visible_to(by)]


def _all_there_is(by: Actor) -> int:
    """What the database shows with the first wall taken away."""
    with acting_as(by.scope):
        return Notice.objects.count()


def test_who_is_told_twice_under_one_key_reads_it_once(places: Places) -> None:
    officer = post_of(Role.TOWNSHIP_OFFICER, places.township)
    holders = Recipient.holders(Role.TOWNSHIP_OFFICER, places.township.path)
    assert [tell(holders, places), tell([holders, holders], places, sentence="又一次。")] == [1, 0]
    assert read(actor_of(officer)) == ["杨昌旺的家访今天到期。"]


def test_a_role_at_a_place_is_whoever_holds_it_when_they_look(places: Places) -> None:
    tell(Recipient.holders(Role.TOWNSHIP_OFFICER, places.township.path), places)
    came_later = post_of(Role.TOWNSHIP_OFFICER, places.township)
    assert len(read(actor_of(came_later))) == 1


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.TOWNSHIP_OFFICER, "other_township"),
        (Role.GRID_WORKER, "township"),
        (Role.COUNTY_OFFICER, "county"),
        (Role.PRINCIPAL, "school"),
    ],
)
def test_others_do_not_read_what_a_role_is_told(places: Places, role: Role, place: str) -> None:
    tell(Recipient.holders(Role.TOWNSHIP_OFFICER, places.township.path), places)
    assert read(actor_of(post_of(role, getattr(places, place)))) == []


def _two_posts(places: Places) -> tuple[Post, Post]:
    first = post_of(Role.TOWNSHIP_OFFICER, places.township)
    second = Post.objects.create(
        account=first.account, role=Role.CLASS_TEACHER.value, jurisdiction=places.school, valid_from=first.valid_from,
        given_by="试", given_at=NOW,
    )  # fmt: skip
    return first, second


def test_a_person_reads_what_they_are_told_in_each_of_their_posts(places: Places) -> None:
    first, second = _two_posts(places)
    tell(Recipient.account(first.account_id), places)
    assert [len(read(actor_of(post))) for post in (first, second)] == [1, 1]


def test_what_a_post_is_told_shows_in_this_post_only(places: Places) -> None:
    first, second = _two_posts(places)
    tell(Recipient.post(second), places)
    assert [len(read(actor_of(post))) for post in (first, second)] == [0, 1]


@pytest.mark.parametrize("place", ["county", "other_township", "school", "city"])
def test_the_second_wall_shows_what_a_role_is_told_at_its_very_place_only(places: Places, place: str) -> None:
    tell(Recipient.holders(Role.TOWNSHIP_OFFICER, places.township.path), places)
    other = {"county": Role.COUNTY_OFFICER, "city": Role.CITY_OFFICER, "school": Role.PRINCIPAL}
    role = other.get(place, Role.TOWNSHIP_OFFICER)
    assert _all_there_is(actor_of(post_of(role, getattr(places, place)))) == 0
    assert _all_there_is(actor_of(post_of(Role.GRID_WORKER, places.township))) == 1


def test_the_second_wall_shows_what_a_person_is_told_to_nobody_else(places: Places) -> None:
    told = post_of(Role.TOWNSHIP_OFFICER, places.township)
    tell(Recipient.account(told.account_id), places)
    assert _all_there_is(actor_of(told)) == 1
    assert _all_there_is(actor_of(post_of(Role.GRID_WORKER, places.township))) == 0
    assert _all_there_is(actor_of(post_of(Role.COUNTY_OFFICER, places.county))) == 0


def test_a_teacher_can_give_reason_for_a_notice_to_the_county(places: Places) -> None:
    teacher = actor_of(post_of(Role.CLASS_TEACHER, places.school))
    with acting_as(teacher.scope):
        tell(Recipient.holders(Role.COUNTY_OFFICER, places.county.path), places)
    assert len(read(actor_of(post_of(Role.COUNTY_OFFICER, places.county)))) == 1
    assert _all_there_is(teacher) == 0


def test_a_number_of_a_person_does_not_come_through(places: Places) -> None:
    officer = post_of(Role.TOWNSHIP_OFFICER, places.township)
    tell(Recipient.account(officer.account_id), places, sentence="证件号 990122201405060000 有误。")
    assert read(actor_of(officer)) == ["证件号 [number] 有误。"]


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "/search?q=杨昌旺"])
def test_a_notice_leads_to_a_page_by_its_path_alone(places: Places, url: str) -> None:
    with pytest.raises(ValueError, match="by its path alone"):
        tell(Recipient.account(1), places, url=url)


def test_what_a_notice_said_is_cleared_after_a_year_and_nobody_is_told_again(places: Places) -> None:
    officer = post_of(Role.TOWNSHIP_OFFICER, places.township)
    tell(Recipient.post(officer), places)
    with acting_as(EVERYWHERE):
        assert [forget_old(now=NOW + KEPT_FOR), forget_old(now=NOW + KEPT_FOR + timedelta(seconds=1))] == [0, 1]
    assert read(actor_of(officer)) == [FORGOTTEN]
    assert tell(Recipient.post(officer), places) == 0


def test_the_page_of_messages_shows_what_is_new_once_and_the_bell_counts_it(places: Places) -> None:
    officer = post_of(Role.TOWNSHIP_OFFICER, places.township)
    tell(Recipient.post(officer), places)
    client = client_of(officer)
    assert "1 条新的" in client.get("/waiting").content.decode()
    page = client.get("/messages").content.decode()
    assert 'href="/cases/7">杨昌旺的家访今天到期。' in page
    assert ">新</span>" in page
    assert ">新</span>" not in client.get("/messages").content.decode()
    assert "条新的" not in client.get("/waiting").content.decode()


def test_what_was_read_in_one_browser_is_read_in_another(places: Places) -> None:
    officer = post_of(Role.TOWNSHIP_OFFICER, places.township)
    tell(Recipient.post(officer), places)
    client_of(officer).get("/messages")
    assert "条新的" not in client_of(officer).get("/waiting").content.decode()


def test_the_api_gives_what_one_was_told_and_takes_that_it_was_seen(places: Places) -> None:
    officer = post_of(Role.TOWNSHIP_OFFICER, places.township)
    for number in range(3):
        tell(Recipient.post(officer), places, key=f"duty:{number}")
    client = client_of(officer)
    told = client.get("/api/v1/notices?limit=2").json()
    assert (told["count"], told["unread"], len(told["items"])) == (3, 3, 2)
    assert told["items"][0]["kind"] == "duty_today"
    assert client.post("/api/v1/notices/seen", content_type="application/json").status_code == 204
    assert client.get("/api/v1/notices").json()["unread"] == 0


def test_the_page_of_messages_takes_as_many_queries_however_many_there_are(
    places: Places, django_assert_max_num_queries: Any
) -> None:
    officer = post_of(Role.TOWNSHIP_OFFICER, places.township)
    for number in range(40):
        tell(Recipient.post(officer), places, key=f"duty:{number}")
    client = client_of(officer)
    with django_assert_max_num_queries(16):
        client.get("/messages")
