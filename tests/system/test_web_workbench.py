"""工作台: what waits for whom, in order, and the same numbers beside the navigation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.system.places import NOW, Places, make_places, post_of
from tests.system.registerfiles import household
from tests.system.signedin import client_of

from baoxue.access.actors import actor_of
from baoxue.access.models import Post
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import clock, jobs
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Department, Role
from baoxue.policy.registers import Register
from baoxue.registers.actions import confirm, start_import
from baoxue.registers.models import Import
from baoxue.web.tasks import Task, grouped, heading_of, parted, waiting_by_way

pytestmark = pytest.mark.django_db
EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Post:
    return post_of(Role.COUNTY_OFFICER, places.county)


def read(post: Post, county: Jurisdiction, *, rows: int = 30, as_of: date = date(2025, 9, 20)) -> Import:
    """An import whose file is read: it waits for its confirmation."""
    with acting_as(EVERYTHING):
        imported = start_import(
            file=household(range(rows)), file_name="公安9月.csv", register=Register.HOUSEHOLD, county=county, as_of=as_of,
            by=actor_of(post), now=NOW,
        )  # fmt: skip
        jobs.run_job(job_id=str(imported.job_id))
        imported.refresh_from_db()
    return imported


def workbench(post: Post) -> str:
    return client_of(post).get("/").content.decode()


def test_an_import_that_is_read_waits_for_the_officer_and_leads_to_the_very_act(places: Places, officer: Post) -> None:
    imported = read(officer, places.county)
    page = workbench(officer)
    assert "看过再收" in page
    assert "公安9月.csv" in page
    assert f'href="/imports/{imported.pk}/"' in page


def test_nothing_of_another_county_waits_here(places: Places, officer: Post) -> None:
    foreign = post_of(Role.COUNTY_OFFICER, places.other_county)
    read(foreign, places.other_county)
    assert "公安9月.csv" not in workbench(officer)


def test_a_department_is_asked_for_its_own_register_alone(places: Places) -> None:
    page = workbench(post_of(Role.DEPARTMENT_OFFICER, places.county, department=Department.POLICE))
    assert "户籍名册" in page
    assert "学籍名册" not in page


def test_a_register_that_is_not_there_is_asked_for_with_the_place_to_drop_it(officer: Post) -> None:
    page = workbench(officer)
    assert "还没有这一册" in page
    assert 'href="/imports/new?register=roll"' in page
    assert "特殊群体名册" not in page  # a comparison does without


def test_a_register_past_its_rhythm_is_said_to_be_old(places: Places, officer: Post) -> None:
    old = clock.today() - timedelta(days=200)
    imported = read(officer, places.county, as_of=min(old, date(2025, 9, 20)))
    with acting_as(EVERYTHING):
        confirm(imported=imported, reason="", by=actor_of(officer), now=NOW)
    assert "天没更新" in workbench(officer)


def test_a_post_that_brings_nothing_has_nothing_of_imports(places: Places) -> None:
    page = workbench(post_of(Role.TOWNSHIP_OFFICER, places.township))
    assert "现在没有要办的事" in page
    assert "名册" not in page.split("</header>")[1]


def test_the_count_beside_the_navigation_is_the_number_of_lines_that_wait(places: Places, officer: Post) -> None:
    read(officer, places.county)
    counts = client_of(officer).get("/waiting").content.decode()
    assert '<span class="cnt" id="waiting-imports" hx-swap-oob="true">1' in counts


def test_the_number_of_queries_does_not_grow_with_what_waits(places: Places, officer: Post) -> None:
    client = client_of(officer)
    read(officer, places.county)
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    for rows in (31, 32, 33):
        read(officer, places.county, rows=rows)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(one)


def task(days_left: int | None = None, *, way: str = "imports", number: int = 1, waits_for: str = "") -> Task:
    due = None if days_left is None else date(2025, 10, 14) + timedelta(days=days_left)
    return Task(way, "看", "一件", "", "看", "/", number=number, due=due, days_left=days_left, waits_for=waits_for)


def test_lines_come_overdue_first_then_due_then_those_without_a_deadline() -> None:
    groups = grouped([task(), task(2), task(0), task(-1), task(-3)])
    assert [(group.heading, len(group.tasks)) for group in groups] == [
        ("逾期", 2), ("今天到期", 1), ("以后到期", 1), ("要办的", 1),
    ]  # fmt: skip
    assert [task.days_left for task in groups[0].tasks] == [-3, -1]


@pytest.mark.parametrize(
    ("tasks", "words"),
    [
        ([], "现在没有要办的事"),
        ([task(), task(3)], "有 2 件事要办"),
        ([task(), task(-3)], "有 2 件事要办，其中 1 件已逾期"),
    ],
)
def test_the_heading_says_how_much_and_how_much_is_late(tasks: list[Task], words: str) -> None:
    assert heading_of(tasks) == words


def test_what_waits_for_others_is_no_work_of_mine() -> None:
    own, others = parted([task(), task(waits_for="县公安局")])
    assert (len(own), len(others)) == (1, 1)
    assert waiting_by_way([task(number=42, way="comparisons"), task(waits_for="县公安局")]) == [
        ("comparisons", 42, False)
    ]


def test_a_count_with_something_overdue_in_it_is_marked() -> None:
    assert waiting_by_way([task(), task(-1)]) == [("imports", 2, True)]
