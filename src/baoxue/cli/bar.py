"""Progress on stderr: one moving line on a terminal, plain lines anywhere else."""

from __future__ import annotations

import shutil
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from baoxue.cli.steps import step_told
from baoxue.cli.words import Say
from baoxue.progress import Progress

_CELLS = 24
_TERMINAL_EVERY = 0.1
_PLAIN_EVERY = 10.0

Clock = Callable[[], float]


@contextmanager
def progress_on(say: Say, stream: TextIO, check: Callable[[], None]) -> Iterator[Progress]:
    """Progress told on a stream; a moving line is wiped at the end. `check` is called first, and may end the work."""
    line = MovingLine(stream) if stream.isatty() else PlainLines(stream)

    def tell(step: str, done: int, total: int | None = None) -> None:
        check()
        line(step_told(say, step), done, total)

    try:
        yield tell
    finally:
        line.wipe()


class PlainLines:
    """A line when a step begins, then one every ten seconds while it lasts."""

    def __init__(self, stream: TextIO, clock: Clock = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        # Two registers are read at a time: their steps take turns, so each has its own last line.
        self._told: dict[str, float] = {}

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        """Tell where a step stands."""
        now = self._clock()
        if step in self._told and now - self._told[step] < _PLAIN_EVERY:
            return
        self._told[step] = now
        self._stream.write(f"{step} {_count(done, total)}".rstrip() + "\n")
        self._stream.flush()

    def wipe(self) -> None:
        """Lines stay."""


class MovingLine:
    """One line that is written over: the step, a bar and the count."""

    def __init__(self, stream: TextIO, clock: Clock = time.monotonic, columns: Callable[[], int] | None = None) -> None:
        self._stream = stream
        self._clock = clock
        self._columns = columns or (lambda: shutil.get_terminal_size().columns)
        self._drawn_at = float("-inf")
        self._step: str | None = None

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        """Draw where a step stands, at most ten times a second."""
        now = self._clock()
        if step == self._step and now - self._drawn_at < _TERMINAL_EVERY:
            return
        self._step, self._drawn_at = step, now
        # One column stays free: a full line makes some terminals go to the next.
        self._stream.write("\r" + fitted(_line(step, done, total), self._columns() - 1) + "\x1b[K")
        self._stream.flush()

    def wipe(self) -> None:
        """Take the line away, if there is one."""
        if self._step is not None:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _line(step: str, done: int, total: int | None) -> str:
    if not total:
        return f"{step} {_count(done, total)}".rstrip()
    share = min(max(done / total, 0.0), 1.0)
    full = int(share * _CELLS)
    return f"{step} {'█' * full}{'░' * (_CELLS - full)} {share:4.0%} {_count(done, total)}"


def _count(done: int, total: int | None) -> str:
    if total is None:
        return f"{done:,}" if done else ""
    return f"{done:,}/{total:,}"


def width(text: str) -> int:
    """Columns a text takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def fitted(text: str, columns: int) -> str:
    """As much of the text as fits."""
    while width(text) > columns:
        text = text[:-1]
    return text
