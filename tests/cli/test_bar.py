"""Progress: a moving line on a terminal, few plain lines elsewhere."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxue.cli.bar import MovingLine, PlainLines, fitted, progress_on, width
from baoxue.cli.words import Language, Say


class Terminal(io.StringIO):
    """Something that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class HandClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def nobody_stops() -> None:
    """Look whether work should end: it should not."""


def _moving(terminal: Terminal, clock: HandClock, columns: int = 80) -> MovingLine:
    return MovingLine(terminal, clock, lambda: columns)


def test_plain_lines_come_when_a_step_begins_and_every_ten_seconds() -> None:
    stream, clock = io.StringIO(), HandClock()
    tell = PlainLines(stream, clock)
    tell("读取户籍", 0, 55_000)
    clock.now = 9.9
    tell("读取户籍", 30_000, 55_000)
    clock.now = 10.0
    tell("读取户籍", 31_000, 55_000)
    tell("比对", 0)
    assert stream.getvalue() == "读取户籍 0/55,000\n读取户籍 31,000/55,000\n比对\n"


def test_two_steps_that_take_turns_do_not_flood_the_log() -> None:
    stream = io.StringIO()
    tell = PlainLines(stream, HandClock())
    tell("读取户籍", 1, 9)
    tell("读取学籍", 1, 9)
    tell("读取户籍", 2, 9)
    tell("读取学籍", 2, 9)
    assert stream.getvalue() == "读取户籍 1/9\n读取学籍 1/9\n"


def test_a_stream_that_is_no_terminal_gets_no_control_characters() -> None:
    stream = io.StringIO()
    with progress_on(Say(Language.ZH), stream, nobody_stops) as tell:
        tell("读取户籍", 1, 2)
    assert stream.getvalue() == "读取户籍 1/2\n"


def test_the_moving_line_shows_step_bar_share_and_count() -> None:
    terminal = Terminal()
    _moving(terminal, HandClock())("读取户籍", 250, 1_000)
    assert terminal.getvalue() == f"\r读取户籍 {'█' * 6}{'░' * 18}  25% 250/1,000\x1b[K"


def test_the_moving_line_shows_a_count_where_no_total_is_known() -> None:
    terminal = Terminal()
    _moving(terminal, HandClock())("读取县外学籍", 1_200_000)
    assert terminal.getvalue() == "\r读取县外学籍 1,200,000\x1b[K"


def test_more_than_the_total_is_shown_as_all_of_it() -> None:
    terminal = Terminal()
    _moving(terminal, HandClock())("比对", 11, 10)
    assert "100% 11/10" in terminal.getvalue()


def test_the_moving_line_is_drawn_at_most_ten_times_a_second() -> None:
    terminal, clock = Terminal(), HandClock()
    tell = _moving(terminal, clock)
    tell("比对", 1, 10)
    clock.now = 0.05
    tell("比对", 2, 10)
    clock.now = 0.1
    tell("比对", 3, 10)
    assert terminal.getvalue().count("\r") == 2


def _work_that_fails(terminal: Terminal) -> None:
    with progress_on(Say(Language.ZH), terminal, nobody_stops) as tell:
        tell("比对", 1, 10)
        raise ValueError("broken")


def test_the_moving_line_is_wiped_even_when_the_work_fails() -> None:
    terminal = Terminal()
    with pytest.raises(ValueError, match="broken"):
        _work_that_fails(terminal)
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_terminal_is_left_alone_when_there_was_no_progress() -> None:
    terminal = Terminal()
    with progress_on(Say(Language.ZH), terminal, nobody_stops):
        pass
    assert terminal.getvalue() == ""


@given(text=st.text("读取户籍ab█ ", max_size=60), columns=st.integers(0, 80))
def test_a_line_never_takes_more_columns_than_there_are(text: str, columns: int) -> None:
    assert width(fitted(text, columns)) <= columns
    assert text.startswith(fitted(text, columns))
