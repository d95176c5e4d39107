"""Access tokens: less than their post, for a time, and only for the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.system.places import NOW, make_places, post_of
from tests.system.signedin import client_of

from baoxue.access import actions
from baoxue.access.actors import actor_of
from baoxue.access.errors import TokenNotMade
from baoxue.access.models import Post, Token
from baoxue.access.queries import SESSION
from baoxue.platform import clock
from baoxue.platform.errors import NotPermitted
from baoxue.platform.scope import acting_as
from baoxue.policy.capabilities import Capability, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Post:
    return post_of(Role.COUNTY_OFFICER, make_places().county, username="luwenjing")


def made(post: Post, *capabilities: Capability, days: int = 30) -> str:
    """The secret of a new token."""
    by = actor_of(post)
    with acting_as(by.scope):
        return actions.create_token(
            post=post, name="报表程序", capabilities=capabilities, days=days, by=by, now=clock.now()
        )[1]


def bearer(secret: str) -> Client:
    """A program with a token."""
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_a_token_says_who_it_is_and_may_do_what_it_was_limited_to(officer: Post) -> None:
    me = bearer(made(officer, Capability.SEE_CHILDREN)).get("/api/v1/me").json()
    assert (me["username"], me["capabilities"], me["place"]["name"]) == ("luwenjing", ["see_children"], "岑巩县")


def test_only_the_hash_of_a_token_is_kept(officer: Post) -> None:
    secret = made(officer, Capability.SEE_CHILDREN)
    assert secret.encode() not in bytes(Token.objects.get().digest)


def test_when_a_token_was_used_is_written_down(officer: Post) -> None:
    bearer(made(officer, Capability.SEE_CHILDREN)).get("/api/v1/me")
    assert Token.objects.get().last_used_at is not None


@pytest.mark.parametrize(
    "spoiled",
    [
        {"revoked_at": NOW},
        {"expires_at": NOW},
    ],
)
def test_a_token_that_ended_is_unknown(officer: Post, spoiled: dict[str, object]) -> None:
    secret = made(officer, Capability.SEE_CHILDREN)
    Token.objects.update(**spoiled)
    answer = bearer(secret).get("/api/v1/me")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")


def test_a_token_ends_with_its_post(officer: Post) -> None:
    secret = made(officer, Capability.SEE_CHILDREN)
    Post.objects.filter(pk=officer.pk).update(valid_to=clock.today() - timedelta(days=1))
    assert bearer(secret).get("/api/v1/me").status_code == 401


def test_a_token_opens_no_page(officer: Post) -> None:
    assert bearer(made(officer, Capability.SEE_CHILDREN)).get("/").headers["Location"].startswith("/sign-in")


def test_a_wrong_token_is_not_made_up_for_by_a_session(officer: Post) -> None:
    client = client_of(officer)
    assert client.get("/api/v1/me").status_code == 200
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer wrong"}).status_code == 401


@pytest.mark.parametrize(
    ("capabilities", "days"),
    [
        ([], 30),
        ([Capability.READ_AUDIT], 30),
        ([Capability.USE_TOKENS], 30),
        ([Capability.SEE_CHILDREN], 366),
        ([Capability.SEE_CHILDREN], 0),
    ],
)
def test_a_token_has_less_than_its_post_and_at_most_a_year(
    officer: Post, capabilities: list[Capability], days: int
) -> None:
    with pytest.raises(TokenNotMade):
        made(officer, *capabilities, days=days)


def test_not_every_post_may_make_tokens() -> None:
    with pytest.raises(NotPermitted):
        made(post_of(Role.CLASS_TEACHER, make_places().school), Capability.SEE_CHILDREN)


def test_the_secret_shows_once_and_a_token_can_be_revoked(officer: Post) -> None:
    client = client_of(officer)
    shown = client.post("/settings/tokens/", {"name": "报表程序", "capabilities": ["see_children"], "days": "90"})
    secret = shown.context["secret"]
    assert secret in shown.content.decode()
    assert secret not in client.get("/settings/tokens/").content.decode()
    client.post(f"/settings/tokens/{Token.objects.get().pk}/revoke")
    assert bearer(secret).get("/api/v1/me").status_code == 401


def test_nobody_revokes_the_token_of_another_in_their_own_list(officer: Post) -> None:
    made(officer, Capability.SEE_CHILDREN)
    other = post_of(Role.COUNTY_OFFICER, officer.jurisdiction, username="other")
    assert client_of(other).post(f"/settings/tokens/{Token.objects.get().pk}/revoke").status_code == 404


def test_a_browser_writes_through_the_api_only_with_its_form_token(officer: Post) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of(officer).cookies
    answer = client.post("/api/v1/jobs/00000000-0000-4000-8000-000000000000/stop")
    assert answer.status_code == 403


def test_who_still_has_a_first_password_does_not_get_round_it_through_the_api(officer: Post) -> None:
    client = client_of(officer)
    type(officer.account).objects.update(must_change_password=True)
    assert client.session[SESSION]["account"] == officer.account_id
    assert client.get("/api/v1/me").status_code == 401
