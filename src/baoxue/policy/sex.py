"""Sex as written in registers. Source: GB/T 2261.1 (1 男, 2 女)."""

from __future__ import annotations

from typing import Literal

from baoxue.policy.writtenforms import fold, folded_keys

Sex = Literal["M", "F"]

SEX_LABELS: dict[Sex, str] = {"M": "男", "F": "女"}

_MEANINGS: dict[Sex, str] = {
    "M": "男 男性 男生 男孩 男童 男1 1男 1-男 1 01 1.0 M MALE BOY",
    "F": "女 女性 女生 女孩 女童 女2 2女 2-女 2 02 2.0 F FEMALE GIRL",
}
_FORMS = folded_keys(_MEANINGS)


def sex_of(text: str) -> Sex | None:
    """`M`, `F`, or None when empty or unknown (GB/T 2261.1: 0 未知, 9 未说明)."""
    return _FORMS.get(fold(text))
