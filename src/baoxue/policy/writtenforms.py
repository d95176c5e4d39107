"""Folding of what people write, so that one word has one form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

_T = TypeVar("_T")

# Spaces of every width, controls, and marks without width that arrive by copy and paste.
_INVISIBLE = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u3164\ufeff\ufe00-\ufe0f]+"
)
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}


def fold(text: str) -> str:
    """NFKC, no spaces or invisible marks, ASCII letters upper case. Folding twice changes nothing."""
    if text.isascii():
        return _INVISIBLE.sub("", text).upper()
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_UPPER)
    # Taking a space away can bring a letter and its accent together.
    return unicodedata.normalize("NFKC", plain)


def folded_keys(forms: Mapping[_T, str]) -> dict[str, _T]:
    """Turn {member: "form form …"} into {folded form: member}; raises ValueError on a form given twice."""
    meanings: dict[str, _T] = {}
    for member, words in forms.items():
        for word in words.split():
            if meanings.setdefault(fold(word), member) != member:
                raise ValueError(f"written form with two meanings: {word}")
    return meanings
