"""Kept files: every kind that is kept has somebody who says which of them are in use, or they would lie there for ever."""

from __future__ import annotations

import re
from pathlib import Path

import baoxue
from baoxue.platform import storage

SOURCE = Path(baoxue.__file__).parent


def test_every_kind_of_kept_file_is_swept() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")]
    kept = {kind for text in texts for kind in re.findall(r'\bkeep(?:_file)?\([^)]*kind="(\w+)"', text)}
    assert {"uploads", "exports"} <= kept
    assert kept <= storage._in_use.keys()
    assert "comparison" in storage._in_use
