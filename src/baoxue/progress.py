"""How long work tells where it stands."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called now and then by long work; never more than some ten times a second."""

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        """`step`: what is done, in Chinese; `done` of `total` parts of it (mostly rows); None = not known."""


def silent(step: str, done: int, total: int | None = None) -> None:
    """Tell nobody."""
