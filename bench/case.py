"""What a benchmark is made of: parts, and cases measured one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

# What a measurement gives: numbers, texts, lists and dicts that JSON can hold.
Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One measurement of a part. `key` names it in the results; `arguments` go to the part's `measure`."""

    key: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """What to measure. `quick`: the same at tiny sizes, to see that everything runs."""

    quick: bool = False
    seeds: tuple[int, ...] = tuple(range(5001, 5011))
    splink: bool = True

    def as_json(self) -> dict[str, Any]:
        """For the results file."""
        return asdict(self) | {"seeds": list(self.seeds)}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the benchmark. `measure` gets the arguments of a case and a scratch folder that is emptied after it."""

    name: str
    about: str
    cases: Callable[[Settings], Sequence[Case]]
    measure: Callable[..., Result]
