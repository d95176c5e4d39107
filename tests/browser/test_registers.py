"""数据接入 in the browser: the wizard from a dropped workbook to a confirmed register, with nothing but a keyboard's clicks."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction
from tests.browser.conftest import DESK, TELEPHONE, Opens
from tests.browser.looking import faults
from tests.system.places import NOW, Places, make_places, post_of
from tests.system.registerfiles import household

from baoxue.access.actors import actor_of
from baoxue.access.models import Post
from baoxue.platform import jobs
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Role
from baoxue.policy.registers import Register
from baoxue.registers.actions import confirm, start_import
from baoxue.registers.models import Import

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Post:
    return post_of(Role.COUNTY_OFFICER, places.county)


def _dirty(people: int) -> bytes:
    spoilt = ",男,2014-01-01,,,,岑巩县\n".encode() * 3
    return household(range(people)).getvalue() + spoilt


def _made(places: Places, post: Post, file: bytes, *, as_of: date, taken: bool = False) -> Import:
    by = actor_of(post)
    with acting_as(by.scope):
        started = start_import(
            file=BytesIO(file), file_name="公安局9月学龄名单.csv", register=Register.HOUSEHOLD, county=places.county,
            as_of=as_of, by=by, now=NOW,
        )  # fmt: skip
    jobs.run_job(job_id=str(started.job_id))
    with acting_as(by.scope):
        return confirm(imported=started, reason="", by=by, now=NOW) if taken else started


def test_a_dropped_file_is_read_looked_at_and_taken(
    places: Places, officer: Post, opens: Opens, tmp_path: Path
) -> None:
    file = tmp_path / "公安局9月学龄名单.csv"
    file.write_bytes(_dirty(40))
    page = opens(officer)
    page.goto("/imports/")
    page.get_by_role("link", name="放入文件…").click()
    page.get_by_label("哪一本名册").select_option(label="户籍名册")
    page.get_by_label("数据截至日").fill("2025-09-20")
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_role("button", name="放进去，看认得出来吗").click()
    page.get_by_role("heading", name="正在识别户籍名册").wait_for()
    with acting_as(EVERYTHING), transaction.atomic():
        [imported] = Import.objects.all()
    jobs.run_job(job_id=str(imported.job_id))
    # The page goes on by itself.
    page.get_by_role("heading", name="认出来了：户籍名册 43 行").wait_for()
    page.get_by_role("link", name="看收哪些、退哪些").click()
    page.get_by_role("heading", name="收 40 行，退 3 行").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 3 行去改").click()
    assert download.value.suggested_filename == "rejected-household-2025-09-20.xlsx"
    page.get_by_role("link", name="收下 40 行…").click()
    page.get_by_role("button", name="收下 40 行").click()
    page.get_by_role("heading", name="收下了 40 行").wait_for()


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_every_page_of_the_wizard_can_be_read(
    places: Places, officer: Post, opens: Opens, size: tuple[int, int]
) -> None:
    _made(places, officer, household(range(60)).getvalue(), as_of=date(2025, 3, 1), taken=True)
    pk = _made(places, officer, _dirty(40), as_of=date(2025, 9, 20)).pk
    page = opens(officer, size=size)
    steps = [f"/imports/{pk}/{step}" for step in ("recognised", "rows", "confirm")]
    for address in ("/imports/", "/imports/new", *steps, "/imports/snapshots?register=household"):
        page.goto(address)
        assert faults(page) == [], address


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
@pytest.mark.parametrize("step", ["recognised", "rows", "confirm"])
def test_the_question_before_giving_up_fits_the_page(
    places: Places, officer: Post, opens: Opens, size: tuple[int, int], step: str
) -> None:
    pk = _made(places, officer, _dirty(5), as_of=date(2025, 9, 20)).pk
    page = opens(officer, size=size)
    page.goto(f"/imports/{pk}/{step}")
    page.get_by_text("先不收…").click()
    box = page.get_by_role("button", name="不收，删除文件").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= size[0]
    assert faults(page) == []
