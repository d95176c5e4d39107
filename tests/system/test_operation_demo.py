"""The city of the demonstration: two counties, one account for each role, and nothing made twice."""

from __future__ import annotations

import json
import socket
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password
from tests.system.places import NOW

from baoxue.access.models import Account, Post
from baoxue.cli.demonstration.city import build_places, make_accounts
from baoxue.cli.demonstration.loading import take_up_again, wait_for_jobs
from baoxue.cli.demonstration.whole import PortTaken, _alone, _day_of_registers, _port
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import schools_of
from baoxue.platform import clock
from baoxue.platform.models import Job, JobState
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import ROLES, Level, Role
from baoxue.progress import silent
from baoxue.refusal import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def counties() -> list[Jurisdiction]:
    return build_places(children=200, now=NOW)


def test_there_are_two_counties_of_one_city_each_with_eight_schools_or_more(counties: list[Jurisdiction]) -> None:
    assert len({county.parent_id for county in counties}) == 1
    schools = [list(schools_of(county.path)) for county in counties]
    assert [len(found) >= 8 for found in schools] == [True, True]
    codes = [school.school_code for found in schools for school in found]
    assert len(set(codes)) == len(codes)


def test_the_city_is_not_made_twice(counties: list[Jurisdiction]) -> None:
    before = Jurisdiction.objects.count()
    assert build_places(children=200, now=NOW) == counties
    assert Jurisdiction.objects.count() == before


def test_every_role_has_an_account_at_a_place_where_it_can_be(counties: list[Jurisdiction], tmp_path: Path) -> None:
    path = tmp_path / "demo-accounts.json"
    make_accounts(counties, path, now=NOW)
    told = json.loads(path.read_text(encoding="utf-8"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert {account["role"] for account in told} == {role.value for role in Role}
    assert [set(account) for account in told] == [{"username", "password", "role", "scope", "scope_name"}] * len(told)
    assert len({account["password"] for account in told}) == len(told)
    for post in Post.objects.select_related("jurisdiction"):
        assert Level(post.jurisdiction.level) in ROLES[Role(post.role)].levels


def test_an_account_is_looked_after_at_its_place(counties: list[Jurisdiction], tmp_path: Path) -> None:
    make_accounts(counties, tmp_path / "demo-accounts.json", now=NOW)
    for post in Post.objects.select_related("jurisdiction", "account"):
        assert post.account.looked_after_at == post.jurisdiction.path


def test_what_an_earlier_start_left_as_failed_is_done_again(counties: list[Jurisdiction], tmp_path: Path) -> None:
    make_accounts(counties, tmp_path / "demo-accounts.json", now=NOW)
    county = counties[0]
    with acting_as(EVERYWHERE):
        left = Job.objects.create(
            kind="children.build", place_path=county.path, created_at=NOW, state=JobState.FAILED.value
        )
    since = clock.now()
    take_up_again(county)
    with acting_as(EVERYWHERE):
        Job.objects.filter(pk=left.pk).update(state=JobState.DONE)
        Job.objects.create(kind="x", place_path=county.path, created_at=NOW, state=JobState.REFUSED.value)
    wait_for_jobs(county, since=since, progress=silent, look=lambda: None)


def test_the_passwords_told_are_those_that_open(counties: list[Jurisdiction], tmp_path: Path) -> None:
    path = tmp_path / "demo-accounts.json"
    first = make_accounts(counties, path, now=NOW)
    assert make_accounts(counties, path, now=NOW) == first
    path.unlink()
    for account in make_accounts(counties, path, now=NOW):
        assert check_password(account.password, Account.objects.get(username=account.username).password)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 25), date(2026, 9, 20)),
        (date(2026, 9, 20), date(2026, 9, 20)),
        (date(2026, 9, 19), date(2025, 9, 20)),
    ],
)
def test_the_registers_speak_of_a_day_that_has_been(today: date, day: date) -> None:
    assert _day_of_registers(today) == day


def test_a_port_that_was_asked_for_and_is_taken_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortTaken):
        _port(taken.getsockname()[1])


def test_two_demonstrations_do_not_share_a_folder(tmp_path: Path) -> None:
    with _alone(tmp_path), pytest.raises(Refusal, match="已经在运行"), _alone(tmp_path):
        pass
