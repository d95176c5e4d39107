"""Names of people as they stand in registers."""

from __future__ import annotations

import re

from baoxue.policy.writtenforms import fold
from baoxue.reading.report import Change

# Between the parts of a name transcribed from another language; typed in a dozen ways.
_DOTS = re.compile(r"(?<=[^\W\d_])[·•‧∙⋅・●○。.‧᛫⸱‥…]+(?=[^\W\d_])")
_EDGES = "·•‧∙⋅・●。.,，、;:：；*'\"`“”‘’-_/\\|=+~!！"
_BRACKETS = re.compile(r"[(\[【〔{<《][^()\[\]【】〔〕{}<>《》]*(?:[)\]】〕}>》]|$)")
_TITLES = re.compile(r"(?<=[\u3400-\u9fff]{2})(?:同学|先生|女士|小朋友)$")
# An identity number typed behind the name.
_NUMBER = re.compile(r"[0-9]{14,17}[0-9Xx]")
_TRAILING_DIGITS = re.compile(r"(?<=[^\W\d_])[0-9]{1,2}$")
_LETTER = re.compile(r"[^\W\d_]")

_NO_NAMES = (
    "无 空 不详 未知 不明 不知道 不清楚 待定 待查 待补 暂无 没有 缺 略 NULL NONE NAN N/A NA #N/A #REF! #VALUE! "
    "#NAME? 姓名 学生姓名"
)
NO_NAME = frozenset(_NO_NAMES.split())
TEST_NAMES = re.compile(
    r"测试.{0,4}|.{0,2}测试|示例|样例|范例|例子|举例|张三(?:示例|样例)|某某某?|[李张王]某某?|X{2,}|TEST.*|ADMIN"
)


def clean_name(text: str) -> tuple[str, list[Change]]:
    """The name in one form, and what was changed; empty when nothing of a name is left."""
    changes: list[Change] = []
    folded = fold(text)
    if folded != text:
        changes.append(_folding(text))
    plain = _NUMBER.sub("", _BRACKETS.sub("", folded))
    plain = _TRAILING_DIGITS.sub("", _TITLES.sub("", plain.strip(_EDGES)))
    dotted = _DOTS.sub("·", plain)
    if dotted != plain:
        changes.append(Change.DOT)
    name = dotted.strip(_EDGES)
    if len(plain) != len(folded):
        changes.append(Change.TITLE)
    if not _LETTER.search(name) or name in NO_NAME or folded in NO_NAME:
        return "", changes
    return name, changes


def is_test_name(name: str) -> bool:
    """Whether a cleaned name is one people type into trial rows and model rows."""
    return TEST_NAMES.fullmatch(name) is not None


def mask_name(name: str) -> str:
    """李*, 欧***: the first character stays."""
    return name[:1] + "*" * min(3, len(name) - 1)


def _folding(text: str) -> Change:
    if "".join(text.split()) == fold(text):
        return Change.SPACES
    return Change.CASE if text.isascii() else Change.WIDTH
