"""Every page × every post × what lies outside of its reach: not there, not shown, not counted."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from tests.access.addresses import Address, pages
from tests.access.world import EVERYTHING, POST_NAMES, World, let_in, make_site
from tests.system.signedin import client_of

from baoxue.platform.gate import PUBLIC, SIGNED_IN
from baoxue.platform.scope import acting_as
from baoxue.policy.capabilities import Capability

ALL = pages()
OF_OBJECTS = [page for page in ALL if page.names_an_object()]
LISTS = [page for page in ALL if not page.names_an_object()]

REFUSED = {403, 404, 405}
# What a list may answer: itself, the way to somewhere else, a refusal, that it takes no such request, or that a part of the
# system is missing. Never a defect.
SOUND = {200, 302, 400, 401, 403, 404, 405, 422, 429, 503}
# What people look for: marks of foreign places, initials, a whole identity number.
SEARCHES = ("", "别处", "lbc", "990122201405060000")
_NEW_EACH_TIME = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|name="key" value="[0-9a-f-]{36}"'
)


def name_of(page: Address) -> str:
    """For the list of tests."""
    return page.name


def behind_the_gate(pages: list[Address]) -> Any:
    """Each with each post its gate lets in: the others see nothing of it, wall or no wall."""
    cases = [pytest.param(page, post, id=f"{page.name}-{post}") for page in pages for post in let_in(page.needs)]
    return pytest.mark.parametrize(("page", "post"), cases)


def text_of(answer: Any) -> str:
    """What an answer says, without what is new in each."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return _NEW_EACH_TIME.sub("", content.decode(errors="replace"))


def refusals(page: Address, post: str, world: World) -> set[int]:
    """How reading and writing of the nearest object out of reach are answered."""
    here = world.posts[post]
    client, address = client_of(here), page.at(world.foreign_to(here)[0])
    return {client.get(address).status_code, client.post(address).status_code}


@pytest.mark.parametrize("page", ALL, ids=name_of)
def test_every_page_says_what_it_needs(page: Address) -> None:
    assert page.needs in (PUBLIC, SIGNED_IN) or all(isinstance(need, Capability) for need in page.needs)


@pytest.mark.parametrize("page", ALL, ids=name_of)
def test_every_parameter_of_an_address_is_known(page: Address, world: World) -> None:
    assert page.at(world.home).startswith("/")


@pytest.mark.parametrize("page", [page for page in ALL if page.needs != PUBLIC], ids=name_of)
def test_who_is_signed_out_gets_no_further_than_signing_in(page: Address, own: World) -> None:
    answers = [Client().get(page.at(own.home)), Client().post(page.at(own.home))]
    ways = {answer.headers.get("Location", "").split("?")[0] for answer in answers if answer.status_code != 405}
    assert ways == {"/sign-in"}


@pytest.mark.parametrize("post", POST_NAMES)
@pytest.mark.parametrize("page", OF_OBJECTS, ids=name_of)
def test_what_lies_in_a_foreign_place_is_not_there(page: Address, post: str, own: World) -> None:
    answered = refusals(page, post, own)
    assert answered <= REFUSED
    assert answered != {405}


@behind_the_gate(OF_OBJECTS)
def test_without_the_first_wall_it_still_is_not_there(
    page: Address, post: str, own: World, without_the_first_wall: None
) -> None:
    assert refusals(page, post, own) <= REFUSED


# Lists that are about something at the post's own place, as a person in the post sees it.
SHOWN = {
    "registers:imports": "county_officer",
    "registers:snapshots": "county_officer",
    "comparison:runs": "county_officer",
    "comparison:verdicts": "county_officer",
    "children:children": "county_officer",
    "children:doubts": "county_officer",
    "children:ledger": "township_officer",
    "access:accounts": "account_administrator",
    "web:messages": "township_officer",
    "notifications:channels": "system_administrator",
    "access:audit": "auditor",
}


@pytest.mark.parametrize("page", [page for page in LISTS if page.name in SHOWN], ids=name_of)
def test_a_list_shows_what_lies_at_home(page: Address, own: World) -> None:
    # Or that it shows nothing foreign would say nothing.
    assert own.home.mark in text_of(client_of(own.posts[SHOWN[page.name]]).get(page.at(own.home)))


# These also ask whose a thing is, or at which step: their own rooms' tests reach them.
ASK_FOR_MORE = {
    "access:revoke_token",
    "registers:recognised",
    "registers:rows",
    "registers:confirm",
    "registers:second_look",
    "registers:rejects",
    "registers:originals",
    "registers:correct",
    "children:undo",
    "children:reveal",
    "children:drop_view",
    "children:export",
    "children:export_file",
}


@pytest.mark.parametrize("page", [page for page in OF_OBJECTS if page.name not in ASK_FOR_MORE], ids=name_of)
def test_what_lies_at_home_is_there_for_somebody(page: Address, own: World) -> None:
    address = page.at(own.home)
    clients = (client_of(own.posts[post]) for post in let_in(page.needs))
    answers = (ask(address).status_code for client in clients for ask in (client.get, client.post))
    assert any(status not in REFUSED and status < 500 for status in answers)


@pytest.mark.parametrize("post", POST_NAMES)
@pytest.mark.parametrize("page", LISTS, ids=name_of)
def test_a_list_shows_nothing_of_foreign_places(page: Address, post: str, own: World) -> None:
    here = own.posts[post]
    answer = client_of(here).get(page.at(own.home))
    assert answer.status_code in SOUND
    assert [site.mark for site in own.foreign_to(here) if site.mark in text_of(answer)] == []


@behind_the_gate(LISTS)
def test_without_the_first_wall_a_list_still_shows_nothing_of_them(
    page: Address, post: str, own: World, without_the_first_wall: None
) -> None:
    test_a_list_shows_nothing_of_foreign_places(page, post, own)


@behind_the_gate(LISTS)
def test_an_empty_form_is_answered_and_never_a_defect(page: Address, post: str, own: World) -> None:
    assert client_of(own.posts[post]).post(page.at(own.home)).status_code in SOUND


@pytest.mark.parametrize(
    "post", ["county_officer", "township_officer", "principal", "department_officer-police", "account_administrator"]
)
@pytest.mark.parametrize("page", [page for page in LISTS if page.needs != PUBLIC], ids=name_of)
def test_what_is_added_in_foreign_places_changes_no_list_and_no_count(page: Address, post: str, own: World) -> None:
    here = own.posts[post]
    client, address = client_of(here), page.at(own.home)
    client.get(address)  # what is new to somebody is so once
    before = [text_of(client.get(address, {"q": words})) for words in SEARCHES]
    foreign = own.foreign_to(here)[0]
    with acting_as(EVERYTHING):
        make_site("后来别处", foreign.county, foreign.township, foreign.school)
    assert [text_of(client.get(address, {"q": words})) for words in SEARCHES] == before
