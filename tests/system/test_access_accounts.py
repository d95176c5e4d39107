"""Keeping accounts: within one's place, for others only, and never two administrators in one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.system.places import NOW, TODAY, Places, make_places, post_of
from tests.system.signedin import client_of

from baoxue.access import actions
from baoxue.access.actors import actor_of
from baoxue.access.errors import PostNotGiven, UsernameTaken
from baoxue.access.models import Account, Post, SignInFailure, Token
from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import clock
from baoxue.platform.actor import Actor, system_actor
from baoxue.platform.errors import NotPermitted
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Capability, Department, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def post(places: Places) -> Post:
    return post_of(Role.ACCOUNT_ADMINISTRATOR, places.county, username="guanli")


@pytest.fixture
def by(post: Post) -> Actor:
    return actor_of(post)


def created(by: Actor, place: Jurisdiction, *, username: str = "chenyu") -> Account:
    """A new account, looked after at a place."""
    with acting_as(by.scope):
        return actions.create_account(username=username, name="陈雨", phone="", place=place, by=by, now=NOW)[0]


def give(by: Actor, account: Account, role: Role, place: Jurisdiction, **given: Any) -> Post:
    """Give a post that begins today."""
    rest = {"department": None, "valid_from": TODAY, "valid_to": None} | given
    with acting_as(by.scope):
        return actions.give_post(account=account, role=role, place=place, **rest, by=by, now=NOW)


def events(kind: AuditEvent) -> int:
    """How often something is on record."""
    with acting_as(Scope("/")):
        return Entry.objects.filter(event=kind.value).count()


def test_a_new_account_is_on_record_and_has_to_change_its_first_password(by: Actor, places: Places) -> None:
    with acting_as(by.scope):
        account, password = actions.create_account(
            username="chenyu", name="陈雨", phone="13900000000", place=places.school, by=by, now=NOW
        )
    assert account.check_password(password)
    assert account.must_change_password
    assert events(AuditEvent.ACCOUNT_CREATED) == 1


def test_two_accounts_do_not_share_a_name(by: Actor, places: Places) -> None:
    created(by, places.county)
    with pytest.raises(UsernameTaken):
        created(by, places.county)


def test_nobody_makes_accounts_for_a_foreign_place(by: Actor, places: Places) -> None:
    with pytest.raises(NotPermitted):
        created(by, places.other_county)


def test_a_post_is_given_within_reach_and_on_record(by: Actor, places: Places) -> None:
    given = give(by, created(by, places.school), Role.CLASS_TEACHER, places.school)
    assert (given.given_by, given.jurisdiction) == (by.name, places.school)
    assert events(AuditEvent.POST_GIVEN) == 1


def test_no_post_is_given_at_a_foreign_place(by: Actor, places: Places) -> None:
    with pytest.raises(NotPermitted):
        give(by, created(by, places.school), Role.COUNTY_OFFICER, places.other_county)


def test_nobody_gives_a_post_to_themselves(by: Actor, post: Post, places: Places) -> None:
    Account.objects.filter(pk=post.account_id).update(looked_after_at=places.county.path)
    post.account.refresh_from_db()
    with pytest.raises(NotPermitted):
        give(by, post.account, Role.COUNTY_OFFICER, places.county)


@pytest.mark.parametrize(
    ("role", "place", "given", "said"),
    [
        (Role.CLASS_TEACHER, "county", {}, "只能设在：学校"),
        (Role.COUNTY_OFFICER, "school", {}, "只能设在：县"),
        (Role.DEPARTMENT_OFFICER, "county", {}, "要选是哪个部门"),
        (Role.COUNTY_OFFICER, "county", {"department": Department.POLICE}, "只有部门联络员要选部门"),
        (Role.COUNTY_OFFICER, "county", {"valid_to": TODAY - timedelta(days=1)}, "不能早于起始日"),
        (Role.ACCOUNT_ADMINISTRATOR, "county", {}, "上级的安全管理员"),
        (Role.SYSTEM_ADMINISTRATOR, "county", {}, "上级的安全管理员"),
        (Role.AUDITOR, "county", {}, "上级的安全管理员"),
    ],
)
def test_a_post_that_makes_no_sense_is_refused_in_words(
    by: Actor, places: Places, role: Role, place: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(PostNotGiven, match=said):
        give(by, created(by, places.county), role, getattr(places, place), **given)


def test_an_administrator_is_made_from_above(places: Places) -> None:
    above = actor_of(post_of(Role.ACCOUNT_ADMINISTRATOR, places.city))
    assert give(above, created(above, places.county), Role.AUDITOR, places.county).pk


def test_the_first_administrator_is_made_by_a_command_on_the_machine(places: Places) -> None:
    command = system_actor("命令行", path=places.county.path)
    assert give(command, created(command, places.county), Role.ACCOUNT_ADMINISTRATOR, places.county).pk


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Role.COUNTY_OFFICER, Role.AUDITOR),
        (Role.AUDITOR, Role.COUNTY_OFFICER),
        (Role.AUDITOR, Role.ACCOUNT_ADMINISTRATOR),
        (Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR),
    ],
)
def test_one_account_is_no_administrator_and_something_else(places: Places, first: Role, second: Role) -> None:
    above = actor_of(post_of(Role.ACCOUNT_ADMINISTRATOR, places.city))
    account = created(above, places.county)
    give(above, account, first, places.county)
    with pytest.raises(PostNotGiven, match="各管一件事"):
        give(above, account, second, places.county)


def test_one_after_the_other_is_fine(places: Places) -> None:
    above = actor_of(post_of(Role.ACCOUNT_ADMINISTRATOR, places.city))
    account = created(above, places.county)
    give(above, account, Role.AUDITOR, places.county, valid_to=TODAY)
    assert give(above, account, Role.COUNTY_OFFICER, places.county, valid_from=TODAY + timedelta(days=1)).pk


def test_the_same_post_is_not_given_twice(by: Actor, places: Places) -> None:
    account = created(by, places.school)
    give(by, account, Role.PRINCIPAL, places.school)
    with pytest.raises(PostNotGiven, match="已经有这个岗位"):
        give(by, account, Role.PRINCIPAL, places.school)


def test_a_post_that_is_ended_ends_at_once_in_an_open_session(by: Actor, places: Places) -> None:
    teacher = post_of(Role.CLASS_TEACHER, places.school)
    client = client_of(teacher)
    assert client.get("/").status_code == 200
    now = clock.now()
    with acting_as(by.scope):
        actions.end_post(post=teacher, last_day=clock.today() - timedelta(days=1), by=by, now=now)
    assert client.get("/").headers["Location"].startswith("/sign-in")


def test_a_post_is_not_ended_in_the_past(by: Actor, places: Places) -> None:
    teacher = post_of(Role.CLASS_TEACHER, places.school)
    with acting_as(by.scope), pytest.raises(PostNotGiven, match="终止日"):
        actions.end_post(post=teacher, last_day=date(2025, 9, 2), by=by, now=NOW)


@pytest.mark.parametrize("act", [actions.reset_password, actions.take_off_second_factor, actions.close_account])
def test_what_an_administrator_does_to_an_account_ends_its_sessions(by: Actor, places: Places, act: Any) -> None:
    teacher = post_of(Role.CLASS_TEACHER, places.school)
    Account.objects.filter(pk=teacher.account_id).update(looked_after_at=places.school.path)
    teacher.account.refresh_from_db()
    client = client_of(teacher)
    with acting_as(by.scope):
        act(account=teacher.account, by=by, now=clock.now())
    assert client.get("/").headers["Location"].startswith("/sign-in")


def test_a_reset_password_opens_the_door_that_failures_shut(by: Actor, places: Places) -> None:
    teacher = post_of(Role.CLASS_TEACHER, places.school)
    Account.objects.filter(pk=teacher.account_id).update(looked_after_at=places.school.path)
    teacher.account.refresh_from_db()
    for username in (teacher.account.username, "another"):
        SignInFailure.objects.create(username=username, address="", at=NOW)
    with acting_as(by.scope):
        actions.reset_password(account=teacher.account, by=by, now=NOW)
    assert [failure.username for failure in SignInFailure.objects.all()] == ["another"]


def test_an_account_that_is_looked_after_from_above_is_left_alone(by: Actor, places: Places) -> None:
    above = post_of(Role.CLASS_TEACHER, places.school)  # looked after by the ministry
    with acting_as(by.scope), pytest.raises(NotPermitted):
        actions.reset_password(account=above.account, by=by, now=NOW)


def test_a_closed_account_loses_its_tokens_for_good(by: Actor, places: Places) -> None:
    officer = post_of(Role.COUNTY_OFFICER, places.county)
    Account.objects.filter(pk=officer.account_id).update(looked_after_at=places.county.path)
    officer.account.refresh_from_db()
    Token.objects.create(post=officer, name="报表", digest=b"d" * 32, created_at=NOW, expires_at=NOW)
    with acting_as(by.scope):
        actions.close_account(account=officer.account, by=by, now=NOW)
        actions.open_account(account=officer.account, by=by, now=NOW)
    assert Token.objects.get().revoked_at == NOW


@pytest.fixture
def also_elsewhere(places: Places) -> Post:
    """The city auditor's post of somebody whose account the county looks after."""
    post = post_of(Role.AUDITOR, places.city)
    Account.objects.filter(pk=post.account_id).update(looked_after_at=places.county.path)
    post.account.refresh_from_db()
    return post


