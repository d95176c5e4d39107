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
from baoxue.children.models import Child, Schooling
from baoxue.comparison.models import Finding, Pair, Run, Verdict
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
    assert "放入文件" not in page


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


def compared(county: Jurisdiction, *, findings: int = 0, pairs: int = 0, poor: int = 0) -> Run:
    """A finished comparison that leaves something to people."""
    home = {"home_path": county.path}
    with acting_as(EVERYTHING):
        run: Run = Run.objects.create(
            county=county, place_path=county.path, school_year=2025, semester="autumn", as_of=date(2025, 9, 20),
            state="done", verdicts_at=NOW, created_at=NOW, created_by_name="试", ended_at=NOW,
        )  # fmt: skip
        for key in range(findings):
            Finding.objects.create(
                run=run, **home, key=str(key), child=key, waits=True, kind="absent", decision="auto", confidence=0.9,
                subject=bytes([key]) * 32, name="试", name_sort="shi4", reason="试", poverty_household=key < poor,
            )  # fmt: skip
        for position in range(pairs):
            Pair.objects.create(
                run=run, **home, position=position, left="household", left_row=1, right="student", right_row=1,
                confidence=0.7, name="试", linked=True, left_record="{}", right_record="{}", left_subject=b"3" * 32,
                right_subject=b"4" * 32,
            )  # fmt: skip
    return run


def test_what_a_comparison_leaves_to_people_waits_for_who_may_decide(places: Places, officer: Post) -> None:
    run = compared(places.county, findings=3, pairs=2, poor=1)
    page = workbench(officer)
    assert "2 对等人定" in page
    assert f'href="/comparisons/{run.pk}/pairs"' in page
    assert "3 条还没有结论" in page
    assert "其中脱贫户 1 条" in page
    assert 'id="waiting-comparisons" hx-swap-oob="true">5' in client_of(officer).get("/waiting").content.decode()


def test_who_may_only_look_sees_it_wait_for_the_officer(places: Places) -> None:
    compared(places.county, findings=3)
    page = workbench(post_of(Role.BUREAU_DIRECTOR, places.county))
    assert "现在没有要办的事" in page
    assert "等别人" in page
    assert "3 条还没有结论" in page


def test_a_school_hears_nothing_of_the_countys_comparison(places: Places) -> None:
    compared(places.county, findings=3)
    assert "3 条" not in workbench(post_of(Role.PRINCIPAL, places.school))


def test_a_verdict_about_to_lapse_is_a_task_with_a_day(places: Places, officer: Post) -> None:
    run = compared(places.county)
    with acting_as(EVERYTHING):
        Verdict.objects.create(
            county=places.county, home_path=places.county.path, kind="elsewhere", subject=b"1" * 32,
            finding_kind="absent", evidence="电话核过", run=run, name="试", decided_at=NOW, decided_by_name="试",
            expires_on=clock.today() + timedelta(days=3),
        )  # fmt: skip
    page = workbench(officer)
    assert "1 条结论快到期" in page
    assert "还有 3 天" in page


def test_a_city_sees_each_county_those_never_compared_first(places: Places) -> None:
    compared(places.county, findings=3, pairs=2)
    page = workbench(post_of(Role.CITY_OFFICER, places.city))
    rows = page.split("<tbody>")[1]
    assert rows.index("天柱县") < rows.index("岑巩县")
    assert "还没有比对" in rows
    assert ">3</a>" in rows


def test_the_counties_of_a_city_are_counted_in_a_fixed_number_of_queries(places: Places) -> None:
    client = client_of(post_of(Role.CITY_OFFICER, places.city))
    compared(places.county, findings=1)
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    compared(places.other_county, findings=2, pairs=1)
    with CaptureQueriesContext(connection) as two:
        client.get("/")
    assert len(one) == len(two)


def suspect(places: Places) -> None:
    """A child of 双河镇中心小学 in the ledger of the suspected."""
    home = {"home_path": places.township.path, "school_path": places.school.path}
    with acting_as(EVERYTHING):
        child = Child.objects.create(
            county=places.county, **home, name="试", name_sort="shi4", status="08", created_at=NOW, changed_at=NOW
        )
        Schooling.objects.create(
            child=child, county=places.county, **home, valid_from=date(2025, 9, 1), recorded_from=NOW, status="08",
            counted=True, suspected=True, name="试", name_sort="shi4",
        )  # fmt: skip


def test_a_school_and_a_township_are_asked_after_their_suspected_children(places: Places) -> None:
    suspect(places)
    for post in (post_of(Role.PRINCIPAL, places.school), post_of(Role.TOWNSHIP_OFFICER, places.township)):
        page = workbench(post)
        assert "1 人疑似辍学，要核实去向" in page
        assert 'href="/ledgers/suspected-dropout/"' in page


def test_another_school_is_not_asked_after_them(places: Places) -> None:
    suspect(places)
    page = workbench(post_of(Role.PRINCIPAL, places.other_school))
    assert "疑似辍学，要核实" not in page


def test_who_sees_no_children_sees_no_numbers_of_them(places: Places) -> None:
    suspect(places)
    page = workbench(post_of(Role.DEPARTMENT_OFFICER, places.county, department=Department.POLICE))
    assert "适龄儿童台账" not in page


@pytest.mark.parametrize(
    ("role", "address"), [(Role.ACCOUNT_ADMINISTRATOR, "/settings/accounts/"), (Role.AUDITOR, "/settings/audit/")]
)
def test_an_administrator_for_whom_nothing_waits_is_shown_to_the_own_work(
    places: Places, role: Role, address: str
) -> None:
    assert f'href="{address}"' in workbench(post_of(role, places.county))


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


def test_programs_get_the_lines_of_the_page(places: Places, officer: Post) -> None:
    read(officer, places.county)
    client = client_of(officer)
    page, lines = client.get("/").content.decode(), client.get("/api/v1/workbench").json()
    assert [line["act"] for line in lines if line["way"] == "imports" and "公安9月.csv" in line["what"]] == ["接着看"]
    assert [line["what"] for line in lines if line["what"] not in page] == []
