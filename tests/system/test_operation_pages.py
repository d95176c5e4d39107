"""How far a job is, for people and programs; health and figures for machines; logs without anybody in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs
from tests.system.places import NOW, Places, make_places, post_of
from tests.system.signedin import client_of

from baoxue.access.actors import actor_of
from baoxue.access.models import Post, SignInFailure
from baoxue.audit.models import Entry
from baoxue.operation.actions import LEFT_WHEN_STOPPED, OWN
from baoxue.operation.queries import progress_of
from baoxue.platform import clock, jobs, logs
from baoxue.platform.models import Job, JobState, Worker
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def post(places: Places) -> Post:
    return post_of(Role.COUNTY_OFFICER, places.county)


@pytest.fixture(autouse=True)
def everywhere() -> Iterator[None]:
    with acting_as(EVERYWHERE):
        yield


def _job(places: Places, **how: Any) -> Job:
    return Job.objects.create(
        place_path=places.county.path, created_at=NOW,
        **{"kind": "registers.read", "state": JobState.RUNNING, "step": "识别名册", "done": 250, "total": 1000, **how},
    )  # fmt: skip


def test_a_running_job_shows_its_step_and_asks_again(places: Places, post: Post) -> None:
    job = _job(places)
    text = client_of(post).get(f"/jobs/{job.pk}", headers={"HX-Request": "true"}).content.decode()
    assert "识别名册" in text
    assert "250 / 1,000 行" in text
    assert "every 1s" in text
    assert "停下" in text


def test_an_ended_job_says_how_it_ended_and_asks_no_more(places: Places, post: Post) -> None:
    job = _job(places, state=JobState.REFUSED, sentence="名册缺少“姓名”一列。")
    text = client_of(post).get(f"/jobs/{job.pk}").content.decode()
    assert "名册缺少“姓名”一列。" in text
    assert "every 1s" not in text


def test_a_job_is_stopped_by_a_button_and_that_is_on_record(places: Places, post: Post) -> None:
    job = _job(places)
    assert client_of(post).post(f"/jobs/{job.pk}/stop").status_code == 302
    assert Job.objects.get(pk=job.pk).cancel_asked
    assert Entry.objects.get(event="job_stopped").target_id == str(job.pk)


def test_who_neither_asked_nor_runs_anything_here_cannot_stop_a_job(places: Places) -> None:
    job = _job(places)
    leader = post_of(Role.COUNTY_LEADER, places.county)
    assert client_of(leader).post(f"/jobs/{job.pk}/stop").status_code == 403
    assert not Job.objects.get(pk=job.pk).cancel_asked


def _again(post: Post, job: Job) -> int:
    return client_of(post).post(f"/jobs/{job.pk}/again").status_code


@pytest.mark.parametrize(
    ("kind", "state", "offered"),
    [
        ("children.build", JobState.FAILED, True),
        ("children.build", JobState.CANCELLED, True),
        ("registers.read", JobState.FAILED, True),
        ("comparison.run", JobState.CANCELLED, False),
        ("children.build", JobState.REFUSED, False),
        ("children.build", JobState.RUNNING, False),
    ],
)
def test_what_came_to_nothing_can_be_done_again_from_its_page(
    places: Places, post: Post, kind: str, state: JobState, offered: bool
) -> None:
    job = _job(places, kind=kind, state=state, attempts=3, code="defect", ended_at=NOW)
    assert ("重新运行" in client_of(post).get(f"/jobs/{job.pk}").content.decode()) == offered
    assert _again(post, job) == (302 if offered else 409)
    found = Job.objects.get(pk=job.pk)
    assert (found.state == JobState.WAITING and found.attempts == 0 and found.ended_at is None) == offered
    assert Entry.objects.filter(event="job_asked_again", target_id=str(job.pk)).exists() == offered


@pytest.mark.parametrize(("state", "status"), [(JobState.FAILED, 200), (JobState.RUNNING, 409)])
def test_a_program_has_done_again_what_came_to_nothing(
    places: Places, post: Post, state: JobState, status: int
) -> None:
    job = _job(places, kind="children.build", state=state)
    assert client_of(post).post(f"/api/v1/jobs/{job.pk}/again").status_code == status


@pytest.mark.parametrize("kind", ["children.build", "children.export"])
def test_a_job_is_done_again_with_the_reach_of_who_looks_after_it_only(places: Places, kind: str) -> None:
    job = _job(places, kind=kind, state=JobState.FAILED)
    assert [_again(post_of(role, places.county), job) for role in (Role.COUNTY_LEADER, Role.SYSTEM_ADMINISTRATOR)] == [
        403,
        403,
    ]


def test_what_somebody_had_done_for_themselves_only_they_have_done_again(places: Places, post: Post) -> None:
    auditor = post_of(Role.AUDITOR, places.county)
    job = _job(places, kind="audit.verify", state=JobState.FAILED, actor={"post_id": auditor.pk})
    assert (_again(post, job), _again(auditor, job)) == (403, 302)


def test_who_runs_comparisons_does_not_stop_the_proof_of_the_audit_record(places: Places, post: Post) -> None:
    job = _job(places, kind="audit.verify", account_id=post_of(Role.AUDITOR, places.county).account_id)
    assert client_of(post).post(f"/jobs/{job.pk}/stop").status_code == 403


def test_the_kinds_with_rules_of_their_own_exist() -> None:
    assert jobs.kinds() >= OWN | LEFT_WHEN_STOPPED


def test_a_program_reads_how_far_a_job_is(places: Places, post: Post) -> None:
    told = client_of(post).get(f"/api/v1/jobs/{_job(places).pk}").json()
    assert (told["state"], told["step"], told["done"], told["total"]) == ("running", "识别名册", 250, 1000)


def test_a_job_of_a_foreign_place_is_not_there_for_a_program(places: Places) -> None:
    neighbour = post_of(Role.COUNTY_OFFICER, places.other_county)
    assert client_of(neighbour).get(f"/api/v1/jobs/{_job(places).pk}").status_code == 404


@pytest.mark.parametrize(
    ("done", "total", "percent", "left"),
    [(250, 1000, 25, 30), (0, 1000, None, None), (5, None, None, None), (10, 1000, 1, None), (1200, 1000, 100, 0)],
)
def test_the_time_left_follows_from_how_fast_the_step_went(
    places: Places, done: int, total: int | None, percent: int | None, left: int | None
) -> None:
    job = _job(places, done=done, total=total, step_at=NOW)
    shown = progress_of(job, now=NOW + timedelta(seconds=10))
    assert (shown.percent, shown.seconds_left) == (percent, left)


def test_the_process_is_alive_for_everybody() -> None:
    assert Client().get("/healthz").json() == {"alive": True}


def test_without_a_worker_the_system_is_not_ready_and_says_so() -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "migrations": True, "worker": False})


def test_with_a_worker_that_gave_a_sign_of_life_it_is() -> None:
    Worker.objects.create(name="w", started_at=clock.now(), beat_at=clock.now())
    assert Client().get("/readyz").status_code == 200


def test_figures_count_jobs_and_name_nobody(places: Places, post: Post) -> None:
    _job(places, state=JobState.WAITING)
    client_of(post).get("/")
    text = Client().get("/metrics").content.decode()
    assert 'baoxue_jobs{state="waiting"} 1.0' in text
    assert "baoxue_request_seconds_bucket" in text
    assert post.account.username not in text


@pytest.mark.parametrize("how", [{"REMOTE_ADDR": "10.0.0.9"}, {"HTTP_X_FORWARDED_FOR": "10.0.0.9"}])
def test_figures_are_not_for_other_machines(how: dict[str, str]) -> None:
    assert Client().get("/metrics", **how).status_code == 404  # type: ignore[arg-type]


def test_figures_are_for_the_token_of_the_installation(settings: Any) -> None:
    settings.METRICS_TOKEN = "long and random"
    asked = Client().get("/metrics", REMOTE_ADDR="10.0.0.9", headers={"Authorization": "Bearer long and random"})
    assert asked.status_code == 200


def test_a_request_is_logged_by_its_route_and_not_by_what_was_looked_for(post: Post) -> None:
    with capture_logs() as lines:
        client_of(post).get("/jobs/00000000-0000-4000-8000-000000000000?q=杨昌旺")
    (line,) = (line for line in lines if line["event"] == "request")
    assert (line["route"], line["status"], line["account"]) == ("jobs/<uuid:job_id>", 404, post.account_id)
    assert "杨昌旺" not in str(lines)
    assert actor_of(post).name not in str(lines)


@pytest.mark.parametrize(
    ("connected", "said", "seen"),
    [
        ("127.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("127.0.0.1", "6.6.6.6, 10.0.0.9", "10.0.0.9"),
        ("10.0.0.7", "10.0.0.9", "10.0.0.7"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_the_address_on_record_is_the_senders_as_a_trusted_proxy_tells_it(
    post: Post, connected: str, said: str, seen: str
) -> None:
    how = {"REMOTE_ADDR": connected} | ({"HTTP_X_FORWARDED_FOR": said} if said else {})
    Client().post("/sign-in", {"username": post.account.username, "password": "wrong"}, **how)  # type: ignore[arg-type]
    assert SignInFailure.objects.get().address == seen


@pytest.mark.parametrize(
    ("logged", "shown"),
    [
        ("990122201405060000", "[number]"),
        ("G99012220140506000X", "G[number]"),
        ("行 12：990122140506000 重复", "行 12：[number] 重复"),
        ("522626", "522626"),
        (990122201405060000, "[number]"),
        ({"rows": ["990122201405060000", 7]}, {"rows": ["[number]", 7]}),
        ("80f685e6-f44f-4404-8b94-24adb5f7f023", "80f685e6-f44f-4404-8b94-24adb5f7f023"),
    ],
)
def test_nothing_like_an_identity_number_gets_through_to_a_log(logged: Any, shown: Any) -> None:
    assert logs.masked(None, "info", {"value": logged})["value"] == shown
