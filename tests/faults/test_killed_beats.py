"""kill -9 of those who do what falls due daily: every day is done exactly once, in its order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from .conftest import Installation

pytestmark = pytest.mark.timeout(400)


def _days(last: date, number: int) -> list[date]:
    return [last - timedelta(days=number - 1 - place) for place in range(number)]


def test_two_workers_do_each_day_once_though_one_is_killed_at_it(installation: Installation) -> None:
    installation.forget_days()
    today = date.fromisoformat(installation.act("owe", "12"))
    workers = [installation.another_worker() for _ in range(2)]
    try:
        installation.wait(lambda: len(installation.done_days()) >= 3)
        killed = next(one for one in workers if one.pid == installation.done_days()[-1][1])
        # It is at the next day, or about to be.
        killed.kill()
        killed.wait()
        installation.wait(lambda: len(installation.done_days()) >= 12)
    finally:
        for one in workers:
            one.kill()
            one.wait()
    done = installation.done_days()
    assert [day for day, _ in done] == _days(today, 12)
    assert len({process for _, process in done}) == 2
    assert installation.one("SELECT count(*) FROM platform_beat WHERE name = 'faults.day'") == 13


def test_a_clock_whose_moving_is_killed_goes_on_with_the_day_it_was_at(system: Installation) -> None:
    installation = system
    installation.wait(lambda: installation.one("SELECT max(day) >= current_date FROM platform_beat"))
    installation.forget_days()
    moving = installation.begin("move", "12")
    installation.wait(lambda: len(installation.done_days()) >= 4)
    moving.kill()
    moving.wait()
    last = date.fromisoformat(installation.act("move", "8"))
    done = [day for day, _ in installation.done_days()]
    assert done == _days(last, len(done))
    assert len(done) >= 12


def test_a_job_at_work_and_its_worker_live_on_when_the_clock_is_moved(system: Installation) -> None:
    before = system.filled()
    job = system.act("fill", "20")
    system.wait(lambda: system.state_of(job) == "running")
    system.act("move", "3")
    assert system.state_of(job) == "done"
    assert system.filled() == before + 20
    assert system.one(f"SELECT attempts FROM platform_job WHERE id = '{job}'") == 1