def test_a_post_out_of_reach_counts_when_another_is_given(by: Actor, places: Places, also_elsewhere: Post) -> None:
    with pytest.raises(PostNotGiven):
        give(by, also_elsewhere.account, Role.PRINCIPAL, places.school)


def test_closing_an_account_ends_its_tokens_out_of_reach_too(by: Actor, also_elsewhere: Post) -> None:
    Token.objects.create(post=also_elsewhere, name="报表", digest=b"d" * 32, created_at=NOW, expires_at=NOW)
    with acting_as(by.scope):
        actions.close_account(account=also_elsewhere.account, by=by, now=NOW)
    assert Token.objects.get().revoked_at == NOW


def test_a_name_that_an_account_out_of_reach_has_is_taken(by: Actor, places: Places) -> None:
    post_of(Role.CLASS_TEACHER, places.foreign_school, username="chenyu")
    with acting_as(by.scope), pytest.raises(UsernameTaken):
        actions.create_account(username="chenyu", name="陈雨", phone="", place=places.school, by=by, now=NOW)


# The pages


@pytest.fixture
def client(post: Post) -> Client:
    return client_of(post)


def test_from_a_new_account_to_a_first_sign_in(client: Client, places: Places) -> None:
    person = {"name": "陈雨", "username": "chenyu", "phone": "", "place": places.school.code}
    shown = client.post("/settings/accounts/new", person)
    assert shown.headers["Cache-Control"] == "no-store"
    password = shown.context["password"]
    account = Account.objects.get(username="chenyu")
    given = {"role": "class_teacher", "place": places.school.code, "valid_from": clock.today().isoformat()}
    assert client.post(f"/settings/accounts/{account.pk}/posts", given).status_code == 302
    teacher = Client()
    answer = teacher.post("/sign-in", {"username": "chenyu", "password": password})
    assert answer.headers["Location"] == "/password"
    assert teacher.get("/").headers["Location"] == "/password"


