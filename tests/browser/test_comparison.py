"""四查三比对 in the browser: the picture, and two records decided with nothing but keys."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Page
from tests.browser.conftest import DESK, TELEPHONE, Opens
from tests.browser.looking import faults
from tests.system.comparisons import EVERYTHING, compared, snapshots
from tests.system.places import make_places, post_of

from baoxue.access.models import Post
from baoxue.comparison.models import Finding, Pair, Run
from baoxue.platform.scope import acting_as
from baoxue.policy.capabilities import Role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def compared_county() -> tuple[Run, Post]:
    places = make_places()
    snapshots(places)
    return compared(places), post_of(Role.COUNTY_OFFICER, places.county)


def _shot(page: Page, name: str) -> None:
    folder = os.environ.get("BAOXUE_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _at(page: Page, words: str) -> None:
    """The page with these words in its heading is there, and its scripts have begun to listen."""
    page.get_by_role("heading", name=words).wait_for()
    page.wait_for_load_state("load")


def test_three_keys_decide_take_back_and_hide(compared_county: tuple[Run, Post], opens: Opens) -> None:
    run, officer = compared_county
    page = opens(officer)
    page.goto("/comparisons/")
    page.get_by_role("link", name="看两条记录 2 对").click()
    _at(page, "第 1 对，共 2 对")
    assert page.locator("#pair mark", has_text="怡").is_visible()
    equal = page.locator("#pair .eq").first
    page.keyboard.press("e")
    equal.wait_for(state="hidden")
    page.keyboard.press("1")
    _at(page, "第 2 对，共 2 对")
    page.keyboard.press("z")
    _at(page, "第 1 对，共 2 对")
    # In a field a digit is a digit.
    page.get_by_label("依据，可不填").fill("问过")
    page.get_by_label("依据，可不填").press("1")
    page.get_by_label("依据，可不填").press("Escape")
    page.locator("h1").click()
    page.keyboard.press("3")
    _at(page, "第 2 对，共 2 对")
    page.keyboard.press("4")
    _at(page, "两条记录都看过了")
    with acting_as(EVERYTHING), transaction.atomic():
        assert list(Pair.objects.order_by("position").values_list("verdict__kind", flat=True)) == [
            "not_same_child",
            "cannot_tell",
        ]
        assert Pair.objects.filter(run=run).exclude(verdict__evidence=b"").count() == 1


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_every_page_of_a_comparison_can_be_read(
    compared_county: tuple[Run, Post], opens: Opens, size: tuple[int, int]
) -> None:
    run, officer = compared_county
    with acting_as(EVERYTHING), transaction.atomic():
        pair = Pair.objects.filter(run=run).first()
        finding = Finding.objects.filter(run=run, kind="never_enrolled").first()
    assert pair is not None
    assert finding is not None
    page = opens(officer, size=size)
    pages = {
        "picture": f"/comparisons/{run.pk}/",
        "pair": f"/comparisons/pairs/{pair.pk}",
        "finding": f"/comparisons/findings/{finding.pk}",
        "children": f"/comparisons/{run.pk}/children/111",
        "changes": f"/comparisons/{run.pk}/changes",
        "runs": "/comparisons/all",
        "new": "/comparisons/new",
        "verdicts": "/comparisons/verdicts",
    }
    for name, address in pages.items():
        page.goto(address)
        _shot(page, f"{name}-{size[0]}")
        assert faults(page) == [], address
