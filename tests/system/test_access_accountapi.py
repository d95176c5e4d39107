"""Accounts and posts for programs: the same acts, walls and refusals as on the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.system.places import Places, make_places, post_of
from tests.system.signedin import client_of

from baoxue.access.models import Account, Post
from baoxue.platform import clock
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def client(places: Places) -> Client:
    return client_of(post_of(Role.ACCOUNT_ADMINISTRATOR, places.county, username="guanli"))


def said(client: Client, way: str, address: str, body: dict[str, Any] | None = None, *, status: int = 200) -> Any:
    """The answer of the API, which has this status."""
    sent = "" if body is None else json.dumps(body)
    answer = client.generic(way, f"/api/v1{address}", sent, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def made(client: Client, places: Places, **other: str) -> Any:
    """A new account of the county."""
    given = {"username": "chenyu", "name": "陈雨", "place": places.county.code} | other
    return said(client, "POST", "/accounts", given, status=201)


def test_an_account_is_made_with_a_password_that_is_told_once(client: Client, places: Places) -> None:
    account = made(client, places)
    with acting_as(Scope("/")):
        assert Account.objects.get(pk=account["id"]).check_password(account["password"])
    whole = said(client, "GET", f"/accounts/{account['id']}")
    assert (whole["name"], whole["must_change_password"], "password" in whole) == ("陈雨", True, False)
    assert account["id"] in [row["id"] for row in said(client, "GET", "/accounts?q=chenyu")["items"]]


def test_an_account_is_changed_closed_and_opened(client: Client, places: Places) -> None:
    address = f"/accounts/{made(client, places)['id']}"
    assert said(client, "PATCH", address, {"name": "陈雨生"})["name"] == "陈雨生"
    assert said(client, "POST", f"{address}/close")["is_active"] is False
    assert said(client, "POST", f"{address}/close", status=409)["title"]
    assert said(client, "POST", f"{address}/open")["is_active"] is True


def test_a_new_password_ends_the_old_one_and_is_not_kept_by_the_browser(client: Client, places: Places) -> None:
    account = made(client, places)
    answer = client.post(f"/api/v1/accounts/{account['id']}/password")
    assert answer.headers["Cache-Control"] == "no-store"
    with acting_as(Scope("/")):
        found = Account.objects.get(pk=account["id"])
        assert found.check_password(answer.json()["password"])
        assert not found.check_password(account["password"])


def test_a_post_is_given_and_ended(client: Client, places: Places) -> None:
    address = f"/accounts/{made(client, places)['id']}"
    given = {"role": "county_officer", "place": places.county.code}
    post = said(client, "POST", f"{address}/posts", given, status=201)
    assert (post["valid_from"], post["valid_to"]) == (clock.today().isoformat(), None)
    assert [row["id"] for row in said(client, "GET", address)["posts"]] == [post["id"]]
    said(client, "POST", f"/posts/{post['id']}/end", {})
    with acting_as(Scope("/")):
        assert Post.objects.get(pk=post["id"]).valid_to == clock.today() - timedelta(days=1)


@pytest.mark.parametrize(
    ("other", "field"),
    [({"username": "522626201405060011"}, "username"), ({"name": ""}, "name"), ({"place": "000000"}, "place")],
)
def test_what_the_page_refuses_is_refused_with_its_field(
    client: Client, places: Places, other: dict[str, str], field: str
) -> None:
    given = {"username": "chenyu", "name": "陈雨", "place": places.county.code} | other
    refused = said(client, "POST", "/accounts", given, status=422)
    assert [error["field"] for error in refused["errors"]] == [field]
    assert given["username"] not in refused["detail"]


def test_an_account_above_the_own_place_is_not_there(client: Client, places: Places) -> None:
    above = post_of(Role.ACCOUNT_ADMINISTRATOR, places.city, username="shang").account_id
    said(client, "POST", f"/accounts/{above}/password", status=404)


def test_nobody_changes_their_own_account(places: Places) -> None:
    post = post_of(Role.ACCOUNT_ADMINISTRATOR, places.county, username="guanli")
    said(client_of(post), "POST", f"/accounts/{post.account_id}/password", status=403)
