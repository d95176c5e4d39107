"""The pages of cases: a list by deadline, one case with its next step, a form for each act."""

from __future__ import annotations

import re
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
from baoxue.cases.models import Attempt, Case, Duty, Evidence, Lead, Pause, ServedDocument, Verification
from baoxue.platform import clock
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Role
from baoxue.policy.casecodes import EvidenceKind

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


def test_the_workbench_leads_a_teacher_to_the_form_of_what_she_owes(team: Team, teacher: Client) -> None:
    case = team.opened()
    page = teacher.get("/").content.decode()
    assert _url(case, "persuade") in page
    assert "首次家访" in page


def test_a_case_shows_its_next_step_and_that_it_was_looked_at_goes_on_record(team: Team, teacher: Client) -> None:
    case = team.opened()
    page = teacher.get(_url(case)).content.decode()
    assert "记一次联系、劝返" in page
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


def _reported(client: Client, name: str, key: str) -> Lead:
    said = {"name": name, "source": "sweep", "found_on": clock.today().isoformat(), "words": "在家放羊", "key": key}
    assert client.post(reverse("cases:report"), said).status_code == 302
    return Lead.objects.get()


def test_a_lead_about_a_child_on_no_register_ends_in_a_record_and_a_case(team: Team) -> None:
    client = client_of(post_of(Role.TOWNSHIP_OFFICER, team.places.township, username="专干二"))
    key = str(uuid4())
    lead = _reported(client, "无名册", key)
    assert _reported(client, "无名册", key).times == 2
    page = client.get(reverse("cases:lead", args=[lead.pk])).content.decode()
    assert "册里没有同名的孩子" in page
    wrong = client.post(reverse("cases:add_child", args=[lead.pk]), {"sex": "F", "id_number": "123"})
    assert "身份证号不对" in wrong.content.decode()
    assert client.post(reverse("cases:add_child", args=[lead.pk]), {"sex": "F"}).status_code == 302
    assert Case.objects.get().name == "无名册"


def test_a_lead_by_name_is_joined_to_the_child_somebody_points_at(team: Team) -> None:
    child = team.child()
    client = client_of(post_of(Role.TOWNSHIP_OFFICER, team.places.township, username="专干二"))
    lead = _reported(client, child.name, str(uuid4()))
    assert str(child.pk) in client.get(reverse("cases:lead", args=[lead.pk])).content.decode()
    client.post(reverse("cases:open_lead", args=[lead.pk]), {"child": str(child.pk)})
    assert Case.objects.get().child_id == child.pk
    late = client.post(reverse("cases:open_lead", args=[lead.pk]), {"child": str(child.pk)})
    assert late.status_code == 409
    assert "已经处理过这条线索" in late.content.decode()


def test_a_lead_that_is_nothing_is_set_aside_with_a_reason(team: Team, teacher: Client) -> None:
    lead = _reported(teacher, "林别处", str(uuid4()))
    officer = client_of(post_of(Role.COUNTY_OFFICER, team.places.county, username="县专干三"))
    where = reverse("cases:set_aside", args=[lead.pk])
    assert teacher.post(where, {"answer": "不是"}).status_code == 403
    assert officer.post(where, {}).status_code == 422
    assert officer.post(where, {"answer": "同名同姓，人在外省读书"}).status_code == 302
    assert Lead.objects.get().state == "set_aside"


def test_an_act_that_is_not_open_is_refused_when_it_is_sent(team: Team, teacher: Client) -> None:
    case = team.suspected()
    said = {"version": case.version, "on": "2025-10-01", "reason": "R03", "whereabouts": "D02", "basis": "班主任证实"}
    assert teacher.post(_url(case, "confirm_dropout"), said).status_code == 403
    assert Case.objects.get().stage == "suspected_dropout"


def test_the_first_button_answers_the_duty_that_is_due_first(team: Team) -> None:
    case = team.opened()
    Duty.objects.filter(case=case).exclude(clock="verify").update(state="off", ended_on=team.today)
    page = client_of(post_of(Role.COUNTY_OFFICER, team.places.county, username="县专干三")).get(_url(case))
    first = re.search(r'btn btn-primary" href="([^"]+)"', page.content.decode())
    assert first is not None
    assert first[1] == _url(case, "verify")


