"""The auditor's page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.system.places import NOW, Places, make_places, post_of
from tests.system.signedin import client_of

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.audit.tasks import VERIFY
from baoxue.platform.actor import system_actor
from baoxue.platform.jobs import run_job
from baoxue.platform.models import Job
from baoxue.platform.scope import acting_as
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def client(places: Places) -> Client:
    return client_of(post_of(Role.AUDITOR, places.county))


def put(path: str, count: int = 1, *, event: AuditEvent = AuditEvent.EXPORTED, name: str = "林") -> None:
    """Entries of a place, a minute apart."""
    by = system_actor(name, path=path)
    with acting_as(by.scope):
        for number in range(count):
            record(event, by=by, at=NOW + timedelta(minutes=number), detail={"rows": number})


def shown(client: Client, **asked: str) -> list[Entry]:
    """The entries on the page."""
    return [row.entry for row in client.get("/settings/audit/", asked).context["rows"]]


def test_an_auditor_sees_what_belongs_to_their_place_and_no_other(client: Client, places: Places) -> None:
    put(places.school.path)
    put(places.other_county.path)
    put(places.city.path)
    assert [entry.place_path for entry in shown(client)] == [places.school.path]


def test_pages_go_on_from_the_last_entry_shown(client: Client, places: Places) -> None:
    put(places.county.path, 120)
    first = client.get("/settings/audit/")
    assert len(first.context["rows"]) == 50
    second = shown(client, before=str(first.context["older"]))
    third = shown(client, before=str(second[-1].pk))
    assert (len(second), len(third)) == (50, 20)
    assert second[0].pk == first.context["older"] - 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"event": "searched"}, 1),
        ({"q": "林"}, 2),
        ({"q": "没有这个人"}, 0),
        ({"first": "2025-10-15"}, 0),
        ({"last": "2025-10-13"}, 0),
        ({"first": "2025-10-14", "last": "2025-10-14"}, 3),
        ({"first": "昨天", "before": "x", "event": "y"}, 3),
        ({"target_type": "Post", "target_id": "7"}, 0),
    ],
)
def test_filters(client: Client, places: Places, asked: dict[str, str], found: int) -> None:
    put(places.county.path, 2)
    put(places.county.path, event=AuditEvent.SEARCHED, name="周")
    assert len(shown(client, **asked)) == found


def test_the_page_asks_no_more_questions_for_more_entries(
    client: Client, places: Places, django_assert_num_queries: Any
) -> None:
    put(places.county.path, 50)
    with django_assert_num_queries(8):
        client.get("/settings/audit/")


def test_the_auditor_can_have_the_chain_proved_and_reads_the_result_here(client: Client, places: Places) -> None:
    put(places.county.path, 3)
    put(places.other_county.path, 5)
    assert client.post("/settings/audit/verify").status_code == 302
    connection.check_constraints()  # what a commit would do: the entries take their place in the chain
    with acting_as(system_actor("试", path="/").scope):
        run_job(job_id=str(Job.objects.get(kind=VERIFY).pk))
    text = client.get("/settings/audit/").content.decode()
    assert "本辖区共 4 条，整条链完整。" in text
    assert "共 9 条" not in text


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.ACCOUNT_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR])
def test_nobody_else_reads_the_record(places: Places, role: Role) -> None:
    assert client_of(post_of(role, places.county)).get("/settings/audit/").status_code == 403
