"""Signing in through a bureau's own directory: it says who, never what one may do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyotp
import pytest
from django.test import Client
from tests.system.places import Places, make_places, post_of
from tests.system.provider import CLIENT, SECRET, Provider, another_key, provider, shared_secret

from baoxue.access.models import Account, Post
from baoxue.access.queries import SESSION
from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider() as made:
        yield made


@pytest.fixture
def directory(running: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The provider, sound, and the system set up for it."""
    settings.BAOXUE_OIDC = {
        "issuer": running.issuer, "client_id": CLIENT, "client_secret": SECRET, "name": "县教育局统一身份",
    }  # fmt: skip
    monkeypatch.setattr(running, "claims", {})
    monkeypatch.setattr(running, "signed_by", ("RS256", running.key))
    return running


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def teacher(places: Places) -> Post:
    post = post_of(Role.CLASS_TEACHER, places.school, username="chenyu")
    Account.objects.filter(pk=post.account_id).update(oidc_subject="u-1001", must_change_password=True)
    return post


def come_back(client: Client, directory: Provider, *, subject: str = "u-1001", where: str = "", **spoiled: str) -> Any:
    """Go to the directory, prove to be somebody there, and come back."""
    away = client.get("/sign-in/directory", {"next": where})
    brought = directory.authorize(away.headers["Location"], subject=subject) | spoiled
    return client.get("/sign-in/directory/back", brought)


def test_the_sign_in_page_offers_the_directory_by_its_name(directory: Provider, client: Client) -> None:
    assert "用县教育局统一身份登录" in client.get("/sign-in").content.decode()


def test_without_a_directory_there_is_no_such_way(client: Client) -> None:
    assert "/sign-in/directory" not in client.get("/sign-in").content.decode()
    assert client.get("/sign-in/directory").status_code == 404


def test_who_the_directory_knows_comes_in_as_their_account_and_it_is_on_record(
    directory: Provider, client: Client, teacher: Post
) -> None:
    answer = come_back(client, directory, where="/help")
    assert answer.headers["Location"] == "/help"
    assert client.session[SESSION]["post"] == teacher.pk
    with acting_as(Scope("/")):
        entry = Entry.objects.get(event=AuditEvent.SIGNED_IN.value)
    assert entry.detail == {"way": "directory"}


def test_who_came_by_the_directory_is_not_asked_for_a_password_of_their_own(
    directory: Provider, client: Client, teacher: Post
) -> None:
    come_back(client, directory)
    assert client.get("/").status_code == 200


def test_a_post_that_asks_for_a_second_factor_asks_for_it_here_too(
    directory: Provider, client: Client, places: Places
) -> None:
    officer = post_of(Role.COUNTY_OFFICER, places.county)
    secret = pyotp.random_base32()
    Account.objects.filter(pk=officer.account_id).update(
        oidc_subject="u-2", second_factor=secret, second_factor_confirmed_at=officer.given_at
    )
    assert come_back(client, directory, subject="u-2").headers["Location"] == "/sign-in/code"
    assert client.get("/").headers["Location"].startswith("/sign-in")
    client.post("/sign-in/code", {"code": pyotp.TOTP(secret).now()})
    assert client.get("/").status_code == 200


def test_nobody_is_made_for_whom_the_directory_alone_knows(directory: Provider, client: Client, teacher: Post) -> None:
    answer = come_back(client, directory, subject="u-9999")
    assert answer.status_code == 403
    assert "还没有对应到这里的账户" in answer.content.decode()
    assert Account.objects.count() == 1


def test_a_closed_account_stays_closed(directory: Provider, client: Client, teacher: Post) -> None:
    Account.objects.update(is_active=False)
    assert come_back(client, directory).status_code == 403


@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: setattr(made, "claims", {"iss": "https://elsewhere.example"}),
        lambda made: setattr(made, "claims", {"aud": "another"}),
        lambda made: setattr(made, "claims", {"aud": [CLIENT, "another"]}),
        lambda made: setattr(made, "claims", {"nonce": "of another sign-in"}),
        lambda made: setattr(made, "claims", {"exp": 1}),
        lambda made: setattr(made, "claims", {"iat": 99_999_999_999}),
        lambda made: setattr(made, "claims", {"sub": ""}),
        lambda made: setattr(made, "signed_by", another_key()),
        lambda made: setattr(made, "signed_by", shared_secret()),
    ],
    ids=["issuer", "audience", "audiences", "nonce", "expired", "not yet", "nobody", "another key", "shared secret"],
)
def test_an_id_token_that_is_not_sound_proves_nobody(
    directory: Provider, client: Client, teacher: Post, spoil: Callable[[Provider], None]
) -> None:
    spoil(directory)
    assert come_back(client, directory).status_code == 401
    assert SESSION not in client.session


@pytest.mark.parametrize("spoiled", [{"state": "of somebody else"}, {"code": "guessed"}])
def test_what_did_not_begin_here_does_not_end_here(
    directory: Provider, client: Client, teacher: Post, spoiled: dict[str, str]
) -> None:
    assert come_back(client, directory, **spoiled).status_code == 401
    assert SESSION not in client.session


def test_a_way_back_is_gone_once(directory: Provider, client: Client, teacher: Post) -> None:
    away = client.get("/sign-in/directory")
    brought = directory.authorize(away.headers["Location"], subject="u-1001")
    assert Client().get("/sign-in/directory/back", brought).headers["Location"] == "/sign-in"
    client.get("/sign-in/directory/back", {**brought, "state": "wrong"})
    assert client.get("/sign-in/directory/back", brought).headers["Location"] == "/sign-in"


def test_a_directory_that_does_not_answer_is_said_to_be_so(settings: Any, client: Client) -> None:
    settings.BAOXUE_OIDC = {"issuer": "http://127.0.0.1:1", "client_id": CLIENT, "client_secret": "", "name": "统一"}
    answer = client.get("/sign-in/directory")
    assert answer.status_code == 502
    assert "用账户名和密码登录" in answer.content.decode()


def test_a_directory_that_describes_another_is_not_believed(
    directory: Provider, settings: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "described", lambda: {"issuer": "https://elsewhere.example"})
    assert client.get("/sign-in/directory").status_code == 502
