"""The pages of cases: a list by deadline, one case with its next step, a form for each act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.system.casework import Team
from tests.system.places import make_places, post_of
from tests.system.signedin import client_of

from baoxue.audit.models import Entry
from baoxue.cases.models import Attempt, Case, Evidence, Verification
from baoxue.platform import clock
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db
EVERYWHERE = Scope("/", children=True, registers=frozenset({"*"}))


@pytest.fixture
def team() -> Iterator[Team]:
    with acting_as(EVERYWHERE):
        yield Team(make_places(), now=clock.now())


@pytest.fixture
def teacher(team: Team) -> Client:
    return client_of(post_of(Role.CLASS_TEACHER, team.places.school, username="班主任二"))


def _url(case: Case, act: str = "") -> str:
    return reverse("cases:act", args=[case.pk, act]) if act else reverse("cases:case", args=[case.pk])


def test_the_list_shows_what_is_due_and_whose_it_is(team: Team, teacher: Client) -> None:
    team.opened()
    page = teacher.get(reverse("cases:cases")).content.decode()
    assert "联系监护人" in page
    assert "班主任" in page
    assert "林别处" in page


def test_the_workbench_leads_a_teacher_to_what_she_owes(team: Team, teacher: Client) -> None:
    case = team.opened()
    page = teacher.get("/").content.decode()
    assert _url(case) in page
    assert "首次家访" in page


def test_a_case_shows_its_next_step_and_that_it_was_looked_at_goes_on_record(team: Team, teacher: Client) -> None:
    case = team.opened()
    page = teacher.get(_url(case)).content.decode()
    assert "记一次劝返" in page
    assert "认定失学" not in page
    assert Entry.objects.filter(event="case_viewed", target_id=str(case.pk)).count() == 1


def test_a_persuasion_is_recorded_on_its_form_once_however_often_it_is_sent(team: Team, teacher: Client) -> None:
    case = team.persuading()
    version, now = Case.objects.get().version, clock.now().astimezone(clock.ZONE) - timedelta(minutes=2)
    said = {
        "version": version, "day": now.date().isoformat(), "time": f"{now:%H:%M}", "measure": "M02",
        "went": "刘海燕 双河镇中心小学 班主任\n王村长 杉木村", "met": ["child", "mother"], "talk": "孩子说想去打工，母亲想让他读",
        "result": "agreed", "key": str(uuid4()), "promised_on": (now.date() + timedelta(days=2)).isoformat(),
    }  # fmt: skip
    assert teacher.post(_url(case, "persuade"), said).status_code == 302
    teacher.post(_url(case, "persuade"), said | {"version": version + 1})
    attempt = Attempt.objects.get()
    assert (attempt.is_visit, attempt.met) == (True, ["child", "mother"])
    assert "王村长" in teacher.get(_url(case)).content.decode()


def test_what_is_missing_stands_at_its_field(team: Team, teacher: Client) -> None:
    case = team.opened()
    answer = teacher.post(_url(case, "verify"), {"version": case.version, "result": "V15"})
    assert answer.status_code == 422
    assert "请填日期" in answer.content.decode()
    assert not Verification.objects.exists()


def test_whoever_is_too_late_is_told_what_changed_and_loses_nothing(team: Team, teacher: Client) -> None:
    case = team.suspected()
    old = case.version
    team.prove(case)
    said = {"version": old, "result": "V15", "verified_on": team.today.isoformat(), "words": "到家里问过"}
    answer = teacher.post(_url(case, "verify"), said)
    assert answer.status_code == 422
    assert "没有存上" in answer.content.decode()
    assert "到家里问过" in answer.content.decode()


def test_an_act_that_is_not_open_to_a_post_has_no_page(team: Team, teacher: Client) -> None:
    assert teacher.get(_url(team.suspected(), "confirm_dropout")).status_code == 404


def test_a_photograph_is_kept_sealed_and_opened_on_record(team: Team, teacher: Client) -> None:
    case = team.opened()
    photo = SimpleUploadedFile("照片.jpg", b"\xff\xd8\xff" + b"0" * 64, content_type="image/jpeg")
    said = {"version": case.version, "kind": "seat_photo", "file": photo}
    assert teacher.post(_url(case, "evidence"), said).status_code == 302
    evidence = Evidence.objects.get()
    answer = teacher.get(reverse("cases:evidence", args=[evidence.pk]))
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")  # type: ignore[attr-defined]
    assert "照片" not in answer["Content-Disposition"]
    assert Entry.objects.filter(event="evidence_opened").count() == 1


def test_a_file_that_is_no_picture_is_refused(team: Team, teacher: Client) -> None:
    case = team.opened()
    file = SimpleUploadedFile("照片.jpg", BytesIO(b"<script>").read(), content_type="image/jpeg")
    answer = teacher.post(_url(case, "evidence"), {"version": case.version, "kind": "seat_photo", "file": file})
    assert "只收照片" in answer.content.decode()
    assert not Evidence.objects.exists()
