"""Every page of the URL table in the browser, at a desk and at its narrowest; a new page is covered by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from tests.access.addresses import Address, pages
from tests.access.world import World, make_world
from tests.browser.conftest import DESK, Opens
from tests.browser.looking import faults
from tests.system.signedin import client_of

from baoxue.access.models import Post

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = (320, 640)
# The world's registers have no file to open.
FROM_FILES = frozenset({"children:rows"})
# Whoever of these a page lets in first looks at it.
LOOKING = ("county_officer", "account_administrator", "auditor", "system_administrator", "principal")


def lets_in(address: Address, world: World) -> Post | None:
    """A post that gets the page as a whole; None for acts, files and parts of pages."""
    for role in LOOKING:
        answer = client_of(world.posts[role]).get(address.at(world.home))
        if answer.status_code == 200 and not answer.streaming and b"<main" in answer.content:
            return world.posts[role]
    return None


def wrong(page: Page, address: str) -> list[str]:
    """What is wrong with a page at a desk and at its narrowest."""
    page.goto(address)
    found = []
    for size in (DESK, NARROW):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        found += [f"{size[0]} wide: {sentence}" for sentence in faults(page)]
    return found


@pytest.mark.timeout(300)
def test_no_page_has_faults(opens: Opens) -> None:
    world = make_world()
    known = [address for address in pages() if address.name not in FROM_FILES]
    looked_at = [(address, post) for address in known if (post := lets_in(address, world))]
    seen = {pk: opens(post) for pk, post in {post.pk: post for _, post in looked_at}.items()}
    found = {address.name: wrong(seen[post.pk], address.at(world.home)) for address, post in looked_at}
    assert {name: sentences for name, sentences in found.items() if sentences} == {}
    assert len(found) > 25


@pytest.mark.timeout(300)
def test_no_workbench_has_faults_whoever_it_is_for(opens: Opens) -> None:
    found = {name: wrong(opens(post), "/") for name, post in make_world().posts.items()}
    assert {name: sentences for name, sentences in found.items() if sentences} == {}