def test_a_visit_after_the_closure_answers_the_return_visit_that_is_due(team: Team, teacher: Client) -> None:
    case = team.closed()
    now = clock.now().astimezone(clock.ZONE) - timedelta(minutes=2)
    said = {
        "version": case.version, "day": now.date().isoformat(), "time": f"{now:%H:%M}", "measure": "M02",
        "went": "刘海燕 双河镇中心小学", "met": ["child"], "talk": "在学校，成绩跟得上", "result": "returned", "key": str(uuid4()),
    }  # fmt: skip
    assert "记一次联系、劝返" in teacher.get(_url(case)).content.decode()
    assert teacher.post(_url(case, "persuade"), said).status_code == 302
    states = Duty.objects.filter(case=case, clock__startswith="follow_up").order_by("clock")
    assert list(states.values_list("state", flat=True)) == ["done", "open", "open"]


def test_the_letter_is_issued_and_served_on_its_forms(team: Team) -> None:
    case = team.persuading()
    principal = client_of(post_of(Role.PRINCIPAL, team.places.school, username="校长二"))
    page = principal.get(_url(case, "issue")).content.decode()
    assert "要先开《义务教育劝学通知书》" in page
    said = {"version": _version(), "step": "persuasion_letter", "number": "双教控劝字〔2025〕1号"}
    assert principal.post(_url(case, "issue"), said).status_code == 302
    letter = ServedDocument.objects.get()
    proof = {
        "version": _version(), "document": letter.pk, "on": clock.today().isoformat(), "way": "left", "servers": "陈一、王二",
    }  # fmt: skip
    assert "拒收事由和见证人" in principal.post(_url(case, "serve"), proof).content.decode()
    left = proof | {"refused_because": "父亲不肯签", "witness": "村长"}
    assert principal.post(_url(case, "serve"), left).status_code == 302
    letter.refresh_from_db()
    assert letter.term_ends is not None
    assert "留置送达" in principal.get(_url(case)).content.decode()


def test_a_pause_is_asked_by_one_and_answered_by_another(team: Team, teacher: Client) -> None:
    case = team.opened()
    duty = Duty.objects.get(case=case, clock="verify")
    due, tomorrow = duty.due_on, clock.today() + timedelta(days=1)
    asked = {
        "version": case.version, "duty": duty.pk, "first_day": tomorrow.isoformat(),
        "last_day": (tomorrow + timedelta(days=6)).isoformat(), "reason": "全镇停课抗洪",
    }  # fmt: skip
    assert teacher.post(_url(case, "pause"), asked).status_code == 302
    director = client_of(post_of(Role.BUREAU_DIRECTOR, team.places.county, username="局长二"))
    assert "全镇停课抗洪" in director.get(_url(case, "answer_pause")).content.decode()
    pause = Pause.objects.get()
    said = {"version": _version(), "pause": pause.pk, "approve": "yes"}
    assert teacher.post(_url(case, "answer_pause"), said).status_code == 403
    assert director.post(_url(case, "answer_pause"), said).status_code == 302
    duty.refresh_from_db()
    assert duty.due_on > due


def test_help_and_plan_and_a_proof_taken_back_show_on_the_case(team: Team, teacher: Client) -> None:
    case = team.opened()
    team.prove(case, EvidenceKind.OTHER)
    plan = {"version": _version(), "goal": "春季开学回到三年级", "measures": "每周两次补课"}
    assert teacher.post(_url(case, "plan"), plan).status_code == 302
    aid = {"version": _version(), "kind": "money", "given_on": clock.today().isoformat(), "words": "免了住宿费"}
    assert teacher.post(_url(case, "aid"), aid).status_code == 302
    officer = client_of(post_of(Role.COUNTY_OFFICER, team.places.county, username="县专干三"))
    back = {"version": _version(), "evidence": Evidence.objects.get().pk}
    assert officer.post(_url(case, "take_back"), back).status_code == 302
    page = teacher.get(_url(case)).content.decode()
    assert all(words in page for words in ("春季开学回到三年级", "免了住宿费", "已撤回"))


def _version() -> int:
    return Case.objects.get().version
