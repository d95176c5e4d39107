"""County codes (行政区划代码, first six digits of an identity number), current and historic. Source: GB/T 2260, 民政部."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """One code. Years are those of the yearly code lists in which it stands; `valid_to` is None while it is current."""

    code: str
    name: str
    valid_from: int | None
    valid_to: int | None
    successor: str | None


def region_of(code: str) -> Region | None:
    """The region a six-digit code names or once named; None when unassigned or unknown."""
    raise NotImplementedError


def is_known(code: str) -> bool:
    """Whether the code is or was assigned."""
    raise NotImplementedError


def province_name(code: str) -> str | None:
    """Name of the province by the first two digits."""
    raise NotImplementedError


def successors(code: str) -> tuple[str, ...]:
    """The current code or codes an old code became; the code itself while current, empty when not known."""
    raise NotImplementedError
