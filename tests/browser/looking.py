"""What every page must let people do: read it, reach all of it, tell where they are. Looked at in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_FAULTS = Path(__file__).with_name("looking.js").read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    """What is wrong with the page that shows, in sentences."""
    found: list[Any] = page.evaluate(_FAULTS)
    return [str(sentence) for sentence in found]


def stops(page: Page, number: int) -> list[str]:
    """What the first presses of Tab reach, in order, by their words; each must show where the focus is."""
    reached = []
    for _ in range(number):
        page.keyboard.press("Tab")
        words, outline = page.evaluate(
            """() => {
                const node = document.activeElement;
                const words = node.getAttribute("aria-label") || node.textContent.trim() || node.name || node.tagName;
                return [words, getComputedStyle(node).outlineStyle];
            }"""
        )
        reached.append(words)
        assert outline != "none", f"the focus on {words} does not show"
    return reached
