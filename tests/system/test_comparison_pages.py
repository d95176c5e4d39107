"""Pages of a finished comparison, as people of every level see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.system.comparisons import EVERYTHING, NEVER, NEVER_POOR, compared, county, entry, name, snapshots
from tests.system.places import NOW, Places, actor, make_places, post_of
from tests.system.signedin import client_of

from baoxue.audit.models import Entry
from baoxue.comparison.actions import decide_finding, decide_pair
from baoxue.comparison.errors import DecidedMeanwhile
from baoxue.comparison.models import Finding, Pair, Run, RunState
from baoxue.comparison.picture import picture_of, queue_of
from baoxue.platform.actor import system_actor
from baoxue.platform.models import Job, JobState
from baoxue.platform.scope import acting_as
from baoxue.policy.capabilities import Department, Role
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register
from baoxue.policy.verdicts import VerdictKind


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
def places(world: tuple[Places, Run], db: None) -> Places:
    return world[0]


@pytest.fixture
def officer(places: Places) -> Client:
    return client_of(post_of(Role.COUNTY_OFFICER, places.county))


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def _pairs() -> list[Pair]:
    with acting_as(EVERYTHING):
        return list(Pair.objects.select_related("run__county").order_by("position"))


def test_the_way_to_the_comparison_leads_to_the_newest(officer: Client, run: Run) -> None:
    assert officer.get("/comparisons/").headers["Location"] == f"/comparisons/{run.pk}/"


def test_the_picture_adds_up_in_sight(officer: Client, run: Run, places: Places) -> None:
    with acting_as(EVERYTHING):
        picture = picture_of(run, actor(Role.BUREAU_DIRECTOR, places.county))
    assert picture.children == sum(row.children for row in picture.rows) == 80
    assert picture.waiting == 13
    assert all(row.settled + row.waiting == row.children for row in picture.rows)
    assert "合计 80 人 ＝ 已有结论 67 ＋ 待核 13。" in _text(officer.get(f"/comparisons/{run.pk}/"))


def test_every_number_of_the_picture_opens_its_list(officer: Client, run: Run) -> None:
    page = _text(officer.get(f"/comparisons/{run.pk}/"))
    addresses = set(re.findall(r'href="(/comparisons/[^"#]+/children/[01]{3}|\?[^"#]+)', page))
    assert len(addresses) > 10
    for address in addresses:
        at = address.replace("&amp;", "&")
        at = at if at.startswith("/") else f"/comparisons/{run.pk}/{at}"
        assert officer.get(at).status_code == 200


@pytest.mark.parametrize("answered", [0, 3])
def test_every_number_of_the_picture_is_the_length_of_its_list(
    officer: Client, run: Run, places: Places, answered: int
) -> None:
    with acting_as(EVERYTHING):
        for finding in Finding.objects.filter(run=run, kind=FindingKind.NEVER_ENROLLED).order_by("pk")[:answered]:
            decide_finding(
                finding=finding, kind=VerdictKind.ELSEWHERE, evidence="看过", expires_on=None,
                by=system_actor("试", path=places.county.path), now=NOW,
            )  # fmt: skip
    page = officer.get(f"/comparisons/{run.pk}/")
    rows = page.context["picture"].rows
    assert sum(row.waiting for row in rows) == 13 - answered
    for row in rows:
        for state, number in (("all", row.children), ("waiting", row.waiting), ("settled", row.settled)):
            listed = officer.get(f"/comparisons/{run.pk}/children/{row.key}", {"state": state}).context["people"]
            assert (listed.count, len(listed.items)) == (number, min(number, 50))
    links = re.findall(r'href="(\?[^"#]+)#findings">([\d,]+)', _text(page))
    assert links
    for address, number in links:
        listed = officer.get(f"/comparisons/{run.pk}/{address.replace('&amp;', '&')}").context["page"]
        assert listed.paginator.count == int(number.replace(",", ""))


def test_the_list_of_a_combination_has_as_many_children_as_the_picture_says(officer: Client, run: Run) -> None:
    answer = officer.get(f"/comparisons/{run.pk}/children/100")
    assert answer.context["people"].count == 7
    assert name(NEVER) in _text(answer)
    assert entry(NEVER)["id_number"] not in _text(answer)


def test_findings_are_narrowed_by_filters_and_poverty_households_come_first(officer: Client, run: Run) -> None:
    address = f"/comparisons/{run.pk}/findings"
    everybody = officer.get(address, {"kind": "never_enrolled"}).context["page"]
    assert everybody.paginator.count == 9
    assert everybody.object_list[0].name == name(NEVER_POOR)
    poor = officer.get(address, {"kind": "never_enrolled", "poor": "1"}).context["page"]
    assert [finding.name for finding in poor] == [name(NEVER_POOR)]
    home = officer.get(address, {"kind": "never_enrolled", "home": "522626101"}).context["page"]
    assert 0 < home.paginator.count < 9
    assert officer.get(address, {"kind": "never_enrolled", "home": "522627100"}).context["page"].paginator.count == 0
    named = officer.get(address, {"kind": "never_enrolled", "words": "吴佳"}).context["page"]
    assert [finding.name for finding in named] == ["吴佳怡"]


@pytest.mark.parametrize("path", ["", "findings?kind=no_household&state=all", "children/111", "changes"])
def test_a_page_asks_the_database_as_often_however_many_rows_it_shows(officer: Client, run: Run, path: str) -> None:
    officer.get(f"/comparisons/{run.pk}/{path}")
    with CaptureQueriesContext(connection) as queries:
        assert officer.get(f"/comparisons/{run.pk}/{path}").status_code == 200
    assert len(queries) <= 32


@pytest.mark.parametrize("number", ["²", "9" * 30])
def test_what_is_no_number_of_a_page_is_the_first(officer: Client, run: Run, number: str) -> None:
    assert officer.get(f"/comparisons/{run.pk}/children/111", {"page": number}).context["page"].number == 1
    assert officer.get(f"/comparisons/{run.pk}/pairs", {"after": number}).status_code == 302


def test_no_page_shows_a_whole_number(officer: Client, run: Run) -> None:
    with acting_as(EVERYTHING):
        finding = Finding.objects.filter(kind="never_enrolled").exclude(id_number=b"").first()
    assert finding is not None
    page = _text(officer.get(f"/comparisons/findings/{finding.pk}"))
    assert finding.id_masked[:6] in page
    assert not re.search(r"[0-9]{17}[0-9X]", page)


def test_two_records_are_shown_side_by_side_with_what_differs_marked(officer: Client, run: Run) -> None:
    page = _text(officer.get(f"/comparisons/pairs/{_pairs()[0].pk}"))
    assert "吴佳<mark>怡</mark>" in page
    assert "吴佳<mark>慧</mark>" in page
    assert "wú jiā yí" in page
    assert "一字不同" in page
    assert "这一册没有这一栏" in page
    assert "吴佳乐" in page  # of the same household
    assert "通常约 97 对是同一人" in page


def test_one_key_decides_and_the_next_pair_is_shown(officer: Client, run: Run) -> None:
    one, other = _pairs()
    answer = officer.post(f"/comparisons/pairs/{one.pk}", {"kind": "same_child"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/comparisons/pairs/{other.pk}"
    assert "已定 1 · 放着 0" in _text(answer)
    with acting_as(EVERYTHING):
        # Whoever seemed never enrolled only because of the doubt waits no more.
        assert Finding.objects.get(kind="never_enrolled", name="吴佳怡").settled_by is not None


def test_the_last_answer_can_be_taken_back(officer: Client, run: Run) -> None:
    one = _pairs()[0]
    officer.post(f"/comparisons/pairs/{one.pk}", {"kind": "same_child"})
    answer = officer.post(f"/comparisons/{run.pk}/pairs/undo", follow=True)
    assert answer.redirect_chain[-1][0] == f"/comparisons/pairs/{one.pk}"
    with acting_as(EVERYTHING):
        assert Pair.objects.get(pk=one.pk).verdict is None
        assert Finding.objects.get(kind="never_enrolled", name="吴佳怡").settled_by is None
        assert Entry.objects.filter(event="verdict_withdrawn").exists()


def test_what_is_put_aside_comes_at_the_end_and_can_be_decided_later(officer: Client, run: Run, places: Places) -> None:
    one, other = _pairs()
    officer.post(f"/comparisons/pairs/{one.pk}", {"kind": "cannot_tell", "evidence": "问学校"})
    officer.post(f"/comparisons/pairs/{other.pk}", {"kind": "sibling"})
    page = _text(officer.get(f"/comparisons/{run.pk}/pairs"))
    assert "放着的" in page
    assert "问学校" in page
    assert officer.post(f"/comparisons/pairs/{one.pk}", {"kind": "same_child"}).status_code == 302
    with acting_as(EVERYTHING):
        assert queue_of(run, actor(Role.BUREAU_DIRECTOR, places.county)).decided == 2


def test_the_second_of_two_people_is_told_who_decided(run: Run, places: Places) -> None:
    officer = actor(Role.COUNTY_OFFICER, places.county)
    pair = _pairs()[0]
    with acting_as(officer.scope):
        decide_pair(pair=pair, kind=VerdictKind.SAME_CHILD, evidence="", expires_on=None, by=officer, now=NOW)
        with pytest.raises(DecidedMeanwhile, match="控辍保学专干一 09:00 已定为“是同一个孩子”"):
            decide_pair(pair=pair, kind=VerdictKind.SIBLING, evidence="", expires_on=None, by=officer, now=NOW)
    with acting_as(EVERYTHING):
        assert Pair.objects.get(pk=pair.pk).verdict.kind == VerdictKind.SAME_CHILD  # type: ignore[union-attr]


def test_a_finding_is_answered_on_its_page_with_the_default_of_its_kind(officer: Client, run: Run) -> None:
    with acting_as(EVERYTHING):
        finding = Finding.objects.get(kind="never_enrolled", name=name(NEVER))
    address = f"/comparisons/findings/{finding.pk}"
    refused = officer.post(address, {"kind": "elsewhere"})
    assert "请写一句依据。" in _text(refused)
    officer.post(address, {"kind": "elsewhere", "evidence": "电话问过舅舅"})
    with acting_as(EVERYTHING):
        verdict = Finding.objects.get(pk=finding.pk).settled_by
    assert verdict is not None
    assert (verdict.expires_on.month, verdict.expires_on.day) == (8, 31)
    assert "电话问过舅舅" in _text(officer.get(address))
    page = officer.get(f"/comparisons/{run.pk}/findings", {"kind": "never_enrolled", "state": "settled"})
    assert "县外就读（已核）" in _text(page)
    assert "电话问过舅舅" in _text(officer.get("/comparisons/verdicts"))
    officer.post(f"/comparisons/verdicts/{verdict.pk}/withdraw")
    with acting_as(EVERYTHING):
        assert Finding.objects.get(pk=finding.pk).settled_by is None


SEES = [Role.BUREAU_DIRECTOR, Role.CITY_OFFICER, Role.PROVINCE_OFFICER]


def _place(role: Role, places: Places) -> Any:
    return {Role.CITY_OFFICER: places.city, Role.PROVINCE_OFFICER: places.province}.get(role, places.county)


@pytest.mark.parametrize("role", SEES)
def test_who_may_look_sees_the_run_and_decides_nothing(role: Role, run: Run, places: Places) -> None:
    client = client_of(post_of(role, _place(role, places)))
    page = _text(client.get(f"/comparisons/{run.pk}/"))
    assert "待核 13 人" in page
    assert "定结论" not in page
    assert client.get(f"/comparisons/pairs/{_pairs()[0].pk}").status_code == 403
    assert client.post(f"/comparisons/pairs/{_pairs()[0].pk}", {"kind": "same_child"}).status_code == 403
    with acting_as(EVERYTHING):
        finding = Finding.objects.filter(kind="absent").first()
    assert finding is not None
    assert client.post(f"/comparisons/findings/{finding.pk}", {"kind": "real", "evidence": "x"}).status_code == 403


def test_a_county_does_not_see_what_its_neighbour_found(run: Run, places: Places) -> None:
    client = client_of(post_of(Role.COUNTY_OFFICER, places.other_county))
    with acting_as(EVERYTHING):
        finding = Finding.objects.first()
    assert finding is not None
    for path in (
        f"{run.pk}/",
        f"{run.pk}/pairs",
        f"{run.pk}/children/100",
        f"pairs/{_pairs()[0].pk}",
        f"findings/{finding.pk}",
    ):
        assert client.get(f"/comparisons/{path}").status_code == 404
    assert "岑巩" not in _text(client.get("/comparisons/all"))


@pytest.mark.parametrize(
    ("role", "department"),
    [
        (Role.TOWNSHIP_OFFICER, None), (Role.PRINCIPAL, None), (Role.DEPARTMENT_OFFICER, Department.POLICE),
        (Role.AUDITOR, None), (Role.SYSTEM_ADMINISTRATOR, None),
    ],
)  # fmt: skip
def test_other_posts_open_no_comparison_and_see_no_finding_of_other_places(
    role: Role, department: Department | None, run: Run, places: Places
) -> None:
    place = {Role.TOWNSHIP_OFFICER: places.township, Role.PRINCIPAL: places.other_school}.get(role, places.county)
    somebody = actor(role, place, department=department)
    with acting_as(somebody.scope):
        assert not Run.objects.filter(pk=run.pk).exists() or role not in (Role.TOWNSHIP_OFFICER, Role.PRINCIPAL)
        for finding in Finding.objects.visible_to(somebody):
            assert somebody.scope.covers(finding.home_path) or somebody.scope.covers(finding.school_path)
        if not somebody.scope.children:
            assert not Finding.objects.exists()
    post = post_of(role, place, username="另一个", department=department)
    assert client_of(post).get(f"/comparisons/{run.pk}/").status_code == 403


def test_a_run_at_work_shows_how_far_it_is_and_can_be_stopped(officer: Client, run: Run, places: Places) -> None:
    officer.post(f"/comparisons/{run.pk}/again")
    with acting_as(EVERYTHING):
        working = Run.objects.get(state=RunState.WORKING)
        Job.objects.filter(pk=working.job_id).update(state=JobState.RUNNING, step="比对 户籍×学籍", done=2, total=8)
    page = _text(officer.get(f"/comparisons/{working.pk}/"))
    assert "比对 户籍×学籍" in page
    assert officer.get(f"/comparisons/{working.pk}/progress").status_code == 200
    assert officer.post(f"/comparisons/{working.pk}/stop").status_code == 302
    with acting_as(EVERYTHING):
        assert Job.objects.get(pk=working.job_id).cancel_asked
        Job.objects.filter(pk=working.job_id).update(state=JobState.FAILED)
    assert officer.get(f"/comparisons/{working.pk}/progress").headers["HX-Refresh"] == "true"
    assert "没有算成" in _text(officer.get(f"/comparisons/{working.pk}/"))


def test_a_comparison_is_started_from_its_page(officer: Client, run: Run) -> None:
    page = _text(officer.get("/comparisons/new"))
    assert "户籍" in page
    with acting_as(EVERYTHING):
        county_pk = run.county_id
    answer = officer.post("/comparisons/new", {"county": county_pk, "as_of": "2025-09-20"})
    assert answer.status_code == 302
    again = officer.post("/comparisons/new", {"county": county_pk, "as_of": "2025-09-20"})
    assert again.status_code == 409
    assert "正在算" in _text(again)


def test_the_difference_between_two_runs_says_who_came_and_who_went(officer: Client, run: Run, places: Places) -> None:
    registers = county()
    gone = entry(NEVER)["id_number"]
    registers[Register.HOUSEHOLD] = [row for row in registers[Register.HOUSEHOLD] if row.get("id_number") != gone]
    registers[Register.HOUSEHOLD].append(entry(970, name="石来来"))
    snapshots(places, registers, as_of=run.as_of + timedelta(days=10))
    later = compared(places, as_of=run.as_of + timedelta(days=10), now=NOW + timedelta(days=10))
    changed = {code: page for code, _, page in officer.get(f"/comparisons/{later.pk}/changes").context["groups"]}
    assert [finding.name for finding in changed["new"]] == ["石来来"]
    assert [finding.name for finding in changed["gone"]] == [name(NEVER)]
    assert changed["still"].paginator.count > 10
