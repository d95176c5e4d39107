"""Pieces of SQL made from enumerations and texts of this project (never from input)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from baoxue.policy.labelled import Labelled


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Texts as the inside of `IN (…)`."""
    return ", ".join(quoted(str(text)) for text in texts)


def order_of(expression: str, order: Sequence[str]) -> str:
    """A number that sorts the codes of an enumeration in its own order; others come last."""
    return f"list_position([{listed(order)}], {expression})"


def said(expression: str, words: Mapping[str, str]) -> str:
    """The word for a code; NULL for NULL and for codes without one."""
    cases = " ".join(f"WHEN {quoted(str(code))} THEN {quoted(word)}" for code, word in words.items())
    return f"CASE {expression} {cases} END"


def labels(kinds: Iterable[Labelled]) -> dict[str, str]:
    """Code → Chinese label."""
    return {kind.value: kind.label for kind in kinds}
