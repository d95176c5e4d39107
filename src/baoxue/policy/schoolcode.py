"""学校(机构)标识码: ten digits given to every school.

Source: 教育部《学校(机构)代码管理办法》(教发〔2011〕7号): two digits of kind (11 幼儿园, 21 小学, 31
普通初中, 34 普通高中, 37 工读学校, 51 特殊教育 …), two of province, six of sequence. There is no check
digit, and a code never changes.
"""

from __future__ import annotations

import re

from baoxue.policy.writtenforms import fold

# Kind and province are not looked at: a kind opened later, or a code a bureau gave itself before it had one
# from the ministry, still names one school, and that is all the comparison asks of it.
_FORM = re.compile(r"[1-9][0-9]{9}")
_MARKS = str.maketrans("", "", "'\"`‘’“”")


def is_school_code(text: str) -> bool:
    """Whether a folded text has the form of a school code."""
    return _FORM.fullmatch(text) is not None


def school_code_of(text: str) -> str | None:
    """The code a cell holds (number cells as `3152000123.0` too), or None when it has not the form of one."""
    folded = fold(text).translate(_MARKS)
    whole, _, decimals = folded.partition(".")
    return whole if is_school_code(whole) and not decimals.strip("0") else None
