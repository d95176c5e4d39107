"""The operator's page: how the installation is, and nothing about people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.system.places import make_places, post_of
from tests.system.signedin import client_of

from baoxue.platform import clock
from baoxue.platform.models import Job, Worker
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/operation/"


def test_the_operator_sees_jobs_by_kind_and_never_what_they_are_about() -> None:
    places = make_places()
    with acting_as(EVERYWHERE):
        Job.objects.create(
            kind="registers.read", place_path=places.county.path, actor={}, step="杨昌旺的名册", sentence="杨昌旺",
            created_at=clock.now(),
        )  # fmt: skip
    text = client_of(post_of(Role.SYSTEM_ADMINISTRATOR, places.county)).get(ADDRESS).content.decode()
    assert "registers.read" in text
    assert "杨昌旺" not in text


def test_that_no_worker_is_at_work_is_said_first() -> None:
    places = make_places()
    client = client_of(post_of(Role.SYSTEM_ADMINISTRATOR, places.county))
    now = clock.now()
    Worker.objects.create(name="old", started_at=now, beat_at=now - timedelta(days=1))
    assert "没有后台进程在工作" in client.get(ADDRESS).content.decode()
    Worker.objects.create(name="new", started_at=now, beat_at=now)
    assert "1 个后台进程在工作" in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.AUDITOR, Role.ACCOUNT_ADMINISTRATOR])
def test_nobody_else_opens_it(role: Role) -> None:
    assert client_of(post_of(role, make_places().county)).get(ADDRESS).status_code == 403
