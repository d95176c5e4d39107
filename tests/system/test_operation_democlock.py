"""The clock of a demonstration: forward only, over every day in its order, and nowhere but in a demonstration."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import resolve
from tests.system import demourls
from tests.system.places import make_places, post_of
from tests.system.signedin import client_of

from baoxue.access.actions import create_token
from baoxue.access.actors import actor_of
from baoxue.access.models import Account, Post
from baoxue.access.queries import token_in_force
from baoxue.access.signin import check_code
from baoxue.audit.models import Entry
from baoxue.operation.queries import readiness
from baoxue.platform import beats, clock, jobs
from baoxue.platform.jobs import Running, work
from baoxue.platform.models import DemoClock, Job, Worker
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Capability, Role

pytestmark = pytest.mark.django_db

CLOCK = "/api/v1/demo/clock"
DAY = timedelta(days=1)


@pytest.fixture
def demo(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A demonstration, in which nothing falls due but what a test says."""
    settings.DEMO = True
    settings.ROOT_URLCONF = demourls.__name__
    monkeypatch.setattr(clock, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(beats, "_daily", {})
    clock.look_again()
    yield
    clock.look_again()


@pytest.fixture
def officer() -> Post:
    return post_of(Role.COUNTY_OFFICER, make_places().county, username="luwenjing", password="shuang-he 26 li")


@pytest.fixture
def inside(officer: Post) -> Client:
    return client_of(officer)


def _move(client: Client, to: datetime) -> Any:
    return client.post(CLOCK, {"now": to.isoformat()}, content_type="application/json")


@work("test.of_a_day")
def _of_a_day(running: Running) -> dict[str, Any]:
    return {"day": clock.today().isoformat()}


def test_a_year_is_played_through_day_by_day(demo: None, inside: Client) -> None:
    done: list[tuple[str, date, bool]] = []
    for name, at in (("second", time(7, 30)), ("first", time(6, 0))):
        beats.daily(name, at=at)(
            lambda day, now, name=name: done.append((name, day, clock.day_of(now) == day))  # type: ignore[misc]
        )
    start = clock.today()
    assert _move(inside, clock.now() + 365 * DAY).status_code == 200
    assert clock.today() == start + 365 * DAY
    days = [start + number * DAY for number in range(1, 365)]
    inner = [entry for entry in done if start < entry[1] < start + 365 * DAY]
    assert inner == [(name, day, True) for day in days for name in ("first", "second")]


def test_what_a_day_asks_for_is_done_on_that_day(demo: None, inside: Client, officer: Post) -> None:
    def ask(day: date, now: datetime) -> None:
        jobs.ask("test.of_a_day", {"day": day.isoformat()}, place_path="/", by=actor_of(officer), now=now)

    beats.daily("test.asks", at=time(6, 0))(ask)
    _move(inside, clock.now() + 3 * DAY)
    with acting_as(EVERYWHERE):
        done = [(job.arguments, job.result) for job in Job.objects.order_by("created_at")]
    assert len(done) >= 3
    assert all(arguments == result for arguments, result in done)


def test_the_clock_is_not_put_back(demo: None, inside: Client) -> None:
    _move(inside, clock.now() + 10 * DAY)
    before = clock.now()
    refused = _move(inside, before - DAY)
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert "不能拨回" in refused.json()["detail"]
    assert clock.now() >= before


@pytest.mark.parametrize("now", ["2025-10-14T08:00:00", "tomorrow", ""])
def test_an_instant_without_its_offset_is_refused(demo: None, inside: Client, now: str) -> None:
    assert inside.post(CLOCK, {"now": now}, content_type="application/json").status_code == 422


def test_a_century_is_refused(demo: None, inside: Client) -> None:
    assert _move(inside, clock.now() + 36_525 * DAY).status_code == 422


def test_a_day_that_cannot_be_done_stops_the_clock_there(demo: None, inside: Client) -> None:
    fails_on = clock.today() + 2 * DAY

    def work(day: date, _now: datetime) -> None:
        if day == fails_on:
            raise LookupError("杨昌旺")

    beats.daily("test.fails", at=time(6, 0))(work)
    refused = _move(inside, clock.now() + 5 * DAY)
    assert refused.status_code == 500
    assert "杨昌旺" not in refused.content.decode()
    assert clock.today() == fails_on


def test_the_clock_tells_its_time_in_shanghai_and_the_frame_says_that_it_was_moved(demo: None, inside: Client) -> None:
    assert "演示时间" not in inside.get("/help").content.decode()
    _move(inside, clock.now() + 30 * DAY)
    told = datetime.fromisoformat(inside.get(CLOCK).json()["now"])
    assert told.utcoffset() == timedelta(hours=8)
    today = clock.today()
    assert f"演示时间 {today.year}年{today.month}月{today.day}日" in inside.get("/help").content.decode()


def test_moving_the_clock_is_on_record_on_its_new_day(demo: None, inside: Client) -> None:
    _move(inside, clock.now() + 30 * DAY)
    with acting_as(EVERYWHERE):
        entry = Entry.objects.get(event="clock_moved")
    assert entry.detail == {"day": clock.today().isoformat()}
    assert clock.day_of(entry.at) == clock.today()


def test_nobody_moves_the_clock_without_signing_in(demo: None) -> None:
    assert _move(Client(), clock.now() + DAY).status_code == 401


@pytest.mark.parametrize(("mode", "exists"), [("demo", True), ("production", False), ("test", False)])
def test_the_address_exists_in_a_demonstration_only(mode: str, exists: bool) -> None:
    asks = f"""
import django
django.setup()
from django.urls import Resolver404, resolve
try:
    resolve({CLOCK!r})
    print(True)
except Resolver404:
    print(False)
"""
    environment = {**os.environ, "BAOXUE_MODE": mode, "DJANGO_SETTINGS_MODULE": "baoxue.platform.settings"}
    told = subprocess.run([sys.executable, "-c", asks], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.split() == [str(exists)]


def test_elsewhere_nobody_finds_it(inside: Client) -> None:
    assert inside.get(CLOCK).status_code == 404


def test_elsewhere_the_clock_is_the_machines_whatever_the_table_says() -> None:
    DemoClock.objects.create(pk=1, ahead=timedelta(days=400))
    clock.look_again()
    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=5)
    with pytest.raises(RuntimeError, match="demonstration"):
        clock.put_forward(clock.now() + DAY)


def test_the_operations_are_outside_of_any_transaction(demo: None) -> None:
    assert resolve(CLOCK).func._non_atomic_requests == {"default"}  # type: ignore[attr-defined]


def test_who_is_signed_in_stays_signed_in(demo: None, inside: Client, client: Client) -> None:
    _move(inside, clock.now() + 300 * DAY)
    assert inside.get("/help").status_code == 200
    client.post("/sign-in", {"username": "luwenjing", "password": "shuang-he 26 li"})
    assert client.get("/help").status_code == 200
    assert inside.get("/help").status_code == 200
    assert Session.objects.count() == 2


def test_a_one_time_code_is_that_of_the_machines_clock(demo: None, inside: Client, officer: Post) -> None:
    _move(inside, clock.now() + 300 * DAY)
    secret = pyotp.random_base32()
    account = Account.objects.get(pk=officer.account_id)
    account.second_factor = secret
    account.save()
    assert check_code(account=account, code=pyotp.TOTP(secret).now(), address="", now=clock.now())


def test_a_token_lasts_as_long_as_it_was_made_for(demo: None, inside: Client, officer: Post) -> None:
    by = actor_of(officer)
    with acting_as(by.scope):
        _, secret = create_token(
            post=officer, name="培训", capabilities=[Capability.SEE_CHILDREN], days=30, by=by, now=clock.now()
        )
    _move(inside, clock.now() + 300 * DAY)
    assert token_in_force(secret, now=clock.now()) is not None
    assert token_in_force(secret, now=clock.now() + 31 * DAY) is None


def test_a_new_password_lets_its_owner_stay_after_the_clock_was_moved(demo: None, inside: Client) -> None:
    _move(inside, clock.now() + 300 * DAY)
    new = "da ping 30 li, xia yu"
    inside.post("/password", {"old": "shuang-he 26 li", "new": new, "again": new})
    assert inside.get("/help").status_code == 200


def test_a_worker_that_lives_is_seen_to_live(demo: None, inside: Client) -> None:
    Worker.objects.create(name="w", started_at=clock.real_now(), beat_at=clock.real_now())
    _move(inside, clock.now() + 300 * DAY)
    assert readiness(now=clock.real_now())["worker"]
