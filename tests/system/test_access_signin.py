"""Signing in: the right person comes in, everybody else stays out and learns nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from tests.system.places import make_places, post_of
from tests.system.signedin import client_of

from baoxue.access.models import Account, Post, SignInFailure
from baoxue.access.queries import SESSION
from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.platform import clock
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Role
from baoxue.policy.signin import ACCOUNT_TRIES, ADDRESS_TRIES

pytestmark = pytest.mark.django_db

PASSWORD = "shuang-he 26 li"


@pytest.fixture
def teacher() -> Post:
    return post_of(Role.CLASS_TEACHER, make_places().school, username="chenyu", password=PASSWORD)


@pytest.fixture
def officer() -> Post:
    return post_of(Role.COUNTY_OFFICER, make_places().county, username="luwenjing", password=PASSWORD)


def _try(client: Client, username: str, password: str) -> int:
    return client.post("/sign-in", {"username": username, "password": password}).status_code


def test_the_right_password_opens_a_session_and_is_on_record(teacher: Post, client: Client) -> None:
    assert _try(client, "chenyu", PASSWORD) == 302
    assert client.session[SESSION]["post"] == teacher.pk
    with acting_as(Scope("/")):
        assert [entry.event for entry in Entry.objects.all()] == [AuditEvent.SIGNED_IN]


@pytest.mark.parametrize(("username", "password"), [("chenyu", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_whatever_is_wrong_the_answer_is_the_same(teacher: Post, client: Client, username: str, password: str) -> None:
    response = client.post("/sign-in", {"username": username, "password": password})
    assert response.status_code == 401
    assert "账户名或密码不对，或者账户已停用。" in response.content.decode()
    assert SESSION not in client.session


def test_after_five_failures_the_right_password_does_not_open_the_door(teacher: Post, client: Client) -> None:
    for _ in range(ACCOUNT_TRIES):
        assert _try(client, "chenyu", "wrong") == 401
    assert _try(client, "chenyu", PASSWORD) == 429
    SignInFailure.objects.update(at=clock.now() - timedelta(hours=2))
    assert _try(client, "chenyu", PASSWORD) == 302


def test_a_closed_account_stays_out_and_its_open_session_ends(teacher: Post, client: Client) -> None:
    inside = client_of(teacher)
    assert inside.get("/").status_code == 200
    Account.objects.filter(pk=teacher.account_id).update(is_active=False)
    assert _try(client, "chenyu", PASSWORD) == 401
    assert inside.get("/")["Location"].startswith("/sign-in")


def test_a_session_left_alone_is_over(teacher: Post) -> None:
    inside = client_of(teacher)
    session = inside.session
    session[SESSION] = {**session[SESSION], "seen": (clock.now() - timedelta(minutes=31)).isoformat()}
    session.save()
    assert inside.get("/")["Location"].startswith("/sign-in")


def test_a_county_post_sets_up_its_second_factor_before_it_comes_in(officer: Post, client: Client) -> None:
    response = client.post("/sign-in", {"username": "luwenjing", "password": PASSWORD})
    assert response["Location"] == "/sign-in/second-factor"
    client.get("/sign-in/second-factor")
    assert client.get("/")["Location"].startswith("/sign-in")
    secret = Account.objects.get(pk=officer.account_id).second_factor
    response = client.post("/sign-in/second-factor", {"code": pyotp.TOTP(secret).now()})
    assert "恢复码" in response.content.decode()
    assert client.get("/").status_code == 200


def test_a_one_time_code_works_once(officer: Post, client: Client) -> None:
    secret = pyotp.random_base32()
    Account.objects.filter(pk=officer.account_id).update(second_factor_confirmed_at=clock.now())
    account = Account.objects.get(pk=officer.account_id)
    account.second_factor = secret
    account.save()
    code = pyotp.TOTP(secret).now()
    for browser, status in ((client, 302), (Client(), 401)):
        assert _try(browser, "luwenjing", PASSWORD) == 302
        assert browser.post("/sign-in/code", {"code": code}).status_code == status


def test_who_has_a_given_password_chooses_an_own_one_first(teacher: Post, client: Client) -> None:
    Account.objects.filter(pk=teacher.account_id).update(must_change_password=True)
    assert client.post("/sign-in", {"username": "chenyu", "password": PASSWORD})["Location"] == "/password"
    assert client.get("/")["Location"] == "/password"
    new = "da ping 30 li, xia yu"
    assert client.post("/password", {"old": PASSWORD, "new": new, "again": new})["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_new_password_ends_the_sessions_elsewhere(teacher: Post, client: Client) -> None:
    elsewhere = client_of(teacher)
    _try(client, "chenyu", PASSWORD)
    new = "da ping 30 li, xia yu"
    client.post("/password", {"old": PASSWORD, "new": new, "again": new})
    assert elsewhere.get("/")["Location"].startswith("/sign-in")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(teacher: Post, client: Client, where: str) -> None:
    response = client.post("/sign-in", {"username": "chenyu", "password": PASSWORD, "next": where})
    assert response["Location"] == "/"


def test_signing_out_ends_the_session(teacher: Post) -> None:
    inside = client_of(teacher)
    assert inside.post("/sign-out")["Location"] == "/sign-in"
    assert inside.get("/")["Location"].startswith("/sign-in")


def test_only_an_own_post_can_be_switched_to(teacher: Post, officer: Post) -> None:
    inside = client_of(teacher)
    inside.post("/post", {"post": officer.pk})
    assert inside.session[SESSION]["post"] == teacher.pk


def test_too_many_failures_from_one_address_shut_it_for_every_account(teacher: Post, client: Client) -> None:
    SignInFailure.objects.bulk_create(
        SignInFailure(username=f"guess{number}", address="127.0.0.1", at=clock.now()) for number in range(ADDRESS_TRIES)
    )
    assert _try(client, "chenyu", PASSWORD) == 429
    elsewhere = Client(REMOTE_ADDR="10.0.0.7")
    assert _try(elsewhere, "chenyu", PASSWORD) == 302


def test_a_success_forgets_the_failures_before_it(teacher: Post, client: Client) -> None:
    SignInFailure.objects.bulk_create(
        SignInFailure(username="chenyu", address="127.0.0.1", at=clock.now()) for _ in range(ACCOUNT_TRIES - 1)
    )
    assert _try(client, "chenyu", PASSWORD) == 302
    assert not SignInFailure.objects.exists()


def test_tries_at_the_same_moment_count_each_other(teacher: Post) -> None:
    # As many as the door allows have been begun and not yet answered: the next one is too many, right or wrong.
    SignInFailure.objects.bulk_create(
        SignInFailure(username="chenyu", address="10.0.0.9", at=clock.now()) for _ in range(ACCOUNT_TRIES)
    )
    assert _try(Client(REMOTE_ADDR="10.0.0.8"), "chenyu", PASSWORD) == 429


def test_a_refused_sign_in_is_on_record_with_its_address_and_without_what_was_typed(
    teacher: Post, client: Client
) -> None:
    _try(client, "990122201405060000", "wrong")
    _try(client, "chenyu", "wrong")
    with acting_as(Scope("/")):
        entries = list(Entry.objects.filter(event=AuditEvent.SIGN_IN_REFUSED.value).order_by("pk"))
    assert [(entry.address, entry.target_id) for entry in entries] == [
        ("127.0.0.1", ""),
        ("127.0.0.1", str(teacher.account_id)),
    ]
    kept = [*entries, *SignInFailure.objects.all()]
    assert not any("990122" in str(vars(row)) for row in kept)


def test_a_session_is_over_after_eight_hours_however_busy(teacher: Post) -> None:
    inside = client_of(teacher)
    session = inside.session
    session[SESSION] = {**session[SESSION], "began": (clock.now() - timedelta(hours=8)).isoformat()}
    session.save()
    assert inside.get("/")["Location"].startswith("/sign-in")


def test_signing_in_gives_a_new_session_that_nobody_could_plant(teacher: Post, client: Client) -> None:
    client.get("/sign-in")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["baoxue_session"] = planted
    _try(client, "chenyu", PASSWORD)
    assert client.cookies["baoxue_session"].value != planted
    assert "planted" not in client.session


def test_a_recovery_code_helps_once(officer: Post, client: Client) -> None:
    client.post("/sign-in", {"username": "luwenjing", "password": PASSWORD})
    client.get("/sign-in/second-factor")
    secret = Account.objects.get(pk=officer.account_id).second_factor
    codes = client.post("/sign-in/second-factor", {"code": pyotp.TOTP(secret).now()}).context["codes"]
    assert len(codes) == len(set(codes)) == 8
    assert codes[0] not in str(Account.objects.get(pk=officer.account_id).recovery)
    answers = []
    for browser in (Client(), Client()):
        _try(browser, "luwenjing", PASSWORD)
        answers.append(browser.post("/sign-in/code", {"code": codes[0].upper()}).status_code)
    assert answers == [302, 401]


def test_wrong_codes_shut_the_door_too(officer: Post, client: Client) -> None:
    account = Account.objects.get(pk=officer.account_id)
    account.second_factor, account.second_factor_confirmed_at = pyotp.random_base32(), clock.now()
    account.save()
    _try(client, "luwenjing", PASSWORD)
    answers = [client.post("/sign-in/code", {"code": "12"}).status_code for _ in range(ACCOUNT_TRIES + 1)]
    assert answers == [401] * ACCOUNT_TRIES + [429]


def test_the_second_step_waits_ten_minutes_at_most(officer: Post, client: Client) -> None:
    _try(client, "luwenjing", PASSWORD)
    session = client.session
    session["signing_in"] = {**session["signing_in"], "at": (clock.now() - timedelta(minutes=11)).isoformat()}
    session.save()
    assert client.get("/sign-in/second-factor")["Location"] == "/sign-in"


def test_switching_posts_is_said_and_on_record(teacher: Post) -> None:
    other = Post.objects.create(
        account=teacher.account, role="principal", jurisdiction=teacher.jurisdiction, valid_from=teacher.valid_from,
        given_by="试", given_at=teacher.given_at,
    )  # fmt: skip
    inside = client_of(teacher)
    page = inside.post("/post", {"post": other.pk}, follow=True).content.decode()
    assert "现在是：双河镇中心小学 校长。" in page
    with acting_as(Scope("/")):
        assert Entry.objects.filter(event=AuditEvent.POST_SWITCHED.value).count() == 1


def test_a_sign_in_takes_away_sessions_that_are_over_and_failures_nobody_counts(teacher: Post, client: Client) -> None:
    SignInFailure.objects.create(username="other", address="10.0.0.1", at=clock.now() - timedelta(days=2))
    SignInFailure.objects.create(username="other", address="10.0.0.1", at=clock.now())
    Session.objects.create(session_key="old", session_data="", expire_date=clock.now() - timedelta(minutes=1))
    _try(client, "chenyu", PASSWORD)
    assert SignInFailure.objects.count() == 1
    assert not Session.objects.filter(session_key="old").exists()


class _Counting(MD5PasswordHasher):
    """Counts how often a password is hashed, which is what takes the time."""

    algorithm = "counting"
    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        _Counting.hashed += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("username", ["chenyu", "closed", "nobody"])
def test_every_refusal_takes_as_long_as_a_wrong_password(settings: Any, client: Client, username: str) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}._Counting"]
    school = make_places().school
    post_of(Role.CLASS_TEACHER, school, username="chenyu", password=PASSWORD)
    closed = post_of(Role.CLASS_TEACHER, school, username="closed", password=PASSWORD)
    Account.objects.filter(pk=closed.account_id).update(is_active=False)
    _Counting.hashed = 0
    assert _try(client, username, "wrong") == 401
    assert _Counting.hashed == 1


def test_wrong_old_passwords_shut_the_door_too(teacher: Post) -> None:
    inside = client_of(teacher)
    given = {"old": "wrong", "new": "yun-wu 73 shan", "again": "yun-wu 73 shan"}
    assert [inside.post("/password", given).status_code for _ in range(ACCOUNT_TRIES)] == [422] * ACCOUNT_TRIES
    assert inside.post("/password", {**given, "old": PASSWORD}).status_code == 429
    assert Account.objects.get(pk=teacher.account_id).check_password(PASSWORD)
