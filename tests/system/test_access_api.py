"""The API as every program meets it: who one is, what is refused and how it is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.system.places import NOW, Places, make_places, post_of
from tests.system.signedin import client_of

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.platform.actor import system_actor
from baoxue.platform.scope import acting_as
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Client:
    return client_of(post_of(Role.COUNTY_OFFICER, places.county))


@pytest.fixture
def auditor(places: Places) -> Client:
    return client_of(post_of(Role.AUDITOR, places.county))


def test_a_post_that_may_not_is_told_so_as_a_problem(officer: Client) -> None:
    answer = officer.get("/api/v1/audit")
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
    told = answer.json()
    assert told["type"].endswith("/problems/not-permitted")
    assert told["title"] == "当前岗位没有这项权限"
    assert "查看审计记录" in told["detail"]


def test_what_is_not_there_is_a_problem_too(officer: Client, places: Places) -> None:
    answer = officer.get(f"/api/v1/jurisdictions/{places.other_county.code}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    nowhere = officer.get("/api/v1/jurisdictions/nowhere")
    assert answer.json() == nowhere.json()


def test_what_is_badly_written_is_named_and_not_repeated(officer: Client) -> None:
    answer = officer.get("/api/v1/schools", {"limit": "990122201405060000x"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["limit"]
    assert "990122" not in answer.content.decode()


def test_a_list_comes_in_pages_with_its_count(officer: Client) -> None:
    first = officer.get("/api/v1/schools", {"limit": 1}).json()
    second = officer.get("/api/v1/schools", {"limit": 1, "offset": 1}).json()
    assert (first["count"], len(first["items"])) == (2, 1)
    assert first["items"] != second["items"]


def test_the_audit_record_comes_in_parts_that_together_are_the_whole(auditor: Client, places: Places) -> None:
    by = system_actor("试", path=places.school.path)
    with acting_as(by.scope):
        for number in range(5):
            record(AuditEvent.EXPORTED, by=by, at=NOW + timedelta(minutes=number), detail={"rows": number})
    first = auditor.get("/api/v1/audit", {"limit": 3}).json()
    rest = auditor.get("/api/v1/audit", {"limit": 3, "before": first["before"]}).json()
    assert [entry["detail"]["rows"] for entry in first["items"] + rest["items"]] == [4, 3, 2, 1, 0]
    assert rest["before"] is None
