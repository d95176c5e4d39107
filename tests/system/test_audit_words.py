"""The auditor reads words: every code that an act puts on record has its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import baoxue
from baoxue.access.auditwords import DETAILS, told

SOURCE = Path(baoxue.__file__).parent


def _details() -> Iterator[ast.AST]:
    """What is handed to `record` as its detail, written there or a line before."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                yield from (keyword.value for keyword in node.keywords if keyword.arg == "detail")
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "detail":
                yield node.value


def test_everything_an_act_tells_has_a_name_in_words() -> None:
    names = {
        key.value
        for detail in _details()
        for part in ast.walk(detail)
        if isinstance(part, ast.Dict)
        for key in part.keys
        if isinstance(key, ast.Constant)
    }
    assert len(names) > 20
    assert names - DETAILS.keys() == set()


def test_an_entry_is_read_without_codes() -> None:
    line = told({"as_of": "2025-09-20", "registers": ["household", "roll"], "unusual": False, "purpose": "visit"})
    assert line == "截至 2025-09-20 · 名册 户籍、在校 · 变动异常 否 · 用途 填家访单"
