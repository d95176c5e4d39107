"""A real browser before a real server: Debian's Chromium, PostgreSQL, the content-security policy switched on.

Whatever the browser complains about (a refused style, an error of a script, an answer of 500) fails the test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.system.signedin import client_of

from baoxue.access.models import Post

DESK = (1366, 768)
TELEPHONE = (390, 844)


@dataclass
class Complaints:
    """What the browser complained about; `expected` are the statuses a test asks for."""

    heard: list[str] = field(default_factory=list)
    expected: frozenset[int] = frozenset()

    def listen(self, page: Page) -> None:
        """Hear everything of a page."""
        page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _said(self, kind: str, text: str) -> None:
        # The answer itself is judged below.
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.heard.append(f"console: {text}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 400 and status not in self.expected:
            self.heard.append(f"{status}: {url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium); the browser tests were not run")
    # Playwright keeps an event loop in this thread, where the tests also use the database, one after the other.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Empty at the end of every test."""
    heard = Complaints()
    yield heard
    assert heard.heard == []


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, complaints: Complaints, live_server: object) -> Iterator[Opens]:
    """Opens a browser of its own for somebody: `opens(post)` signed in, `opens()` as nobody."""
    contexts: list[BrowserContext] = []

    def opened(post: Post | None = None, *, size: tuple[int, int] = DESK) -> Page:
        context = browser.new_context(
            base_url=str(live_server),
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
        )
        contexts.append(context)
        if post is not None:
            session = client_of(post).cookies["baoxue_session"].value
            context.add_cookies([{"name": "baoxue_session", "value": session, "url": str(live_server)}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        complaints.listen(page)
        return page

    yield opened
    for context in contexts:
        for page in context.pages:
            # What a page asks for by itself must be answered before the tables are emptied: the two would wait for each other.
            page.wait_for_load_state("networkidle")
        context.close()
