"""The frame around every page."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from tests.system.places import NOW, make_places, post_of
from tests.system.signedin import client_of

from baoxue.access.actors import actor_of
from baoxue.access.models import Post
from baoxue.platform import jobs
from baoxue.platform.models import Job, JobState
from baoxue.platform.scope import acting_as
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db


def officer() -> Post:
    return post_of(Role.COUNTY_OFFICER, make_places().county)


@pytest.mark.parametrize("address", ["/", "/messages", "/help"])
def test_a_page_of_the_frame_has_one_heading_a_skip_link_and_the_post_in_force(address: str) -> None:
    page = client_of(officer()).get(address).content.decode()
    assert page.count("<h1") == 1
    assert 'href="#main"' in page
    assert "岑巩县" in page
    assert "控辍保学专干" in page


def test_the_way_to_a_page_shows_only_to_those_its_gate_lets_in() -> None:
    page = client_of(officer()).get("/").content.decode()
    assert 'href="/" data-key="w"' in page
    assert 'href="/plans/"' not in page  # there is no such page yet


def test_another_day_stays_on_every_page_until_put_back() -> None:
    client = client_of(officer())
    assert client.post("/as-of", {"day": "2024-09-20", "next": "/help"}).headers["Location"] == "/help"
    assert "asof past" in client.get("/messages").content.decode()
    client.post("/as-of", {"today": "1"})
    assert "asof past" not in client.get("/messages").content.decode()


@pytest.mark.parametrize("day", ["", "2024-02-30", "昨天", date.max.isoformat()])
def test_a_day_that_is_none_or_to_come_is_refused_in_words(day: str) -> None:
    answer = client_of(officer()).post("/as-of", {"day": day})
    assert answer.status_code == 400
    assert "不能晚于今天" in answer.content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_changing_the_day_leads_to_no_other_site(back: str) -> None:
    answer = client_of(officer()).post("/as-of", {"day": "2024-09-20", "next": back})
    assert answer.headers["Location"] == "/"


def test_a_page_that_is_not_there_says_so_within_the_frame() -> None:
    answer = client_of(officer()).get("/no-such-page")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    assert "主导航" in answer.content.decode()


def test_a_signed_out_person_gets_no_frame_with_the_answer() -> None:
    answer = Client().get("/no-such-page")
    assert answer.status_code == 404
    assert "主导航" not in answer.content.decode()


def test_a_signed_out_person_is_led_to_sign_in_and_back() -> None:
    assert Client().get("/help").headers["Location"] == "/sign-in?next=%2Fhelp"


def test_a_part_of_a_page_asked_for_when_signed_out_makes_the_whole_page_sign_in() -> None:
    answer = Client().get("/waiting", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_a_message_says_what_was_asked_for_and_leads_to_it_and_marks_the_bell_until_read() -> None:
    post = officer()
    by = actor_of(post)
    with acting_as(by.scope):
        job = Job.objects.create(
            kind="registers.read", arguments={"import": str(uuid4())}, state=JobState.DONE.value, sentence="读到 3 行。",
            place_path=by.scope.path, account_id=by.account_id, created_at=NOW, ended_at=NOW,
        )  # fmt: skip
    client = client_of(post)
    assert "1 条新的" in client.get("/waiting").content.decode()
    page = client.get("/messages").content.decode()
    assert "读到 3 行。" in page
    assert f'href="/imports/{job.arguments["import"]}/"' in page
    assert "条新的" not in client.get("/waiting").content.decode()


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
def test_a_message_of_what_came_to_nothing_leads_to_where_it_is_done_again(state: JobState) -> None:
    post = officer()
    by = actor_of(post)
    with acting_as(by.scope):
        job = Job.objects.create(
            kind="children.build", arguments={"run": str(uuid4())}, state=state.value,
            place_path=by.scope.path, account_id=by.account_id, created_at=NOW, ended_at=NOW,
        )  # fmt: skip
    client = client_of(post)
    assert f'href="/jobs/{job.pk}"' in client.get("/messages").content.decode()
    assert "重新运行" in client.get(f"/jobs/{job.pk}").content.decode()


def test_nobody_reads_the_messages_of_another() -> None:
    post = officer()
    by = actor_of(post)
    with acting_as(by.scope):
        Job.objects.create(kind="registers.read", place_path=by.scope.path, account_id=0, created_at=NOW, ended_at=NOW)
    assert "还没有交给系统办的事" in client_of(post).get("/messages").content.decode()


@pytest.mark.parametrize("kind", sorted(kind for kind in jobs.kinds() if not kind.startswith(("test", "faults"))))
def test_every_kind_of_job_has_words_for_whoever_asked_for_it(kind: str) -> None:
    post = officer()
    by = actor_of(post)
    with acting_as(by.scope):
        Job.objects.create(kind=kind, place_path=by.scope.path, account_id=by.account_id, created_at=NOW)
    assert "系统的一件事" not in client_of(post).get("/messages").content.decode()
