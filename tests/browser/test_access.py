"""Accounts, tokens, audit and the contract of the API in the browser."""

from __future__ import annotations

import pytest
from tests.browser.conftest import DESK, TELEPHONE, Opens
from tests.browser.looking import faults
from tests.system.places import Places, make_places, post_of

from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "/account": Role.COUNTY_OFFICER,
    "/settings/tokens/": Role.COUNTY_OFFICER,
    "/settings/accounts/": Role.ACCOUNT_ADMINISTRATOR,
    "/settings/accounts/new": Role.ACCOUNT_ADMINISTRATOR,
    "/settings/audit/": Role.AUDITOR,
}


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_a_page_is_whole_on_a_desk_and_on_a_telephone(
    opens: Opens, places: Places, address: str, size: tuple[int, int]
) -> None:
    page = opens(post_of(PAGES[address], places.county), size=size)
    page.goto(address)
    assert faults(page) == []


@pytest.mark.parametrize("address", ["/sign-in", "/api/v1/docs"])
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_a_page_for_everybody_is_whole(opens: Opens, address: str, size: tuple[int, int]) -> None:
    page = opens(size=size)
    page.goto(address)
    assert faults(page) == []


def test_an_administrator_makes_an_account_gives_a_post_and_ends_it(opens: Opens, places: Places) -> None:
    page = opens(post_of(Role.ACCOUNT_ADMINISTRATOR, places.county))
    page.goto("/settings/accounts/")
    page.get_by_role("link", name="新建账户").click()
    page.get_by_label("姓名").fill("陈雨")
    page.get_by_label("账户名").fill("chenyu")
    page.get_by_label("机构").fill(places.school.code)
    page.get_by_role("button", name="新建").click()
    page.get_by_role("link", name="记下了").click()
    page.get_by_role("combobox", name="岗位").select_option("principal")
    page.get_by_label("机构").fill(places.school.code)
    page.get_by_role("button", name="给这个岗位").click()
    page.get_by_text("已给 陈雨 岗位").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="终止").click()
    page.get_by_text("岗位已终止").wait_for()


def test_the_secret_of_a_token_shows_once(opens: Opens, places: Places) -> None:
    page = opens(post_of(Role.COUNTY_OFFICER, places.county))
    page.goto("/settings/tokens/")
    page.get_by_label("给什么程序用").fill("报表程序")
    page.get_by_label("查看学生", exact=True).check()
    page.get_by_role("button", name="新建").click()
    assert page.locator("code").first.inner_text().startswith("bx_")
    page.get_by_role("link", name="记下了").click()
    assert "bx_" not in page.content()
