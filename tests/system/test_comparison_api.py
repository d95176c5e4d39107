"""四查三比对 over HTTP, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests.system.comparisons import EVERYTHING, compared, entry, snapshots
from tests.system.places import Places, make_places, post_of
from tests.system.signedin import client_of

from baoxue.comparison.models import Finding, Pair, Run
from baoxue.platform.scope import acting_as
from baoxue.policy.capabilities import Role


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Places, Run]]:
    """A compared county, made once for the tests of this file and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        places = make_places()
        snapshots(places)
        yield places, compared(places)
        transaction.set_rollback(True)


@pytest.fixture
def run(world: tuple[Places, Run], db: None) -> Run:
    return world[1]


@pytest.fixture
def officer(world: tuple[Places, Run], db: None) -> Client:
    return client_of(post_of(Role.COUNTY_OFFICER, world[0].county))


def _get(client: Client, path: str, **query: str) -> Any:
    answer = client.get(f"/api/v1{path}", query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def _post(client: Client, path: str, body: Any = None) -> Any:
    return client.post(f"/api/v1{path}", json.dumps(body or {}), content_type="application/json")


def test_a_comparison_comes_with_its_picture(officer: Client, run: Run) -> None:
    listed = _get(officer, "/comparisons")
    assert [one["id"] for one in listed["items"]] == [str(run.pk)]
    whole = _get(officer, f"/comparisons/{run.pk}")
    assert (whole["county"], whole["state"], whole["children"], whole["waiting"]) == ("522626", "done", 80, 13)
    assert sum(row["children"] for row in whole["meeting"]) == whole["children"]
    assert {kind["kind"]: kind["waiting"] for kind in whole["findings"]}["never_enrolled"] == 9
    assert set(whole["snapshots"]) == {"household", "student", "roll", "poverty"}
    assert whole["pairs_left"] == 2


def test_findings_come_in_pages_with_masked_numbers(officer: Client, run: Run) -> None:
    page = _get(officer, f"/comparisons/{run.pk}/findings", kind="never_enrolled", limit="2")
    assert (len(page["items"]), page["count"]) == (2, 9)
    assert "*" in page["items"][0]["id_number"]
    assert page["items"] == _get(officer, "/findings", kind="never_enrolled", limit="2")["items"]
    assert entry(901)["id_number"] not in json.dumps(page)


def test_a_pair_is_decided_once_and_the_second_answer_is_a_conflict(officer: Client, run: Run) -> None:
    [one, _] = _get(officer, f"/comparisons/{run.pk}/pairs")["items"]
    assert {"field": "姓名", "left": "吴佳怡", "right": "吴佳慧", "relation": "一字不同", "same": False} in one["lines"]
    assert one["weights"][0]["words"] == "出生日期一致"
    first = _post(officer, f"/pairs/{one['id']}/verdicts", {"kind": "same_child"})
    assert first.status_code == 201
    second = _post(officer, f"/pairs/{one['id']}/verdicts", {"kind": "sibling"})
    assert second.status_code == 409
    assert second.json()["type"].endswith("/decided-meanwhile")
    back = _post(officer, f"/verdicts/{first.json()['id']}/withdraw")
    assert back.json()["withdrawn_at"] is not None
    assert _post(officer, f"/verdicts/{first.json()['id']}/withdraw").status_code == 409
    with acting_as(EVERYTHING):
        assert Pair.objects.get(pk=one["id"]).verdict is None


def test_a_finding_is_answered_with_the_default_of_its_kind_and_only_by_an_answer_to_it(
    officer: Client, run: Run
) -> None:
    with acting_as(EVERYTHING):
        finding = Finding.objects.filter(kind="never_enrolled").first()
    assert finding is not None
    path = f"/findings/{finding.pk}/verdicts"
    assert _post(officer, path, {"kind": "same_child", "evidence": "x"}).status_code == 422
    assert _post(officer, path, {"kind": "elsewhere"}).json()["type"].endswith("/evidence-missing")
    given = _post(officer, path, {"kind": "elsewhere", "evidence": "电话问过"}).json()
    assert given["expires_on"].endswith("-08-31")
    assert _get(officer, f"/findings/{finding.pk}")["settled_by"]["id"] == given["id"]
    assert [verdict["id"] for verdict in _get(officer, "/verdicts")["items"]] == [given["id"]]


def test_a_comparison_is_started_and_stopped(officer: Client, run: Run) -> None:
    started = _post(officer, "/comparisons", {"county": "522626", "as_of": "2025-09-20"})
    assert started.status_code == 202
    assert _post(officer, "/comparisons", {"county": "522626", "as_of": "2025-09-20"}).status_code == 409
    stopped = _post(officer, f"/comparisons/{started.json()['id']}/stop")
    assert stopped.json()["state"] == "cancelled"
    assert _post(officer, "/comparisons", {"county": "522627", "as_of": "2025-09-20"}).status_code == 404


def test_the_first_comparison_has_changed_against_nothing(officer: Client, run: Run) -> None:
    assert officer.get(f"/api/v1/comparisons/{run.pk}/changes").status_code == 404


@pytest.mark.parametrize("role", [Role.BUREAU_DIRECTOR, Role.TOWNSHIP_OFFICER])
def test_who_may_not_decide_is_refused(role: Role, run: Run, world: tuple[Places, Run]) -> None:
    place = world[0].township if role is Role.TOWNSHIP_OFFICER else world[0].county
    client = client_of(post_of(role, place))
    with acting_as(EVERYTHING):
        pair = Pair.objects.first()
    assert pair is not None
    assert _post(client, f"/pairs/{pair.pk}/verdicts", {"kind": "same_child"}).status_code == 403


@pytest.mark.parametrize(
    "address", ["/api/v1/comparisons/{}/findings?limit=50", "/comparisons/{}/?kind=never_enrolled"]
)
def test_that_a_child_is_in_a_case_is_not_for_the_city(
    world: tuple[Places, Run], run: Run, officer: Client, address: str
) -> None:
    with acting_as(EVERYTHING):
        Finding.objects.filter(run=run).update(special_groups=["minor_in_contact_with_law"])
    city = client_of(post_of(Role.CITY_OFFICER, world[0].city))
    seen = [client.get(address.format(run.pk)).content.decode() for client in (city, officer)]
    assert ["涉案" in text or "minor_in_contact_with_law" in text for text in seen] == [False, True]


def test_the_city_finds_nobody_by_it_either(world: tuple[Places, Run], run: Run) -> None:
    with acting_as(EVERYTHING):
        Finding.objects.filter(run=run).update(special_groups=["minor_in_contact_with_law"])
    city = client_of(post_of(Role.CITY_OFFICER, world[0].city))
    answer = city.get(f"/comparisons/{run.pk}/?kind=never_enrolled&group=minor_in_contact_with_law")
    assert list(answer.context["shown"]) == []
