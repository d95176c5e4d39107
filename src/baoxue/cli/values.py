"""Values of options: what may stand after `--county`, `--as-of` and the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from baoxue.cli.words import Say
from baoxue.policy import regions


class Value(click.ParamType[Any]):
    """A value made by `parse`; a ValueError of it is told as `complaint` with what was typed at {value}.

    Where what is wrong differs from value to value, `complaint` makes the sentence from what was typed.
    """

    def __init__(self, name: str, parse: Callable[[str], object], complaint: str | Callable[[str], str]) -> None:
        self.name = name
        self._parse = parse
        self._complaint = complaint

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Parse what was typed; a default is passed through."""
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except ValueError:
            complaint = self._complaint
            told = complaint.replace("{value}", value) if isinstance(complaint, str) else complaint(value)
            self.fail(told, param, ctx)


def a_path(say: Say) -> Value:
    """A file or folder. An empty one would be the current folder, and mostly is a variable not set."""
    return Value("path", _path, say("value.empty"))


def a_text(say: Say) -> Value:
    """Any text but an empty one."""
    return Value("text", _text, say("value.empty"))


def a_day(say: Say) -> Value:
    """A date as 2025-09-20."""
    return Value("date", _day, say("value.date", value="{value}"))


def a_county(say: Say) -> Value:
    """A county code that is or was assigned; that of a city only where the city has no counties."""

    def complain(text: str) -> str:
        region = regions.region_of(text)
        if region is None:
            return say("value.county", value=text)
        return say("value.not_county", value=text, name=region.name)

    return Value("county", _county, complain)


def a_whole_number(say: Say, low: int, high: int) -> Value:
    """A whole number, both bounds included."""

    def parse(text: str) -> int:
        return int(_within(int(text), low, high))

    return Value("whole", parse, say("value.whole", value="{value}", low=low, high=high))


def a_factor(say: Say, high: int) -> Value:
    """A number from 0 to `high`."""
    return Value("factor", lambda text: _within(float(text), 0, high), say("value.factor", value="{value}", high=high))


def one_of(say: Say, choices: type[StrEnum]) -> Value:
    """One of a few words."""
    return Value("choice", choices, say("value.one_of", value="{value}", choices=_listed(say, choices)))


def _listed(say: Say, choices: Iterable[str]) -> str:
    return say.choose("、", ", ").join(choices)


def _path(text: str) -> Path:
    if not text:
        raise ValueError
    return Path(text)


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text.strip()


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    # It also takes 20250920 and 2025-W38-6, which are slips of the hand here.
    if day.isoformat() != text:
        raise ValueError
    return day


def _county(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) == 6 and regions.is_county(text)):
        raise ValueError
    return text


def _within(number: float, low: int, high: int) -> float:
    if not low <= number <= high:
        raise ValueError
    return number
