"""The reach of whoever acts: which places, whether children, which registers.

It is the same on both walls. The query layer filters by it (`visible_to`), and every transaction tells it to
PostgreSQL, whose row-level security enforces it again. Without a scope no row shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

ALL_REGISTERS = "*"


@dataclass(frozen=True, slots=True)
class Scope:
    """One reach.

    `path`: place in the tree of jurisdictions, e.g. `/52/5226/522626/`; everything under it is within reach.
    `children`: whether rows about children show at all. `registers`: codes of the lists whose imports show, a
    register or one department's list of it (`special:civil_affairs`); `{"*"}` sees all. `account`: whose reach it is;
    their own account and posts show wherever they are.
    """

    path: str
    children: bool = False
    registers: frozenset[str] = field(default_factory=frozenset)
    account: int | None = None

    def __post_init__(self) -> None:
        if not (self.path.startswith("/") and self.path.endswith("/")):
            raise ValueError(f"a path begins and ends with a slash, unlike {self.path!r}")

    @property
    def low(self) -> str:
        """First path within reach, in byte order."""
        return self.path

    @property
    def high(self) -> str:
        """First path past the reach: `0` follows `/` in byte order."""
        return self.path[:-1] + "0"

    def covers(self, path: str) -> bool:
        """Whether a place lies within reach."""
        return path.startswith(self.path)

    def as_settings(self) -> dict[str, str]:
        """What a transaction tells PostgreSQL, by the name of the setting."""
        return {
            "baoxue.low": self.low,
            "baoxue.high": self.high,
            "baoxue.children": "on" if self.children else "off",
            "baoxue.registers": ",".join(sorted(self.registers)),
            "baoxue.account": "" if self.account is None else str(self.account),
        }


# What the system itself needs to reach, e.g. to hand out jobs.
EVERYWHERE = Scope("/", children=True, registers=frozenset({ALL_REGISTERS}))

NOTHING = dict.fromkeys(("baoxue.low", "baoxue.high", "baoxue.children", "baoxue.registers", "baoxue.account"), "")

_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope | None:
    """The scope in force; None = nobody acts, and no row shows."""
    return _current.get()


@contextmanager
def acting_as(scope: Scope) -> Iterator[None]:
    """Act within a scope. Takes effect at once, also inside an open transaction; what was before is put back."""
    # Imported late: this module must load without a configured Django.
    from baoxue.platform.database.base import tell

    token = _current.set(scope)
    try:
        tell(scope)
        yield
    finally:
        _current.reset(token)
        tell(_current.get())