@pytest.mark.parametrize("username", ["990122201405060000", "a", "有 空格"])
def test_an_account_name_is_no_identity_number(client: Client, places: Places, username: str) -> None:
    answer = client.post("/settings/accounts/new", {"name": "陈雨", "username": username, "place": places.school.code})
    assert answer.status_code == 422
    assert not Account.objects.filter(name="陈雨").exists()


def test_a_place_out_of_reach_is_not_found(client: Client, places: Places) -> None:
    answer = client.post(
        "/settings/accounts/new", {"name": "陈雨", "username": "chenyu", "place": places.foreign_school.code}
    )
    assert answer.status_code == 422
    assert "没有这个机构" in answer.content.decode()


@pytest.mark.parametrize("act", ["password", "second-factor", "close", "open"])
def test_one_does_nothing_to_ones_own_account(client: Client, post: Post, act: str) -> None:
    assert client.post(f"/settings/accounts/{post.account_id}/{act}").status_code == 403


def test_the_list_asks_no_more_questions_for_more_people(
    client: Client, by: Actor, places: Places, django_assert_num_queries: Any
) -> None:
    for number in range(12):
        give(by, created(by, places.school, username=f"jiaoshi{number}"), Role.CLASS_TEACHER, places.school)
    with django_assert_num_queries(8):
        page = client.get("/settings/accounts/").content.decode()
    assert page.count("双河镇中心小学") >= 12


def test_a_post_given_meanwhile_that_asks_for_a_second_factor_waits_for_the_next_sign_in(places: Places) -> None:
    teacher = post_of(Role.CLASS_TEACHER, places.school, username="chenyu", password="shuang-he 26 li")
    inside = Client()
    inside.post("/sign-in", {"username": "chenyu", "password": "shuang-he 26 li"})
    Post.objects.create(
        account=teacher.account, role="county_officer", jurisdiction=places.county, valid_from=TODAY - timedelta(days=40),
        given_by="试", given_at=NOW,
    )  # fmt: skip
    assert [held.role for held in inside.get("/").context["posts"]] == ["class_teacher"]


def test_an_account_administrator_sees_no_children(client: Client, by: Actor) -> None:
    assert by.capabilities == {Capability.MANAGE_ACCOUNTS}
    assert client.get("/imports/").status_code == 403
