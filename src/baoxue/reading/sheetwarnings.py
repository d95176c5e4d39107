"""Warnings about the sheets of a file: what holds for several of them is said once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

_SHOWN_SHEETS = 6


@dataclass(slots=True)
class _Said:
    """One warning: the sheets it holds for, what was counted in them together, and the first example."""

    example: str
    sheets: list[str | None] = field(default_factory=list)
    count: int = 0


class SheetWarnings:
    """Collects the warnings of a file sheet by sheet. `names`: its sheets as a person sees them, in order."""

    def __init__(self, names: Iterable[str | None]) -> None:
        self._places = {name: place for place, name in enumerate(names, start=1)}
        self._said: dict[str, _Said] = {}

    def add(self, sheet: str | None, text: str, *, count: int = 0, example: str = "") -> None:
        """Warn of a sheet. `text` goes on where the sheet's name ends; {count} and {example} in it are filled in later."""
        said = self._said.setdefault(text, _Said(example))
        said.sheets.append(sheet)
        said.count += count

    def told(self) -> list[str]:
        """The sentences, in the order in which they were first said."""
        return [
            self._where(said.sheets) + text.replace("{count}", str(said.count)).replace("{example}", said.example)
            for text, said in self._said.items()
        ]

    def _where(self, sheets: list[str | None]) -> str:
        first = sheets[0]
        if first is None:
            return "文件"
        if len(sheets) == 1:
            return f"工作表“{first}”"
        numbers = "、".join(str(self._places[name]) for name in sheets[:_SHOWN_SHEETS])
        return f"第 {numbers} 表" if len(sheets) <= _SHOWN_SHEETS else f"第 {numbers} 等 {len(sheets)} 张表"
