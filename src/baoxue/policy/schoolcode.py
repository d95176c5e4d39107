"""学校(机构)标识码: ten digits given to every school. Source: 教育部《学校(机构)代码管理办法》(教发〔2011〕)."""

from __future__ import annotations


def is_school_code(text: str) -> bool:
    """Whether a folded text has the form of a school code."""
    raise NotImplementedError


def school_code_of(text: str) -> str | None:
    """The code a cell holds (number cells as `3152000123.0` too), or None when it has not the form of one."""
    raise NotImplementedError
