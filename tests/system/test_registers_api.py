"""数据接入 for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.system.places import Places, make_places, post_of
from tests.system.registerfiles import household, id_number
from tests.system.signedin import client_of

from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.platform import jobs
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Department, Role
from baoxue.registers.models import Import

pytestmark = pytest.mark.django_db

EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Client:
    return client_of(post_of(Role.COUNTY_OFFICER, places.county))


def _started(client: Client, people: int = 20, **given: str) -> Any:
    file = SimpleUploadedFile("户籍.csv", household(range(people)).getvalue())
    return client.post("/api/v1/imports", {"register": "household", "as_of": "2025-09-20", "file": file, **given})


def _read(client: Client, people: int = 20) -> str:
    """An import that has been read; gives its id."""
    pk: str = _started(client, people).json()["id"]
    with acting_as(EVERYTHING):
        job_id = Import.objects.get(pk=pk).job_id
    jobs.run_job(job_id=str(job_id))
    return pk


def _post(client: Client, address: str, **body: str) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json")


def test_a_program_brings_a_register_as_people_do(officer: Client) -> None:
    pk = _read(officer)
    whole = officer.get(f"/api/v1/imports/{pk}").json()
    assert (whole["state"], whole["report"]["accepted"], whole["snapshot"]) == ("preview", 20, None)
    confirmed = _post(officer, f"/api/v1/imports/{pk}/confirm").json()
    assert confirmed["state"] == "confirmed"
    listed = officer.get("/api/v1/snapshots?register=household").json()
    assert [(item["id"], item["rows"]) for item in listed["items"]] == [(confirmed["snapshot"], 20)]
    assert officer.get(f"/api/v1/snapshots/{confirmed['snapshot']}").json()["as_of"] == "2025-09-20"


def test_starting_answers_201_and_names_the_job(officer: Client) -> None:
    answer = _started(officer)
    assert answer.status_code == 201
    assert answer.json()["job"] is not None


def test_the_answers_hold_no_number_in_full(officer: Client) -> None:
    pk = _read(officer)
    text = officer.get(f"/api/v1/imports/{pk}").content.decode() + officer.get("/api/v1/imports").content.decode()
    assert not any(id_number(place) in text for place in range(20))


def test_a_list_comes_in_pages_and_by_state(officer: Client) -> None:
    _read(officer, 5)
    _started(officer, 6)
    listed = officer.get("/api/v1/imports?state=preview").json()
    assert (len(listed["items"]), listed["count"]) == (1, 1)
    assert officer.get("/api/v1/imports?limit=1").json()["count"] == 2


def test_a_place_in_a_list_that_no_list_has_is_a_problem_and_no_defect(officer: Client) -> None:
    assert officer.get("/api/v1/imports", {"offset": str(10**30)}).status_code == 422


def test_rejected_rows_come_masked(officer: Client) -> None:
    pk = _read(officer)
    assert officer.get(f"/api/v1/imports/{pk}/rejects").json() == {"items": [], "count": 0}
    with acting_as(EVERYTHING):
        assert Entry.objects.get(event=AuditEvent.EXPORTED.value).detail == {"what": "rejects", "rows": 0}


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"as_of": "2999-01-01"}, 422, "input-refused"),
        ({"register": "nothing"}, 422, "input-refused"),
    ],
)
def test_what_cannot_be_taken_is_a_problem(officer: Client, given: dict[str, str], status: int, code: str) -> None:
    answer = _started(officer, **given)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith(code)


def test_the_same_file_again_is_a_conflict(officer: Client) -> None:
    _started(officer)
    answer = _started(officer)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (409, "same-file-again")


def test_giving_up_is_an_act_of_its_own(officer: Client) -> None:
    pk = _read(officer)
    assert _post(officer, f"/api/v1/imports/{pk}/cancel").json()["state"] == "cancelled"
    assert _post(officer, f"/api/v1/imports/{pk}/confirm").status_code == 409


def test_who_may_not_see_it_gets_404_and_who_may_not_do_it_403(places: Places, officer: Client) -> None:
    pk = _read(officer)
    foreign = client_of(post_of(Role.COUNTY_OFFICER, places.other_county))
    assert foreign.get(f"/api/v1/imports/{pk}").status_code == 404
    assert _post(foreign, f"/api/v1/imports/{pk}/confirm").status_code == 404
    city = client_of(post_of(Role.CITY_OFFICER, places.city))
    assert city.get(f"/api/v1/imports/{pk}").status_code == 200
    assert _post(city, f"/api/v1/imports/{pk}/confirm").status_code == 403
    civil = client_of(post_of(Role.DEPARTMENT_OFFICER, places.county, department=Department.CIVIL_AFFAIRS))
    assert civil.get("/api/v1/imports").json()["count"] == 0
