"""The frame in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import TELEPHONE, Opens
from tests.browser.looking import faults, stops
from tests.system.places import make_places, post_of

from baoxue.access.models import Post
from baoxue.policy.capabilities import Role


@pytest.fixture
def officer(transactional_db: None) -> Post:
    return post_of(Role.COUNTY_OFFICER, make_places().county)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (1024, 768), TELEPHONE, (320, 640)])
@pytest.mark.parametrize("address", ["/", "/help", "/messages"])
def test_a_page_of_the_frame_has_no_faults_at_any_width(
    opens: Opens, officer: Post, address: str, size: tuple[int, int]
) -> None:
    page = opens(officer, size=size)
    page.goto(address)
    assert faults(page) == []


def test_the_first_stop_of_the_keyboard_leads_past_the_frame(opens: Opens, officer: Post) -> None:
    page = opens(officer)
    page.goto("/")
    assert stops(page, 4)[:3] == ["跳到正文", "保学", "工作台"]


def test_keys_open_their_table_go_to_a_page_and_are_off_once_switched_off(opens: Opens, officer: Post) -> None:
    page = opens(officer)
    page.goto("/help")
    page.keyboard.press("?")
    keys = page.locator("dialog#keys")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url("**/")
    page.keyboard.press("?")
    keys.get_by_label("关掉单键快捷键").check()
    keys.get_by_role("button", name="关掉").click()
    page.keyboard.press("?")
    expect(keys).to_be_hidden()


def test_a_menu_closes_with_escape_and_gives_the_focus_back(opens: Opens, officer: Post) -> None:
    page = opens(officer)
    page.goto("/")
    me = page.locator("summary.me")
    me.press("Enter")
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="退出")).to_be_hidden()
    expect(me).to_be_focused()


def test_on_a_telephone_the_other_pages_open_from_the_lower_edge(opens: Opens, officer: Post) -> None:
    page = opens(officer, size=TELEPHONE)
    page.goto("/help")
    way = page.get_by_role("link", name="工作台")
    expect(way).to_be_hidden()
    page.get_by_role("button", name="去别的页面").click()
    way.click()
    page.wait_for_url("**/")


def test_the_day_can_be_changed_and_put_back(opens: Opens, officer: Post) -> None:
    page = opens(officer)
    page.goto("/")
    page.locator("summary.asof").click()
    page.get_by_label("看哪一天的数据").fill("2024-09-20")
    page.get_by_role("button", name="看这一天").click()
    expect(page.locator("summary.asof.past")).to_have_text("截至 2024年9月20日")
    assert faults(page) == []
    page.get_by_role("button", name="换回今天").last.click()
    expect(page.locator("summary.asof.past")).to_have_count(0)


def test_on_paper_there_is_the_list_and_nothing_of_the_frame(opens: Opens, officer: Post) -> None:
    page = opens(officer)
    page.goto("/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="主导航")).to_be_hidden()
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.get_by_role("button", name="打印清单")).to_be_hidden()
