"""The whole way of a county officer's day, in the browser: from signing in to signing out."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyotp
import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opens
from tests.browser.looking import faults
from tests.system.places import post_of

from baoxue.access.models import Post
from baoxue.cli.demonstration.city import build_places
from baoxue.cli.demonstration.making import seed_of
from baoxue.platform import clock
from baoxue.platform.worker import work_until
from baoxue.policy.capabilities import Role
from baoxue.policy.registers import Register
from baoxue.synth import generate

pytestmark = pytest.mark.django_db(transaction=True)

AS_OF = date(2025, 9, 20)
CHILDREN = 600
ERRORS = 2.0
PASSWORD = "河边有三棵老柳树-2025"
LONG = 60_000


@pytest.fixture
def worker() -> Iterator[None]:
    """A worker, as `baoxue worker` is one, in a thread of this process."""
    ended = threading.Event()

    def work() -> None:
        work_until(ended.is_set)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    ended.set()
    thread.join()


@pytest.fixture
def officer() -> Post:
    """The officer of a county with its townships and schools, who signs in for the first time."""
    county = build_places(children=CHILDREN, now=clock.now())[0]
    return post_of(Role.COUNTY_OFFICER, county, username="luwenjing", password=PASSWORD)


@pytest.fixture
def registers(officer: Post, tmp_path: Path) -> dict[Register, Path]:
    """The registers of the county as clerks wrote them; some rows of the households cannot be used."""
    county = officer.jurisdiction.code
    files = generate(CHILDREN, seed_of(county), tmp_path, county=county, as_of=AS_OF, errors=ERRORS)
    return {register: files[register.value] for register in Register}


def sign_in(page: Page) -> None:
    """Name and password; then the telephone of a county's officer, set up once."""
    page.goto("/")
    page.get_by_label("账户名").fill("luwenjing")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="先设置动态口令")).to_be_visible()
    assert faults(page) == []
    secret = page.locator("code").last.inner_text()
    page.get_by_label("动态口令").fill(pyotp.TOTP(secret.replace(" ", "")).now())
    page.get_by_role("button", name="设置并登录").click()
    page.get_by_role("link", name="抄好了，进入系统").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("要办")


def bring(page: Page, register: Register, file: Path, *, look: bool = False) -> None:
    """A file through the wizard to its confirmation; the rejected rows are read on the way."""
    page.goto(f"/imports/new?register={register.value}")
    page.get_by_label("数据截至日").fill(AS_OF.isoformat())
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_role("button", name="放进去，看认得出来吗").click()
    page.get_by_role("link", name="看收哪些、退哪些").click(timeout=LONG)
    if look:
        expect(page.locator("h2", has_text="退回的行")).to_be_visible()
        assert faults(page) == []
    page.get_by_role("link", name="收下").click()
    page.get_by_role("button", name="收下").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("收下了")


def compare(page: Page) -> None:
    """The comparison, from the workbench's line to its picture."""
    page.goto("/")
    page.get_by_role("link", name="去比对").click()
    page.get_by_role("button", name="开始比对").click()
    expect(page.get_by_role("heading", name="四册怎样相遇")).to_be_visible(timeout=LONG)
    assert faults(page) == []


def decide_three(page: Page) -> None:
    """Three pairs, each with one key, and one taken back and decided anew."""
    page.goto("/")
    page.get_by_role("link", name="接着看").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("这两条是同一个孩子吗")
    assert faults(page) == []
    for key, decided in (("1", "已定 1"), ("3", "已定 2"), ("z", "已定 1"), ("1", "已定 2"), ("2", "已定 3")):
        # Scripts listen once the page has loaded; a key pressed before is nobody's.
        page.wait_for_load_state("load")
        page.keyboard.press(key)
        expect(page.get_by_text(decided).first).to_be_visible(timeout=LONG)


def find_in_ledger(page: Page) -> None:
    """A missing child: in the ledger of the suspected, by the first letters of the name, and on the child's page."""
    page.goto("/ledgers/suspected-dropout/")
    child = page.locator("td.nm a").first
    name = child.inner_text()
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("找到")
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.get_by_text("***********").first).to_be_visible()
    assert faults(page) == []


def export(page: Page) -> Path:
    """The workbook that the bureau files."""
    page.goto("/ledgers/suspected-dropout/")
    page.get_by_role("button", name="导出上报表").click()
    with page.expect_download(timeout=LONG) as download:
        page.get_by_role("link", name="下载").click(timeout=LONG)
    return Path(download.value.path())


@pytest.mark.timeout(300)
def test_a_day_of_a_county_officer(opens: Opens, worker: None, officer: Post, registers: dict[Register, Path]) -> None:
    page = opens()
    sign_in(page)
    bring(page, Register.HOUSEHOLD, registers[Register.HOUSEHOLD], look=True)
    for register in (Register.STUDENT, Register.ROLL, Register.POVERTY, Register.SPECIAL, Register.ELSEWHERE):
        bring(page, register, registers[register])
    compare(page)
    decide_three(page)
    find_in_ledger(page)
    assert zipfile.is_zipfile(export(page))
    page.locator("summary.me").click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.goto("/ledgers/suspected-dropout/")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
