"""Jobs: asked for inside an act, run once to effect, told of, stopped, and found again when a worker dies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.system.places import NOW, Places, actor, make_places

from baoxue.platform import jobs
from baoxue.platform.actor import Actor
from baoxue.platform.jobs import JobFailed, Running, Stopped
from baoxue.platform.models import Job, JobState, Worker
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Role
from baoxue.refusal import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Actor:
    return actor(Role.COUNTY_OFFICER, places.county)


@pytest.fixture(autouse=True)
def everywhere() -> Iterator[None]:
    with acting_as(EVERYWHERE):
        yield


@jobs.work("test.count")
def _count(running: Running) -> dict[str, Any]:
    return {"counted": running.arguments["up_to"], "sentence": "数完了。"}


@jobs.work("test.refuse")
def _refuse(_running: Running) -> dict[str, Any]:
    raise Refusal("名册是空的。")


@jobs.work("test.stop")
def _stop(_running: Running) -> dict[str, Any]:
    raise Stopped("已停下。")


@jobs.work("test.break")
def _break(running: Running) -> dict[str, Any]:
    return {"never": running.arguments["杨昌旺"]}


@jobs.work("test.long")
def _long(_running: Running) -> dict[str, Any]:
    """Says nothing until its worker was heard of, or five seconds have passed."""
    for _ in range(100):
        if Worker.objects.get(name=jobs.worker_name()).beat_at > NOW:
            break
        time.sleep(0.05)
    return {}


def _asked(kind: str, officer: Actor, **arguments: Any) -> Job:
    return jobs.ask(kind, arguments, place_path=officer.scope.path, by=officer, now=NOW)


def _run(job: Job) -> Job:
    jobs.run_job(str(job.pk))
    return Job.objects.get(pk=job.pk)


def test_a_job_ends_with_its_result_and_a_sentence(officer: Actor) -> None:
    done = _run(_asked("test.count", officer, up_to=7))
    assert (done.state, done.result["counted"], done.sentence) == (JobState.DONE, 7, "数完了。")


def test_a_refused_job_says_why(officer: Actor) -> None:
    done = _run(_asked("test.refuse", officer))
    assert (done.state, done.sentence, done.code) == (JobState.REFUSED, "名册是空的。", "refused")


def test_a_stopped_job_is_no_failure(officer: Actor) -> None:
    assert _run(_asked("test.stop", officer)).state == JobState.CANCELLED


def test_a_defect_ends_the_job_and_shows_nothing_of_the_data(officer: Actor, caplog: pytest.LogCaptureFixture) -> None:
    job = _asked("test.break", officer)
    with pytest.raises(JobFailed):
        jobs.run_job(str(job.pk))
    ended = Job.objects.get(pk=job.pk)
    assert (ended.state, ended.code) == (JobState.FAILED, "defect")
    assert "杨昌旺" not in ended.sentence + caplog.text


def test_a_job_that_ended_does_not_run_again(officer: Actor) -> None:
    job = _run(_asked("test.count", officer, up_to=1))
    assert _run(job).attempts == 1


def test_a_job_of_no_known_kind_cannot_be_asked_for(officer: Actor) -> None:
    with pytest.raises(LookupError):
        _asked("test.nobody_does_this", officer)


def test_the_one_that_waited_longest_is_next(officer: Actor) -> None:
    first = _asked("test.count", officer, up_to=1)
    second = jobs.ask("test.count", {"up_to": 2}, place_path="/", by=officer, now=NOW + timedelta(seconds=1))
    claimed = [jobs.claim_next(now=NOW), jobs.claim_next(now=NOW), jobs.claim_next(now=NOW)]
    assert claimed == [first, second, None]


def test_a_job_that_waits_is_stopped_at_once(officer: Actor) -> None:
    job = _asked("test.count", officer, up_to=1)
    jobs.ask_to_stop(job, now=NOW)
    assert _run(job).state == JobState.CANCELLED


def test_a_job_that_ended_cannot_be_stopped(officer: Actor) -> None:
    job = _run(_asked("test.count", officer, up_to=1))
    jobs.ask_to_stop(job, now=NOW)
    assert not Job.objects.get(pk=job.pk).cancel_asked


@pytest.mark.parametrize(
    ("silent_for", "attempts", "cancel_asked", "state", "again"),
    [
        (10, 1, False, JobState.RUNNING, 0),
        (21, 1, False, JobState.WAITING, 1),
        (21, 2, False, JobState.WAITING, 1),
        (21, 3, False, JobState.FAILED, 0),
        (21, 1, True, JobState.CANCELLED, 0),
    ],
)
def test_a_job_whose_worker_fell_silent_is_asked_for_again_three_times_at_most(
    officer: Actor, silent_for: int, attempts: int, cancel_asked: bool, state: JobState, again: int
) -> None:
    job = _asked("test.count", officer, up_to=1)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, beat_at=NOW, attempts=attempts, cancel_asked=cancel_asked
    )
    assert jobs.rescue(now=NOW + timedelta(seconds=silent_for)) == again
    assert Job.objects.get(pk=job.pk).state == state


def test_a_worker_that_was_given_up_does_not_end_the_job_of_the_next(officer: Actor) -> None:
    _asked("test.count", officer, up_to=1)
    late = jobs.claim_next(now=NOW)
    assert late is not None
    jobs.rescue(now=NOW + timedelta(minutes=1))
    assert jobs.claim_next(now=NOW) == late
    jobs.run(late)
    assert Job.objects.get(pk=late.pk).state == JobState.RUNNING


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_heard_of_during_a_long_job(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BEAT", 0.05)
    Worker.objects.create(name=jobs.worker_name(), started_at=NOW, beat_at=NOW)
    assert _run(_asked("test.long", officer)).state == JobState.DONE
    assert Worker.objects.get(name=jobs.worker_name()).beat_at > NOW


def test_a_job_asked_for_with_a_right_that_is_gone_is_done_without_it(officer: Actor) -> None:
    job = _asked("test.count", officer, up_to=1)
    Job.objects.filter(pk=job.pk).update(actor={**job.actor, "capabilities": ["of_an_earlier_version"]})
    assert _run(job).state == JobState.DONE


def test_a_job_of_nobody_one_can_be_ends_as_failed(officer: Actor) -> None:
    job = _asked("test.count", officer, up_to=1)
    Job.objects.filter(pk=job.pk).update(actor={})
    with pytest.raises(JobFailed):
        jobs.run_job(str(job.pk))
    assert Job.objects.get(pk=job.pk).state == JobState.FAILED
